// One company's page in Blumenau, all day long: its tabs, a field changed where it stands, its history with both values, its
// trail, its map; with the keyboard, on a phone, in English and without script.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { entryLink } from "../lib/operator.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, until, visitor } from "../lib/visitor.mjs";

const TABS = ["Visão geral", "Linha do tempo", "Contatos", "Documentos", "Mapa", "Auditoria"];
const NOME = "Usinagem Ribeirão das Pedras";

describe("registro", () => {
  let rita;
  let record = "";
  const field = (page, label) => page.locator("[data-field]", { has: page.locator("dt", { hasText: new RegExp(`^${label}$`) }) });
  const tab = (page, name) => page.locator(".tabs").getByRole("link", { name });

  before(async () => {
    rita = await visitor();
    await rita.page.goto(entryLink("blumenau", "rita@blumenau.example", "Rita Neves"));
    await rita.page.getByRole("button", { name: "Entrar" }).click();
    await rita.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await rita.goto("/empresas/nova");
    const { page } = rita;
    await page.getByLabel("Razão social").fill(NOME);
    await page.getByLabel("CNPJ").fill(CNPJ.unlisted);
    await page.getByLabel("Logradouro").fill("Rua das Palmeiras");
    await page.getByLabel("Município").fill("Joinville");
    await page.getByLabel("UF", { exact: true }).selectOption("SC");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
    record = new URL(page.url()).pathname;
  });
  after(closeBrowser);

  test("the tabs are addresses, and the header stays above them", async () => {
    const { page } = rita;
    for (const name of TABS) {
      await rita.goto(record);
      await tab(page, name).click();
      await page.locator(".tabs a[aria-current]", { hasText: name }).waitFor();
      await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
      await page.locator(".record-top").getByText("Prospect").waitFor();
      await page.reload();
      await page.locator(".tabs a[aria-current]", { hasText: name }).waitFor();
      await rita.inspect(`registro-${name.normalize("NFD").replace(/\W/g, "").toLowerCase()}`);
    }
    // On a phone the tabs are pushed sideways, never the page.
    await page.setViewportSize({ width: 360, height: 740 });
    await rita.goto(record);
    const { scrollWidth, clientWidth } = await page.locator(".tabs").evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
    assert.ok(scrollWidth > clientWidth, "all tabs are in one row");
    await tab(page, "Auditoria").click();
    await page.waitForURL(/\/auditoria$/);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("a field is changed where it stands, by mouse and by key", async () => {
    const { page } = rita;
    await rita.goto(record);
    // A click on the value opens it; Enter saves.
    await field(page, "Funcionários").locator("[data-value]").click();
    await page.getByLabel("Funcionários", { exact: true }).fill("176");
    await page.keyboard.press("Enter");
    await field(page, "Funcionários").getByText("176").waitFor();
    // A telephone is called by a click: its pencil opens it, and what is typed takes the place of what was there.
    await field(page, "Telefone").getByRole("link", { name: "Alterar Telefone" }).click();
    const input = page.getByLabel("Telefone", { exact: true });
    await input.waitFor();
    await rita.inspect("campo-aberto");
    await input.focus();
    await input.fill("");
    await input.pressSequentially("4734441111");
    await page.keyboard.press("Enter");
    await field(page, "Telefone").getByRole("link", { name: "(47) 3444-1111" }).waitFor();
    assert.equal(new URL(page.url()).pathname, record, "nobody left the page");
    await page.locator(".key-facts").getByRole("link", { name: "(47) 3444-1111" }).waitFor();
    const recent = page.locator("#recentes");
    await recent.getByText("Cadastro alterado").first().waitFor();
    await recent.getByText("(47) 3444-1111").first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Alterar Telefone", "the focus is back");

    // By key alone: opened with Enter, given up with Esc, and nothing happened.
    await page.keyboard.press("Enter");
    await input.fill("47999990000");
    await page.keyboard.press("Escape");
    await field(page, "Telefone").getByRole("link", { name: "(47) 3444-1111" }).waitFor();
    assert.equal(await input.count(), 0);

    // What is wrong is told in place, and what was typed stays.
    await field(page, "E-mail").getByRole("link", { name: "Alterar E-mail" }).click();
    await page.getByLabel("E-mail", { exact: true }).fill("contato@");
    rita.expects(422);
    await page.keyboard.press("Enter");
    await field(page, "E-mail").locator(".mistake").waitFor();
    assert.equal(await page.getByLabel("E-mail", { exact: true }).inputValue(), "contato@");
    await rita.inspect("campo-recusado");
    await field(page, "E-mail").getByRole("link", { name: "Cancelar" }).click();

    // A select, and a place of two fields that belong together.
    await field(page, "Porte").getByRole("link", { name: "Alterar Porte" }).click();
    await page.getByLabel("Porte", { exact: true }).selectOption("grande");
    await field(page, "Porte").getByRole("button", { name: "Salvar" }).click();
    await field(page, "Porte").locator("[data-value]").getByText("Grande").waitFor();
    await field(page, "Município").getByRole("link", { name: "Alterar Município" }).click();
    await page.getByLabel("Município", { exact: true }).fill("blumenau");
    await page.keyboard.press("Enter");
    await field(page, "Município").getByText("Blumenau · SC").waitFor();
    await page.locator(".record-top").getByText(/Blumenau · SC/).waitFor();
  });

  test("two people at one field: the second chooses; at two fields nobody is troubled", async () => {
    const { page } = rita;
    await rita.goto(record);
    const other = await rita.tab();
    await other.goto(page.url());
    await field(page, "Bairro").getByRole("link", { name: "Alterar Bairro" }).click();
    await field(other, "Bairro").getByRole("link", { name: "Alterar Bairro" }).click();
    await other.getByLabel("Bairro", { exact: true }).fill("América");
    await other.keyboard.press("Enter");
    await field(other, "Bairro").getByText("América").waitFor();
    await page.getByLabel("Bairro", { exact: true }).fill("Glória");
    rita.expects(409);
    await page.keyboard.press("Enter");
    await page.getByText("Campos em conflito").waitFor();
    // From the top: on the way down the bars of a phone cover pencils that can be scrolled to.
    await page.evaluate(() => scrollTo(0, 0));
    await rita.examine("conflict of a field");
    await page.getByRole("radio", { name: /Glória/ }).check();
    await field(page, "Bairro").getByRole("button", { name: "Salvar" }).click();
    await field(page, "Bairro").getByText("Glória").waitFor();
    // The other one has an old page open, but nobody touched this field.
    await field(other, "CEP").getByRole("link", { name: "Alterar CEP" }).click();
    await other.getByLabel("CEP", { exact: true }).fill("89201100");
    await other.keyboard.press("Enter");
    await field(other, "CEP").getByText("89201-100").waitFor();
    await field(other, "Bairro").getByText("Glória").waitFor();
    await other.close();
  });

  test("people are kept on their own tab, and the history tells what changed of them", async () => {
    const { page } = rita;
    await rita.goto(`${record}/contatos`);
    await page.getByRole("heading", { name: "Nenhum contato ainda" }).waitFor();
    await page.getByRole("link", { name: "Acrescentar" }).click();
    await page.getByLabel("Nome").fill("Ivo Lang");
    await page.getByLabel("Área").selectOption("rh");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Contato acrescentado.").waitFor();
    await page.getByRole("link", { name: "Editar Ivo Lang" }).click();
    await page.getByLabel("Cargo").fill("Gerente");
    await page.getByLabel("Área").selectOption("direcao");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Contato alterado.").waitFor();
    await rita.inspect("registro-contatos-cheio");
    await tab(page, "Linha do tempo").click();
    const told = page.locator("li", { hasText: "Contato alterado: Ivo Lang" });
    for (const text of ["Cargo", "Gerente", "RH", "Direção"]) await told.getByText(text, { exact: true }).waitFor();
    await rita.inspect("registro-historia");
    await page.getByRole("link", { name: "Contatos", exact: true }).and(page.locator(".chip")).click();
    await page.waitForURL(/tipo=contato/);
    await until("only contatos", async () => (await page.locator(".timeline b").allInnerTexts()).every((title) => title.startsWith("Contato")));
    await page.goBack();
    await page.getByText("Cadastro alterado").first().waitFor();
  });

  test("older parts of the history come below, a day told once", async () => {
    const { page } = rita;
    // Thirty changes and a few more.
    await rita.goto(record);
    for (let n = 1; n <= 34; n += 1) {
      const status = await page.evaluate(
        async ([path, n]) => {
          // The colours of the unidade have the nonce of the page that they were sent with.
          const page = (await (await fetch(`${path}/editar/numero`)).text()).replace(/<style[^]*?<\/style>/g, "");
          const form = new DOMParser().parseFromString(page, "text/html").querySelector("form[data-field-form]");
          const body = new URLSearchParams(new FormData(form));
          body.set("numero", String(n));
          return (await fetch(`${path}/editar/numero`, { method: "POST", body })).status;
        },
        [record, n],
      );
      assert.equal(status, 200);
    }
    await rita.goto(`${record}/linha-do-tempo`);
    assert.equal(await page.locator("[data-days] li").count(), 30);
    await page.getByRole("link", { name: "Mostrar mais" }).focus();
    await page.keyboard.press("Enter");
    await until("the rest", async () => (await page.locator("[data-days] li").count()) > 40);
    assert.equal(await page.locator("[data-day]").count(), 1, "one day, one heading");
    assert.equal(await page.getByRole("link", { name: "Mostrar mais" }).count(), 0);
    assert.ok(await page.evaluate(() => document.activeElement?.matches("[data-days] li:nth-child(31)")), "on from where one was");
    await rita.examine("longer history");
  });

  test("the map shows the city, and the address leads into a map application", async () => {
    const { page } = rita;
    await rita.goto(`${record}/mapa`);
    await page.locator(".leaflet-tile-loaded").first().waitFor();
    await page.getByText("Posição do município").waitFor();
    const link = await page.getByRole("link", { name: "Abrir no aplicativo de mapas" }).getAttribute("href");
    assert.match(decodeURIComponent(link.replaceAll("+", " ")), /Rua das Palmeiras, 34, Glória, Blumenau - SC, 89201-100, Brasil/);
    await rita.inspect("registro-mapa-cheio");
  });

  test("all of it goes without script and in English", async () => {
    const state = await rita.context.storageState();
    const plain = await visitor({ javaScriptEnabled: false, storageState: state });
    const at = (path) => new URL(path, rita.page.url()).href;
    await plain.page.goto(at(record));
    await plain.page.getByRole("link", { name: "Alterar Site" }).click();
    await plain.page.getByLabel("Site").fill("usinagem.example");
    await plain.page.getByRole("button", { name: "Salvar", exact: true }).click();
    await plain.page.getByText("Alterações salvas").waitFor();
    await plain.page.getByRole("link", { name: "https://usinagem.example" }).waitFor();
    await plain.page.goto(at(`${record}/linha-do-tempo`));
    await plain.page.getByRole("link", { name: "Mostrar mais" }).click();
    await plain.page.getByRole("link", { name: "Voltar ao mais recente" }).click();
    await plain.page.goto(at(`${record}/mapa`));
    assert.equal(await plain.page.locator(".map-box").isVisible(), false, "an address needs no script");
    await plain.page.getByRole("link", { name: "Abrir no aplicativo de mapas" }).waitFor();
    await plain.leave();

    const english = await visitor({ locale: "en-US", storageState: state });
    await english.page.goto(at(record));
    const lang = english.page.getByRole("button", { name: /English/ });
    if (await lang.count()) await lang.first().click();
    for (const name of ["Overview", "Timeline", "Contacts", "Documents", "Map", "Audit"]) await tab(english.page, name).waitFor();
    await english.inspect("registro-en");
    const back = english.page.getByRole("button", { name: /Português/ });
    if (await back.count()) await back.first().click();
    await english.leave();
  });
});
