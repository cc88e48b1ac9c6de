// What an administradora sets up before demandas come: tipos and setores, etapas in her order, the days on which her unidade is closed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, until, visitor } from "../lib/visitor.mjs";

const NOME = "Cerâmica Apiúna";

/** A day from today, as the unidade's calendar has it, and as it is written. */
function day(ahead) {
  const at = new Date(Date.now() + ahead * 86_400_000);
  const iso = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Sao_Paulo" }).format(at);
  return { iso, year: Number(iso.slice(0, 4)), written: iso.split("-").reverse().join("/") };
}

describe("cadastros", () => {
  let olga, page;
  before(async () => {
    createUnidade("apiuna", "1.99", "SENAI Apiúna", "Apiúna", "chefe@apiuna.example");
    olga = await visitor();
    ({ page } = olga);
    await page.goto(entryLink("apiuna", "olga@apiuna.example", "Olga Pasold"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await olga.goto("/empresas/nova");
    await page.getByLabel("Razão social").fill(NOME);
    await page.getByLabel("CNPJ").fill(CNPJ.unlisted);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
  });
  after(closeBrowser);

  const add = () => page.getByRole("button", { name: "Acrescentar" }).click();
  const row = (nome) => page.locator("tr[data-row]", { has: page.getByRole("link", { name: nome, exact: true }) });
  /** The etapas as the list has them. */
  const etapas = () => page.locator("tr[data-row] .row-link").allInnerTexts();

  async function ask(titulo, tipo) {
    await olga.goto("/demandas/nova?q=cer");
    await page.getByRole("link", { name: NOME }).click();
    await page.getByLabel("Título").fill(titulo);
    await page.getByLabel("Descrição").fill("Para a queima das peças");
    await page.getByRole("combobox", { name: "Tipo" }).selectOption({ label: tipo });
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: titulo }).waitFor();
  }

  test("tipos and setores are hers, and what is used goes into another", async () => {
    await olga.goto("/configuracoes");
    await page.getByRole("link", { name: "Etapas das demandas" }).waitFor();
    await olga.inspect("configuracoes");
    await page.getByRole("link", { name: "Tipos de demanda" }).click();
    await page.getByLabel("Novo tipo").fill("Ensaio de queima");
    await page.getByText("Laranja", { exact: true }).click();
    await add();
    await page.getByText("Tipo acrescentado.").waitFor();
    await olga.inspect("tipos");
    await row("Ensaio de queima").getByRole("link", { name: "Ensaio de queima" }).click();
    await page.getByLabel("Prazo em dias úteis").fill("400");
    olga.expects(422);
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("O prazo vai de 1 a 365 dias úteis.").waitFor();
    await page.getByLabel("Prazo em dias úteis").fill("2");
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Tipo alterado.").waitFor();

    await ask("Queima a 1.200 graus", "Ensaio de queima (2 dias úteis)");
    await olga.goto("/configuracoes/tipos");
    await row("Ensaio de queima").getByRole("link", { name: "Ensaio de queima" }).click();
    await page.getByText("Uma demanda usa este tipo.").waitFor();
    await olga.inspect("tipo");
    assert.equal(await page.getByRole("button", { name: "Excluir tipo" }).count(), 0);
    await page.getByLabel("Tipo que fica").selectOption({ label: "Tecnologia" });
    await page.getByRole("button", { name: "Mesclar com outro" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Tipos mesclados.").waitFor();
    assert.equal(await row("Ensaio de queima").count(), 0);
    await olga.goto("/configuracoes/setores");
    await page.getByLabel("Novo setor").fill("Laboratório");
    await add();
    await page.getByText("Setor acrescentado.").waitFor();
    await olga.inspect("setores");
  });

  test("etapas are put in order with the keyboard alone, and the board follows", async () => {
    await olga.goto("/configuracoes/etapas");
    await page.locator("th[scope=rowgroup]", { hasText: "Em andamento" }).waitFor();
    await page.getByLabel("Nova etapa").fill("Em prova");
    olga.expects(422);
    await add();
    await page.getByText("Preencha este campo.").waitFor();
    await olga.inspect("etapas-recusada");
    assert.equal(await page.getByLabel("Nova etapa").inputValue(), "Em prova");
    await page.getByLabel("Situação").selectOption({ label: "Em andamento" });
    await page.getByText("Rosa", { exact: true }).click();
    await add();
    await page.getByText("Etapa acrescentada.").waitFor();
    await olga.inspect("etapas");
    assert.deepEqual(await etapas(), ["Nova", "Em andamento", "Proposta enviada", "Em prova", "Concluída", "Cancelada"]);

    // Once to the button, then again from where the focus is.
    const up = page.getByRole("button", { name: "Subir Em prova" });
    await tabTo(page, up);
    for (const [place, focused] of [[2, "Subir Em prova"], [1, "Descer Em prova"]]) {
      await page.keyboard.press("Enter");
      await until("the etapa in its place", async () => (await etapas().catch(() => []))[place] === "Em prova");
      const button = page.getByRole("button", { name: focused });
      await until("the focus on its button", () => button.evaluate((element) => element === document.activeElement).catch(() => false));
    }
    assert.ok(await up.isDisabled());
    await olga.goto("/demandas/quadro");
    const columns = await page.locator("[data-column] h2").allInnerTexts();
    assert.ok(columns.findIndex((text) => text.startsWith("Em prova")) < columns.findIndex((text) => text.startsWith("Em andamento")), columns.join());

    await olga.goto("/configuracoes/etapas");
    await row("Em andamento").getByRole("link", { name: "Em andamento" }).click();
    await page.getByText("É a etapa padrão da sua situação").waitFor();
    await olga.inspect("etapa-padrao");
    assert.equal(await page.getByRole("button", { name: /Excluir|Mesclar/ }).count(), 0);
    await page.getByLabel("Nome").fill("Atendendo");
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Etapa alterada.").waitFor();
    await row("Em prova").getByRole("link", { name: "Em prova" }).click();
    await olga.inspect("etapa");
    assert.deepEqual(await page.getByLabel("Etapa que fica").locator("option").allInnerTexts(), ["Escolha…", "Atendendo", "Proposta enviada"]);
    await page.getByLabel("Etapa que fica").selectOption({ label: "Atendendo" });
    await page.getByRole("button", { name: "Mesclar com outra" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Etapas mescladas.").waitFor();
    assert.deepEqual(await etapas(), ["Nova", "Atendendo", "Proposta enviada", "Concluída", "Cancelada"]);
  });

  test("a prazo leaps over a day on which the unidade is closed, and one that was set stays", async () => {
    await ask("Manutenção do forno", "Manutenção (5 dias úteis)");
    const prazo = async () => (await page.locator("main").innerText()).match(/até (\d\d\/\d\d\/\d{4})/)[1];
    const first = await prazo();
    const path = new URL(page.url()).pathname;
    // The whole way there is closed, so that wherever weekends lie a prazo moves.
    await olga.goto("/configuracoes/feriados");
    await olga.inspect("feriados-vazio");
    let own = 0;
    for (let ahead = 1; ahead <= 7; ahead += 1) {
      const { iso, year } = day(ahead);
      await olga.goto(`/configuracoes/feriados?ano=${year}`);
      await page.getByLabel("Dia").fill(iso);
      await page.getByLabel("Nome").fill(`Recesso ${ahead}`);
      await add();
      const answer = page.getByText(/Feriado acrescentado\.|É feriado nacional/);
      await answer.first().waitFor();
      own += await page.getByText("Feriado acrescentado.").count();
    }
    assert.ok(own >= 5, `${own} days`);
    await olga.inspect("feriados");
    await ask("Manutenção do moinho", "Manutenção (5 dias úteis)");
    assert.notEqual(await prazo(), first);
    await olga.goto(path);
    assert.equal(await prazo(), first);

    const taken = day(1);
    await olga.goto(`/configuracoes/feriados?ano=${taken.year}`);
    const one = page.locator("tr[data-row]", { hasText: taken.written });
    await one.waitFor();
    await page.getByLabel("Dia").fill(taken.iso);
    await page.getByLabel("Nome").fill("Outra vez");
    olga.expects(422);
    await add();
    await page.getByText(/Este dia já está na lista da unidade\.|É feriado nacional/).waitFor();
    await olga.inspect("feriados-recusado");
    // Whichever of hers comes first: which of the seven days are national holidays depends on the date.
    const { year } = day(7);
    await olga.goto(`/configuracoes/feriados?ano=${year}`);
    const remove = page.getByRole("button", { name: /^Retirar Recesso/ }).first();
    const named = await remove.getAttribute("aria-label");
    await tabTo(page, remove, "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Feriado retirado.").waitFor();
    assert.equal(await page.getByRole("button", { name: named, exact: true }).count(), 0);
    await page.getByRole("link", { name: String(year + 1) }).click();
    await page.getByRole("heading", { level: 2, name: String(year + 1) }).waitFor();
    await page.getByText("Sexta-feira Santa").waitFor();
  });

  test("all of it goes in English and without script", async () => {
    const at = (path) => new URL(path, page.url()).href;
    const english = await visitor({ locale: "en-US", storageState: await olga.context.storageState() });
    await english.page.goto(at("/configuracoes/etapas"));
    const lang = english.page.getByRole("button", { name: /English/ });
    if (await lang.count()) await lang.first().click();
    await english.page.getByRole("heading", { level: 1, name: "Stages of requests" }).waitFor();
    await english.inspect("etapas-en");
    await english.page.goto(at("/configuracoes/feriados"));
    await english.page.getByText("Good Friday").waitFor();
    await english.inspect("feriados-en");
    const back = english.page.getByRole("button", { name: /Português/ });
    if (await back.count()) await back.first().click();
    await english.leave();

    const plain = await visitor({ javaScriptEnabled: false, storageState: await olga.context.storageState() });
    await plain.page.goto(at("/configuracoes/etapas"));
    await plain.page.getByRole("button", { name: "Subir Proposta enviada" }).click();
    await plain.page.getByText("Ordem alterada.").waitFor();
    const names = await plain.page.locator("tr[data-row] .row-link").allInnerTexts();
    assert.deepEqual(names.slice(0, 3), ["Nova", "Proposta enviada", "Atendendo"]);
    const year = day(400).year;
    await plain.page.goto(at(`/configuracoes/feriados?ano=${year}`));
    await plain.page.getByLabel("Dia").fill(`${year}-02-03`);
    await plain.page.getByLabel("Nome").fill("Aniversário de Apiúna");
    await plain.page.getByRole("button", { name: "Acrescentar" }).click();
    await plain.page.getByText("Feriado acrescentado.").waitFor();
    await plain.page.getByRole("button", { name: "Retirar Aniversário de Apiúna" }).click();
    await plain.page.getByText("Feriado retirado.").waitFor();
    await plain.leave();
  });
});
