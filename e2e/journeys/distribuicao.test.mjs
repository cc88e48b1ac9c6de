// An administradora says to whom demandas go that name nobody, tries it out, and sees it happen.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const NOME = "Serraria Ibirama";

describe("distribuicao", () => {
  let ines, page;
  before(async () => {
    createUnidade("ibirama", "2.01", "SENAI Ibirama", "Ibirama", "chefe@ibirama.example");
    // Somebody beside her who may be chosen.
    const caio = await visitor();
    await caio.page.goto(entryLink("ibirama", "caio@ibirama.example", "Caio Prust"));
    await caio.page.getByRole("button", { name: "Entrar" }).click();
    await caio.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await caio.leave();
    ines = await visitor();
    ({ page } = ines);
    await page.goto(entryLink("ibirama", "ines@ibirama.example", "Inês Vogel"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await ines.goto("/empresas/nova");
    await page.getByLabel("Razão social").fill(NOME);
    await page.getByLabel("CNPJ").fill(CNPJ.unlisted);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
  });
  after(closeBrowser);

  const save = () => page.getByRole("button", { name: "Salvar", exact: true }).click();
  const rows = () => page.locator("tr[data-row] .row-link").allInnerTexts();

  async function ask(titulo) {
    await ines.goto("/demandas/nova?q=serr");
    await page.getByRole("link", { name: NOME }).click();
    await page.getByText("Sem ninguém, a distribuição da unidade escolhe.").waitFor();
    await page.getByLabel("Título").fill(titulo);
    await page.getByLabel("Descrição").fill("Para o corte das tábuas");
    await page.getByRole("combobox", { name: "Tipo" }).selectOption({ index: 1 });
    await save();
    await page.getByRole("heading", { level: 1, name: titulo }).waitFor();
    return page.getByText(/Distribuída para .* pela regra “Todos em turnos”/).first().innerText();
  }

  test("two rules are written with the keyboard and put in order", async () => {
    await ines.goto("/configuracoes");
    await tabTo(page, page.getByRole("link", { name: "Distribuição de demandas" }));
    await page.keyboard.press("Enter");
    await page.getByText("Nenhuma regra ainda").waitFor();
    await ines.inspect("distribuicao-vazia");
    await page.getByRole("link", { name: "Nova regra" }).first().click();
    await page.getByLabel("Nome da regra").waitFor();
    await tabTo(page, page.getByLabel("Nome da regra"));
    await page.keyboard.type("Da empresa");
    await tabTo(page, page.getByRole("radio", { name: "Revezamento" }));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await ines.inspect("distribuicao-form");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Regra criada.").waitFor();

    await page.getByRole("link", { name: "Nova regra" }).click();
    await page.getByLabel("Nome da regra").fill("Todos em turnos");
    ines.expects(422);
    await save();
    await page.getByText("Escolha pelo menos uma pessoa ativa da unidade.").waitFor();
    await page.getByRole("checkbox", { name: "Caio Prust" }).check();
    await page.getByRole("checkbox", { name: "Inês Vogel" }).check();
    await save();
    await page.getByText("Regra criada.").waitFor();
    assert.deepEqual(await rows(), ["Da empresa", "Todos em turnos"]);
    await page.getByRole("button", { name: "Subir Todos em turnos" }).click();
    await page.locator("tr[data-row]").first().getByText("Todos em turnos").waitFor();
    await ines.inspect("distribuicao");
  });

  test("tried out, nobody loses their turn", async () => {
    await page.getByLabel("Empresa (nome ou CNPJ)").fill("serraria");
    await page.getByRole("combobox", { name: "Tipo" }).selectOption({ index: 1 });
    await page.getByRole("button", { name: "Ver quem seria" }).click();
    await page.getByText(`Uma demanda de ${NOME} iria para Caio Prust, pela regra “Todos em turnos”.`).waitFor();
    await ines.inspect("distribuicao-experimento");
    await page.getByLabel("Empresa (nome ou CNPJ)").fill("ninguém");
    await page.getByRole("button", { name: "Ver quem seria" }).click();
    await page.getByText("Nenhuma empresa encontrada").waitFor();
  });

  test("two demandas go to two people", async () => {
    assert.match(await ask("Corte a laser"), /Caio Prust/);
    await ines.inspect("demanda-distribuida");
    assert.match(await ask("Afiação das serras"), /Inês Vogel/);
  });
});
