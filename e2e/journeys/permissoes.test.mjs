// What people may do in Blumenau: a perfil made from another, a permissão denied to one person and given back, each felt at once.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mailTo } from "../lib/mail.mjs";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const SENHA = "doze balões sobre a serra";

describe("permissões", () => {
  let chefe;
  let lia;
  before(async () => {
    chefe = await visitor();
    await chefe.page.goto(entryLink("blumenau", "rosa@blumenau.example", "Rosa Braga"));
    await chefe.page.getByRole("button", { name: "Entrar" }).click();
    await chefe.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  });
  after(closeBrowser);

  test("a perfil is made from another", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/perfis");
    await chefe.inspect("perfis");
    await page.getByRole("link", { name: "Novo perfil" }).click();
    await page.getByLabel("Nome").fill("Estagiário");
    await page.getByLabel("Começar de").selectOption({ label: "Leitor" });
    await chefe.inspect("perfil-novo");
    await page.getByRole("button", { name: "Criar perfil" }).click();
    await page.getByRole("heading", { name: "Estagiário" }).waitFor();
    await chefe.inspect("perfil");
    assert.ok(await page.getByRole("radio", { name: "Ver as empresas: Todas" }).isChecked());
    // The box finds without accents and sends nothing.
    await page.getByRole("searchbox", { name: "Buscar permissão" }).fill("auditória");
    await page.getByRole("radio", { name: "Ver as empresas: Todas" }).waitFor({ state: "hidden" });
    await page.getByRole("radio", { name: "Ver a auditoria: Sim" }).check();
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    assert.ok(await page.getByRole("radio", { name: "Ver a auditoria: Sim" }).isChecked());
    assert.ok(await page.getByRole("radio", { name: "Ver as empresas: Todas" }).isChecked(), "what was hidden was kept");
  });

  test("somebody comes in with it", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/usuarios/convidar");
    await page.getByLabel("Nome").fill("Lia Nunes");
    await page.getByLabel("E-mail").fill("lia@blumenau.example");
    await page.getByLabel("Perfil").selectOption({ label: "Estagiário" });
    await page.getByRole("button", { name: "Enviar convite" }).click();
    await page.getByText("Convite enviado").waitFor();
    lia = await visitor();
    const { link } = await mailTo("lia@blumenau.example");
    await lia.page.goto(link);
    await lia.page.getByLabel(/^Senha/).fill(SENHA);
    await lia.page.getByLabel("Repita a senha").fill(SENHA);
    await lia.page.getByRole("button", { name: "Criar minha conta" }).click();
    await lia.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await lia.goto("/configuracoes/auditoria");
    await lia.page.getByRole("heading", { name: "Auditoria" }).waitFor();
  });

  test("what is denied to one person is gone at once, and says why", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/usuarios?q=lia");
    await page.getByRole("link", { name: /Lia Nunes/ }).first().click();
    await chefe.inspect("usuario");
    await page.getByRole("link", { name: "Permissões", exact: true }).click();
    await chefe.inspect("usuario-permissoes");
    await page.getByRole("combobox", { name: "Permissão" }).first().selectOption({ label: "Ver a auditoria" });
    await page.getByRole("radio", { name: "Negar" }).check();
    await page.getByRole("button", { name: "Aplicar" }).click();
    await page.getByText("Permissão ajustada").waitFor();
    lia.expects(403);
    await lia.page.goto(new URL("/configuracoes/auditoria", process.env.SRI_BLUMENAU).href);
    await lia.page.getByText("Você não pode abrir esta página").waitFor();
    await lia.goto("/permissoes?codigo=acesso.auditoria.ver");
    await lia.page.getByText(/Negada por/).waitFor();
    await page.getByRole("button", { name: /Retirar o que foi decidido/ }).click();
    await page.getByText("Vale de novo o que diz o perfil").waitFor();
    await lia.goto("/configuracoes/auditoria");
    await lia.page.getByRole("heading", { name: "Auditoria" }).waitFor();
  });

  test("a person's page: their empresas, another setor", async () => {
    const { page } = chefe;
    await page.getByRole("link", { name: "Empresas vinculadas" }).click();
    await chefe.inspect("usuario-empresas");
    await page.getByRole("link", { name: "Editar" }).first().click();
    await page.getByLabel("Setor").fill("Automação");
    await chefe.inspect("usuario-editar");
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Alterações salvas").waitFor();
    await page.getByText("Automação").first().waitFor();
    await lia.leave();
  });
});
