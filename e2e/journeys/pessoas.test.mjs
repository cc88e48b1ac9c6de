// People at work in Blumenau: a técnico with a phone in a factory hall, a coordenadora who never touches the mouse, two who share a
// view of a list, and somebody who reads English.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { mailTo } from "../lib/mail.mjs";
import { entryLink } from "../lib/operator.mjs";
import { picture } from "../lib/picture.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, until, visitor } from "../lib/visitor.mjs";

const SENHA = "onze bicicletas no telhado verde";
const NOME = "Estamparia Vale das Pontes";

/** The texts of a language without variables, by key. */
function texts(lang) {
  const folder = new URL(`../../locales/${lang}/`, import.meta.url).pathname;
  const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"));
  return new Map(lines.map((line) => /^([a-z][\w-]*) = ([^{]+)$/.exec(line)).filter(Boolean).map(([, key, text]) => [key, text.trim()]));
}

describe("pessoas", () => {
  let vera;
  let tadeu;
  before(async () => {
    vera = await visitor();
    const { page } = vera;
    await page.goto(entryLink("blumenau", "vera@blumenau.example", "Vera Coordena"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await vera.goto("/configuracoes/usuarios/convidar");
    await page.getByLabel("Nome").fill("Tadeu Campo");
    await page.getByLabel("E-mail").fill("tadeu@blumenau.example");
    await page.getByLabel("Perfil").selectOption({ label: "Atendente" });
    await page.getByRole("button", { name: "Enviar convite" }).click();
    await page.getByText("Convite enviado").waitFor();
  });
  after(closeBrowser);

  test("a técnico does a visit's work on a phone", async () => {
    tadeu = await visitor({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
    const { page } = tadeu;
    const look = async (name) => {
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `telefone-${name}.png`) });
      await tadeu.examine(`telefone, ${name}`);
    };
    await page.goto((await mailTo("tadeu@blumenau.example")).link);
    await page.getByLabel(/^Senha/).fill(SENHA);
    await page.getByLabel("Repita a senha").fill(SENHA);
    await look("convite");
    await page.getByLabel("Repita a senha").press("Enter");
    const thumbs = page.getByRole("navigation", { name: "Atalhos" });
    await thumbs.waitFor();
    await look("inicio");

    // Nothing of others is his; what he registers is.
    await thumbs.getByRole("link", { name: "Empresas" }).tap();
    await page.getByRole("heading", { level: 1, name: "Empresas" }).waitFor();
    await look("empresas-vazia");
    await thumbs.getByRole("button", { name: "Novo" }).tap();
    await page.locator("#menu-new").getByRole("link", { name: "Nova empresa" }).tap();
    await page.getByLabel("Razão social").fill(NOME);
    await page.getByLabel("CNPJ").fill("11.444.777/0001-61");
    await page.getByLabel("Município").fill("Blumenau");
    await page.getByLabel("UF", { exact: true }).selectOption("SC");
    await look("nova");
    await page.getByRole("button", { name: "Salvar", exact: true }).tap();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
    await look("registro");
    const path = new URL(page.url()).pathname;

    // At the gate: the telephone is written down, and is one tap away from then on.
    await page.getByRole("link", { name: "Alterar Telefone" }).tap();
    await page.getByLabel("Telefone", { exact: true }).fill("");
    await page.getByLabel("Telefone", { exact: true }).pressSequentially("47988887777");
    await look("campo");
    await page.getByLabel("Telefone", { exact: true }).press("Enter");
    const call = page.locator(".key-facts").getByRole("link", { name: "(47) 98888-7777" });
    await call.waitFor();
    assert.equal(await call.getAttribute("href"), "tel:+5547988887777");

    // Whom he spoke to, and a photograph of the machine.
    await page.locator(".tabs").getByRole("link", { name: /Contatos/ }).tap();
    await page.getByRole("heading", { name: "Nenhum contato ainda" }).waitFor();
    await look("contatos-vazio");
    await page.getByRole("link", { name: /Acrescentar/ }).tap();
    await page.getByLabel(/^Nome/).fill("Nair Prensa");
    await page.getByRole("button", { name: "Salvar", exact: true }).tap();
    await page.getByText("Nair Prensa").first().waitFor();
    await page.goto(new URL(`${path}/documentos`, page.url()).href);
    await look("documentos-vazio");
    await page.locator("#f-arquivo").setInputFiles({ name: "prensa.png", mimeType: "image/png", buffer: picture(600, 400, [90, 120, 160]) });
    await page.getByRole("button", { name: "Enviar", exact: true }).tap();
    await page.getByRole("link", { name: "prensa.png", exact: true }).waitFor();
    await page.locator(".toast-box").filter({ hasText: "Documentos guardados." }).waitFor();
    await look("documentos");

    // A text as long as a day is read without the page growing sideways.
    await page.goto(new URL(path, page.url()).href);
    await page.getByRole("link", { name: "Alterar Observações" }).tap();
    await page.getByLabel("Observações", { exact: true }).fill("Prensa 4 parada; ".repeat(200) + "x".repeat(600));
    await page.getByRole("button", { name: "Salvar", exact: true }).tap();
    await page.getByText("Prensa 4 parada").first().waitFor();
    await look("longo");
    await page.goto(new URL(`${path}/linha-do-tempo`, page.url()).href);
    await page.getByText("Nair Prensa").first().waitFor();
    await look("historia");

    await thumbs.getByRole("link", { name: "Menu" }).tap();
    const menu = page.getByRole("navigation", { name: "Navegação principal" });
    await menu.getByRole("link", { name: "Fechar menu" }).waitFor();
    await look("menu");
    await menu.getByRole("link", { name: "Empresas" }).tap();
    await page.getByRole("heading", { level: 1, name: "Empresas" }).waitFor();
    assert.deepEqual(await page.locator("tbody .name a").allInnerTexts(), [NOME], "his, and nobody else's");
    await look("empresas");
    await page.getByRole("button", { name: "Sua conta" }).tap();
    await look("conta");
  });

  test("a view of a list that is shared is there for a colleague", async () => {
    const { page } = vera;
    await vera.goto("/empresas?uf=SC&situacao=prospect");
    await page.getByRole("button", { name: "Visões" }).click();
    await page.getByLabel("Guardar esta visão").fill("Prospects de SC");
    await page.getByLabel("Para todos da unidade").check();
    await page.getByRole("button", { name: "Guardar", exact: true }).click();
    await page.getByText("Visão guardada.").waitFor();

    await tadeu.goto("/empresas");
    await tadeu.page.getByRole("button", { name: "Visões" }).tap();
    await tadeu.examine("shared views on a phone");
    await tadeu.page.getByRole("link", { name: "Prospects de SC" }).tap();
    await tadeu.page.waitForURL((url) => url.searchParams.get("uf") === "SC" && url.searchParams.get("situacao") === "prospect");
    await tadeu.page.getByRole("button", { name: "Visões" }).tap();
    assert.equal(await tadeu.page.getByRole("button", { name: /Esquecer a visão Prospects de SC/ }).count(), 0, "only its owner takes it away");

    await vera.goto("/empresas");
    await page.getByRole("button", { name: "Visões" }).click();
    await page.getByRole("button", { name: "Esquecer a visão Prospects de SC" }).click();
    await page.getByText("Visão esquecida.").waitFor();
    await tadeu.leave();
  });

  test("a picture stands beside a person's name until it is taken away", async () => {
    const { page } = vera;
    await vera.goto("/conta/foto");
    await page.getByText("Sem foto, aparecem as iniciais").waitFor();
    await vera.inspect("foto-sem");
    vera.expects(422);
    await page.getByLabel("Escolher uma foto").setInputFiles({ name: "nota.png", mimeType: "image/png", buffer: Buffer.from("isto não é uma foto") });
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("não é uma imagem PNG ou JPEG inteira").first().waitFor();
    await vera.inspect("foto-recusada");
    await page.getByLabel("Escolher uma foto").setInputFiles({ name: "vera.png", mimeType: "image/png", buffer: picture(640, 480, [12, 96, 160]) });
    await page.getByRole("button", { name: "Salvar" }).press("Enter");
    await page.getByText("A foto foi trocada.").waitFor();
    const own = page.getByRole("button", { name: "Sua conta" }).locator("img");
    assert.deepEqual(await own.evaluate((img) => [img.naturalWidth, img.naturalHeight]), [192, 192]);
    await vera.goto("/conta/foto");
    await vera.inspect("foto-com");
    await vera.goto("/configuracoes/usuarios");
    const row = page.getByRole("row", { name: /Vera Coordena/ });
    await row.locator("img.mini").waitFor();
    await vera.inspect("foto-lista");
    await row.getByRole("link", { name: "Vera Coordena" }).click();
    await page.locator("img.record-mark").waitFor();
    await vera.inspect("foto-ficha");

    await vera.goto("/conta/foto");
    await tabTo(page, page.getByRole("button", { name: "Remover a foto" }));
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).press("Enter");
    await page.getByText("A foto foi removida.").waitFor();
    assert.equal(await own.count(), 0);
  });

  test("a company is registered, found, marked, thrown away and brought back without a mouse", async () => {
    const { page } = vera;
    const focused = (target) => target.evaluate((element) => element === document.activeElement);
    await vera.goto("/");
    // From anywhere: the palette knows what one can do.
    await page.keyboard.press("Control+K");
    const palette = page.getByRole("dialog", { name: "Buscar ou ir para" });
    await palette.waitFor();
    // Enter does not wait for the options to follow the fingers.
    await page.keyboard.type("nova empresa");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/empresas\/nova/);
    await tabTo(page, page.getByLabel("CNPJ"));
    await page.keyboard.type(CNPJ.unheard);
    await tabTo(page, page.getByLabel("Razão social"));
    await page.keyboard.type("Teclado de Ouro Indústria");
    await tabTo(page, page.getByLabel("Município"));
    await page.keyboard.type("Blumenau");
    await tabTo(page, page.getByLabel("UF", { exact: true }));
    await page.keyboard.type("SC");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { level: 1, name: "Teclado de Ouro Indústria" }).waitFor();

    // A menu opens with Enter, closes with Esc, and the focus is back where it was.
    const put = page.getByRole("button", { name: "Pôr etiqueta" });
    await tabTo(page, put);
    await page.keyboard.press("Enter");
    const menu = page.locator("#m-etiquetas");
    await menu.waitFor();
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "hidden" });
    assert.ok(await focused(put), "the focus is back");
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByLabel("Nova etiqueta"));
    await page.keyboard.type("Só com o teclado");
    await page.keyboard.press("Enter");
    await page.getByText("Etiqueta posta").first().waitFor();

    // The list: a filter, a row's menu, the question before something goes away.
    await vera.goto("/empresas?q=teclado de ouro");
    await tabTo(page, page.getByRole("button", { name: "Situação" }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("checkbox", { name: "Prospect" }));
    await page.keyboard.press("Space");
    await page.waitForURL(/situacao=prospect/);
    await page.locator("[data-list]:not([aria-busy])").waitFor();
    await page.keyboard.press("Escape");
    const row = page.getByRole("button", { name: "Ações: Teclado de Ouro Indústria" });
    await tabTo(page, row);
    await page.keyboard.press("Enter");
    const remove = page.locator("tbody .menu").getByRole("button", { name: "Excluir" });
    await tabTo(page, remove);
    await page.keyboard.press("Enter");
    const question = page.getByRole("dialog").filter({ hasText: "vai para a lixeira" });
    await question.waitFor();
    await until("the focus is in the question", () => question.evaluate((element) => element.contains(document.activeElement)));
    await vera.examine("the question, by keyboard");
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "hidden" });
    await tabTo(page, row);
    await page.keyboard.press("Enter");
    await tabTo(page, remove);
    await page.keyboard.press("Enter");
    await question.waitFor();
    await tabTo(page, question.getByRole("button", { name: "Sim, continuar" }));
    await page.keyboard.press("Enter");
    await page.getByText("foi para a lixeira").first().waitFor();
    // And back, from the message itself.
    await tabTo(page, page.locator(".toast-box").getByRole("button", { name: "Desfazer" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.searchParams.has("excluida"));
    await vera.goto("/empresas?q=teclado de ouro");
    await page.getByRole("link", { name: "Teclado de Ouro Indústria" }).waitFor();
  });

  test("in English nothing is left in Portuguese, by day or by night", async () => {
    const emily = await visitor({ locale: "en-US", storageState: await vera.context.storageState() });
    const { page } = emily;
    const at = (path) => new URL(path, vera.page.url()).href;
    await page.goto(at("/"));
    const english = page.getByRole("button", { name: /English/ });
    if (await english.count()) await english.first().click();
    await page.locator("html[lang=en]").waitFor();
    const [pt, en] = [texts("pt-BR"), texts("en")];
    // Sentences and words that are Portuguese only; a short word may be anybody's name.
    const foreign = [...pt].filter(([key, text]) => text.length > 5 && en.get(key) !== text && ![...en.values()].includes(text)).map(([, text]) => text);
    await page.goto(at("/empresas?q=teclado de ouro"));
    const record = await page.locator("tbody a.row-link").first().getAttribute("href");
    const places = { inicio: "/", empresas: "/empresas", empresa: record, historia: `${record}/linha-do-tempo`, contatos: `${record}/contatos`, documentos: `${record}/documentos`, mapa: `${record}/mapa`, auditoria: `${record}/auditoria`, editar: `${record}/editar`, importar: "/empresas/importar", exportar: "/empresas/exportar", duplicadas: "/empresas/duplicadas", configuracoes: "/configuracoes", segmentos: "/configuracoes/segmentos", etiquetas: "/configuracoes/etiquetas", usuarios: "/configuracoes/usuarios", trilha: "/configuracoes/auditoria", lixeira: "/lixeira", notificacoes: "/notificacoes", conta: "/conta", foto: "/conta/foto" };
    for (const [name, path] of Object.entries(places)) {
      await page.goto(at(path));
      const words = await page.evaluate(() => {
        // Names of records are what they are in every language.
        for (const own of document.querySelectorAll("tbody, .facts dd, .timeline, .record-top, .brand, .palette, select, .etiqueta")) own.remove();
        const said = [...document.querySelectorAll("[aria-label], [title], [placeholder]")].flatMap((element) => ["aria-label", "title", "placeholder"].map((name) => element.getAttribute(name) ?? ""));
        return [document.title, ...document.body.innerText.split("\n"), ...said].map((text) => text.trim());
      });
      const left = [...new Set(words)].filter((text) => foreign.includes(text));
      assert.deepEqual(left, [], `${path} says in Portuguese`);
      await page.goto(at(path));
      await emily.inspect(`en-${name}`);
    }
    const back = page.getByRole("button", { name: /português/i });
    await back.first().click();
    await page.locator("html[lang='pt-BR']").waitFor();
    await emily.leave();
    await vera.leave();
  });
});
