// The frame around every page: what is told to somebody arrives at their other browser, lists open and sort as each likes, and
// what was thrown away comes back from one place.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";


async function enter() {
  const one = await visitor();
  await one.page.goto(entryLink("blumenau", "dora@blumenau.example", "Dora Moldura"));
  await one.page.getByRole("button", { name: "Entrar" }).click();
  await one.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  return one;
}

/** The same person in another browser. */
async function besides(one) {
  const other = await visitor();
  await other.context.addCookies(await one.context.cookies());
  await other.page.goto(one.page.url());
  return other;
}

describe("moldura", () => {
  let [desk, phone] = [];
  before(async () => {
    desk = await enter();
    phone = await besides(desk);
  });
  after(closeBrowser);
  const settled = (page) => page.locator("[data-list]:not([aria-busy])").waitFor();

  test("an import that ends is told in the person's other browser, live", async () => {
    const { page } = desk;
    await phone.goto("/conta");
    const bell = phone.page.getByRole("button", { name: /^Notificações/ });
    await desk.goto("/empresas/importar");
    await page.getByLabel("Escolha a planilha").setInputFiles({ name: "moldura.csv", mimeType: "text/csv", buffer: Buffer.from("CNPJ;Nome\n60.872.504/0001-23;Moldura Viva Ltda\n") });
    await page.getByRole("button", { name: "Enviar" }).click();
    await page.getByRole("button", { name: "Ver a prévia" }).click();
    await page.getByRole("button", { name: /^Gravar/ }).click();
    await phone.page.locator(".toast-box").filter({ hasText: "Importação de “moldura.csv” terminou" }).waitFor();
    // The result page itself is where the other browser is now: seen there, it is read here too.
    await bell.and(phone.page.getByRole("button", { name: "Notificações", exact: true })).waitFor();

    await bell.click();
    const panel = phone.page.locator("#menu-bell");
    await panel.getByText("moldura.csv").waitFor();
    await phone.inspect("sino");
    await panel.getByRole("button", { name: /moldura\.csv/ }).click();
    await phone.page.waitForURL(/\/empresas\/importacoes\//);
    await phone.goto("/notificacoes");
    await phone.inspect("notificacoes");
    await phone.goto("/notificacoes?mostrar=nao-lidas");
    assert.equal(await phone.page.getByRole("button", { name: /moldura\.csv/ }).count(), 0, "opened is read");
  });

  test("headings sort one after the other by keyboard", async () => {
    const { page } = desk;
    await desk.goto("/empresas?uf=SC");
    await page.getByRole("columnheader", { name: /Situação/ }).getByRole("link").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/ordem=situacao/);
    await settled(page);
    await page.getByRole("columnheader", { name: /^Empresa/ }).getByRole("link").focus();
    await page.keyboard.press("Shift+Enter");
    await page.waitForURL(/ordem=situacao,nome$/);
    await settled(page);
    await page.keyboard.press("Shift+Enter");
    await page.waitForURL(/ordem=situacao,-nome$/);
    await settled(page);
    const sorted = page.getByRole("columnheader", { name: /^Empresa/ });
    assert.equal(await sorted.getAttribute("aria-sort"), "descending");
    assert.match(await sorted.innerText(), /2/, "the second that sorts");
    await desk.inspect("empresas-ordenadas");
    // The same for a finger.
    await page.getByRole("button", { name: "Ordenar", exact: true }).click();
    await page.getByLabel("Depois por").first().selectOption("cidade");
    await page.waitForURL(/ordem=situacao,cidade$/);
    await settled(page);
    await page.keyboard.press("Escape");
  });

  test("a list opens with the view that the person prefers, and whole on demand", async () => {
    const { page } = desk;
    await desk.goto("/empresas?situacao=prospect");
    await page.getByRole("button", { name: "Visões" }).click();
    await page.getByLabel(/Guardar esta/).fill("Meus prospects");
    await page.getByRole("button", { name: "Guardar", exact: true }).click();
    await page.getByText("Visão guardada.").waitFor();
    await page.getByRole("button", { name: "Visões" }).click();
    await page.getByRole("button", { name: "Abrir a lista sempre com “Meus prospects”" }).click();
    await page.waitForURL(/situacao=prospect/);
    await page.getByText("A lista passa a abrir com esta visão.").waitFor();
    await page.getByRole("link", { name: "Empresas" }).first().click();
    await page.waitForURL(/situacao=prospect/);
    await desk.inspect("empresas-visao-padrao");
    await page.getByRole("link", { name: "Ver todas" }).click();
    await page.waitForURL(/tudo=sim/);
    await page.getByRole("button", { name: "Visões" }).click();
    await page.getByRole("button", { name: "Abrir a lista sempre com “Meus prospects”" }).click();
    await page.getByText("A lista volta a abrir inteira.").waitFor();
  });

  test("everything thrown away comes back from one place", async () => {
    const { page } = desk;
    await desk.goto("/empresas?q=moldura viva");
    await page.getByRole("link", { name: "Moldura Viva Ltda" }).click();
    await page.getByRole("button", { name: "Excluir" }).click();
    await page.getByRole("button", { name: "Sim, continuar" }).click();
    await page.waitForURL(/\/empresas\?/);
    await page.getByRole("button", { name: "Sua conta" }).click();
    await page.locator("#menu-account").getByRole("link", { name: "Lixeira" }).click();
    const row = page.getByRole("row", { name: /Moldura Viva Ltda/ });
    await row.getByText("Dora Moldura").waitFor();
    await desk.inspect("lixeira-tudo");
    await row.getByRole("checkbox").check();
    await page.getByRole("button", { name: "Restaurar os selecionados" }).click();
    await page.getByText("Restaurado.", { exact: true }).waitFor();
    await desk.goto("/empresas?q=moldura viva");
    await page.getByRole("link", { name: "Moldura Viva Ltda" }).waitFor();
  });
});
