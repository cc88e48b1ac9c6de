// Ilse works in Blumenau and in a unidade of this journey's own: she links her accounts and goes from one to the other.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const SENHA = "cavalo-bateria-grampo";
const EMAIL = { blumenau: "ilse@blumenau.example", indaial: "ilse@indaial.example" };

describe("uma pessoa, várias unidades", () => {
  let ilse, blumenau;

  const signIn = async (page, slug) => {
    await page.getByLabel("E-mail").fill(EMAIL[slug]);
    await page.locator("[name=senha]").fill(SENHA);
    await page.getByRole("button", { name: "Entrar", exact: true }).click();
  };
  const menu = (page) => page.locator("#menu-account");
  /** Opens the menu at her name by keyboard. */
  const openMenu = async (page) => {
    await page.locator("button.avatar").focus();
    await page.keyboard.press("ArrowDown");
    await menu(page).waitFor();
  };
  const here = (page, nome) => page.locator(".sidebar .brand", { hasText: nome }).waitFor();

  before(async () => {
    createUnidade("indaial", "1.94", "SENAI Indaial", "Indaial", "chefe@indaial.example");
    ilse = await visitor();
    const { page } = ilse;
    // A senha in each, chosen once.
    for (const slug of ["indaial", "blumenau"]) {
      await page.goto(entryLink(slug, EMAIL[slug], "Ilse Hoeller"));
      await page.getByRole("button", { name: "Entrar" }).click();
      await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
      await ilse.goto("/conta");
      await page.getByLabel("Senha nova").fill(SENHA);
      await page.getByLabel("Repita a senha").fill(SENHA);
      await page.getByRole("button", { name: "Salvar senha" }).click();
      await page.getByText("Senha salva").waitFor();
      await openMenu(page);
      await menu(page).getByRole("button", { name: "Sair" }).click();
      await page.getByRole("button", { name: "Entrar", exact: true }).waitFor();
    }
    await ilse.goto("/entrar?voltar=/conta");
    await signIn(page, "blumenau");
    await page.getByRole("heading", { name: "Minha conta" }).waitFor();
    blumenau = new URL(page.url()).origin;
  });
  after(closeBrowser);

  test("nothing is linked yet, and the page says what for", async () => {
    const { page } = ilse;
    await openMenu(page);
    assert.equal(await menu(page).getByText("Trocar de unidade").count(), 0);
    await ilse.inspect("unidades-menu-quieto");
    await menu(page).getByRole("link", { name: "Minhas unidades" }).click();
    await page.getByRole("heading", { name: "Esta conta está só nesta unidade" }).waitFor();
    await ilse.inspect("unidades-vazia");
    await page.getByLabel("Endereço da outra unidade").fill("indaiau");
    ilse.expects(422);
    await page.keyboard.press("Enter");
    await page.getByText("Não há unidade neste endereço").first().waitFor();
    await ilse.inspect("unidades-errada");
  });

  test("a link is proved at both ends", async () => {
    const { page } = ilse;
    await page.getByLabel("Endereço da outra unidade").fill("indaial");
    await page.keyboard.press("Enter");
    // Over there she is not in yet.
    await page.waitForURL(/\/\/indaial\..*\/entrar/);
    await signIn(page, "indaial");
    await page.waitForURL(/\/\/blumenau\..*\/unidades\/propor/);
    await page.getByText("SENAI Indaial quer ligar a sua conta de lá a esta").waitFor();
    await ilse.inspect("unidades-propor");
    await page.getByLabel("Senha desta unidade").fill("errada-errada-errada");
    ilse.expects(422);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await ilse.inspect("unidades-propor-errada");
    await page.getByLabel("Senha desta unidade").fill(SENHA);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/\/indaial\..*\/unidades\/vincular/);
    await page.getByText("i•••@blumenau.example").waitFor();
    await ilse.inspect("unidades-vincular");
    await page.getByLabel("Senha desta unidade").fill(SENHA);
    await page.keyboard.press("Enter");
    await page.getByText("Você vai de uma à outra sem entrar de novo").waitFor();
    await page.getByRole("listitem").filter({ hasText: "SENAI Blumenau" }).waitFor();
    await ilse.inspect("unidades");
  });

  test("the menu leads over by keyboard, without another sign-in", async () => {
    const { page } = ilse;
    // What stands in Blumenau ends first: it is not that sessão which lets her in.
    await page.goto(`${blumenau}/conta`);
    await openMenu(page);
    await menu(page).getByRole("button", { name: "Sair" }).click();
    await page.getByRole("button", { name: "Entrar", exact: true }).waitFor();
    await page.goto(blumenau.replace("blumenau", "indaial"));
    await here(page, "SENAI Indaial");
    await openMenu(page);
    const entry = menu(page).getByRole("link", { name: /SENAI Blumenau/ });
    await entry.waitFor();
    await ilse.inspect("unidades-menu");
    await menu(page).locator("a, button").first().focus();
    for (let step = 0; step < 5 && !(await entry.evaluate((one) => one === document.activeElement)); step += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.origin === blumenau && !url.pathname.startsWith("/unidades/"));
    await here(page, "SENAI Blumenau");
    // And back, from the page, by Tab; the one she was in last comes first there.
    await ilse.goto("/conta/unidades");
    const rows = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: /Desligar/ }) });
    assert.match(await rows.first().innerText(), /SENAI Blumenau/);
    await tabTo(page, page.getByRole("link", { name: /Abrir.*SENAI Indaial/ }));
    await page.keyboard.press("Enter");
    await here(page, "SENAI Indaial");
    await ilse.goto("/conta/unidades");
    assert.match(await rows.first().innerText(), /SENAI Indaial/);
  });

  test("unlinked, each is a unidade of its own again", async () => {
    const { page } = ilse;
    await page.getByRole("button", { name: /Desligar.*SENAI Blumenau/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByRole("heading", { name: "Esta conta está só nesta unidade" }).waitFor();
    await page.goto(`${blumenau}/conta/unidades`);
    await page.getByRole("heading", { name: "Esta conta está só nesta unidade" }).waitFor();
    await ilse.leave();
  });
});
