import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { useCallback, useEffect, useState } from "react";
import { currentViewer, demoSignIn, execute, isSignedOut, signOut } from "./client.js";
import { examplesPlugin, ViewerContext, WELCOME } from "./Examples.jsx";
import { SignIn } from "./SignIn.jsx";

const plugins = [examplesPlugin, explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];

/** Shows the sign-in until somebody is signed in, and GraphiQL from then on. */
export function App() {
  const [viewer, setViewer] = useState(undefined);
  const [demo, setDemo] = useState(null);
  const [problem, setProblem] = useState(null);

  useEffect(() => {
    Promise.all([currentViewer(), demoSignIn()]).then(
      ([signedIn, demoUser]) => {
        setDemo(demoUser);
        setViewer(signedIn);
      },
      (error) => setProblem(`The server does not answer: ${error.message}`),
    );
  }, []);

  const fetcher = useCallback(async (request, options) => {
    const result = await execute(request, options?.headers);
    if (isSignedOut(result)) setViewer(null);
    return result;
  }, []);

  const leave = async () => {
    await signOut();
    setViewer(null);
  };

  if (problem) return <main className="page" role="alert">{problem}</main>;
  if (viewer === undefined) return <main className="page" aria-busy="true" />;
  if (viewer === null) return <SignIn demo={demo} onSignedIn={setViewer} />;
  return (
    <ViewerContext value={viewer}>
      <GraphiQL
        fetcher={fetcher}
        plugins={plugins}
        visiblePlugin={examplesPlugin}
        defaultQuery={WELCOME}
        defaultEditorToolsVisibility="variables"
      >
        <GraphiQL.Logo>
          <span className="session">
            <span data-testid="viewer-name" title={viewer.email}>{viewer.name}</span>
            <span className="role">{viewer.role.toLowerCase()}</span>
            <button type="button" className="quiet" data-testid="sign-out" onClick={leave}>Sign out</button>
          </span>
        </GraphiQL.Logo>
      </GraphiQL>
    </ViewerContext>
  );
}
