// Every example and every query that looks for records is valid against the schema, and all of them are listed.
// node --test test/examples.test.mjs        SCHEMA names another schema file than the repository's own.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSchema, parse, validate } from "graphql";
import { groups } from "../src/examples/index.js";

const examples = fileURLToPath(new URL("../src/examples/", import.meta.url));
const schema = buildSchema(readFileSync(process.env.SCHEMA ?? new URL("../../schema.graphql", import.meta.url), "utf8"));
const listed = groups.flatMap((group) => group.examples);
const files = (folder) =>
  readdirSync(examples + folder).filter((name) => name.endsWith(".graphql")).map((name) => name.replace(".graphql", "")).sort();

for (const path of [...files(""), ...files("find/").map((name) => `find/${name}`)]) {
  test(`${path}.graphql is valid`, () => {
    const problems = validate(schema, parse(readFileSync(`${examples}${path}.graphql`, "utf8")));
    assert.deepEqual(problems.map((problem) => problem.message), []);
  });
}

test("every file is listed, and everything listed is there", () => {
  assert.deepEqual(listed.map((example) => example.id).sort(), files(""));
  assert.deepEqual([...new Set(listed.flatMap((example) => example.find ?? []))].sort(), files("find/"));
});
