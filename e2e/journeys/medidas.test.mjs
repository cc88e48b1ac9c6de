// What an ordinary page costs: it does not move while it arrives, nor when rows are picked; it comes in one answer of HTML, with
// little script and style. How long it takes is told, not judged: the machine that runs this is nobody's.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, until, visitor } from "../lib/visitor.mjs";

/** In every page, from its first moment: what moved, and what was drawn largest. */
function watch() {
  const seen = { moved: [], largest: 0, what: "" };
  Object.defineProperty(window, "__seen", { value: seen });
  const name = (node) => (node instanceof Element ? `${node.tagName.toLowerCase()}.${node.className}`.slice(0, 60) : String(node?.nodeName));
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) seen.moved.push([value, ...sources.map(({ node }) => name(node))]);
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, element } of list.getEntries()) Object.assign(seen, { largest: Math.round(startTime), what: name(element) });
  }).observe({ type: "largest-contentful-paint", buffered: true });
}

describe("medidas", () => {
  let mila;
  let record = "";
  before(async () => {
    mila = await visitor();
    const { page } = mila;
    await page.goto(entryLink("joinville", "mila@joinville.example", "Mila Rocha"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await mila.goto("/empresas");
    record = await page.locator("tbody a.row-link").first().getAttribute("href");
  });
  after(closeBrowser);

  /** All that is still to come has come: fonts, pictures, what the scripts do at once. The bell's stream never ends. */
  const settled = async (page) => {
    await page.waitForLoadState("load");
    await page.evaluate(async () => {
      await document.fonts.ready;
      for (let frame = 0; frame < 40; frame += 1) await new Promise(requestAnimationFrame);
    });
  };

  test("no page moves while it arrives, on a phone or on a desk, with nothing in the cache", async (t) => {
    const origin = new URL(mila.page.url()).origin;
    const storageState = await mila.context.storageState();
    const pages = ["/", "/empresas", "/empresas?situacao=prospect&ordem=-nome", record, `${record}/linha-do-tempo`, `${record}/contatos`, `${record}/documentos`, `${record}/auditoria`, "/empresas/nova", "/empresas/importar", "/configuracoes", "/configuracoes/segmentos", "/lixeira", "/notificacoes", "/conta"];
    for (const width of [360, 1440]) {
      for (const path of pages) {
        // Somebody who comes for the first time.
        const fresh = await visitor({ storageState, viewport: { width, height: width < 500 ? 740 : 900 } });
        await fresh.context.addInitScript(watch);
        await fresh.page.goto(origin + path);
        await settled(fresh.page);
        const { moved, largest, what } = await fresh.page.evaluate(() => window.__seen);
        t.diagnostic(`${path} at ${width} px: largest paint after ${largest} ms, ${what}`);
        assert.deepEqual(moved, [], `${path} moves at ${width} px`);
        await fresh.leave();
      }
    }
  });

  test("rows are picked, and nothing moves", async () => {
    for (const width of [360, 1440]) {
      const one = await visitor({ storageState: await mila.context.storageState(), viewport: { width, height: 740 } });
      await one.context.addInitScript(watch);
      const { page } = one;
      await page.goto(new URL("/empresas", mila.page.url()).href);
      await settled(page);
      await page.locator("[data-pick]").nth(1).click();
      await page.locator("[data-picked][data-on]").waitFor();
      await page.locator("[data-pick]").nth(2).click();
      await settled(page);
      assert.deepEqual(await page.evaluate(() => window.__seen.moved), [], `${width} px`);
      // What the bar covers can be scrolled from below it.
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      const [bar, last] = [await page.locator("[data-picked]").boundingBox(), await page.locator(".beside").boundingBox()];
      assert.ok(last.y + last.height <= bar.y, "the end of the page is above the bar");
      await one.leave();
    }
  });

  test("an ordinary page is one answer of HTML with little beside it", async (t) => {
    const fresh = await visitor({ storageState: await mila.context.storageState() });
    for (const path of ["/empresas", record, "/empresas/nova", "/configuracoes/segmentos"]) {
      const page = await fresh.tab();
      const own = [];
      page.on("response", (response) => own.push(response));
      // All of it anew.
      const client = await fresh.context.newCDPSession(page);
      await client.send("Network.setCacheDisabled", { cacheDisabled: true });
      await page.goto(new URL(path, mila.page.url()).href);
      await settled(page);
      const size = async (type) => {
        const all = own.filter((response) => response.request().resourceType() === type);
        const bodies = await Promise.all(all.map(async (response) => gzipSync(await response.body(), { level: 9 }).length));
        return bodies.reduce((sum, bytes) => sum + bytes, 0);
      };
      const [script, style] = [await size("script"), await size("stylesheet")];
      t.diagnostic(`${path}: ${(script / 1024).toFixed(1)} KiB of script, ${(style / 1024).toFixed(1)} KiB of style, gzipped`);
      assert.ok(script > 0 && script <= 60 * 1024, `${path} loads ${script} bytes of script`);
      assert.ok(style > 0 && style <= 40 * 1024, `${path} loads ${style} bytes of style`);
      const html = await Promise.all(own.map(async (response) => (await response.headerValue("content-type"))?.startsWith("text/html") ?? false));
      assert.equal(html.filter(Boolean).length, 1, `${path} is one answer`);
      await page.close();
    }
    await fresh.leave();
  });

  test("every shared piece is fit to be seen, in each of its states", async () => {
    await mila.goto("/_pecas");
    await mila.inspect("pecas");
  });

  test("the list, a record and its history go to paper without the frame", async () => {
    const { page } = mila;
    for (const [name, path] of [["lista", "/empresas?situacao=prospect"], ["empresa", record], ["historia", `${record}/linha-do-tempo`], ["auditoria", `${record}/auditoria`]]) {
      await mila.goto(path);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      for (const away of [".sidebar", ".topbar", ".thumb-bar", ".filters > .chip:not(.chip-on)", ".page-actions", ".tabs", "[data-picked]", ".menu-cell", "td.pick"]) {
        for (const part of await page.locator(away).all()) assert.equal(await part.isVisible(), false, `${away} is printed on ${path}`);
      }
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)", "night is for screens");
      await page.locator(".print-head").waitFor();
      const { scrollWidth, clientWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }));
      assert.ok(scrollWidth <= clientWidth, `${path} is wider than the paper`);
      if (process.env.SHOTS) await page.pdf({ path: `${process.env.SHOTS}/papel-${name}.pdf`, format: "A4", margin: { top: "12mm", bottom: "12mm", left: "12mm", right: "12mm" } });
      await page.emulateMedia({ media: "screen", colorScheme: "light" });
    }
    await until("the page is a page again", () => page.locator(".topbar").isVisible());
  });
});
