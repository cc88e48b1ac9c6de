// Two records of one company in Blumenau: the second is warned of, found again, merged field by field and parted; and the words
// that people stick on companies.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, until, visitor } from "../lib/visitor.mjs";

/** The CNPJ of twelve digits with the two that check them. */
function cnpj(base) {
  const check = (text) => {
    const sum = [...text].reverse().reduce((sum, digit, at) => sum + Number(digit) * (2 + (at % 8)), 0);
    return `${text}${sum % 11 < 2 ? 0 : 11 - (sum % 11)}`;
  };
  return check(check(base));
}
const FIRST = "Caldeiraria Boa Vista do Garcia";
const SECOND = "CALDEIRARIA BOA VISTA DO GARCIA LTDA";

describe("duplicadas", () => {
  let duda;
  let [one, other] = ["", ""];
  const fill = async (page, base, nome, more = {}) => {
    await page.getByLabel("Razão social").fill(nome);
    await page.getByLabel("CNPJ").fill(cnpj(base));
    await page.getByLabel("Município").fill("Blumenau");
    await page.getByLabel("UF", { exact: true }).selectOption("SC");
    for (const [label, value] of Object.entries(more)) await page.getByLabel(label, { exact: true }).fill(value);
  };
  const save = (page) => page.getByRole("button", { name: "Salvar", exact: true }).click();

  before(async () => {
    duda = await visitor();
    await duda.page.goto(entryLink("blumenau", "duda@blumenau.example", "Duda Reis"));
    await duda.page.getByRole("button", { name: "Entrar" }).click();
    await duda.page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
  });
  after(closeBrowser);

  test("a company that is there already is pointed out while it is typed, and never in the way", async () => {
    const { page } = duda;
    await duda.goto("/empresas/nova");
    await fill(page, "711111110001", FIRST);
    await save(page);
    await page.getByRole("heading", { level: 1, name: FIRST }).waitFor();
    one = new URL(page.url()).pathname;

    await duda.goto("/empresas/nova");
    await fill(page, "722222220001", SECOND, { Bairro: "Garcia" });
    await page.getByLabel("Bairro", { exact: true }).press("Tab");
    const notice = page.locator("#semelhantes");
    await notice.getByRole("link", { name: FIRST }).waitFor();
    await notice.getByText("com nome parecido").waitFor();
    await duda.inspect("semelhantes");
    duda.expects(422);
    await save(page);
    await page.getByRole("alert").getByText("Há empresas parecidas no cadastro").waitFor();
    await duda.inspect("semelhantes-confirmar");
    await page.getByRole("checkbox", { name: /Não é nenhuma destas/ }).check();
    await save(page);
    await page.getByRole("heading", { level: 1, name: SECOND }).waitFor();
    other = new URL(page.url()).pathname;
  });

  test("a name changed where it stands is asked about too, with script and without", async () => {
    const { page } = duda;
    await duda.goto(other);
    const form = page.locator("#campo-nome form[data-field-form]");
    await page.locator("#campo-nome").getByRole("link", { name: "Alterar Razão social" }).click();
    await form.getByLabel("Razão social").fill("Caldeiraria Boa Vista Garcia");
    await page.keyboard.press("Tab");
    await page.locator("#semelhantes").getByRole("link", { name: FIRST }).waitFor();
    await duda.inspect("semelhantes-no-campo");
    duda.expects(422);
    await form.getByRole("button", { name: "Salvar" }).click();
    await page.getByText("Há empresas parecidas no cadastro").first().waitFor();
    await form.getByRole("link", { name: "Cancelar" }).click();
    // The page of the field, as it is without script.
    await duda.goto(`${other}/editar/nome`);
    await page.getByLabel("Razão social").fill("Caldeiraria Boa Vista Garcia");
    duda.expects(422);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("alert").getByText("Há empresas parecidas no cadastro").waitFor();
    await page.getByRole("checkbox", { name: /Não é nenhuma destas/ }).check();
    await page.getByLabel("Razão social").fill(SECOND);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: SECOND }).waitFor();
  });

  test("the pair is found, said to be two, and looked at again", async () => {
    const { page } = duda;
    await duda.goto(`${other}/contatos/novo`);
    await page.getByLabel(/^Nome/).fill("Sueli Ramos");
    await save(page);
    await page.getByText("Contato acrescentado").first().waitFor();
    await duda.goto("/empresas/duplicadas");
    await page.getByRole("button", { name: "Procurar agora" }).click();
    const pair = page.locator(".pair").filter({ hasText: FIRST }).filter({ hasText: SECOND });
    await pair.waitFor();
    await duda.inspect("duplicadas");
    await pair.getByRole("button", { name: "Não são duplicadas" }).click();
    await page.getByText("O par não aparece mais").waitFor();
    assert.equal(await pair.count(), 0);
    await duda.goto("/empresas/duplicadas?ver=dispensadas");
    await duda.inspect("duplicadas-dispensadas");
    await pair.getByRole("button", { name: "Voltar a comparar" }).click();
    await page.getByText("volta a ser comparado").waitFor();
    await pair.getByRole("link", { name: "Comparar e mesclar" }).click();
    await page.getByRole("heading", { level: 1, name: "Mesclar empresas" }).waitFor();
  });

  test("one is made of two, field by field, and the old address leads there", async () => {
    const { page } = duda;
    await duda.goto(`${one}/mesclar`);
    await page.getByLabel("Com qual empresa?").fill("caldeiraria boa vista");
    await page.getByRole("button", { name: "Procurar" }).click();
    await duda.inspect("mesclar-escolher");
    await page.getByRole("main").getByRole("link", { name: SECOND }).click();
    await page.getByRole("heading", { level: 1, name: "Mesclar empresas" }).waitFor();
    await page.getByText("1 contato").waitFor();
    await page.getByRole("group", { name: "Razão social" }).getByRole("radio", { name: new RegExp(SECOND) }).check();
    await duda.inspect("mesclar");
    await page.getByRole("button", { name: "Mesclar", exact: true }).click();
    await page.getByText(`foi mesclada em`).first().waitFor();
    await duda.inspect("mescla");
    await duda.goto(other);
    await page.waitForURL((url) => url.pathname === one);
    await page.getByText("foi mesclada nesta").first().waitFor();
    await page.getByText("Sueli Ramos").first().waitFor();
    await page.getByRole("heading", { level: 1, name: SECOND }).waitFor();
    await duda.inspect("empresa-mesclada");
  });

  test("undone, both are as they were", async () => {
    const { page } = duda;
    await duda.goto(one);
    await page.getByRole("link", { name: "Ver e desfazer" }).click();
    await page.getByRole("button", { name: "Desfazer a mescla" }).click();
    await page.getByText("Desfeita por Duda Reis").waitFor();
    await duda.inspect("mescla-desfeita");
    await duda.goto(one);
    await page.getByRole("heading", { level: 1, name: FIRST }).waitFor();
    await duda.goto(other);
    await page.getByRole("heading", { level: 1, name: SECOND }).waitFor();
    await page.getByText("Sueli Ramos").first().waitFor();
  });

  test("a word is stuck on companies, narrows the list and comes off again", async () => {
    const { page } = duda;
    await duda.goto("/configuracoes/etiquetas");
    await duda.inspect("etiquetas-vazias");
    await page.getByLabel("Nova etiqueta").fill("Feira 2026");
    await page.getByRole("radio", { name: "Verde" }).check();
    await page.getByRole("button", { name: "Acrescentar" }).click();
    await page.getByText("Etiqueta acrescentada").waitFor();
    await duda.inspect("etiquetas");
    await duda.goto(one);
    await page.getByRole("button", { name: "Pôr etiqueta" }).click();
    await duda.examine("etiquetas of a record");
    await page.getByRole("button", { name: "Feira 2026" }).click();
    await page.getByText("Etiqueta posta").first().waitFor();
    await duda.inspect("empresa-etiqueta");
    await page.getByRole("link", { name: "Feira 2026" }).click();
    await until("the one that has it", async () => (await page.locator("tbody tr").count()) === 1);
    await page.locator("tbody").getByText("Feira 2026").waitFor();
    await duda.inspect("empresas-etiqueta");
    await duda.goto(one);
    await page.getByRole("button", { name: "Tirar a etiqueta Feira 2026" }).click();
    await page.getByText("Etiqueta tirada").first().waitFor();
    assert.equal(await page.locator(".etiqueta").count(), 0);
  });
});
