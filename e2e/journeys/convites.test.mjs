// Where letters do not arrive: the administradora of Blumenau makes the link of a convite without a mouse and hands it over, and whoever
// has it comes in by it, once.
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { mailTo } from "../lib/mail.mjs";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const NILO = "nilo@blumenau.example";
const SENHA = "sete guarda-chuvas na escada azul";

describe("convites", () => {
  let olga, page, mailed, link;
  /** Presses Enter on it, having come there by Tab. */
  const press = async (target) => {
    await tabTo(page, target);
    await page.keyboard.press("Enter");
  };

  before(async () => {
    olga = await visitor();
    ({ page } = olga);
    await page.goto(entryLink("blumenau", "olga@blumenau.example", "Olga Reinert"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await olga.goto("/configuracoes/usuarios/convidar");
    await page.getByLabel("Nome").fill("Nilo Beck");
    await page.getByLabel("E-mail").fill(NILO);
    await page.getByLabel("Perfil").selectOption({ label: "Leitor" });
    await page.getByRole("button", { name: "Enviar convite" }).click();
    await page.getByText("Convite enviado").waitFor();
    mailed = (await mailTo(NILO)).link;
  });
  after(closeBrowser);

  test("a link is made by keyboard, after a question that can be left", async () => {
    const row = () => page.getByRole("listitem").filter({ hasText: NILO });
    await olga.goto("/configuracoes/usuarios");
    await press(row().getByRole("link", { name: "Criar link" }));
    await page.getByRole("heading", { level: 1, name: "Link do convite" }).waitFor();
    await olga.inspect("convite-link-pergunta");
    await press(page.getByRole("link", { name: "Cancelar" }));
    await page.waitForURL(/\/usuarios$/);
    await press(row().getByRole("link", { name: "Criar link" }));
    await page.getByRole("heading", { level: 1, name: "Link do convite" }).waitFor();
    await press(page.getByRole("button", { name: "Criar link" }));
    await page.getByText("Link criado.").waitFor();
    link = await page.locator(".copy code").innerText();
    await olga.inspect("convite-link-criado");
    await tabTo(page, page.getByRole("button", { name: "Copiar" }));
    await press(page.getByRole("link", { name: "Voltar aos usuários" }));
    await row().waitFor();
  });

  test("whoever it was handed to comes in by it, and by the letter of before nobody does", async () => {
    const nilo = await visitor();
    nilo.expects(404);
    await nilo.page.goto(mailed);
    await nilo.page.getByRole("heading", { level: 1 }).waitFor();
    await nilo.inspect("convite-link-antigo");
    await nilo.page.goto(link);
    await nilo.page.getByLabel(/^Senha/).fill(SENHA);
    await nilo.page.getByLabel("Repita a senha").fill(SENHA);
    await nilo.inspect("convite");
    await nilo.page.getByLabel("Repita a senha").press("Enter");
    await nilo.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await nilo.leave();
  });
});
