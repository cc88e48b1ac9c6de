// What people ask of a unidade about their own data, from outside and from their account, and what happened to data: the register with
// its clock and the letter to those who were touched. In a unidade of its own: letters go to all who are in it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mailTo } from "../lib/mail.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const FORA = "rita@fora.example";

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

describe("pedidos e incidentes", () => {
  let lia;

  before(async () => {
    createUnidade("timbo", "1.92", "SENAI Timbó", "Timbó", "chefe@timbo.example");
    lia = await visitor();
    const { page } = lia;
    await page.goto(entryLink("timbo", "lia@timbo.example", "Lia Encarregada"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  });
  after(closeBrowser);

  test("the encarregado is named, and stands on the public page", async () => {
    const { page } = lia;
    await lia.goto("/configuracoes/privacidade/pedidos");
    await page.getByRole("heading", { name: "Nenhum pedido ainda" }).waitFor();
    await lia.inspect("pedidos-vazio");
    await page.getByRole("link", { name: "Encarregado", exact: true }).first().click();
    await page.getByText("Ainda não há encarregado indicado").waitFor();
    await page.getByLabel("Nome").fill("Lia Encarregada");
    await page.getByLabel("E-mail").fill("privacidade@timbo.example");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Encarregado atualizado").waitFor();
    await lia.inspect("encarregado");
  });

  test("somebody from outside asks, confirms by letter, and hears", async () => {
    const { page } = lia;
    await lia.goto("/privacidade");
    await page.getByText("privacidade@timbo.example").waitFor();
    await lia.inspect("privacidade-publico");
    await page.getByLabel("O que pede").selectOption({ label: "Receber uma cópia dos meus dados" });
    await page.getByLabel("Seu nome").fill("Rita Reis");
    await page.getByLabel("Seu e-mail").fill(FORA);
    await page.getByLabel("Com as suas palavras").fill("O que vocês guardam sobre mim?");
    await page.getByRole("button", { name: "Enviar pedido" }).click();
    await page.getByText("Enviamos uma mensagem ao e-mail informado").waitFor();
    const letter = await firstMailTo(FORA, "sem confirmação");
    await page.goto(letter.link);
    await page.getByRole("heading", { level: 1, name: "Confirme o seu pedido" }).waitFor();
    await lia.inspect("pedido-confirmar");
    await page.getByRole("button", { name: "Confirmar pedido" }).click();
    await page.getByText("Pedido confirmado").waitFor();
    await page.getByText("Recebemos o seu pedido").waitFor();
    await lia.inspect("pedido-andamento");

    await lia.goto("/configuracoes/privacidade/pedidos");
    await page.getByRole("link", { name: "Rita Reis" }).waitFor();
    await lia.inspect("pedidos");
    await page.getByRole("combobox", { name: "Prazo" }).selectOption({ label: "Prazo vencido" });
    await page.getByRole("button", { name: "Buscar", exact: true }).click();
    await page.getByText("Nada encontrado com estes filtros").waitFor();
    await lia.inspect("pedidos-filtrados");
    await page.getByRole("main").getByRole("link", { name: "Limpar filtros" }).first().click();
    await page.getByPlaceholder("Nome, e-mail ou protocolo").fill("rita");
    await page.getByPlaceholder("Nome, e-mail ou protocolo").press("Enter");
    await page.getByRole("link", { name: "Rita Reis" }).waitFor();
    await page.getByRole("button", { name: "Exportar" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "PDF" }).click();
    assert.match((await download).suggestedFilename(), /^pedidos-timbo-.*\.pdf$/);
    await page.getByRole("link", { name: "Rita Reis" }).click();
    await page.getByRole("heading", { level: 1, name: /^PED-\d{8}-[0-9A-F]{8}$/ }).waitFor();
    await lia.inspect("pedido");
    await page.getByRole("link", { name: "Procurar esta pessoa" }).click();
    await page.getByText("Ninguém encontrado").waitFor();
    await page.goBack();
    await page.getByLabel("Atendido", { exact: true }).check();
    await page.getByLabel("Resposta", { exact: false }).first().fill("Não encontramos nenhum registro seu.");
    await page.getByRole("button", { name: "Enviar resposta" }).click();
    await page.getByText("Pedido respondido").waitFor();
    const answer = await mailTo(FORA, "Não encontramos");
    await page.goto(answer.link);
    await page.getByText("Não encontramos nenhum registro seu.").waitFor();
    await lia.inspect("pedido-respondido");
  });

  test("whoever is signed in asks from their account", async () => {
    const { page } = lia;
    await lia.goto("/conta");
    await page.getByRole("link", { name: "Ver e pedir" }).click();
    await page.getByLabel("O que pede").selectOption({ label: "Saber se há dados meus" });
    await page.getByRole("button", { name: "Enviar pedido" }).click();
    await page.getByText("Pedido enviado").waitFor();
    await page.getByText(/^PED-/).waitFor();
    await lia.inspect("meus-pedidos");
  });

  test("an incidente is noted, decided, told and closed", async () => {
    const { page } = lia;
    await lia.goto("/configuracoes/privacidade/incidentes");
    await page.getByRole("heading", { name: "Nenhum incidente registrado" }).waitFor();
    await lia.inspect("incidentes-vazio");
    await page.getByRole("link", { name: "Registrar incidente" }).first().click();
    await page.getByLabel("O que houve, em poucas palavras").fill("Notebook furtado");
    await page.getByLabel("Descrição do incidente").fill("Levado de um carro, sem cifra no disco.");
    await page.getByLabel("Contato", { exact: true }).check();
    await page.getByLabel("Dados de autenticação em sistemas").check();
    await lia.examine("incidente-novo");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Notebook furtado" }).waitFor();
    await page.getByText("Faltam 3 dias úteis").waitFor();
    await lia.inspect("incidente");
    await page.getByLabel("Comunicar à ANPD e às pessoas").check();
    await page.getByLabel("Por quê").fill("Senhas podem ter sido lidas.");
    await page.getByRole("button", { name: "Registrar decisão" }).click();
    await page.getByRole("heading", { name: "2. Comunicar à ANPD" }).waitFor();
    await page.getByLabel("Protocolo da ANPD").fill("00261.000001/2026-11");
    await page.getByRole("button", { name: "Anotar comunicação" }).first().click();
    await page.getByText("Comunicação anotada").waitFor();
    await page.getByRole("link", { name: "Escrever às pessoas" }).click();
    await page.getByLabel("Todas as pessoas que usam o sistema").check();
    await lia.examine("carta");
    await page.getByRole("button", { name: "Ver antes de enviar" }).click();
    await page.getByText("Lia Encarregada · lia@timbo.example").waitFor();
    await lia.examine("carta-previa");
    await page.getByRole("button", { name: "Enviar agora" }).click();
    await page.getByText("Carta a caminho").waitFor();
    await page.getByText("Comunicado no prazo").waitFor();
    await lia.inspect("incidente-comunicado");
    await mailTo("lia@timbo.example", "incidente");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "PDF para a ANPD" }).first().click();
    assert.match((await download).suggestedFilename(), /^incidente-INC-.*\.pdf$/);
    await page.getByLabel("Conclusão").fill("Discos passam a ser cifrados.");
    await page.getByRole("button", { name: "Encerrar incidente" }).click();
    await page.getByText("Incidente encerrado").first().waitFor();
    await lia.goto("/configuracoes/privacidade/incidentes");
    await page.getByText("Encerrado", { exact: true }).waitFor();
    await lia.inspect("incidentes");
  });
});
