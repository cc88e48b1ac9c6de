// Somebody enters Blumenau with the account of another house: a certified OpenID Connect provider on this machine.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import Provider from "oidc-provider";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const SEGREDO = "segredo-do-cliente-da-casa";

describe("entrar com a conta de outro serviço", () => {
  let chefe, house, issuer;

  before(async () => {
    chefe = await guest();
    await chefe.page.goto(entryLink("blumenau", "ruth@blumenau.example", "Ruth Krieger"));
    await chefe.page.getByRole("button", { name: "Entrar" }).click();
    await chefe.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    const volta = new URL("/entrar/provedor/volta", chefe.page.url()).href;
    // The port is known before the provider is: it names itself by it.
    house = createServer((request, response) => house.answer(request, response)).listen(0, "127.0.0.1");
    await new Promise((resolve) => house.once("listening", resolve));
    issuer = `http://127.0.0.1:${house.address().port}`;
    const provider = new Provider(issuer, {
      clients: [{ client_id: "sri", client_secret: SEGREDO, redirect_uris: [volta] }],
      claims: { email: ["email", "email_verified"] },
      conformIdTokenClaims: false,
      cookies: { keys: ["chave"] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@blumenau.example`, email_verified: true }) }),
    });
    house.answer = provider.callback();
  });
  after(async () => {
    house.close();
    await closeBrowser();
  });

  /** A visitor to whom that house's pages come without the letters they fetch from elsewhere. */
  const guest = async (options) => {
    const one = await visitor(options);
    await one.context.route("https://fonts.googleapis.com/**", (route) => route.abort("aborted"));
    return one;
  };

  /** Signs in at the other house, as `who`. */
  const there = async (page, who) => {
    await page.waitForURL(/\/interaction\//);
    await page.locator("[name=login]").fill(who);
    await page.locator("[name=password]").fill("x");
    await page.locator("[type=submit]").click();
    await page.getByRole("button", { name: "Continue" }).click();
  };

  test("the house is named, and answers", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/provedores");
    await chefe.inspect("provedores-vazio");
    await page.getByRole("link", { name: "Microsoft" }).click();
    await chefe.inspect("provedor-microsoft");
    await page.getByLabel("ID do diretório").fill("common");
    await page.getByLabel("Nome no botão").fill("Microsoft");
    await page.getByLabel("ID do cliente").fill("sri");
    chefe.expects(422);
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Escreva o ID do diretório").first().waitFor();
    await chefe.goto("/configuracoes/provedores/novo?tipo=oidc");
    await chefe.inspect("provedor-novo");
    await page.getByLabel("Endereço do emissor").fill(issuer);
    await page.getByLabel("Nome no botão").fill("Conta SENAI");
    await page.getByLabel("ID do cliente").fill("sri");
    await page.getByLabel("Segredo do cliente").fill(SEGREDO);
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    assert.ok(!(await page.content()).includes(SEGREDO));
    await page.getByRole("button", { name: "Testar" }).click();
    await page.getByText("O serviço respondeu como devia").waitFor();
    await chefe.inspect("provedor-testado");
    await chefe.goto("/configuracoes/provedores");
    await page.getByText("Ninguém vinculado").waitFor();
    await chefe.inspect("provedores");
    await chefe.goto("/configuracoes/entrada");
    await page.getByRole("checkbox", { name: /outro serviço \(Administrador\)/ }).waitFor();
  });

  test("nobody is let in whom it does not know, and who ties theirs is", async () => {
    const { page } = chefe;
    const stranger = await guest({ viewport: { width: 360, height: 740 } });
    await stranger.page.goto(new URL("/entrar?voltar=/conta", page.url()).href);
    await stranger.inspect("entrar-provedor");
    await stranger.page.getByRole("button", { name: "Entrar com Conta SENAI" }).click();
    await there(stranger.page, "ruth");
    await stranger.page.getByText("não está vinculada a ninguém aqui").waitFor();
    await stranger.inspect("provedor-ninguem");

    await chefe.goto("/conta");
    await page.getByRole("link", { name: "Ver contas vinculadas" }).click();
    await chefe.inspect("contas-vinculadas");
    await page.getByRole("button", { name: /^Vincular.*Conta SENAI/ }).click();
    await there(page, "ruth");
    await page.getByText("A conta foi vinculada").waitFor();
    await page.getByText("Vinculada", { exact: true }).waitFor();
    await chefe.inspect("conta-vinculada");

    // Refused before, they still come to the page they wanted.
    await stranger.page.getByRole("button", { name: "Entrar com Conta SENAI" }).click();
    // The house knows its visitor already; it may ask for nothing, or once more whether they agree.
    const home = stranger.page.getByRole("heading", { name: "Minha conta" });
    const agree = stranger.page.getByRole("button", { name: "Continue" });
    await home.or(agree).first().waitFor();
    if (await agree.isVisible()) await agree.click();
    await home.waitFor();
    assert.equal(new URL(stranger.page.url()).pathname, "/conta");
    await stranger.leave();
  });

  test("untied, it opens nothing any more", async () => {
    const { page } = chefe;
    await chefe.goto("/conta/provedores");
    await page.getByRole("button", { name: /^Desvincular.*Conta SENAI/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("A conta foi desvinculada").waitFor();
  });
});
