// What the administradora of Blumenau sets up once and looks up often: the trail narrowed and taken away, parâmetros, e-mail.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

describe("configurações", () => {
  let rosa;
  before(async () => {
    rosa = await visitor();
    await rosa.page.goto(entryLink("blumenau", "iris@blumenau.example", "Íris Prado"));
    await rosa.page.getByRole("button", { name: "Entrar" }).click();
    await rosa.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  });
  after(closeBrowser);

  test("parâmetros have bounds, a reason and a way back", async () => {
    const { page } = rosa;
    await rosa.goto("/configuracoes/parametros");
    await rosa.inspect("parametros");
    await page.getByLabel("Registros de acesso").fill("3");
    rosa.expects(422);
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Marco Civil da Internet, art. 15").waitFor();
    await rosa.inspect("parametros-recusado");
    await page.getByLabel("Registros de acesso").fill("24");
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    await rosa.goto("/configuracoes/parametros");
    assert.equal(await page.getByLabel("Registros de acesso").inputValue(), "24");
    await page.getByText("próprio desta unidade").waitFor();
    await page.getByRole("button", { name: "Restaurar padrões" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("de volta ao padrão").waitFor();
    assert.equal(await page.getByLabel("Registros de acesso").inputValue(), "12");
  });

  test("e-mail is tried out, and a password is never shown again", async () => {
    const { page } = rosa;
    await rosa.goto("/configuracoes/email");
    await rosa.inspect("email");
    await page.getByRole("button", { name: "Enviar teste para mim" }).click();
    await page.getByText("O servidor aceitou a mensagem para iris@blumenau.example").waitFor();
    await rosa.inspect("email-testado");
    await page.getByLabel("Servidor próprio").check();
    await page.getByLabel("Servidor", { exact: true }).fill("localhost");
    await page.getByLabel("Usuário").fill("rosa");
    await page.getByLabel("Remetente").fill("contato@blumenau.example");
    rosa.expects(422);
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Escreva a senha deste servidor e usuário").waitFor();
    await page.getByLabel("Senha").fill("segredo-da-unidade");
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    assert.equal(await page.getByLabel("Senha").inputValue(), "");
    assert.ok(!(await page.content()).includes("segredo-da-unidade"));
    await page.getByRole("button", { name: "Enviar teste para mim" }).click();
    await page.getByText("Ninguém atende nesse servidor e porta").waitFor();
    await rosa.inspect("email-falhou");
    await page.getByRole("button", { name: "Restaurar padrão" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("de volta ao padrão").waitFor();
  });

  test("the trail is narrowed and taken away", async () => {
    const { page } = rosa;
    await rosa.goto("/configuracoes/auditoria?acao=parametro.alterado");
    await page.getByText("guarda_acessos_meses").first().waitFor();
    await rosa.inspect("auditoria");
    await page.getByRole("button", { name: "Exportar" }).click();
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "CSV" }).click();
    const text = await readFile(await (await coming).path(), "utf8");
    assert.match(text, /guarda_acessos_meses: 12 → 24/);
    await rosa.goto("/configuracoes/auditoria?acao=auditoria.exportada");
    await page.locator(".trail").getByText("Exportou a auditoria").first().waitFor();
    await rosa.goto("/configuracoes/auditoria?sobre=correio");
    await page.locator(".trail").getByText("Testou o envio de e-mails").first().waitFor();
    assert.ok(!(await page.content()).includes("segredo-da-unidade"));
  });
});
