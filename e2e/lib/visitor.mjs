// A person with a browser of their own. Whatever the browser complains about on the way fails the journey.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach } from "node:test";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LIMIT = 10_000;

// Everything that was wrong since the last look: a journey goes on past a faulty page, so that one run tells of all of them.
const faults = [];
function grouped(all) {
  const places = new Map();
  for (const { what, where } of all) places.set(what, [...(places.get(what) ?? []), where]);
  return places;
}
afterEach(() => {
  // The same fault at six widths and themes is told once, with all its places.
  const places = grouped(faults.splice(0));
  const told = [...places].map(([what, all]) => `${what} [${all.join("; ")}]`);
  assert.equal(told.length, 0, `\n${told.join("\n")}`);
});
const blame = (what, where) => faults.push({ what, where });

/** Asks until the answer is truthy. */
export async function until(what, ask) {
  const end = Date.now() + LIMIT;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

let browser;

/** A visitor without cookies, as from Brazil; `options` as of Playwright's newContext. */
export async function visitor(options = {}) {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM,
    // As root, in a container, without a screen.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  const context = await browser.newContext({
    locale: "pt-BR",
    timezoneId: "America/Sao_Paulo",
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce", // colours are read, never in between
    colorScheme: "light",
    ...options,
  });
  context.setDefaultTimeout(LIMIT);
  const one = new Visitor(context);
  one.page = await one.tab();
  return one;
}

/** To be called once after the last journey of a file. */
export async function closeBrowser() {
  await browser?.close();
}

/** In the page: notes what moves without anybody having done anything. */
function watchShifts() {
  window.shifts = [];
  const told = ({ node }) => node?.outerHTML?.slice(0, 120) ?? "?";
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput && value > 0.0005) window.shifts.push(`moved by itself (${value.toFixed(4)}): ${(sources ?? []).map(told).join(" ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
}

class Visitor {
  constructor(context) {
    this.context = context;
    this.expected = [];
  }

  /** One more tab of the same browser. */
  async tab() {
    const page = await this.context.newPage();
    await page.addInitScript(watchShifts);
    page.on("console", (message) => {
      // What could not be loaded is told better below.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) blame(`console: ${message.text()}`, page.url());
    });
    page.on("pageerror", (error) => blame(`script: ${error.stack}`, page.url()));
    page.on("requestfailed", (request) => {
      // The browser's own doing: a stream left behind, a search overtaken by the next letter, a page that became a download.
      if (request.failure()?.errorText !== "net::ERR_ABORTED") blame(`request: ${request.url()} ${request.failure()?.errorText}`, page.url());
    });
    page.on("response", (response) => {
      if (response.status() < 400) return;
      const known = this.expected.indexOf(response.status());
      if (known < 0) blame(`request: ${response.request().method()} ${response.url()} answered ${response.status()}`, page.url());
      else this.expected.splice(known, 1);
    });
    return page;
  }

  /** The next answer of this status is wanted. */
  expects(status) {
    this.expected.push(status);
  }

  async goto(path) {
    await this.page.goto(new URL(path, this.page.url()).href);
  }

  async leave() {
    if (this.expected.length > 0) blame(`refusals that did not come: ${this.expected}`, this.page.url());
    await this.context.close();
  }

  /** Finds fault with anything axe does, with sideways scrolling and with words cut off in a button. */
  async examine(what, page = this.page) {
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        resultTypes: ["violations"],
        elementRef: true,
      });
      // Wherever the page is scrolled to, something lies half below a bar that stays: its size is judged where it is whole.
      for (const rule of violations.filter(({ id }) => id === "target-size")) {
        const small = [];
        for (const node of rule.nodes) {
          node.element.scrollIntoView({ block: "center", behavior: "instant" });
          const again = await window.axe.run(node.element, { runOnly: { type: "rule", values: ["target-size"] }, resultTypes: ["violations"] });
          if (again.violations.length > 0) small.push(node);
        }
        rule.nodes = small;
      }
      const faults = violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 160)} – ${node.failureSummary.replace(/\s+/g, " ")}`));
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth > clientWidth) faults.push(`scrolls sideways: ${scrollWidth} px in ${clientWidth}`);
      for (const button of document.querySelectorAll(".btn, h1, .menu-item")) {
        const { width } = button.getBoundingClientRect();
        if (width > 1 && button.scrollWidth > button.clientWidth + 1) faults.push(`cut off: ${button.outerHTML.slice(0, 160)}`);
      }
      return faults;
    });
    for (const fault of found) blame(fault, what);
  }

  /** The page on a phone, a tablet and a desk, in both themes; with SHOTS a picture of each. */
  async inspect(name, page = this.page) {
    for (const shift of await page.evaluate(() => (window.shifts ?? []).splice(0))) blame(shift, name);
    const before = page.viewportSize();
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      for (const width of [360, 768, 1440]) {
        await page.setViewportSize({ width, height: width < 500 ? 740 : 900 });
        if (process.env.SHOTS) {
          mkdirSync(process.env.SHOTS, { recursive: true });
          await page.screenshot({ path: join(process.env.SHOTS, `${name}-${width}-${theme}.png`), fullPage: true });
        }
        await this.examine(`${name}, ${width} px, ${theme}`, page);
      }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(before);
    // Another width moves everything, and that is wanted.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done((window.shifts ?? []).splice(0))))),
    );
  }
}
