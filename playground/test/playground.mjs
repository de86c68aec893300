// Drives the playground in a headless browser, the way a person would: sign in, run every example, sign out.
//
//   node playground.mjs BASE_URL EMAIL PASSWORD [SCREENSHOT_FOLDER]
//
// It works on the full playground and on the simple one, and ends with 1 when anything was wrong. CHROMIUM names the
// browser (/usr/bin/chromium when unset). It changes data: run it against a server that was started for it.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { groups } from "../src/examples/index.js";

const [baseUrl, email, password, folder] = process.argv.slice(2);
if (!password) {
  console.error("usage: node playground.mjs BASE_URL EMAIL PASSWORD [SCREENSHOT_FOLDER]");
  process.exit(2);
}
if (folder) mkdirSync(folder, { recursive: true });

const problems = [];
const check = (good, problem) => good || problems.push(problem);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});

try {
  await walkThrough("light", groups.flatMap((group) => group.examples));
  await walkThrough("dark", groups[0].examples.slice(0, 2));
} catch (error) {
  problems.push(error.stack);
} finally {
  await browser.close();
}
if (problems.length > 0) console.error(`\n${problems.length} problems:\n- ${problems.join("\n- ")}`);
else console.log("The playground works.");
process.exit(problems.length > 0 ? 1 : 0);

/** One visit in a fresh browser profile. */
async function walkThrough(colorScheme, examples) {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("request", (request) => {
    const url = new URL(request.url());
    const local = ["data:", "blob:"].includes(url.protocol) || url.origin === new URL(baseUrl).origin;
    check(local, `a request left the origin: ${request.url()}`);
  });
  page.on("console", (message) => check(message.type() !== "error", `console: ${message.text()} (${message.location().url})`));
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  const screenshot = (name) => folder && page.screenshot({ path: `${folder}/${colorScheme}-${name}.png` });

  await page.goto(baseUrl);
  check((await page.title()) === "leadgraph playground", `the title is ${await page.title()}`);
  await signIn(page, screenshot);
  const kind = await page.getAttribute("body", "data-playground");
  console.log(`${kind} playground, ${colorScheme}: signed in as ${await page.getByTestId("viewer-name").textContent()}`);
  const run = kind === "full" ? page.locator('.graphiql-execute-button[aria-label^="Execute"]') : page.getByTestId("run");
  const result = kind === "full" ? page.locator(".result-window") : page.getByTestId("result");
  for (const example of examples) {
    await runExample(page, example, run, result);
    await screenshot(example.id);
  }
  await signOut(page);
  await context.close();
}

async function signIn(page, screenshot) {
  await page.getByTestId("sign-in-email").fill(email);
  await page.getByTestId("sign-in-password").fill(`${password} and more`);
  await page.getByTestId("sign-in-submit").click();
  await page.getByTestId("sign-in-problem").waitFor();
  await page.getByTestId("sign-in-password").fill(password);
  await screenshot("sign-in");
  await page.getByTestId("sign-in-submit").click();
  await page.getByTestId("viewer-name").waitFor();
  check(!(await page.evaluate(() => document.cookie)), "the session cookie can be read by scripts");
}

/** Fills the editors with one click, runs, and looks at what came over the wire and whether it is shown. */
async function runExample(page, example, run, result) {
  const started = problems.length;
  const button = page.getByTestId(`example-${example.id}`);
  const operation = example.id.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("");
  const requests = (response) => response.request().method() === "POST" ? (response.request().postData() ?? "") : "";
  await button.click();
  await page.waitForFunction(
    ([id, name]) => document.querySelector('[data-testid="example-problem"]')?.checkVisibility() ||
      (document.querySelector(`[data-testid="example-${id}"][aria-current]`) &&
        (document.querySelector('[data-testid="query"]')?.value ?? document.querySelector(".graphiql-query-editor")?.textContent)?.includes(name)),
    [example.id, operation],
  );
  const advice = page.getByTestId("example-problem");
  if (await advice.isVisible()) return problems.push(`${example.id}: ${await advice.textContent()}`);
  const [response] = await Promise.all([
    page.waitForResponse((each) => new RegExp(`(query|mutation) ${operation}\\b`).test(requests(each))),
    run.click(),
  ]);
  const answer = await response.json();
  check(!answer.errors, `${example.id}: ${JSON.stringify(answer.errors)}`);
  const refusals = Object.values(answer.data ?? {}).flatMap((payload) => payload?.userErrors ?? []);
  check(refusals.length === 0, `${example.id} was refused: ${JSON.stringify(refusals)}`);
  check(Object.values(answer.data ?? {}).every((value) => value !== null), `${example.id} answered null`);
  // While an answer is taken in, the same button stops.
  await run.waitFor();
  await result.getByText(Object.keys(answer.data ?? { errors: null })[0]).first().waitFor();
  console.log(`${problems.length === started ? "ok  " : "FAIL"} ${example.id}`);
}

async function signOut(page) {
  await page.getByTestId("sign-out").click();
  await page.getByTestId("sign-in").waitFor();
  await page.reload();
  await page.getByTestId("sign-in").waitFor();
}
