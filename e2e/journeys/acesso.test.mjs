// Blumenau's people and settings: an invitation accepted with the keyboard alone, identidade visual, theme and language, and a
// session that is worth nothing next door.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mailTo } from "../lib/mail.mjs";
import { picture } from "../lib/picture.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const SENHA = "sete barcos na lagoa calma";
const blumenau = new URL(process.env.SRI_BLUMENAU).origin;
const joinville = new URL(process.env.SRI_JOINVILLE).origin;

/** Presses Tab until `target` has the focus, and fails where the focus cannot be seen on the way. */
async function tabTo(page, target) {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const { outlineStyle, outlineWidth, boxShadow, outlineColor } = getComputedStyle(document.activeElement);
      const ring = outlineStyle !== "none" && outlineWidth !== "0px" && outlineColor !== "rgba(0, 0, 0, 0)";
      return ring || boxShadow !== "none" || document.activeElement === document.body ? "" : document.activeElement.outerHTML.slice(0, 200);
    });
    assert.equal(seen, "", "focus that cannot be seen");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`Tab never comes to ${target}`);
}

describe("acesso", () => {
  let chefe;
  before(async () => {
    chefe = await visitor();
    await chefe.page.goto(process.env.SRI_BLUMENAU);
    await chefe.page.getByRole("button", { name: "Entrar" }).click();
    await chefe.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  });
  after(closeBrowser);

  test("a session of Blumenau is nobody in Joinville", async () => {
    const cookies = await chefe.context.cookies(blumenau);
    const session = cookies.find(({ name }) => name === "__Host-sessao");
    assert.ok(session?.httpOnly && session.secure && session.sameSite === "Lax", JSON.stringify(session));
    const thief = await visitor();
    await thief.context.addCookies([{ name: session.name, value: session.value, url: joinville.replace("http:", "https:"), secure: true, httpOnly: true, sameSite: "Lax" }]);
    await thief.page.goto(`${joinville}/empresas`);
    await thief.page.waitForURL(/\/entrar/);
    await thief.page.getByRole("heading", { name: "Entrar" }).waitFor();
    assert.equal(await thief.page.getByRole("navigation", { name: "Navegação principal" }).count(), 0);
    await thief.inspect("entrar");
    await thief.page.getByLabel("E-mail").fill("ninguem@blumenau.example");
    await thief.page.getByLabel("Senha").fill("não é esta a senha");
    thief.expects(422);
    await thief.page.getByRole("button", { name: "Entrar" }).click();
    await thief.page.getByText("não conferem").waitFor();
    await thief.inspect("entrar-erro");
    await thief.leave();
  });

  test("a person is invited", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes");
    await chefe.inspect("configuracoes");
    await page.getByRole("link", { name: /Usuários/ }).last().click();
    await page.getByRole("link", { name: "Convidar" }).click();
    await chefe.inspect("convidar");
    await page.getByLabel("Nome").fill("Otávio Lima");
    await page.getByLabel("E-mail").fill("otavio@blumenau.example");
    await page.getByLabel("Perfil").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Enviar convite" }).click();
    await page.getByText("Convite enviado").waitFor();
    await page.getByRole("heading", { name: "Convites em aberto" }).waitFor();
    await chefe.inspect("usuarios");
  });

  test("the invited person comes in with the keyboard alone", async () => {
    const otavio = await visitor();
    const { page } = otavio;
    const { link } = await mailTo("otavio@blumenau.example");
    await page.goto(link);
    await tabTo(page, page.getByLabel(/^Senha/));
    await page.keyboard.type(SENHA);
    await tabTo(page, page.getByLabel("Repita a senha"));
    await page.keyboard.type(SENHA);
    await page.keyboard.press("Enter");
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();

    // Out by the menu of the account, in again by password.
    await tabTo(page, page.getByRole("button", { name: "Sua conta" }));
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Sair" }).waitFor();
    await tabTo(page, page.getByRole("button", { name: "Sair" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Entrar" }).waitFor();
    await tabTo(page, page.getByLabel("E-mail"));
    await page.keyboard.type("otavio@blumenau.example");
    await tabTo(page, page.getByLabel("Senha"));
    await page.keyboard.type(SENHA);
    await page.keyboard.press("Enter");
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();

    // The first stop of every page jumps over the navigation.
    await otavio.goto("/conta");
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Ir para o conteúdo" });
    assert.ok(await skip.evaluate((element) => element === document.activeElement && element.getBoundingClientRect().top >= 0));
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null), "the next stop is inside the content");
    await otavio.inspect("conta");

    await page.getByLabel("Nome").first().fill("Otávio de Lima");
    await page.getByLabel("Nome").first().press("Control+Enter");
    await page.getByText("Alterações salvas").waitFor();
    await otavio.leave();
  });

  test("identidade visual: name, colours and logo of the unidade", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/identidade");
    await chefe.inspect("identidade");
    await page.getByLabel("Nome da unidade").fill("SENAI Blumenau Centro");
    await page.getByLabel("Próprias da unidade").check();
    await page.getByLabel("Primária").fill("#7a1f5c");
    await page.getByLabel("Destaque").fill("#ffd400");
    await page.locator("#contraste").getByText("#ffd400").waitFor();
    await page.getByLabel("Escolher uma imagem").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: picture(128, 128, [122, 31, 92]) });
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    await page.getByText("SENAI Blumenau Centro").first().waitFor();
    const logo = page.locator(".sidebar .brand-logo");
    await logo.waitFor();
    assert.equal(await logo.evaluate((image) => image.naturalWidth > 0), true);
    const painted = await page.locator(".btn-primary").first().evaluate((button) => getComputedStyle(button).backgroundColor);
    assert.equal(painted, "rgb(122, 31, 92)");
    await chefe.inspect("identidade-propria");
    await chefe.goto("/configuracoes");
    await chefe.inspect("configuracoes-propria");
    // Whoever is not signed in sees the unidade's face as well.
    const outside = await visitor();
    await outside.page.goto(`${blumenau}/entrar`);
    await outside.page.getByText("SENAI Blumenau Centro").waitFor();
    await outside.inspect("entrar-propria");
    await outside.leave();
  });

  test("theme and language stay as chosen", async () => {
    const { page } = chefe;
    await page.getByRole("button", { name: /^Tema/ }).click();
    await page.getByRole("button", { name: "Escuro" }).click();
    await page.locator("html[data-bs-theme=dark]").waitFor();
    await chefe.goto("/configuracoes/usuarios");
    assert.equal(await page.locator("html").getAttribute("data-bs-theme"), "dark");
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, "rgb(14, 20, 34)");
    await chefe.examine("dark by choice");
    await page.getByRole("button", { name: /Switch to English/ }).click();
    await page.locator("html[lang=en]").waitFor();
    await chefe.goto("/configuracoes");
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await chefe.inspect("settings-en");
    await chefe.goto("/empresas");
    await chefe.inspect("companies-en");
    await page.getByRole("button", { name: /^PT|^EN/ }).click();
    await page.locator("html[lang=pt-BR]").waitFor();
    await page.getByRole("button", { name: /^Tema/ }).click();
    await page.getByRole("button", { name: "Do dispositivo" }).click();
    await page.locator("html[data-bs-theme=auto]").waitFor();
  });

  test("a token is shown once and can be revoked", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/tokens");
    await chefe.inspect("tokens-vazio");
    await page.getByLabel("Programa").fill("Integração ERP");
    await page.getByLabel("Vale até").selectOption({ index: 0 });
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: "Criar token" }).click();
    await page.getByText("Copie-o agora").waitFor();
    await chefe.inspect("tokens");
    await chefe.goto("/configuracoes/tokens");
    assert.equal(await page.getByText("Copie-o agora").count(), 0);
    await page.getByRole("button", { name: "Revogar" }).click();
    const question = page.getByRole("dialog").filter({ hasText: "Integração ERP" });
    await question.getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Token revogado").waitFor();
  });

  test("the trail tells all of it", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/auditoria");
    await page.getByRole("cell", { name: /Mudou a identidade visual/ }).first().waitFor();
    await chefe.inspect("auditoria");
    chefe.expects(404);
    await chefe.goto("/nao/existe");
    await page.getByRole("link", { name: /início|inicial|Ir para/ }).first().waitFor();
    await chefe.inspect("nao-existe");
    await chefe.leave();
  });
});
