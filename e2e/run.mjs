// Starts the product with its two demo unidades, walks the journeys against it and stops it: `npm test [-- journeys/x.test.mjs]`.
// SRI_BIN names the program, CHROMIUM the browser; SHOTS a folder for pictures of every page.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { start } from "./lib/product.mjs";
import { provedores } from "./lib/provedores.mjs";

const here = dirname(fileURLToPath(import.meta.url));
for (const name of ["SRI_BIN", "CHROMIUM"]) {
  if (!process.env[name]) throw new Error(`${name} is not set; bin/test sets it`);
}
const named = process.argv.slice(2);
const files = named.length > 0 ? named : readdirSync(join(here, "journeys")).filter((name) => name.endsWith(".test.mjs")).map((name) => join("journeys", name));

const outside = await provedores();
const product = await start(process.env.SRI_BIN, outside.env);
let code = 1;
try {
  // Each file has its own people and companies, so that several can walk at once; whoever counts all companies of a unidade is alone there in writing some down.
  const tests = spawn(process.execPath, ["--test", "--test-reporter=spec", "--test-concurrency=3", ...files], {
    cwd: here,
    stdio: "inherit",
    env: { ...process.env, ...product.env },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => tests.kill(signal));
  code = await new Promise((resolve) => tests.on("close", (status) => resolve(status ?? 1)));
} finally {
  const problem = await product.stop();
  outside.stop();
  if (problem) console.error(problem);
  if (code !== 0) console.error(`What the product said:\n${product.said()}`);
  process.exitCode = code || (problem ? 1 : 0);
}
