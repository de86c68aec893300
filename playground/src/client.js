// How the playground talks to leadgraph. Both front ends use this file, so it uses no more than what a browser
// understands. The session is an HttpOnly cookie that the server sets: nothing here ever sees or keeps a token.

/** Sends one operation and answers its result. Whatever is not a GraphQL answer becomes an error in the same shape. */
export async function execute(request, headers = {}) {
  const response = await fetch("graphql", {
    method: "POST",
    credentials: "same-origin",
    headers: { ...headers, accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `The server answered ${response.status}: ${text.slice(0, 200) || response.statusText}` }] };
  }
}

/** Whether the answer says that nobody is signed in (any more). */
export const isSignedOut = (result) => Boolean(result.errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED"));

/** Who is signed in, or null. */
export async function currentViewer() {
  const result = await execute({ query: "query CurrentViewer { viewer { id name email role } }" });
  return result.data?.viewer ?? null;
}

/** Signs in and answers the viewer. Throws what the server says in the way of it. */
export async function signIn(email, password) {
  const result = await execute({
    query: `mutation SignIn($input: SignInInput!) {
      signIn(input: $input) { viewer { id name email role } userErrors { message } }
    }`,
    variables: { input: { email, password } },
  });
  const problems = [...(result.errors ?? []), ...(result.data?.signIn?.userErrors ?? [])];
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join(" "));
  return result.data.signIn.viewer;
}

/** Ends the session. */
export const signOut = () => execute({ query: "mutation SignOut { signOut { signedOut } }" });

/** The sign-in of the demo data, or null when this is not a demo. */
export async function demoSignIn() {
  const response = await fetch("playground/config.json", { credentials: "same-origin" });
  return response.ok ? (await response.json()).demoSignIn : null;
}

/**
 * Makes an example ready to run: its text, and variables that fit the data at hand.
 * `read` answers the text of a file in `examples/`. Throws when there is nothing that the example could work on.
 */
export async function prepare(example, viewer, read) {
  const query = await read(`${example.id}.graphql`);
  let found = {};
  if (example.find) {
    const result = await execute({ query: await read(`find/${example.find}.graphql`), variables: { viewer: viewer.id } });
    if (result.errors) throw new Error(result.errors.map((error) => error.message).join(" "));
    found = result.data;
  }
  return { query, variables: example.variables?.(found, viewer) ?? {} };
}
