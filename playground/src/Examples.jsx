import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { createContext, useContext, useEffect, useState } from "react";
import { prepare } from "./client.js";
import { groups } from "./examples/index.js";

/** Who is signed in. */
export const ViewerContext = createContext(null);

const texts = import.meta.glob("./examples/**/*.graphql", { query: "?raw", import: "default", eager: true });
const read = (path) => texts[`./examples/${path}`];

/** What the first tab says before anything was opened. */
export const WELCOME = `# Welcome to leadgraph.
#
# Pick an example on the left, then press the run button
# (or Ctrl-Enter). The book icon opens the documentation of
# every type and field.

query Viewer {
  viewer {
    name
    email
    role
  }
}
`;

/** The list of examples. A click fills the editors; running it stays with the person. */
function Examples() {
  const viewer = useContext(ViewerContext);
  const { queryEditor, variableEditor } = useGraphiQL(pick("queryEditor", "variableEditor"));
  const { addTab, setOperationName } = useGraphiQLActions();
  const [current, setCurrent] = useState(null);
  const [problem, setProblem] = useState(null);

  // What the examples say of themselves is read in full on a small screen, too.
  useEffect(() => queryEditor?.updateOptions({ wordWrap: "on" }), [queryEditor]);

  const open = async (example) => {
    setCurrent(example.id);
    setProblem(null);
    try {
      const { query, variables } = await prepare(example, viewer, read);
      // What the person has written is kept: then the example gets a tab of its own.
      const text = queryEditor.getValue();
      if (text.trim() && text !== WELCOME && !Object.values(texts).includes(text)) addTab();
      queryEditor.setValue(query);
      variableEditor.setValue(Object.keys(variables).length > 0 ? JSON.stringify(variables, null, 2) : "");
      setOperationName(/(?:query|mutation) (\w+)/.exec(query)[1]);
    } catch (error) {
      setProblem(error.message);
    }
  };

  return (
    <section className="examples" aria-label="Examples" data-testid="examples">
      <h1>Examples</h1>
      <p>From the first lead to the reports. A click fills the editors with ids from your data; then press run.</p>
      {problem && <p className="note" role="alert" data-testid="example-problem">{problem}</p>}
      {groups.map((group) => (
        <div key={group.title}>
          <h2>{group.title}</h2>
          <ul>
            {group.examples.map((example) => (
              <li key={example.id}>
                <button
                  type="button" data-testid={`example-${example.id}`} aria-current={example.id === current || undefined}
                  disabled={!queryEditor || !variableEditor} onClick={() => open(example)}
                >
                  {example.title}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

const Icon = () => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
    <path d="M9 6h11M9 12h11M9 18h11" strokeLinecap="round" />
    <path d="M3 4.5v3L5.5 6zM3 10.5v3L5.5 12zM3 16.5v3L5.5 18z" fill="currentColor" strokeLinejoin="round" />
  </svg>
);

/** The examples as a panel of GraphiQL. */
export const examplesPlugin = { title: "Examples", icon: Icon, content: Examples };
