// A coordenadora brings in what her unidade did before: visitas and demandas out of the spreadsheets they were kept in.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const NOME = "Olaria Doutor Pedrinho";

/** A file as a spreadsheet program writes it. */
const csv = (name, rows) => ({ name, mimeType: "text/csv", buffer: Buffer.from(`${rows.map((row) => row.join(";")).join("\n")}\n`) });

describe("historico", () => {
  let vera, page;
  before(async () => {
    createUnidade("pedrinho", "2.03", "SENAI Doutor Pedrinho", "Doutor Pedrinho", "chefe@pedrinho.example");
    vera = await visitor();
    ({ page } = vera);
    await page.goto(entryLink("pedrinho", "vera@pedrinho.example", "Vera Kuehn"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await vera.goto("/empresas/nova");
    await page.getByLabel("Razão social").fill(NOME);
    await page.getByLabel("CNPJ").fill(CNPJ.unlisted);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
  });
  after(closeBrowser);

  const send = async (file) => {
    await page.getByLabel("Escolha a planilha").setInputFiles(file);
    await page.getByRole("button", { name: "Ler a planilha" }).click();
    await page.getByRole("heading", { name: "Colunas" }).waitFor();
  };
  const tab = (nome) => page.getByRole("navigation", { name: "Prévia" }).getByRole("link", { name: nome });

  test("a spreadsheet of visitas shows what is wrong with it before anything is written", async () => {
    await vera.goto("/visitas");
    await page.getByRole("link", { name: "Importar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Importar visitas" }).waitFor();
    await vera.inspect("historico-arquivo");
    await send(
      csv("visitas antigas.csv", [
        ["Data", "Hora", "Cliente", "Técnico", "Assunto", "Status", "Observações"],
        ["10/02/2024", "14h30", NOME, "Vera Kuehn", "Conhecer o forno", "Realizada", "Forno novo em julho"],
        ["11/02/2024", "", NOME.toLowerCase(), "Fulano de Antes", "Medir a queima", "Cancelada", ""],
        ["10/02/2024", "14:30", NOME, "vera kuehn", "De novo", "", ""],
        ["12/02/2024", "", "Olaria que não há", "Vera Kuehn", "Onde?", "", ""],
        ["31/02/2024", "", NOME, "Vera Kuehn", "Quando?", "", ""],
      ]),
    );
    await page.getByText("2 linhas entram no histórico.").waitFor();
    await page.getByText("Nenhuma empresa que você vê tem este nome.").waitFor();
    await page.getByText("Este dia não existe no calendário.").waitFor();
    await vera.inspect("historico-previa");
    await tab("Já registradas").click();
    await page.getByText("Repete a linha 2.").waitFor();
    await tab("Prontas").click();
    await page.getByText("fica só o nome", { exact: true }).waitFor();
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Baixar as linhas de fora" }).click();
    const download = await coming;
    assert.equal(readFileSync(await download.path()).subarray(0, 2).toString(), "PK");
    // Another column for what is noted: seen at once, and nothing is written by it.
    await page.getByRole("combobox", { name: "G · Observações" }).selectOption({ label: "Próximos passos" });
    await page.getByRole("button", { name: "Aplicar" }).click();
    await page.getByText("2 linhas entram no histórico.").waitFor();
    await page.getByRole("combobox", { name: "G · Observações" }).selectOption({ label: "Resumo" });
    await page.getByRole("button", { name: "Aplicar" }).click();
    const here = page.url();
    await vera.goto("/visitas");
    await page.getByText("Nenhuma visita ainda").waitFor();
    await page.goto(here);
  });

  test("confirmed with the keyboard, they are in the lists and in the history of the empresa", async () => {
    const confirm = page.getByRole("button", { name: "Confirmar importação" });
    await tabTo(page, confirm);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "2 linhas entraram no histórico" }).waitFor();
    await vera.inspect("historico-feito");
    await page.getByRole("link", { name: "Ver na lista" }).click();
    await page.locator("tbody tr", { hasText: "Conhecer o forno" }).waitFor();
    await page.locator("tbody tr", { hasText: "Fulano de Antes" }).waitFor();
    await page.locator("tbody tr", { hasText: "Conhecer o forno" }).getByRole("link").first().click();
    await page.getByText("Forno novo em julho").first().waitFor();
    await page.getByText("Visita de 10/02/2024 14:30 importada de uma planilha").waitFor();
  });

  test("a visita that somebody touched stays when the importação is undone", async () => {
    await page.getByRole("button", { name: "Reabrir" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Visita reaberta.").waitFor();
    await vera.goto("/historico");
    await page.getByRole("row", { name: /visitas antigas\.csv/ }).waitFor();
    await vera.inspect("historico-log");
    await page.getByRole("link", { name: "visitas antigas.csv" }).click();
    await page.getByRole("button", { name: "Desfazer" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByRole("heading", { name: "1 registro foi para a lixeira" }).waitFor();
    await page.getByRole("heading", { name: "1 ficou" }).waitFor();
    await vera.inspect("historico-desfeito");
    await page.getByRole("listitem").getByRole("link", { name: NOME }).click();
    await page.getByText("Conhecer o forno").first().waitFor();
  });

  test("demandas come with a tipo for those that name none", async () => {
    await vera.goto("/demandas");
    await page.getByRole("link", { name: "Importar", exact: true }).click();
    await send(
      csv("demandas.csv", [
        ["CNPJ", "Demanda", "Categoria", "Abertura", "Conclusão", "Status", "Valor (R$)"],
        [CNPJ.unlisted, "Curso de queima", "Curso", "10/02/2024", "20/03/2024", "Encerrada", "1.234,50"],
        [CNPJ.unlisted, "Ensaio do barro", "", "11/02/2024", "", "Aberta", ""],
      ]),
    );
    await page.getByText("1 linha entra no histórico.").waitFor();
    await page.getByText("Diga o tipo na planilha, ou escolha um").waitFor();
    await page.getByLabel("Tipo das linhas que não dizem um").selectOption({ label: "Outro" });
    await page.getByRole("button", { name: "Aplicar" }).click();
    await page.getByText("2 linhas entram no histórico.").waitFor();
    await vera.inspect("historico-demandas");
    await page.getByRole("button", { name: "Confirmar importação" }).click();
    await page.getByRole("heading", { name: "2 linhas entraram no histórico" }).waitFor();
    await page.getByRole("link", { name: "Ver na lista" }).click();
    await page.locator("tbody tr", { hasText: "Curso de queima" }).waitFor();
    await vera.goto("/demandas/quadro");
    await page.getByRole("link", { name: "Ensaio do barro" }).waitFor();
  });

  test("the modelo is read again without a question", async () => {
    await vera.goto("/historico/importar/visitas");
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Baixar modelo" }).click();
    const modelo = await (await coming).path();
    vera.expects(422);
    await page.getByLabel("Escolha a planilha").setInputFiles(modelo);
    await page.getByRole("button", { name: "Ler a planilha" }).click();
    await page.getByText("Não há nenhuma linha nesta planilha.").waitFor();
  });
});
