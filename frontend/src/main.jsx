import { render } from "preact";
import { App } from "./app.jsx";
import { load } from "./model.js";

const model = load(JSON.parse(document.getElementById("data").textContent));
const root = document.getElementById("app");
root.textContent = "";
render(<App model={model} />, root);
