/// <reference lib="dom" />
import "@vscode-elements/elements/dist/vscode-button/index.js";
import { App } from "./app.ts";
import { listen } from "./bridge.ts";

const root = document.getElementById("panel");
if (!root) throw new Error("the panel's page has no place for it");
const app = new App(root);
listen((message) => app.receive(message));
app.start();
