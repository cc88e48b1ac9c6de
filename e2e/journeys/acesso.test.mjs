// Blumenau's people and settings: an invitation accepted with the keyboard alone, identidade visual, theme and language, and a
// session that is worth nothing next door.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { mailTo } from "../lib/mail.mjs";
import { picture } from "../lib/picture.mjs";
import { tabTo } from "../lib/keyboard.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const SENHA = "sete barcos na lagoa calma";
const blumenau = new URL(process.env.SRI_BLUMENAU).origin;
const joinville = new URL(process.env.SRI_JOINVILLE).origin;

/** What an authenticator app shows for `key` (base32) after so many more half minutes (RFC 6238). */
function totp(key, steps) {
  const bits = [...key].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
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
    await thief.page.getByRole("button", { name: "Entrar", exact: true }).click();
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
    await page.getByLabel("Perfil").selectOption({ label: "Atendente" });
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

  test("a second factor, a lock that strangers make, and a senha chosen anew", async () => {
    const NOVA = "nove canoas sobem o rio";
    const otavio = await visitor();
    const { page } = otavio;
    const enter = async (who, senha) => {
      await who.page.goto(`${blumenau}/entrar?voltar=/conta`);
      await who.page.getByLabel("E-mail").fill("otavio@blumenau.example");
      await who.page.getByLabel("Senha").fill(senha);
      await who.page.getByRole("button", { name: "Entrar", exact: true }).click();
    };
    await enter(otavio, SENHA);
    await page.getByRole("heading", { name: "Minha conta" }).waitFor();

    // Enrols: the password again, the picture in the page, the key as text.
    await page.getByRole("link", { name: "Segunda etapa" }).click();
    await otavio.inspect("seguranca");
    const app = page.locator("section", { has: page.getByRole("heading", { name: "Aplicativo autenticador" }) });
    await app.locator("summary").click();
    await app.getByLabel("Senha atual").fill(SENHA);
    await app.getByRole("button", { name: "Ligar" }).click();
    await page.getByRole("img", { name: /Código QR/ }).waitFor();
    await otavio.inspect("seguranca-app");
    const key = (await page.locator(".totp code").textContent()).replaceAll(" ", "");
    await page.getByLabel("Código").fill(totp(key, 0));
    await page.getByRole("button", { name: "Confirmar código" }).click();
    await page.getByRole("heading", { name: "Códigos de reserva" }).waitFor();
    await otavio.inspect("reserva");
    const codes = await page.locator(".codes code").allTextContents();
    assert.equal(codes.length, 10);
    await page.getByRole("link", { name: "Já guardei, continuar" }).click();
    await page.getByText("Sobraram 10 códigos").waitFor();
    await otavio.inspect("seguranca-ligada");

    // Elsewhere the password alone opens nothing.
    const other = await visitor();
    await enter(other, SENHA);
    await other.page.getByRole("heading", { name: "Confirme que é você" }).waitFor();
    await other.inspect("confirmar");
    await other.page.goto(`${blumenau}/empresas`);
    await other.page.waitForURL(/\/entrar\?voltar/);
    await enter(other, SENHA);
    other.expects(422);
    await other.page.getByLabel("Código").fill("000000");
    await other.page.getByRole("button", { name: "Confirmar" }).click();
    await other.page.getByText("não confere").waitFor();
    await other.inspect("confirmar-erro");
    // The next half minute's: the one of the set-up is used up.
    await other.page.getByLabel("Código").fill(totp(key, 1));
    await other.page.getByRole("button", { name: "Confirmar" }).click();
    await other.page.getByRole("heading", { name: "Minha conta" }).waitFor();

    // A stranger closes the account to strangers.
    const stranger = await visitor();
    for (let guess = 0; guess < 6; guess += 1) {
      stranger.expects(guess < 5 ? 422 : 429);
      await enter(stranger, "não é esta a senha");
      await stranger.page.getByRole("alert").waitFor();
    }
    await stranger.page.getByText("Foram muitas tentativas").waitFor();
    await stranger.inspect("entrar-fechada");
    await stranger.leave();
    // A browser that the account knows goes on.
    await other.context.clearCookies({ name: "__Host-sessao" });
    await enter(other, SENHA);
    await other.page.getByRole("heading", { name: "Confirme que é você" }).waitFor();
    await other.page.getByRole("link", { name: "Código de reserva" }).click();
    await other.page.getByLabel("Código de reserva").fill(codes[0]);
    await other.page.getByRole("button", { name: "Confirmar" }).click();
    await other.page.getByRole("heading", { name: "Minha conta" }).waitFor();

    // The administrador sees the lock, the sessions and the second factor.
    await chefe.goto("/configuracoes/usuarios");
    await chefe.page.getByRole("link", { name: /Otávio/ }).first().click();
    await chefe.page.getByRole("link", { name: "Sessões" }).click();
    await chefe.page.getByRole("button", { name: "Encerrar todas" }).waitFor();
    await chefe.inspect("sessoes-de-outro");
    await chefe.goto("/configuracoes/entrada");
    await chefe.page.getByRole("heading", { name: "Entrada e segurança" }).waitFor();
    await chefe.inspect("regra");

    // Recovered by mail: every session ends, and the second factor is still asked.
    for (const gone of [otavio, other]) await gone.page.goto("about:blank");
    const back = await visitor();
    await back.page.goto(`${blumenau}/entrar`);
    await back.page.getByRole("link", { name: "Esqueci a senha" }).click();
    await back.inspect("recuperar-pedir");
    await back.page.getByLabel("E-mail").fill("otavio@blumenau.example");
    await back.page.getByRole("button", { name: "Enviar link" }).click();
    await back.page.getByText("Se houver uma conta").waitFor();
    await back.inspect("recuperar-pedido");
    const { link } = await mailTo("otavio@blumenau.example", "/recuperar/");
    assert.ok(link.startsWith(`${blumenau}/recuperar/`), link);
    await back.page.goto(link);
    await back.inspect("recuperar");
    await back.page.getByLabel("Senha nova").fill(NOVA);
    await back.page.getByLabel("Repita a senha").fill(NOVA);
    await back.page.getByRole("button", { name: "Trocar a senha e entrar" }).click();
    await back.page.getByRole("heading", { name: "Confirme que é você" }).waitFor();
    await back.page.getByRole("link", { name: "Código de reserva" }).click();
    await back.inspect("confirmar-reserva");
    await back.page.getByLabel("Código de reserva").fill(codes[1]);
    await back.page.getByRole("button", { name: "Confirmar" }).click();
    await back.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    for (const gone of [otavio, other]) {
      await gone.page.goto(`${blumenau}/conta`);
      await gone.page.waitForURL(/\/entrar\?voltar/);
    }
    await mailTo("otavio@blumenau.example", "foi trocada");
    await back.leave();
    await other.leave();
    await otavio.leave();
  });

  test("a passkey opens the door by itself and as the second factor", async () => {
    const SENHA_ATUAL = "nove canoas sobem o rio";
    const one = await visitor();
    const { page } = one;
    const device = await one.context.newCDPSession(page);
    await device.send("WebAuthn.enable");
    await device.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    // Otávio has an app by now and no code at hand: the administrador takes it away.
    await chefe.goto("/configuracoes/usuarios");
    await chefe.page.getByRole("link", { name: /Otávio/ }).first().click();
    await chefe.page.getByRole("link", { name: "Sessões" }).click();
    await chefe.page.getByRole("button", { name: "Retirar a segunda etapa" }).click();
    await chefe.page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await chefe.page.getByText("Segunda etapa retirada").waitFor();

    await page.goto(`${blumenau}/entrar?voltar=/conta/seguranca`);
    await page.getByLabel("E-mail").fill("otavio@blumenau.example");
    await page.getByLabel("Senha").fill(SENHA_ATUAL);
    await page.getByRole("button", { name: "Entrar", exact: true }).click();
    await page.getByRole("heading", { name: "Chaves de acesso" }).waitFor();
    const keys = page.locator("section", { has: page.getByRole("heading", { name: "Chaves de acesso" }) });
    await keys.locator("summary").last().click();
    await keys.getByLabel("Nome").fill("Notebook");
    await keys.getByLabel("Senha atual").fill("não é esta a senha");
    one.expects(422);
    await keys.getByRole("button", { name: "Criar chave de acesso" }).click();
    await keys.getByRole("alert").getByText(/senha/).waitFor();
    await keys.getByLabel("Senha atual").fill(SENHA_ATUAL);
    await keys.getByRole("button", { name: "Criar chave de acesso" }).click();
    await page.getByRole("heading", { name: "Códigos de reserva" }).waitFor();
    await page.getByRole("link", { name: "Já guardei, continuar" }).click();
    await page.getByText("Notebook").first().waitFor();
    await one.inspect("seguranca-chave");

    // After the senha.
    await one.context.clearCookies();
    await page.goto(`${blumenau}/entrar?voltar=/conta`);
    await page.getByLabel("E-mail").fill("otavio@blumenau.example");
    await page.getByLabel("Senha").fill(SENHA_ATUAL);
    await page.getByRole("button", { name: "Entrar", exact: true }).click();
    await page.getByRole("heading", { name: "Confirme que é você" }).waitFor();
    await one.inspect("confirmar-chave");
    await page.getByRole("button", { name: "Usar chave de acesso" }).click();
    await page.getByRole("heading", { name: "Minha conta" }).waitFor();

    // Instead of it.
    await one.context.clearCookies();
    await page.goto(`${blumenau}/entrar?voltar=/conta`);
    await page.getByRole("button", { name: "Usar chave de acesso" }).click();
    await page.getByRole("heading", { name: "Minha conta" }).waitFor();
    await one.leave();
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
