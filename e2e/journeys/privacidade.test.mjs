// What the law gives to people whose data a unidade keeps: the map of it, one person's dossier, and their end, with a receipt. In a
// unidade of its own: an erasure takes waiting spreadsheets and ready exports of the whole unidade along.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const EMPRESA = "Vidraçaria Itoupava";
const NOME = "Zuleica Quartzo";
const EMAIL = "zuleica@itoupava.example";

describe("privacidade", () => {
  let lia;

  before(async () => {
    createUnidade("pomerode", "1.91", "SENAI Pomerode", "Pomerode", "chefe@pomerode.example");
    lia = await visitor();
    const { page } = lia;
    await page.goto(entryLink("pomerode", "lia@pomerode.example", "Lia Encarregada"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await lia.goto("/empresas/nova");
    await page.getByLabel("Razão social").fill(EMPRESA);
    await page.getByLabel("CNPJ").fill(CNPJ.unlisted);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: EMPRESA }).waitFor();
    await lia.goto(`${new URL(page.url()).pathname}/contatos/novo`);
    await page.getByLabel("Nome").fill(NOME);
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.getByLabel("Telefone").fill("(47) 99123-4567");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText(NOME).first().waitFor();
  });
  after(closeBrowser);

  test("the map says what is kept, why and for how long, and goes out as a file", async () => {
    const { page } = lia;
    await lia.goto("/configuracoes");
    await page.getByRole("main").getByRole("link", { name: /Privacidade/ }).click();
    await page.getByRole("link", { name: "Mapa de dados" }).click();
    await page.getByRole("heading", { level: 1, name: "Mapa de dados pessoais" }).waitFor();
    await page.getByRole("heading", { name: "Empresas e contatos" }).waitFor();
    await page.locator("summary", { hasText: /^contato$/ }).click();
    await page.locator("details[open]").getByText("email, telefone", { exact: true }).waitFor();
    await lia.inspect("privacidade-mapa");
    await page.getByRole("button", { name: "Exportar" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "PDF" }).click();
    assert.match((await download).suggestedFilename(), /^mapa-de-dados-pomerode-.*\.pdf$/);
  });

  test("a person is found by the number, and their dossier is handed over", async () => {
    const { page } = lia;
    await lia.goto("/configuracoes/privacidade");
    await lia.inspect("privacidade-titulares");
    await page.getByPlaceholder("Nome, e-mail ou telefone").fill("99123-4567");
    await page.getByRole("button", { name: "Buscar", exact: true }).click();
    await page.getByRole("link", { name: NOME }).waitFor();
    await lia.inspect("privacidade-achados");
    await page.getByRole("link", { name: NOME }).click();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
    await page.getByRole("heading", { name: /Contatos de empresas/ }).waitFor();
    await page.getByText(EMAIL).first().waitFor();
    await lia.inspect("privacidade-dossie");
    await page.getByRole("button", { name: "Entregar o dossiê" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "JSON" }).click();
    assert.match((await download).suggestedFilename(), /^dossie-pomerode-.*\.json$/);
  });

  test("they are erased after a preview, by their name, and a receipt says nothing of them", async () => {
    const { page } = lia;
    await lia.goto("/configuracoes/privacidade?q=zuleica");
    await page.getByRole("link", { name: NOME }).click();
    await page.getByRole("link", { name: "Apagar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Apagar os dados de uma pessoa" }).waitFor();
    await page.getByRole("link", { name: "Apagar também onde só o nome completo aparece" }).click();
    await page.waitForURL(/nome=sim/);
    await lia.inspect("privacidade-apagar");
    lia.expects(422);
    await page.getByLabel("Digite o nome da pessoa").fill("Zuleica");
    await page.getByRole("button", { name: "Apagar para sempre" }).click();
    await page.getByText("Não é o nome da pessoa").first().waitFor();
    await lia.examine("privacidade-apagar-errado");
    await page.getByLabel("Digite o nome da pessoa").fill(NOME.toLowerCase());
    await page.getByRole("button", { name: "Apagar para sempre" }).click();
    await page.getByRole("heading", { level: 1, name: /^LGPD-\d{8}-[0-9A-F]{8}$/ }).waitFor();
    assert.equal(await page.getByText("Quartzo").count(), 0);
    await lia.inspect("privacidade-recibo");
    await page.getByRole("link", { name: "Recibos" }).first().click();
    await page.getByRole("link", { name: /^LGPD-/ }).waitFor();
    await lia.inspect("privacidade-recibos");
    await lia.goto("/configuracoes/privacidade?q=zuleica");
    await page.getByText("Ninguém encontrado").waitFor();
    await lia.goto("/empresas?q=itoupava");
    await page.getByRole("link", { name: EMPRESA }).click();
    await page.getByRole("heading", { level: 1, name: EMPRESA }).waitFor();
    assert.equal(await page.getByText("Zuleica").count(), 0);
  });
});
