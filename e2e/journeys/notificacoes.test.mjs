// What somebody at work in Blumenau wants to hear of: chosen without a mouse, told by letter, and stopped by her mail program.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { mailTo } from "../lib/mail.mjs";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const GRETA = "greta@blumenau.example";

/** A header, unfolded, of the mail with that Message-ID as it was sent. */
function header(mail, name) {
  const folder = process.env.SRI_MAIL;
  const raw = readdirSync(folder).filter((file) => file.endsWith(".eml") && !file.startsWith(".")).map((file) => readFileSync(join(folder, file), "utf8"));
  const head = raw.find((text) => text.includes(mail.message_id)).split("\r\n\r\n")[0].replace(/\r\n[ \t]/g, " ");
  return new RegExp(`^${name}: (.*)$`, "m").exec(head)?.[1];
}

/** As a mail program does: no cookie, no page. Answers the status. */
function posted(address) {
  const { host, port, pathname } = new URL(address);
  const headers = { host, "content-type": "application/x-www-form-urlencoded" };
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path: pathname, method: "POST", headers }, (answer) => resolve(answer.resume().statusCode));
    sent.on("error", reject).end("List-Unsubscribe=One-Click");
  });
}

describe("notificações", () => {
  let greta, page;
  const email = (nome) => page.getByRole("checkbox", { name: `${nome}: E-mail` });
  before(async () => {
    greta = await visitor();
    ({ page } = greta);
    await page.goto(entryLink("blumenau", GRETA, "Greta Wille"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  });
  after(closeBrowser);

  test("she chooses by keyboard, and what is locked says so", async () => {
    await greta.goto("/notificacoes");
    await page.getByRole("link", { name: "Minhas notificações" }).click();
    await greta.inspect("preferencias");
    assert.equal(await email("Importações").isChecked(), false);
    assert.equal(await email("Pedidos de titulares").isChecked(), true);
    await page.getByText("Carta própria").first().waitFor();
    await tabTo(page, email("Importações"));
    await page.keyboard.press("Space");
    await tabTo(page, page.getByRole("button", { name: "Salvar" }));
    await page.keyboard.press("Enter");
    await page.getByText("Suas notificações foram salvas").waitFor();
    assert.equal(await email("Importações").isChecked(), true);
    await greta.inspect("preferencias-escolhidas");
  });

  test("a letter tells, leads to its matter, and her mail program stops its kind", async () => {
    await greta.goto("/conta/privacidade");
    await page.getByLabel("O que pede").selectOption({ label: "Receber uma cópia dos meus dados" });
    await page.getByLabel("O que pede").locator("xpath=ancestor::form").getByRole("button").click();
    const mail = await mailTo(GRETA, "/configuracoes/privacidade/pedidos/");
    assert.match(mail.text, /\/conta\/notificacoes\n/);
    if (process.env.SHOTS) {
      const letter = await page.context().newPage();
      await letter.setContent(mail.html);
      await letter.screenshot({ path: join(process.env.SHOTS, "aviso-carta.png"), fullPage: true });
      await letter.close();
    }
    const stop = /^<(http\S+)>$/.exec(header(mail, "List-Unsubscribe"))[1];
    assert.equal(header(mail, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");

    await page.goto(stop);
    await greta.inspect("parar");
    await greta.goto("/conta/notificacoes");
    assert.equal(await email("Pedidos de titulares").isChecked(), true, "opening it only asks");

    assert.equal(await posted(stop), 200);
    assert.equal(await posted(stop), 200, "once more is the same");
    await greta.goto("/conta/notificacoes");
    assert.equal(await email("Pedidos de titulares").isChecked(), false);
    assert.equal(await email("Importações").isChecked(), true, "and nothing else");
    await page.getByRole("button", { name: "Voltar ao padrão" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Tudo voltou ao padrão").waitFor();
    assert.equal(await email("Importações").isChecked(), false);
  });
});
