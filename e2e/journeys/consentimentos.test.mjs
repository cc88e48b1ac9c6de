// What people allow and take back: a finalidade with its texts, by letter without an account, from one's own account, on paper, and by a
// pedido. In a unidade of its own: everybody who signs in sees its finalidades.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mailTo } from "../lib/mail.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const FORA = "rita@consente.example";
const BOLETIM = "Boletim mensal por e-mail";

/** The first letter of a unidade that is just made: a worker that met a job of it too early lets it rest for half a minute. */
async function firstMailTo(address, part) {
  for (let left = 5; ; left -= 1) {
    try {
      return await mailTo(address, part);
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

describe("consentimentos", () => {
  let lia;
  let finalidade;

  before(async () => {
    createUnidade("gaspar", "1.93", "SENAI Gaspar", "Gaspar", "chefe@gaspar.example");
    lia = await visitor();
    const { page } = lia;
    await page.goto(entryLink("gaspar", "lia@gaspar.example", "Lia Encarregada"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  });
  after(closeBrowser);

  test("a finalidade is noted in words that stay", async () => {
    const { page } = lia;
    await lia.goto("/configuracoes/privacidade");
    await page.getByRole("link", { name: "Consentimentos", exact: true }).click();
    await page.getByRole("heading", { name: "Nenhuma finalidade ainda" }).waitFor();
    await lia.inspect("finalidades-vazio");
    await page.getByRole("link", { name: "Nova finalidade" }).first().click();
    await page.getByLabel("Finalidade").fill(BOLETIM);
    await page.getByLabel("Texto mostrado à pessoa").fill("Enviaremos um e-mail por mês com cursos e notícias.\n\nUsamos seu nome e e-mail, que não são compartilhados.");
    await lia.inspect("finalidade-nova");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: BOLETIM }).waitFor();
    await page.getByRole("heading", { name: "Ninguém ainda" }).waitFor();
    finalidade = new URL(page.url()).pathname;
    await lia.inspect("finalidade-sem-ninguem");
  });

  test("whoever has no account is asked by letter, says yes and takes it back by the same link", async () => {
    const { page } = lia;
    await lia.goto(`${finalidade}/pedir`);
    await page.getByLabel("Nome").fill("Rita Reis");
    await page.getByLabel("E-mail").fill(FORA);
    await lia.inspect("consentimento-pedir");
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    await page.getByText("Carta a caminho").waitFor();
    const { link } = await firstMailTo(FORA, "Ler e responder");
    const rita = await visitor();
    await rita.page.goto(link);
    await rita.page.getByRole("heading", { level: 1, name: BOLETIM }).waitFor();
    await rita.inspect("escolha");
    await rita.page.getByRole("button", { name: "Autorizo", exact: true }).click();
    await rita.page.getByText("Você autorizou em").waitFor();
    await rita.inspect("escolha-sim");
    await rita.page.getByRole("button", { name: "Retirar a autorização" }).click();
    await rita.page.getByText("Você não autoriza. Se mudar de ideia").waitFor();
    await rita.inspect("escolha-nao");
    await rita.page.getByRole("button", { name: "Autorizo", exact: true }).click();
    await rita.page.getByText("Você autorizou em").waitFor();
    rita.expects(404);
    await rita.page.goto(`${link.slice(0, -3)}AAA`);
    await rita.leave();
  });

  test("whoever is signed in allows it on their page, and another text is another choice", async () => {
    const { page } = lia;
    await lia.goto("/conta/privacidade");
    await page.getByText("Não autorizado").waitFor();
    await lia.inspect("meus-consentimentos");
    await page.getByRole("button", { name: /^Autorizar/ }).click();
    await page.getByText("Autorização registrada").waitFor();
    await page.getByText("Autorizado", { exact: true }).waitFor();
    await lia.goto(`${finalidade}/texto`);
    await page.getByLabel("Texto mostrado à pessoa").fill("Enviaremos um e-mail por semana.");
    await page.getByLabel("O que mudou exige novo consentimento").check();
    await lia.inspect("finalidade-texto");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Novo texto em uso").waitFor();
    await page.getByRole("button", { name: "Pedir de novo a 2 pessoas" }).waitFor();
    await lia.inspect("finalidade-dois-textos");
    await lia.goto("/conta/privacidade");
    await page.getByText("O texto mudou: autorize de novo").waitFor();
    await lia.inspect("meus-consentimentos-renovar");
    await page.getByRole("button", { name: /^Autorizar/ }).click();
    await page.getByText("Autorizado", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^Retirar autorização/ }).click();
    await page.getByText("Autorização retirada").waitFor();
    await page.getByText("Não autorizado").waitFor();
  });

  test("what was signed on paper is noted with its proof, and proved", async () => {
    const { page } = lia;
    await lia.goto(`${finalidade}/anotar`);
    await page.getByLabel("Nome").fill("Beto Braz");
    await page.getByLabel("E-mail").fill("beto@consente.example");
    await page.getByLabel("Como se prova").fill("Ficha assinada na feira, pasta 7");
    await lia.inspect("consentimento-anotar");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Beto Braz" }).waitFor();
    await lia.inspect("consentimento");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Prova do consentimento" }).click();
    assert.match((await download).suggestedFilename(), /^consentimento-CON-.*\.pdf$/);
    await lia.goto(finalidade);
    await page.getByRole("button", { name: "Exportar" }).click();
    const sheet = page.waitForEvent("download");
    await page.getByRole("link", { name: "Excel (XLSX)" }).click();
    assert.match((await sheet).suggestedFilename(), /^consentimentos-gaspar-.*\.xlsx$/);
  });

  test("a pedido takes it back in a step, with the receipt in its answer", async () => {
    const { page } = lia;
    await lia.goto("/configuracoes/privacidade/pedidos/novo");
    await page.getByLabel("Por telefone").check();
    await page.getByLabel("O que pede").selectOption({ label: "Retirar um consentimento" });
    await page.getByLabel("Nome").fill("Beto Braz");
    await page.getByLabel("E-mail").fill("beto@consente.example");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { name: "Consentimentos da pessoa" }).waitFor();
    await lia.inspect("pedido-revogacao");
    await page.getByRole("button", { name: "Retirar os marcados" }).click();
    await page.getByText("Consentimento retirado. O recibo já está na resposta").waitFor();
    assert.match(await page.getByLabel("Resposta", { exact: false }).first().inputValue(), /Boletim mensal por e-mail, em /);
    await lia.inspect("pedido-retirado");
    await page.getByLabel("Atendido", { exact: true }).check();
    await page.getByRole("button", { name: "Enviar resposta" }).click();
    await page.getByText("Pedido respondido").waitFor();
    await mailTo("beto@consente.example", BOLETIM);
    await lia.goto(`${finalidade}?quais=retirados`);
    await page.getByRole("link", { name: "Beto Braz" }).waitFor();
    await lia.inspect("finalidade-retirados");
    await lia.goto("/configuracoes/privacidade/finalidades");
    await lia.inspect("finalidades");
  });
});
