import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./style.css";

import { createRoot } from "react-dom/client";
import { App } from "./App.jsx";

// GraphiQL gives its panel a third of the width. The examples need less; a width that somebody chose stays.
const PANEL_WIDTH = "graphiql:docExplorerFlex";
if (!localStorage.getItem(PANEL_WIDTH)) localStorage.setItem(PANEL_WIDTH, "0.22");

createRoot(document.getElementById("root")).render(<App />);
