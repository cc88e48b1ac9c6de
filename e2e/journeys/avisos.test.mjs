// Dora writes to the people of her unidade, Otto reads it where he comes in and by the bell, and says when e-mails may come.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { mailTo } from "../lib/mail.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const [DORA, OTTO] = ["dora@brusque.example", "otto@brusque.example"];
const TITULO = "Parada do sistema na sexta, às 18 h";
const TEXTO = "Salvem o que estiver aberto até as 17h50.\n\nVoltamos às 19 h.";

describe("avisos", () => {
  let dora, otto;
  const enter = async (email, nome) => {
    const one = await visitor();
    await one.page.goto(entryLink("brusque", email, nome));
    await one.page.getByRole("button", { name: "Entrar" }).click();
    await one.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    return one;
  };
  before(async () => {
    createUnidade("brusque", "1.95", "SENAI Brusque", "Brusque", "chefe@brusque.example");
    dora = await enter(DORA, "Dora Zen");
    otto = await enter(OTTO, "Otto Renaux");
  });
  after(closeBrowser);

  test("she sees how far it goes before it goes", async () => {
    const { page } = dora;
    await dora.goto("/comunicados");
    await page.getByRole("heading", { name: "Nenhum comunicado ainda" }).waitFor();
    await dora.inspect("comunicados-vazio");
    await page.getByRole("link", { name: "Novo comunicado" }).first().click();
    await page.getByLabel("Título").fill(TITULO);
    await page.getByLabel("Texto").fill(TEXTO);
    await page.getByLabel("Perfis e pessoas que eu escolher").check();
    await page.getByRole("checkbox", { name: "Otto Renaux" }).waitFor();
    await dora.inspect("comunicado-novo");
    dora.expects(422);
    await page.getByRole("button", { name: "Conferir" }).click();
    await page.getByText("Escolha pelo menos um perfil").waitFor();
    await dora.inspect("comunicado-ninguem");
    await page.getByLabel("Todas as pessoas da unidade").check();
    await page.getByLabel("Mandar também por e-mail").check();
    await page.getByLabel("Mostrar na página de início").check();
    await page.getByLabel("Último dia").waitFor();
    await page.getByRole("button", { name: "Conferir" }).click();
    await page.getByRole("heading", { name: "Vai para 2 pessoas" }).waitFor();
    await dora.inspect("comunicado-conferir");
    await page.getByRole("button", { name: "Publicar" }).click();
    await page.getByText("Comunicado publicado").waitFor();
    await page.getByRole("link", { name: /Ainda não/ }).waitFor();
    await dora.inspect("comunicado-leitores");
  });

  test("he reads it where he comes in, and it stays away", async () => {
    const { page } = otto;
    const mail = await mailTo(OTTO, "17h50");
    assert.match(mail.text, /Voltamos às 19 h\./);
    if (process.env.SHOTS) {
      const letter = await page.context().newPage();
      await letter.setContent(mail.html);
      await letter.screenshot({ path: join(process.env.SHOTS, "comunicado-carta.png"), fullPage: true });
      await letter.close();
    }
    await otto.goto("/");
    await page.getByRole("heading", { name: "Avisos para você" }).waitFor();
    await otto.inspect("comunicado-inicio");
    await tabTo(page, page.getByRole("button", { name: `Li, pode guardar: ${TITULO}` }));
    await page.keyboard.press("Enter");
    await page.getByText("Ele não aparece mais no seu início").waitFor();
    await otto.goto("/");
    await page.getByRole("heading", { name: "Primeiros passos" }).waitFor();
  });

  test("he finds it again among what he was told", async () => {
    const { page } = otto;
    await otto.goto("/notificacoes?q=nada+disso");
    assert.equal(await page.getByRole("button", { name: TITULO }).count(), 0);
    await otto.inspect("notificacoes-nada");
    await otto.goto("/notificacoes?q=sexta&tipo=acesso.comunicado");
    await otto.inspect("notificacoes-busca");
    await page.locator("main").getByRole("button", { name: TITULO }).click();
    await page.getByRole("heading", { name: TITULO }).waitFor();
    await otto.inspect("comunicado");
    await dora.goto("/comunicados");
    await dora.page.getByText("1 de 2 leram").waitFor();
    await dora.inspect("comunicados");
  });

  test("he says when e-mails may come", async () => {
    const { page } = otto;
    await otto.goto("/conta/notificacoes");
    await page.getByLabel("Não mandar e-mails nestas horas").check();
    await page.getByLabel("Das", { exact: true }).fill("20:00");
    await page.getByLabel("Até", { exact: true }).fill("07:00");
    await page.getByLabel("Um e-mail só por dia").selectOption("22");
    otto.expects(422);
    await page.getByRole("button", { name: "Guardar horários" }).click();
    await page.getByText("Nesta hora você não quer e-mails").waitFor();
    await otto.inspect("horario-errado");
    await page.getByLabel("Um e-mail só por dia").selectOption("8");
    await page.getByRole("button", { name: "Guardar horários" }).click();
    await page.getByText("Seus horários foram salvos").waitFor();
    assert.equal(await page.getByLabel("Até", { exact: true }).inputValue(), "07:00");
    await otto.inspect("horario");
  });

  test("she takes it off everybody's start page", async () => {
    const { page } = dora;
    await dora.goto("/");
    await page.getByRole("heading", { name: "Avisos para você" }).waitFor();
    await dora.goto("/comunicados");
    await page.getByRole("link", { name: TITULO }).click();
    await page.getByRole("button", { name: "Encerrar" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("não aparece mais no início de ninguém").waitFor();
    await dora.goto("/");
    await page.getByRole("heading", { name: "Primeiros passos" }).waitFor();
  });
});
