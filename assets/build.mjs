// Builds the front end into dist/: one style sheet, one script with lazy chunks, the icon sprite and the font, each under a
// name that holds its hash and beside its brotli form. manifest.json maps the plain names to the hashed ones.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
// Built beside and moved into place whole: a broken build leaves the last good one.
const next = join(here, `dist.${process.pid}`);
const manifest = {};

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);

function emit(name, bytes) {
  const hashed = `${basename(name, extname(name))}-${digest(bytes)}${extname(name)}`;
  writeFileSync(join(next, hashed), bytes);
  manifest[name] = hashed;
  return hashed;
}

function icons() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);
  const symbols = names.map((name) => {
    const svg = readFileSync(join(here, "node_modules/bootstrap-icons/icons", `${name}.svg`), "utf8");
    const [, viewBox] = /viewBox="([^"]+)"/.exec(svg);
    const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\n\s*/g, "");
    return `<symbol id="${name}" viewBox="${viewBox}" fill="currentColor">${body}</symbol>`;
  });
  emit("icons.svg", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`));
}

async function styles(name) {
  const { css } = sass.compile(join(here, `src/styles/${name}.scss`), {
    loadPaths: [join(here, "node_modules"), join(here, "src/styles")],
    style: "expanded",
    quietDeps: true,
    // Bootstrap 5.3 is written with @import; it stays until Bootstrap 6.
    silenceDeprecations: ["import", "global-builtin", "color-functions"],
  });
  const linked = css.replace(/url\("?asset:([\w.-]+)"?\)/g, (_, file) => {
    if (!manifest[file]) throw new Error(`${name}.scss names ${file}, which is not built`);
    return `url(${manifest[file]})`;
  });
  const { code } = await esbuild.transform(linked, { loader: "css", minify: true, target: ["chrome111", "firefox113", "safari16.4"] });
  emit(`${name}.css`, Buffer.from(code));
}

// FullCalendar brings a font of icons inside its style sheet, which the content security policy keeps out and nothing here shows.
const withoutFont = {
  name: "without-font",
  setup: (build) =>
    build.onLoad({ filter: /@fullcalendar\/core\/internal-common\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = text.replace(/@font-face\{.*?\}/, "");
      if (contents.length === text.length) throw new Error(`${path} brings no font any more: this step can go`);
      return { contents, loader: "js" };
    }),
};

async function scripts() {
  const built = await esbuild.build({
    entryPoints: { app: join(here, "src/ts/app.ts") },
    bundle: true,
    plugins: [withoutFont],
    format: "esm",
    splitting: true,
    minify: true,
    target: ["chrome111", "firefox113", "safari16.4"],
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    outdir: next,
    metafile: true,
    legalComments: "linked",
    logLevel: "warning",
  });
  const { outputs } = built.metafile;
  // Chunks of dynamic imports carry an entryPoint as well: only ours by name belongs in the manifest.
  const [entry] = Object.entries(outputs).find(([, output]) => output.entryPoint?.endsWith("src/ts/app.ts"));
  manifest["app.js"] = basename(entry);
  // What every page loads: the entry and what it imports at once.
  const page = new Set();
  const follow = (file) => {
    if (page.has(basename(file))) return;
    page.add(basename(file));
    for (const { path, kind } of outputs[file].imports) if (kind === "import-statement") follow(path);
  };
  follow(entry);
  return page;
}

function compress() {
  const sizes = [];
  for (const file of readdirSync(next)) {
    const bytes = readFileSync(join(next, file));
    if (extname(file) !== ".woff2") {
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
      const brotli = brotliCompressSync(bytes, quality);
      if (brotli.length < bytes.length) writeFileSync(join(next, `${file}.br`), brotli);
    }
    sizes.push([file, bytes.length, gzipSync(bytes, { level: 9 }).length]);
  }
  return sizes;
}

rmSync(next, { recursive: true, force: true });
mkdirSync(next, { recursive: true });
try {
  icons();
  emit("inter.woff2", readFileSync(join(here, "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2")));
  emit("favicon.svg", readFileSync(join(here, "src/favicon.svg")));
  await styles("app");
  await styles("dialog");
  await styles("map");
  const page = await scripts();
  const sizes = compress();
  writeFileSync(join(next, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
  // The budgets of an ordinary page: one that grows past them is a slow page on a phone in a factory.
  for (const [loaded, budget] of [[new Set([manifest["app.css"]]), 40], [page, 60]]) {
    const zipped = sizes.filter(([file]) => loaded.has(file)).reduce((sum, [, , size]) => sum + size, 0);
    if (zipped > budget * 1024) throw new Error(`${[...loaded].join(" and ")}: ${(zipped / 1024).toFixed(1)} KiB gzipped, more than ${budget}`);
  }
  for (const [file, raw, zipped] of sizes) console.log(`${String(raw).padStart(8)} ${String(zipped).padStart(7)} gz  ${file}`);
  rmSync(dist, { recursive: true, force: true });
  renameSync(next, dist);
} catch (error) {
  rmSync(next, { recursive: true, force: true });
  throw error;
}
