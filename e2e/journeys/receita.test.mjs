// The standing of several companies of Blumenau asked again at once: from the list, told while it goes on, with what came of each.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { entryLink } from "../lib/operator.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const NOMES = { [CNPJ.closed]: "Receita Fechada Ltda", [CNPJ.unknown]: "Receita Sem Registro Ltda" };

describe("receita", () => {
  let rute;

  before(async () => {
    rute = await visitor();
    const { page } = rute;
    await page.goto(entryLink("blumenau", "rute@blumenau.example", "Rute Receita"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    for (const [cnpj, nome] of Object.entries(NOMES)) {
      await rute.goto("/empresas/nova");
      await page.getByLabel("Razão social").fill(nome);
      await page.getByLabel("CNPJ").fill(cnpj);
      await page.getByLabel("Complemento").fill("Galpão 2");
      await page.getByRole("button", { name: "Salvar", exact: true }).click();
      await page.getByRole("heading", { level: 1, name: nome }).waitFor();
      await page.getByText("Galpão 2").first().waitFor();
    }
  });
  after(closeBrowser);

  test("those that are picked are asked, and the page tells what came of each", async () => {
    const { page } = rute;
    await rute.goto("/empresas?q=receita");
    for (const nome of Object.values(NOMES)) await page.getByRole("checkbox", { name: new RegExp(nome) }).check();
    await page.getByRole("button", { name: "Atualizar situação na Receita" }).click();
    await page.getByText("A Receita é consultada aos poucos").waitFor();
    await rute.inspect("reconsulta-pedir");
    await page.getByRole("button", { name: "Consultar 2 empresas" }).click();
    await page.getByRole("heading", { level: 1, name: "Atualização da situação na Receita" }).waitFor();
    // The page hears by itself that it is over.
    await page.getByText("Concluída").first().waitFor({ timeout: 90_000 });
    await page.getByRole("link", { name: NOMES[CNPJ.closed] }).waitFor();
    await page.getByRole("main").getByText("Baixada").first().waitFor();
    await page.getByRole("row", { name: new RegExp(NOMES[CNPJ.unknown]) }).getByText("Não encontradas").waitFor();
    await rute.inspect("reconsulta");
    await page.setViewportSize({ width: 360, height: 740 });
    await rute.inspect("reconsulta-360");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("navigation", { name: "Resultado por empresa" }).getByRole("link", { name: /Não encontradas/ }).click();
    await page.waitForURL(/ver=ausente/);
    assert.equal(await page.getByRole("link", { name: NOMES[CNPJ.closed] }).count(), 0);
    await page.getByRole("link", { name: NOMES[CNPJ.unknown] }).waitFor();
  });

  test("the list of them opens from the companies, and the record tells what was said", async () => {
    const { page } = rute;
    await rute.goto("/empresas");
    await page.getByRole("link", { name: "Atualizações da situação na Receita" }).click();
    await page.getByRole("heading", { level: 1, name: "Atualizações da situação na Receita" }).waitFor();
    await page.getByText("Pedida por você").first().waitFor();
    await rute.inspect("reconsultas");
    await rute.goto("/notificacoes");
    await page.getByText("Situação na Receita atualizada").first().waitFor();
    await rute.goto("/empresas?q=receita");
    await page.getByRole("link", { name: NOMES[CNPJ.closed] }).click();
    await page.locator(".record-top").getByText("Baixada").first().waitFor();
  });
});
