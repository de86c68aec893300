// The simple playground: what GraphiQL is for, in one page without anything to build. `build.rs` puts it beside the
// parts that it shares with the full one (`client.js`, `examples/`, `style.css`).
import { currentViewer, demoSignIn, execute, isSignedOut, prepare, signIn, signOut } from "./client.js";
import { groups } from "./examples/index.js";

const element = (id) => document.getElementById(id);
let viewer = null;

function show(id, text) {
  element(id).textContent = text;
  element(id).hidden = !text;
}

function enter(signedIn) {
  viewer = signedIn;
  element("sign-in-page").hidden = viewer !== null;
  element("workbench").hidden = viewer === null;
  element("viewer-name").textContent = viewer?.name ?? "";
  element("viewer-role").textContent = viewer?.role.toLowerCase() ?? "";
  show("sign-in-problem", "");
}

async function read(path) {
  const response = await fetch(`playground/examples/${path}`);
  if (!response.ok) throw new Error(`The example ${path} could not be loaded.`);
  return response.text();
}

async function open(example, button) {
  document.querySelector("#examples [aria-current]")?.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  show("example-problem", "");
  try {
    const { query, variables } = await prepare(example, viewer, read);
    element("query").value = query;
    element("variables").value = Object.keys(variables).length > 0 ? JSON.stringify(variables, null, 2) : "";
  } catch (error) {
    show("example-problem", error.message);
  }
}

async function run() {
  const text = element("variables").value.trim();
  try {
    const result = await execute({ query: element("query").value, variables: text ? JSON.parse(text) : {} });
    if (isSignedOut(result)) enter(null);
    element("result").textContent = JSON.stringify(result, null, 2);
  } catch (error) {
    element("result").textContent = `The request was not sent: ${error.message}`;
  }
}

function listExamples() {
  for (const group of groups) {
    const title = Object.assign(document.createElement("h2"), { textContent: group.title });
    const list = document.createElement("ul");
    for (const example of group.examples) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: example.title });
      button.dataset.testid = `example-${example.id}`;
      button.addEventListener("click", () => open(example, button));
      list.appendChild(document.createElement("li")).append(button);
    }
    element("examples").append(title, list);
  }
}

element("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.currentTarget);
  try {
    enter(await signIn(form.get("email"), form.get("password")));
  } catch (error) {
    show("sign-in-problem", error.message);
  }
});
element("sign-out").addEventListener("click", async () => {
  await signOut();
  element("result").textContent = "";
  enter(null);
});
element("run").addEventListener("click", run);
element("workbench").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});

listExamples();
try {
  const demo = await demoSignIn();
  element("demo-note").hidden = !demo;
  element("sign-in").elements.email.value = demo?.email ?? "";
  element("sign-in").elements.password.value = demo?.password ?? "";
  enter(await currentViewer());
} catch (error) {
  document.body.textContent = `The server does not answer: ${error.message}`;
}
