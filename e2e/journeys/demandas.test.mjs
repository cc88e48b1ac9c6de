// A demanda from nova to projeto: written down at a company, put on by mouse and by keyboard on the board, called off, reopened, contracted.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { mailTo } from "../lib/mail.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const NOME = "Tecelagem Benedito Novo";
const PDF = { name: "proposta.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n") };

describe("demandas", () => {
  let davi, page;
  before(async () => {
    createUnidade("benedito", "1.98", "SENAI Benedito Novo", "Benedito Novo", "chefe@benedito.example");
    const elisa = await visitor();
    await elisa.page.goto(entryLink("benedito", "elisa@benedito.example", "Elisa Moser"));
    await elisa.page.getByRole("button", { name: "Entrar" }).click();
    await elisa.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await elisa.leave();

    davi = await visitor({ viewport: { width: 1440, height: 900 } });
    ({ page } = davi);
    await page.goto(entryLink("benedito", "davi@benedito.example", "Davi Fronza"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await davi.goto("/empresas/nova");
    await page.getByLabel("Razão social").fill(NOME);
    await page.getByLabel("CNPJ").fill(CNPJ.unlisted);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
  });
  after(closeBrowser);

  const save = () => page.getByRole("button", { name: "Salvar", exact: true }).click();
  /** A column of the board, and a card on it. */
  const column = (nome) => page.locator("[data-column]", { has: page.getByRole("heading", { level: 2, name: nome, exact: true }) });
  const card = (titulo) => page.locator("[data-card]", { hasText: titulo });

  async function ask(titulo, tipo) {
    await davi.goto("/demandas/nova?q=tecelagem");
    await page.getByRole("link", { name: NOME }).click();
    await page.getByLabel("Título").fill(titulo);
    await page.getByLabel("Descrição").fill("Para doze pessoas da tecelagem");
    await page.getByRole("combobox", { name: "Tipo" }).selectOption({ label: tipo });
  }

  test("the first one is written down, due in dias úteis, and a colleague hears of it", async () => {
    await davi.goto("/demandas");
    await page.getByRole("heading", { name: "Nenhuma demanda ainda" }).waitFor();
    await davi.inspect("demandas-vazia");
    await ask("Curso de mecânica", "Curso (10 dias úteis)");
    await page.getByLabel("Valor estimado").fill("-5");
    davi.expects(422);
    await save();
    await page.getByText("O valor não pode ser negativo.").waitFor();
    await davi.inspect("demanda-recusada");
    await page.getByLabel("Valor estimado").fill("12.500,00");
    await page.getByLabel("Responsável", { exact: true }).selectOption({ label: "Elisa Moser" });
    await save();
    await page.getByText("Demanda registrada. Quem responde por ela foi avisado.").waitFor();
    await page.getByRole("heading", { level: 1, name: "Curso de mecânica" }).waitFor();
    await page.getByText("R$ 12.500,00").waitFor();
    await davi.inspect("demanda-nova");
    const mail = await mailTo("elisa@benedito.example", "Davi Fronza registrou uma demanda");
    assert.match(mail.text, /Curso de mecânica/);
  });

  test("one that may be the same is pointed at", async () => {
    await davi.goto("/demandas/nova?q=tecelagem");
    await page.getByRole("link", { name: NOME }).click();
    await page.getByText("Esta empresa já tem uma demanda aberta. É a mesma?").waitFor();
    await davi.inspect("demanda-form");
    await ask("Consultoria de energia", "Consultoria (15 dias úteis)");
    await save();
    await page.getByRole("heading", { level: 1, name: "Consultoria de energia" }).waitFor();
  });

  test("on the board one is dragged, and another moved with the keyboard alone", async () => {
    await davi.goto("/demandas/quadro");
    await page.getByRole("heading", { level: 1, name: "Quadro" }).waitFor();
    await davi.inspect("quadro");
    await page.setViewportSize({ width: 1440, height: 900 });
    await card("Consultoria de energia").dragTo(column("Em andamento"));
    await page.getByText("Demanda movida. Quem acompanha foi avisado.").waitFor();
    await column("Em andamento").getByRole("link", { name: "Consultoria de energia" }).waitFor();
    assert.equal(await column("Nova").locator("[data-card]").count(), 1);

    await tabTo(page, card("Curso de mecânica").locator("summary"));
    await page.keyboard.press("Enter");
    await tabTo(page, card("Curso de mecânica").getByRole("combobox"));
    await page.keyboard.type("Proposta");
    await tabTo(page, card("Curso de mecânica").getByRole("button", { name: "Mover" }));
    await page.keyboard.press("Enter");
    await column("Proposta enviada").getByRole("link", { name: "Curso de mecânica" }).waitFor();
    await mailTo("elisa@benedito.example", "Proposta enviada");
  });

  test("a card that stands elsewhere by now is not moved over somebody else", async () => {
    const other = await visitor({ storageState: await davi.context.storageState(), viewport: { width: 1440, height: 900 } });
    await other.goto(new URL("/demandas/quadro", page.url()).href);
    await card("Consultoria de energia").dragTo(column("Proposta enviada"));
    await column("Proposta enviada").getByRole("link", { name: "Consultoria de energia" }).waitFor();
    const stale = other.page.locator("[data-card]", { hasText: "Consultoria de energia" });
    other.expects(409);
    await stale.dragTo(other.page.locator("[data-column]", { has: other.page.getByRole("heading", { name: "Nova", exact: true }) }));
    await other.page.locator("#toasts .toast-danger").waitFor();
    await other.page.locator("[data-column]", { hasText: "Proposta enviada" }).getByRole("link", { name: "Consultoria de energia" }).waitFor();
    await other.leave();
  });

  test("it is called off with its motivo, reopened, and its file kept", async () => {
    await davi.goto("/demandas?q=energia");
    await page.locator("tbody a.row-link").click();
    await page.getByRole("link", { name: "Cancelar demanda" }).click();
    davi.expects(422);
    await page.getByRole("button", { name: "Confirmar cancelamento" }).click();
    await page.getByRole("alert").waitFor();
    await davi.inspect("demanda-cancelar");
    await page.getByLabel("Motivo").fill("Sem orçamento este ano");
    await page.getByRole("button", { name: "Confirmar cancelamento" }).click();
    await page.getByText("Demanda cancelada. Quem acompanha foi avisado.").waitFor();
    await davi.inspect("demanda-cancelada");
    await page.getByRole("button", { name: "Reabrir" }).click();
    await page.getByText("Demanda reaberta.").waitFor();
    await page.getByLabel("O que é").selectOption({ label: "Proposta" });
    await page.getByLabel("Anexar arquivo").setInputFiles(PDF);
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    await page.getByText("Arquivo anexado.").waitFor();
    await page.getByRole("link", { name: /proposta\.pdf/ }).waitFor();
  });

  test("what is contracted becomes a projeto, once", async () => {
    await davi.goto("/demandas?q=mecanica");
    await page.locator("tbody a.row-link").click();
    await page.getByRole("link", { name: "Converter em projeto" }).click();
    await page.getByRole("heading", { level: 1, name: "Converter em projeto" }).waitFor();
    await davi.inspect("converter");
    await page.getByRole("button", { name: "Converter em projeto" }).click();
    await page.getByText("Projeto criado. A demanda está concluída.").waitFor();
    await davi.inspect("projeto");
    await page.getByRole("link", { name: "Curso de mecânica" }).first().click();
    await page.getByText("A empresa contratou: esta demanda virou projeto.").waitFor();
    assert.equal(await page.getByRole("link", { name: "Converter em projeto" }).count(), 0);
    await davi.inspect("demanda-convertida");
    await page.getByRole("link", { name: "Ver o projeto" }).click();
    await page.getByRole("button", { name: "Concluir" }).click();
    await page.getByText("Projeto concluído.").waitFor();
    await davi.goto("/projetos");
    await page.getByText("1 projeto", { exact: true }).waitFor();
    await davi.inspect("projetos");
  });

  test("the list is narrowed and taken along, and the company tells of all", async () => {
    await davi.goto("/demandas");
    await page.getByText("2 demandas").waitFor();
    await davi.inspect("demandas");
    await page.setViewportSize({ width: 1440, height: 900 });
    await davi.goto("/demandas?situacao=concluida");
    await page.getByText("1 demanda", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Exportar" }).click();
    const file = page.waitForEvent("download");
    await page.getByRole("link", { name: "Excel (XLSX)" }).click();
    assert.match((await file).suggestedFilename(), /^demandas-benedito-.*\.xlsx$/);
    await davi.goto("/empresas?q=tecelagem");
    await page.locator("tbody a.row-link").click();
    await page.locator(".tabs").getByRole("link", { name: "Demandas" }).click();
    await page.getByRole("link", { name: "Consultoria de energia" }).waitFor();
    await davi.inspect("empresa-demandas");
    await page.locator(".tabs").getByRole("link", { name: "Projetos" }).click();
    await page.getByText("Concluído").first().waitFor();
    await davi.inspect("empresa-projetos");
    await page.locator(".tabs").getByRole("link", { name: "Linha do tempo" }).click();
    await page.getByText("Projeto criado: Curso de mecânica").waitFor();
    await page.getByText("Demanda reaberta: Consultoria de energia").waitFor();
  });

  test("all of it goes in English and without script", async () => {
    const at = (path) => new URL(path, page.url()).href;
    const english = await visitor({ locale: "en-US", storageState: await davi.context.storageState() });
    await english.page.goto(at("/demandas/quadro"));
    const lang = english.page.getByRole("button", { name: /English/ });
    if (await lang.count()) await lang.first().click();
    await english.page.getByRole("heading", { level: 1, name: "Board" }).waitFor();
    await english.inspect("quadro-en");
    const back = english.page.getByRole("button", { name: /Português/ });
    if (await back.count()) await back.first().click();
    await english.leave();

    const plain = await visitor({ javaScriptEnabled: false, storageState: await davi.context.storageState() });
    await plain.page.goto(at("/demandas/quadro"));
    const card = plain.page.locator("[data-card]", { hasText: "Consultoria de energia" });
    await card.locator("summary").click();
    await card.getByRole("combobox").selectOption({ label: "Nova" });
    await card.getByRole("button", { name: "Mover" }).click();
    await plain.page.getByText("Demanda movida. Quem acompanha foi avisado.").waitFor();
    await plain.leave();
  });
});
