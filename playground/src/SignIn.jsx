import { useState } from "react";
import { signIn } from "./client.js";
import icon from "./icon.svg";

/** The sign-in form. The server answers with a session cookie, so nobody types a header. */
export function SignIn({ demo, onSignedIn }) {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      onSignedIn(await signIn(form.get("email"), form.get("password")));
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };

  return (
    <main className="page">
      <form className="sign-in" data-testid="sign-in" onSubmit={submit}>
        <img src={icon} alt="" width="40" height="40" />
        <h1>leadgraph playground</h1>
        {demo && (
          <p className="note" data-testid="demo-note">
            This is a demo with made-up data. The sign-in is filled in already: just press the button.
          </p>
        )}
        <label>
          E-mail
          <input
            name="email" type="email" autoComplete="username" required autoFocus
            defaultValue={demo?.email} data-testid="sign-in-email"
          />
        </label>
        <label>
          Password
          <input
            name="password" type="password" autoComplete="current-password" required
            defaultValue={demo?.password} data-testid="sign-in-password"
          />
        </label>
        {problem && <p className="problem" role="alert" data-testid="sign-in-problem">{problem}</p>}
        <button type="submit" className="primary" disabled={busy} data-testid="sign-in-submit">Sign in</button>
      </form>
    </main>
  );
}
