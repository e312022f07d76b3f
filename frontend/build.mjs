// Builds the report's script and style sheet, and gathers the licences of what went in.
// For maintainers: `npm ci && npm run build`. The output is committed; users need no npm.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const OUT = "../src/entityscan/data/report/";
const BUDGET = 500_000; // bytes, script and style together

const made = await build({
  entryPoints: ["src/main.jsx"],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "iife",
  target: "es2020",
  charset: "ascii",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
});
const style = await build({ entryPoints: ["src/style.css"], minify: true, write: false });
const script = made.outputFiles[0].text.replaceAll("</script", "<\\/script").trim();
const sheet = style.outputFiles[0].text.trim();

const packages = new Set();
for (const file of Object.keys(made.metafile.inputs)) {
  const found = file.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}
const licences = [...packages].sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  return `${name} ${version} (${license})\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`;
});

const size = Buffer.byteLength(script) + Buffer.byteLength(sheet);
if (size > BUDGET) throw new Error(`${size} bytes, over the budget of ${BUDGET}`);
writeFileSync(`${OUT}report.js`, `${script}\n`);
writeFileSync(`${OUT}report.css`, `${sheet}\n`);
writeFileSync(`${OUT}LICENSES.txt`, licences.join(`\n${"-".repeat(80)}\n\n`));
console.log(`${size} bytes; ${[...packages].sort().join(", ")}`);
