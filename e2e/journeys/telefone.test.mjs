// Somebody without a senha enters Blumenau by a code on the telephone, which a webhook of the unidade's own delivers.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, until, visitor } from "../lib/visitor.mjs";

describe("entrar pelo telefone", () => {
  const heard = [];
  let chefe, server;
  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        const told = request.headers.authorization === "Bearer segredo-do-webhook";
        if (told) heard.push(JSON.parse(body));
        response.writeHead(told ? 200 : 401).end();
      });
    }).listen(0, "127.0.0.1");
    entryLink("blumenau", "nina@blumenau.example", "Nina Sasse");
    chefe = await visitor();
    await chefe.page.goto(entryLink("blumenau", "olga@blumenau.example", "Olga Brandt"));
    await chefe.page.getByRole("button", { name: "Entrar" }).click();
    await chefe.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  });
  after(async () => {
    server.close();
    await closeBrowser();
  });

  test("the webhook is named, and tried out", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/mensagens");
    await chefe.inspect("gateway");
    await page.getByLabel("Endereço do webhook").fill("n8n.senai.example");
    chefe.expects(422);
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Escreva um endereço completo").first().waitFor();
    await page.getByLabel("Endereço do webhook").fill(`http://127.0.0.1:${server.address().port}/webhook`);
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    await page.getByLabel("Telefone").fill("(47) 98888-7777");
    await page.getByRole("button", { name: "Enviar teste" }).click();
    await page.getByText("O serviço não aceitou o segredo").waitFor();
    await chefe.inspect("gateway-recusado");
    await page.getByLabel("Segredo", { exact: true }).fill("segredo-do-webhook");
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    assert.ok(!(await page.content()).includes("segredo-do-webhook"));
    await page.getByLabel("Telefone").fill("(47) 98888-7777");
    await page.getByRole("button", { name: "Enviar teste" }).click();
    await page.getByText("O serviço aceitou a mensagem para (47) 98888-7777").waitFor();
    await chefe.inspect("gateway-testado");
    assert.equal(heard.pop().telefone, "+5547988887777");
  });

  test("a perfil may enter this way, and a person has a number", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/entrada");
    await page.getByRole("checkbox", { name: /celular \(Administrador\)/ }).check();
    await chefe.inspect("entrada-telefone");
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    await chefe.goto("/configuracoes/usuarios?q=nina%40blumenau");
    await page.getByRole("link", { name: "Nina Sasse" }).click();
    await page.getByRole("link", { name: "Editar" }).click();
    await page.getByLabel("Telefone").fill("47 98888-6666");
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    await page.getByText("(47) 98888-6666").waitFor();
  });

  test("the code lets her in, and a wrong one does not", async () => {
    const nina = await visitor({ viewport: { width: 360, height: 740 } });
    const { page } = nina;
    await page.goto(new URL("/entrar?voltar=/conta", chefe.page.url()).href);
    await page.getByRole("link", { name: "Entrar com código no celular" }).click();
    await nina.inspect("telefone");
    await page.getByLabel("Telefone").fill("(47) 98888-6666");
    await page.keyboard.press("Enter");
    await page.getByText("um código chega em instantes").waitFor();
    await nina.inspect("telefone-codigo");
    const { codigo, texto } = await until("the code", () => heard.pop());
    assert.ok(texto.includes(codigo));
    await page.getByLabel("Código").fill(codigo === "111111" ? "222222" : "111111");
    nina.expects(422);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").first().waitFor();
    await nina.inspect("telefone-errado");
    await page.getByLabel("Código").fill(codigo);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Minha conta" }).waitFor();
    const cookie = (await nina.context.cookies()).find(({ name }) => name === "__Host-sessao");
    const days = (cookie.expires - Date.now() / 1000) / 86400;
    assert.ok(days > 29 && days <= 30, `${days} days`);
    assert.ok(cookie.httpOnly && cookie.secure);
    await nina.leave();
  });
});
