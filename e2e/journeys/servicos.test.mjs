// Programs of Blumenau and people by the dozen: a conta de serviço with a token of its own, its pace and the key that signs; a
// spreadsheet that becomes convites; the zone in which a person reads the clock; a link for whoever gets no e-mail.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mailTo } from "../lib/mail.mjs";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, visitor } from "../lib/visitor.mjs";

const SENHA = "onze pontes sobre o vale";

describe("contas de serviço", () => {
  let chefe;
  before(async () => {
    chefe = await visitor();
    await chefe.page.goto(entryLink("blumenau", "teresa@blumenau.example", "Teresa Prado"));
    await chefe.page.getByRole("button", { name: "Entrar" }).click();
    await chefe.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  });
  after(closeBrowser);

  test("a program has an account and a token of its own", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/usuarios");
    await page.getByRole("button", { name: "Mais" }).click();
    await page.getByRole("link", { name: "Nova conta de serviço" }).click();
    await chefe.inspect("servico-novo");
    await page.getByLabel("Nome").fill("Carga noturna");
    await page.getByLabel("Para que serve").fill("Lê as empresas todas as noites, do servidor do ERP.");
    await page.getByLabel("Perfil").selectOption({ label: "Leitor" });
    assert.ok(await page.getByRole("checkbox", { name: "Teresa Prado" }).isChecked(), "whoever makes it answers for it");
    await page.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Conta de serviço criada").waitFor();
    await page.getByRole("heading", { name: "Carga noturna" }).waitFor();
    await chefe.inspect("servico");

    await page.getByRole("link", { name: "Novo token" }).click();
    await page.getByLabel("Programa").fill("ERP");
    assert.match(await page.getByLabel("Em nome de").evaluate((select) => select.selectedOptions[0].label), /Carga noturna/);
    await page.getByRole("checkbox", { name: "Ver as empresas", exact: true }).check();
    await page.locator("#f-limite").fill("20");
    await page.getByRole("button", { name: "Criar token" }).click();
    await page.getByText("Copie-o agora").waitFor();
    const token = await page.locator(".token-text code").innerText();
    await chefe.inspect("tokens-servico");

    // What it may do, as fast as it may.
    const ask = () =>
      page.evaluate(async (bearer) => {
        const answer = await fetch("/api/v1/whoami", { headers: { authorization: `Bearer ${bearer}` }, credentials: "omit" });
        const said = (name) => answer.headers.get(name);
        return { status: answer.status, who: await answer.json(), policy: said("ratelimit-policy"), retry: said("retry-after") };
      }, token);
    const first = await ask();
    assert.equal(first.status, 200);
    assert.equal(first.who.token.servico, "Carga noturna");
    assert.deepEqual(first.who.permissoes, [{ permissao: "empresas.empresa.ver", escopo: "todas" }]);
    assert.equal(first.policy, '"token";q=20;w=60');
    chefe.expects(429);
    // Two minutes' worth at most, should one begin meanwhile.
    let refused = null;
    for (let n = 0; n < 45 && refused === null; n += 1) {
      const answer = await ask();
      if (answer.status === 429) refused = answer;
    }
    assert.ok(refused !== null && Number(refused.retry) <= 60);

    await page.getByRole("button", { name: "Trocar a chave" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Chave trocada").waitFor();
    await page.getByText("Chave 2").waitFor();
    await chefe.inspect("tokens-chave");
  });

  test("a spreadsheet becomes convites", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/usuarios/importar");
    await chefe.inspect("usuarios-importar");
    const lines = [
      "Nome completo;E-mail;Perfil de acesso;Área",
      "Bruna Reis;bruna@blumenau.example;Atendente;Automação",
      "Caio Luz;caio@blumenau;Atendente;",
      "Davi Sá;davi@blumenau.example;Chefe;",
      "Teresa;teresa@blumenau.example;Leitor;",
      "Elisa Maia;elisa@blumenau.example;;",
    ];
    await page.getByLabel("Escolha a planilha").setInputFiles({ name: "equipe.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
    await page.getByRole("button", { name: "Ler a planilha" }).click();
    await page.getByText("1 pessoa será convidada").waitFor();
    await page.getByText("Não há um perfil com este nome").waitFor();
    await page.getByText("Já há uma conta com este e-mail").waitFor();
    await page.getByLabel("Perfil de quem não tem um na planilha").selectOption({ label: "Leitor" });
    await page.getByRole("button", { name: "Aplicar" }).click();
    await page.getByText("2 pessoas serão convidadas").waitFor();
    await chefe.inspect("usuarios-previa");
    await page.getByRole("button", { name: "Enviar convites" }).click();
    await page.getByText("2 pessoas convidadas").waitFor();
    await chefe.inspect("usuarios-convidados");
    const { link } = await mailTo("bruna@blumenau.example");
    assert.match(link, /\/convite\//);
    const bruna = await visitor();
    await bruna.page.goto(link);
    await bruna.page.getByLabel(/^Senha/).fill(SENHA);
    await bruna.page.getByLabel("Repita a senha").fill(SENHA);
    await bruna.page.getByRole("button", { name: "Criar minha conta" }).click();
    await bruna.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await bruna.goto("/conta");
    await bruna.page.getByLabel("Fuso horário").selectOption({ label: "Manaus (UTC−4)" });
    await bruna.page.getByRole("button", { name: "Salvar", exact: true }).first().click();
    await bruna.page.getByText("Alterações salvas").waitFor();
    await bruna.inspect("conta-fuso");
    await bruna.leave();
  });

  test("a link is handed over, and deleting is asked on a page", async () => {
    const { page } = chefe;
    await chefe.goto("/configuracoes/usuarios?q=bruna");
    await page.getByRole("link", { name: "Bruna Reis" }).click();
    await page.getByText("Manaus (UTC−4)").waitFor();
    await page.getByText("Automação").first().waitFor();
    await page.getByRole("link", { name: "Link para escolher a senha" }).click();
    await chefe.inspect("senha-link");
    await page.getByRole("button", { name: "Criar link" }).click();
    await page.getByText("Copie-o agora").waitFor();
    await page.getByRole("link", { name: "Voltar à ficha" }).click();
    await page.getByRole("link", { name: "Excluir" }).click();
    await page.getByText("Excluir Bruna Reis de vez?").waitFor();
    await chefe.inspect("usuario-excluir");
    await page.getByRole("button", { name: "Excluir" }).click();
    await page.waitForURL((url) => url.pathname === "/configuracoes/usuarios");
    await chefe.leave();
  });
});
