// The platform admin: first way in, a new unidade from request to "Ativa", its life cycle, and nothing of anybody's companies.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mailTo } from "../lib/mail.mjs";
import { entryLink } from "../lib/operator.mjs";
import { totp } from "../lib/totp.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const SENHA = "quatro gatos no telhado azul";
const link = process.env.SRI_CONSOLE;
const place = (slug) => link.replace(/\/\/console\..*/, `//${slug}.${new URL(link).host.replace("console.", "")}`);

describe("console", () => {
  let admin;
  let first;
  let secret;
  before(async () => {
    admin = await visitor();
  });
  after(closeBrowser);

  test("the first admin comes in by the link, with a second factor", async () => {
    const { page } = admin;
    await page.goto(link);
    await page.getByRole("heading", { name: "Criar o seu acesso ao console" }).waitFor();
    await admin.inspect("console-convite");
    secret = await page.locator(".copy code").innerText();
    await page.getByLabel("Nome").fill("Beatriz Plataforma");
    await page.getByLabel("Escolha uma senha").fill(SENHA);
    await page.getByLabel("Código de seis números").fill("000000");
    admin.expects(422);
    await page.getByRole("button", { name: "Criar acesso e entrar" }).click();
    await page.getByText("O código não confere").waitFor();
    assert.equal(await page.getByLabel("Nome").inputValue(), "Beatriz Plataforma", "what was typed is still there");
    await admin.examine("refused code");
    await page.getByLabel("Escolha uma senha").fill(SENHA);
    await page.getByLabel("Código de seis números").fill(totp(secret));
    await page.getByRole("button", { name: "Criar acesso e entrar" }).click();
    await page.waitForURL("**/unidades");
    await page.getByRole("link", { name: "SENAI Joinville" }).waitFor();
    await page.getByRole("link", { name: "SENAI Blumenau" }).waitFor();
    await admin.inspect("console-unidades");
  });

  test("the link worked once, and password and code let in again", async () => {
    const second = await visitor();
    second.expects(404);
    await second.page.goto(link);
    await second.page.getByText("já foi usado").waitFor();
    await second.inspect("console-link-usado");
    await second.goto("/unidades");
    await second.page.waitForURL("**/entrar");
    await second.inspect("console-entrar");
    await second.page.getByLabel("E-mail").fill("admin@sri.example");
    await second.page.getByLabel("Senha").fill(SENHA);
    await second.page.getByRole("button", { name: "Continuar" }).click();
    await second.page.waitForURL("**/entrar/codigo");
    await second.inspect("console-codigo");
    // The present step's code was used up above; the next one is accepted too.
    await second.page.getByLabel("Código de seis números").fill(totp(secret, 1));
    await second.page.getByRole("button", { name: "Entrar no console" }).click();
    await second.page.waitForURL("**/unidades");
    await second.leave();
  });

  test("a new unidade is provisioned while one watches", async () => {
    const { page } = admin;
    await page.getByRole("link", { name: "Nova unidade" }).first().click();
    await admin.inspect("console-nova");
    admin.expects(422);
    await page.getByRole("button", { name: "Provisionar" }).click();
    await page.getByText("precisam de atenção").waitFor();
    await admin.inspect("console-nova-erros");
    await page.getByLabel("Código").fill("1.77");
    await page.getByLabel("Nome").first().fill("SENAI Chapecó");
    await page.getByLabel("Endereço").fill("chapeco");
    await page.getByLabel("Cidade").fill("chapeco");
    await page.getByLabel("Estado").selectOption("SC");
    await page.getByLabel("Nome").nth(1).fill("Célia Ramos");
    await page.getByLabel("E-mail").fill("celia@chapeco.example");
    await page.getByRole("button", { name: "Provisionar" }).click();
    await page.getByRole("heading", { name: "SENAI Chapecó" }).waitFor();
    // The page follows by itself; nobody reloads it.
    await page.locator(".status", { hasText: "Ativa" }).waitFor();
    assert.equal(await page.getByRole("progressbar").count(), 0);
    await admin.inspect("console-unidade");
  });

  test("its first administrador finds an empty house; the console shows nobody's companies", async () => {
    first = await visitor();
    const { link: convite } = await mailTo("celia@chapeco.example");
    assert.ok(convite.startsWith(place("chapeco")), convite);
    await first.page.goto(convite);
    await first.inspect("convite");
    await first.page.getByLabel(/^Senha/).fill(SENHA);
    await first.page.getByLabel("Repita a senha").fill(SENHA);
    await first.page.getByRole("button", { name: "Criar minha conta" }).click();
    await first.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await first.goto("/empresas");
    await first.page.getByRole("heading", { name: "Nenhuma empresa ainda" }).waitFor();
    await first.inspect("empresas-vazia");

    assert.equal(await admin.page.getByRole("link", { name: "Empresas" }).count(), 0);
    admin.expects(404);
    await admin.goto("/empresas");
    await admin.goto("/unidades");
  });

  test("the wizard turns a real spreadsheet into its company list", async () => {
    const { page } = first;
    await page.getByRole("link", { name: "Importar planilha" }).click();
    await page.getByRole("heading", { name: "Importar empresas" }).waitFor();
    await first.inspect("importar");
    await page.getByLabel("Escolha a planilha").setInputFiles(new URL("../../fixtures/planilhas/empresas_2000.xlsx", import.meta.url).pathname);
    await page.getByText("empresas_2000.xlsx").waitFor();
    await page.getByRole("button", { name: "Enviar" }).click();
    await page.getByRole("button", { name: "Ver a prévia" }).waitFor();
    await first.inspect("importacao-colunas");
    await page.getByRole("button", { name: "Ver a prévia" }).click();
    await page.getByText("Nada foi gravado ainda").waitFor();
    await first.inspect("importacao-previa");
    await page.getByRole("button", { name: "Gravar 2.000 empresas" }).click();
    await page.getByText("2.000 empresas cadastradas").waitFor();
    await first.inspect("importacao-resultado");
    await page.getByRole("link", { name: "Empresas" }).last().click();
    await page.locator(".page-title .sub", { hasText: "2.000 empresas" }).waitFor();
    await first.goto("/empresas/importacoes");
    await page.getByRole("link", { name: "empresas_2000.xlsx", exact: true }).waitFor();
    await first.inspect("importacoes");
    await first.leave();
  });

  test("suspended, the unidade says so and why; reactivated, it is there again", async () => {
    const { page } = admin;
    const outside = await visitor();
    await page.getByRole("link", { name: "SENAI Chapecó" }).click();
    await page.getByLabel(/^Motivo\W*$/).fill("Obra na rede elétrica");
    await page.getByRole("button", { name: "Suspender" }).click();
    await page.locator(".status", { hasText: "Suspensa" }).waitFor();
    await admin.inspect("console-unidade-suspensa");
    outside.expects(403);
    await outside.page.goto(`${place("chapeco")}/entrar`);
    await outside.page.getByText("suspensa").waitFor();
    await outside.inspect("unidade-suspensa");
    await page.getByRole("button", { name: "Reativar" }).click();
    await page.locator(".status", { hasText: "Ativa" }).waitFor();
    await outside.page.goto(`${place("chapeco")}/entrar`);
    await outside.page.getByRole("heading", { name: "Entrar" }).waitFor();
    await outside.leave();
  });

  test("support enters a unidade by its consent, no further than that, and until it ends", async () => {
    const { page } = admin;
    const dona = await visitor();
    await dona.page.goto(entryLink("blumenau", "sara@blumenau.example", "Sara Blume"));
    await dona.page.getByRole("button", { name: "Entrar" }).click();
    await dona.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await admin.goto("/unidades");
    await page.getByRole("link", { name: "SENAI Blumenau" }).click();
    await page.getByLabel("Motivo do acesso").fill("Conferir a importação que falhou");
    await page.getByRole("button", { name: "Pedir acesso" }).click();
    await page.getByText("Pedido enviado aos administradores").waitFor();
    await admin.inspect("console-suporte");

    await dona.goto("/configuracoes/suporte");
    await dona.page.getByRole("heading", { name: /Beatriz Plataforma/ }).waitFor();
    await dona.inspect("suporte-pedido");
    await dona.page.getByRole("button", { name: "Permitir acesso" }).click();
    await dona.page.getByText("Acesso permitido").waitFor();
    await dona.inspect("suporte-permitido");

    await page.reload();
    await page.getByRole("button", { name: "Entrar na unidade" }).click();
    await page.getByRole("heading", { name: "Entrar como suporte" }).waitFor();
    await admin.inspect("suporte-entrar");
    await page.getByRole("button", { name: "Entrar na unidade" }).click();
    await page.getByText("Acesso de suporte:").waitFor();
    await admin.goto("/empresas");
    await page.getByText("Acesso de suporte:").waitFor();
    await admin.inspect("suporte-dentro");
    assert.equal(await page.getByRole("link", { name: "Nova empresa" }).count(), 0, "reading only");
    admin.expects(403);
    await admin.goto("/configuracoes/usuarios");

    await dona.page.getByRole("button", { name: "Encerrar acesso" }).click();
    await dona.page.getByText("Acesso encerrado").waitFor();
    await admin.goto("/empresas");
    await page.waitForURL("**/entrar?**");
    await dona.goto("/configuracoes/auditoria?sobre=suporte");
    await dona.page.locator(".trail").getByText("Entrou como suporte").first().waitFor();
    await dona.leave();
    await page.goto(new URL("/unidades", link).href);
  });

  test("migrations and the trail of what was done", async () => {
    const { page } = admin;
    await page.getByRole("link", { name: "Migrações" }).first().click();
    await page.getByRole("heading", { name: "Migrações" }).waitFor();
    await admin.inspect("console-migracoes");
    await page.getByRole("link", { name: "Auditoria" }).first().click();
    await page.getByRole("searchbox").first().waitFor();
    await admin.inspect("console-auditoria");
    await page.getByRole("searchbox").first().fill("chapeco");
    await page.waitForURL(/q=chapeco/);
    await page.getByRole("cell", { name: "Beatriz Plataforma" }).first().waitFor();
    await admin.goto("/unidades");
    await page.getByRole("searchbox").first().fill("nada com este nome");
    await page.getByRole("heading", { name: "Nada encontrado com estes filtros" }).waitFor();
    await admin.inspect("console-nada");
    await admin.leave();
  });
});
