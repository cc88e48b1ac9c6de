// A técnico's visitas from his telephone: planned, put to another day without a mouse, arrived at, told of, called off; his colleague hears of each.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { mailTo } from "../lib/mail.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const NOME = "Madeireira Vale do Itajaí";
const PHONE = { width: 360, height: 740 };
const PDF = { name: "ata.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n") };
const PNG = { name: "foto.png", mimeType: "image/png", buffer: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64") };

/** A day from today, as the unidade's calendar has it. */
function day(ahead) {
  const at = new Date(Date.now() + ahead * 86_400_000);
  return new Intl.DateTimeFormat("en-CA", { timeZone: "America/Sao_Paulo" }).format(at);
}

describe("visitas", () => {
  let vitor, page;
  before(async () => {
    createUnidade("rodeio", "1.96", "SENAI Rodeio", "Rodeio", "chefe@rodeio.example");
    const clara = await visitor();
    await clara.page.goto(entryLink("rodeio", "clara@rodeio.example", "Clara Moser"));
    await clara.page.getByRole("button", { name: "Entrar" }).click();
    await clara.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await clara.leave();

    vitor = await visitor({ geolocation: { latitude: -26.9226, longitude: -49.3655 }, permissions: ["geolocation"] });
    ({ page } = vitor);
    await page.goto(entryLink("rodeio", "vitor@rodeio.example", "Vitor Fronza"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await vitor.goto("/empresas/nova");
    await page.getByLabel("Razão social").fill(NOME);
    await page.getByLabel("CNPJ").fill(CNPJ.unlisted);
    await page.getByLabel("Logradouro").fill("Rua Barão do Rio Branco");
    await page.getByLabel("Município").fill("Rodeio");
    await page.getByLabel("UF", { exact: true }).selectOption("SC");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
    await page.setViewportSize(PHONE);
  });
  after(closeBrowser);

  /** The form of a new visita at the company. */
  async function plan(ahead) {
    await vitor.goto("/visitas/nova?q=madeireira");
    await page.getByRole("link", { name: NOME }).click();
    await page.getByLabel("Dia").fill(day(ahead));
    await page.getByLabel("Das").fill("09:00");
    await page.getByLabel("Até").fill("11:00");
  }
  const save = () => page.getByRole("button", { name: "Salvar", exact: true }).click();

  test("the first one is planned on the telephone, and a colleague hears of it", async () => {
    await vitor.goto("/visitas");
    await page.getByRole("heading", { name: "Nenhuma visita ainda" }).waitFor();
    await vitor.inspect("visitas-vazia");
    await page.getByRole("main").getByRole("link", { name: "Planejar visita" }).click();
    await page.getByLabel("Empresa").fill("madeireira");
    await vitor.inspect("visita-escolher");
    await plan(3);
    await page.getByLabel("Até").fill("08:00");
    vitor.expects(422);
    await save();
    await page.getByText("O fim precisa ser depois do início.").waitFor();
    await vitor.inspect("visita-recusada");
    await page.getByLabel("Até").fill("11:30");
    await page.getByLabel("Objetivo").fill("Levantar as necessidades de treinamento");
    await page.getByRole("group", { name: "Colegas que vão junto" }).getByLabel("Clara Moser").check();
    await save();
    await page.getByText("Visita planejada. Quem vai foi avisado.").waitFor();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
    await page.getByText("09:00 – 11:30").waitFor();
    await vitor.inspect("visita-planejada");
    const mail = await mailTo("clara@rodeio.example", "Vitor Fronza marcou uma visita");
    assert.match(mail.text, new RegExp(NOME));
  });

  test("it is put to another day with the keyboard alone", async () => {
    await tabTo(page, page.getByRole("link", { name: "Remarcar" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Remarcar" }).waitFor();
    await vitor.inspect("visita-remarcar");
    await page.getByLabel("Dia").fill(day(4));
    await page.keyboard.press("Control+Enter");
    await page.getByText("Visita remarcada. Quem vai foi avisado.").waitFor();
    await mailTo("clara@rodeio.example", "remarcou a visita");
    await page.getByText("Visita remarcada para").waitFor();
  });

  test("two at one time are shown, and neither is refused", async () => {
    await plan(4);
    await page.getByLabel("Objetivo").fill("Segunda conversa");
    await save();
    await page.getByText("Vitor Fronza tem outra visita no mesmo horário").waitFor();
    await vitor.inspect("visita-conflito");
  });

  test("one that is over is told of, with its report", async () => {
    await plan(-1);
    await page.getByLabel("Objetivo").fill("Diagnóstico da manutenção");
    await save();
    await page.getByRole("heading", { level: 1, name: "Registrar resultado" }).waitFor();
    await vitor.inspect("visita-realizar");
    await page.getByRole("link", { name: "Cancelar" }).click();
    await page.getByRole("button", { name: "Cheguei" }).click();
    await page.getByText("Chegada anotada.").waitFor();
    assert.match(await page.getByRole("link", { name: "ver no mapa" }).getAttribute("href"), /-26\.922600%2C-49\.365500/);
    await page.getByRole("link", { name: "Registrar resultado" }).click();
    await page.getByLabel("Resumo").fill("Vimos a serraria e falamos com a direção.");
    await page.getByLabel("Próximos passos").fill("Enviar proposta\nMarcar treinamento");
    await page.getByRole("button", { name: "Registrar como realizada" }).click();
    await page.getByText("Visita registrada como realizada.").waitFor();
    await page.getByRole("link", { name: "Marcar treinamento" }).waitFor();
    await page.getByLabel("Anexar relatório").setInputFiles(PNG);
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    await page.getByText("O relatório precisa ser um PDF ou um DOCX.").waitFor();
    await page.getByLabel("Anexar relatório").setInputFiles(PDF);
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    await page.getByText("Relatório anexado.").waitFor();
    await vitor.inspect("visita-realizada");
    const print = page.waitForEvent("download");
    await page.getByRole("link", { name: "Imprimir" }).click();
    assert.match((await print).suggestedFilename(), /^visita-rodeio-.*\.pdf$/);
    await page.getByRole("link", { name: "ata.pdf" }).click();
    await page.getByRole("heading", { level: 1, name: "ata.pdf" }).waitFor();
  });

  test("his day shows what waits, and what is done is done with a key", async () => {
    await vitor.goto("/meu-dia");
    await page.getByRole("heading", { level: 1, name: "Meu dia" }).waitFor();
    await page.getByPlaceholder("O que precisa ser feito?").fill("Ligar para a direção");
    await page.getByTitle("Prazo").fill(day(0));
    await page.getByRole("button", { name: "Anotar" }).click();
    await page.getByText("Tarefa anotada.").waitFor();
    await page.getByRole("heading", { level: 3, name: "Hoje" }).waitFor();
    await vitor.inspect("meu-dia");
    // Within a field of a day Tab goes from part to part, under one and the same ring.
    await page.getByRole("button", { name: "Anotar" }).focus();
    await tabTo(page, page.getByRole("button", { name: "Concluir: Ligar para a direção" }));
    await page.keyboard.press("Enter");
    await page.getByText("Tarefa concluída.").waitFor();
    assert.equal(await page.getByRole("link", { name: "Ligar para a direção" }).count(), 0);
    await page.getByRole("link", { name: "Enviar proposta" }).click();
    await page.getByLabel("Quem faz").selectOption({ label: "Clara Moser" });
    await page.getByLabel("Prazo").fill(day(2));
    await vitor.inspect("tarefa");
    await save();
    await page.getByText("Tarefa alterada.").waitFor();
    await vitor.goto("/tarefas?quais=todas");
    await page.getByText("3 tarefas").waitFor();
    await vitor.inspect("tarefas");
  });

  test("one is called off with its reason, and planned again", async () => {
    await vitor.goto("/visitas?q=segunda");
    await page.locator("tbody a.row-link").click();
    await page.getByRole("link", { name: "Cancelar visita" }).click();
    vitor.expects(422);
    await page.getByRole("button", { name: "Cancelar a visita" }).click();
    await page.getByRole("alert").waitFor();
    await vitor.inspect("visita-cancelar");
    await page.getByLabel("Motivo do cancelamento").fill("A empresa pediu outra data");
    await page.getByRole("button", { name: "Cancelar a visita" }).click();
    await page.getByText("Visita cancelada. Quem iria foi avisado.").waitFor();
    await vitor.inspect("visita-cancelada");
    await page.getByRole("button", { name: "Reabrir" }).click();
    await page.getByText("Visita reaberta.").waitFor();
  });

  test("the list is narrowed and taken along, and the company tells of all", async () => {
    await vitor.goto("/visitas");
    await page.getByText("3 visitas").waitFor();
    await vitor.inspect("visitas");
    await page.setViewportSize({ width: 1440, height: 900 });
    await vitor.goto(`/visitas?situacao=realizada&de=${day(-1)}&ate=${day(-1)}`);
    await page.getByText("1 visita", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Exportar" }).click();
    const file = page.waitForEvent("download");
    await page.getByRole("link", { name: "Excel (XLSX)" }).click();
    assert.match((await file).suggestedFilename(), /^visitas-rodeio-.*\.xlsx$/);
    await vitor.goto("/empresas?q=madeireira");
    await page.locator("tbody a.row-link").click();
    await page.locator(".tabs").getByRole("link", { name: "Visitas" }).click();
    await page.getByText("Diagnóstico da manutenção").waitFor();
    await vitor.inspect("empresa-visitas");
    await page.locator(".tabs").getByRole("link", { name: "Linha do tempo" }).click();
    await page.getByText("Visita realizada").first().waitFor();
  });

  test("all of it goes in English and without script", async () => {
    const state = await vitor.context.storageState();
    const at = (path) => new URL(path, page.url()).href;
    const english = await visitor({ locale: "en-US", storageState: state });
    await english.page.goto(at("/visitas"));
    const lang = english.page.getByRole("button", { name: /English/ });
    if (await lang.count()) await lang.first().click();
    await english.page.getByRole("heading", { level: 1, name: "Visits" }).waitFor();
    await english.inspect("visitas-en");
    const back = english.page.getByRole("button", { name: /Português/ });
    if (await back.count()) await back.first().click();
    await english.leave();

    const plain = await visitor({ javaScriptEnabled: false, storageState: await vitor.context.storageState() });
    await plain.page.goto(at("/visitas?q=segunda"));
    await plain.page.locator("tbody a.row-link").click();
    await plain.page.getByRole("button", { name: "Cheguei" }).click();
    await plain.page.getByText("Chegada anotada.").waitFor();
    assert.equal(await plain.page.getByRole("link", { name: "ver no mapa" }).count(), 0, "nobody said where");
    await plain.leave();
  });
});
