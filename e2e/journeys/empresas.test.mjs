// A newcomer in Joinville: the unidade's companies are searched, edited, thrown away, brought back and taken out; a dirty
// spreadsheet is judged and refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { CNPJ } from "../lib/provedores.mjs";
import { picture } from "../lib/picture.mjs";
import { closeBrowser, until, visitor } from "../lib/visitor.mjs";

const planilhas = new URL("../../fixtures/planilhas/", import.meta.url);
const path = (name) => new URL(name, planilhas).pathname;
// A line of the file whose name has accents and whose city is unusual.
const [, , ...lines] = readFileSync(new URL("empresas_2000.csv", planilhas), "utf8").split("\n");
const known = lines.map((line) => line.split(",")).map(([cnpj, nome]) => ({ cnpj, nome })).find(({ nome }) => /ã.*ç|ç.*ã/.test(nome));
/** The CNPJ of twelve digits with the two that check them. */
function cnpj(base) {
  const check = (text) => {
    const sum = [...text].reverse().reduce((sum, digit, at) => sum + Number(digit) * (2 + (at % 8)), 0);
    return `${text}${sum % 11 < 2 ? 0 : 11 - (sum % 11)}`;
  };
  return check(check(base));
}
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "");

describe("empresas", () => {
  let ana;
  const total = async (page) => Number((await page.locator(".page-title .sub").innerText()).replace(/\D/g, "") || 0);
  const names = (page) => page.locator("tbody .name a").allInnerTexts();
  const search = async (text) => {
    await ana.page.getByRole("search").getByRole("searchbox").fill(text);
    await ana.page.waitForURL((url) => (url.searchParams.get("q") ?? "") === text);
    await ana.page.locator("[data-list]:not([aria-busy])").waitFor();
  };

  before(async () => {
    ana = await visitor({ acceptDownloads: true });
  });
  after(closeBrowser);

  test("the one-time link lets in, once", async () => {
    const { page } = ana;
    await page.goto(process.env.SRI_JOINVILLE);
    await ana.inspect("entrada");
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await ana.inspect("inicio");
    const second = await visitor();
    second.expects(404);
    await second.page.goto(process.env.SRI_JOINVILLE);
    await second.page.getByRole("heading", { name: "Este link não funciona mais" }).waitFor();
    await second.inspect("link-usado");
    await second.leave();
  });

  test("the list of the demo is there, on a phone too", async () => {
    const { page } = ana;
    await ana.goto("/empresas");
    assert.ok((await total(page)) >= 1900);
    await ana.inspect("empresas");
    await page.setViewportSize({ width: 360, height: 740 });
    const box = await page.locator("tbody .name").first().boundingBox();
    assert.ok(box.width > 170, `a name has ${box.width} px of a phone`);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("a company is found without its accents and by its CNPJ however it is typed", async () => {
    const { page } = ana;
    await ana.goto("/empresas");
    const all = await total(page);
    const bare = known.cnpj.replace(/\W/g, "");
    for (const typed of [plain(known.nome).toLowerCase(), known.cnpj, bare, bare.slice(0, 8)]) {
      await search(typed);
      const link = page.getByRole("link", { name: known.nome, exact: true });
      await link.waitFor();
      assert.ok((await page.locator("tbody tr").count()) < 25, `${typed} narrows the list`);
    }
    await search("zzz nada disso existe");
    await page.getByRole("heading", { name: "Nada encontrado com estes filtros" }).waitFor();
    await ana.inspect("empresas-nada");
    await page.getByRole("link", { name: "Limpar filtros" }).last().click();
    await page.waitForURL((url) => !url.searchParams.has("q"));
    assert.equal(await total(page), all);
  });

  test("filters, order and page size live in the address", async () => {
    const { page } = ana;
    await ana.goto("/empresas");
    const all = await total(page);
    await page.getByRole("button", { name: "Situação" }).click();
    await page.getByRole("checkbox", { name: "Prospect" }).check();
    await page.waitForURL(/situacao=prospect/);
    await page.keyboard.press("Escape");
    const shown = await page.locator(".pagination-row .num").first().innerText();
    assert.match(shown, /^1–25 de /);
    assert.notEqual(Number(shown.split(" de ")[1].replace(/\D/g, "")), all);
    assert.deepEqual([...new Set(await page.locator("tbody .status").allInnerTexts())], ["Prospect"]);
    await ana.inspect("empresas-filtro");
    await page.getByRole("link", { name: "Empresa", exact: true }).click();
    await page.waitForURL(/ordem|sort|dir/);
    await page.locator("[data-list]:not([aria-busy])").waitFor();
    const one = await names(page);
    await page.getByRole("link", { name: "Empresa", exact: true }).click();
    await until("the other order", async () => JSON.stringify(await names(page)) !== JSON.stringify(one));
    await page.getByRole("link", { name: "100", exact: true }).click();
    await until("a hundred rows", async () => (await page.locator("tbody tr").count()) === 100);
    const before_ = await names(page);
    await page.reload();
    assert.deepEqual(await names(page), before_, "the address brings the same page back");
    await page.getByRole("link", { name: "Próxima página" }).click();
    await until("the second page", async () => (await names(page))[0] !== before_[0]);
    await page.goBack();
    await until("the first page again", async () => (await names(page))[0] === before_[0]);
  });

  test("two people edit one company: the second sees field by field what the first did", async () => {
    const { page } = ana;
    await ana.goto(`/empresas?q=${known.cnpj.replace(/\D/g, "")}`);
    await page.getByRole("link", { name: known.nome, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: known.nome }).waitFor();
    await ana.inspect("empresa");
    await page.getByRole("link", { name: "Editar" }).click();
    await page.getByLabel("Razão social").waitFor();
    await ana.inspect("empresa-editar");
    const other = await ana.tab();
    await other.goto(page.url());
    await page.getByLabel("Nome fantasia").fill("Nome da primeira");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Alterações salvas").waitFor();
    await other.getByLabel("Nome fantasia").fill("Nome da segunda");
    await other.getByLabel("Bairro").fill("Bairro da segunda");
    ana.expects(409);
    await other.getByRole("button", { name: "Salvar", exact: true }).click();
    await other.getByText("Campos em conflito").waitFor();
    await ana.inspect("empresa-conflito", other);
    await other.getByRole("radio", { name: /Nome da segunda/ }).check();
    await other.getByRole("radio", { name: /Bairro da segunda/ }).check();
    await other.getByRole("button", { name: "Salvar", exact: true }).click();
    await other.getByText("Alterações salvas").waitFor();
    await other.getByText("Nome da segunda").first().waitFor();
    await other.getByText("Bairro da segunda").first().waitFor();
    await ana.inspect("empresa-historico", other);
    await other.close();
  });

  test("a form left with typed values asks first; a wrong one keeps what was typed", async () => {
    const { page } = ana;
    await ana.goto("/empresas/nova");
    await page.getByLabel("Razão social").fill("Fábrica de Telhas São João");
    await page.getByLabel("CNPJ").fill("11.222.333/0001-80");
    await page.getByRole("link", { name: "Cancelar" }).click();
    const question = page.getByRole("dialog").filter({ hasText: "ainda não foram salvas" });
    await question.waitFor();
    await ana.examine("leaving question");
    await question.getByRole("button", { name: "Cancelar" }).click();
    ana.expects(422);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText(/precisam? de atenção/).waitFor();
    assert.equal(await page.getByLabel("Razão social").inputValue(), "Fábrica de Telhas São João");
    await ana.inspect("empresa-nova-erros");
    await page.getByLabel("CNPJ").fill("11.222.333/0001-81");
    await page.getByLabel("Situação").selectOption("prospect");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Empresa cadastrada").first().waitFor();
  });

  test("thrown away, it waits in the trash and comes back", async () => {
    const { page } = ana;
    await page.getByRole("button", { name: "Excluir" }).click();
    const question = page.getByRole("dialog").filter({ hasText: "vai para a lixeira" });
    await question.waitFor();
    await ana.examine("deletion question");
    await question.getByRole("button", { name: "Sim, continuar" }).click();
    await page.waitForURL(/\/empresas(\?|$)/);
    await ana.goto("/empresas/lixeira");
    const row = page.getByRole("row", { name: /Fábrica de Telhas São João/ });
    await row.waitFor();
    await ana.inspect("lixeira");
    await row.getByRole("button", { name: "Restaurar" }).click();
    await page.getByText("Restaurado.", { exact: true }).waitFor();
    await ana.goto("/empresas?q=fabrica de telhas sao joao");
    await page.getByRole("link", { name: "Fábrica de Telhas São João" }).waitFor();
    await ana.goto("/empresas/lixeira");
    await page.getByRole("heading", { name: "A lixeira está vazia" }).waitFor();
    await ana.inspect("lixeira-vazia");
  });

  test("the list on screen goes out as XLSX, CSV and PDF", async () => {
    const { page } = ana;
    await ana.goto("/empresas?situacao=prospect");
    const begins = { "Excel (XLSX)": ["PK\x03\x04", 20_000], CSV: ["\uFEFF", 10_000], PDF: ["%PDF-", 10_000] };
    for (const [name, [start, least]] of Object.entries(begins)) {
      await page.getByRole("button", { name: "Exportar" }).click();
      const coming = page.waitForEvent("download");
      await page.getByRole("link", { name, exact: true }).click();
      const download = await coming;
      const bytes = readFileSync(await download.path());
      assert.ok(bytes.length > least, `${name} has ${bytes.length} bytes`);
      assert.ok(bytes.subarray(0, 8).toString(name === "CSV" ? "utf8" : "latin1").startsWith(start), `${name} is of its kind`);
      if (name === "CSV") assert.ok(!/;ativo;/i.test(bytes.toString()), "the filter of the screen holds");
    }
    await page.getByRole("button", { name: "Exportar" }).click();
    await ana.examine("open menu");
    // Searched without a new page, the ways out follow.
    await ana.goto("/empresas");
    await search("metal");
    const shown = await total(page);
    await page.getByRole("button", { name: "Exportar" }).click();
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "CSV", exact: true }).click();
    const lines = readFileSync(await (await coming).path(), "utf8").trim().split("\r\n");
    assert.equal(lines.length - 1, shown, "the file has the rows of the screen");
  });

  test("many are picked by mouse and by key, changed at once, and given back", async () => {
    const { page } = ana;
    const bar = page.locator("[data-picked]");
    const count = async () => (await bar.locator("[data-picked-count]").textContent()).trim();
    const boxes = page.locator("[data-pick]");
    await ana.goto("/empresas?situacao=prospect");
    const all = await total(page);
    assert.ok(all > 30 && all < 10_000, `${all} prospects`);
    assert.equal(await bar.isVisible(), false, "nothing is picked yet");
    await boxes.nth(1).click();
    assert.equal(await count(), "1 selecionada");
    await boxes.nth(5).click({ modifiers: ["Shift"] });
    assert.equal(await count(), "5 selecionadas", "a range with Shift");
    await ana.inspect("empresas-selecao");
    await bar.getByRole("button", { name: "Limpar" }).click();
    await bar.waitFor({ state: "hidden" });

    // By key alone: from a name, with a range, along the boxes, and on to the ways there are.
    await page.locator("a.row-link").nth(0).focus();
    await page.keyboard.press("Space");
    assert.equal(await count(), "1 selecionada");
    await page.locator("a.row-link").nth(2).focus();
    await page.keyboard.press("Shift+Space");
    assert.equal(await count(), "3 selecionadas");
    await boxes.nth(2).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    assert.equal(await count(), "4 selecionadas");
    await page.keyboard.press("Space");
    const picked = (await names(page)).slice(0, 3);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Mudar situação" }).waitFor();
    for (const name of picked) await page.getByRole("listitem").filter({ hasText: name }).first().waitFor();
    await ana.inspect("lote-situacao");
    ana.expects(422);
    await page.getByRole("button", { name: "Mudar situação de 3 empresas" }).click();
    await page.getByText("Preencha este campo.").waitFor();
    await page.getByLabel("Nova situação").selectOption("inativo");
    await page.getByRole("button", { name: "Mudar situação de 3 empresas" }).click();
    await page.getByText("3 empresas alteradas.").waitFor();
    assert.equal(await total(page), all - 3, "back in the list they left");
    await ana.inspect("lote-feito");
    // The way back is still there when the page is asked for again.
    await page.reload();
    await page.getByRole("button", { name: "Desfazer" }).click();
    await page.getByText("3 empresas voltaram ao que eram.").waitFor();
    assert.equal(await total(page), all);

    // All of the page, then all of the filter; one row less is no longer all.
    await page.getByRole("checkbox", { name: "Selecionar todas as linhas desta página" }).check();
    assert.equal(await count(), "25 selecionadas");
    await bar.getByRole("checkbox", { name: /^Selecionar todas as [\d.]+ deste filtro$/ }).check();
    assert.equal((await count()).replace(/\D/g, ""), String(all));
    await boxes.nth(3).uncheck();
    assert.equal(await count(), "24 selecionadas");
    await boxes.nth(3).check();
    await bar.getByRole("checkbox", { name: /deste filtro$/ }).check();
    await bar.getByRole("button", { name: "Exportar seleção" }).click();
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV", exact: true }).click();
    const lines = readFileSync(await (await coming).path(), "utf8").trim().split("\r\n");
    assert.equal(lines.length - 1, all, "the file has the whole filter");
    await bar.getByRole("button", { name: "Mover para a lixeira" }).click();
    await page.getByRole("heading", { level: 1, name: "Mover para a lixeira" }).waitFor();
    assert.ok(!new URL(page.url()).searchParams.has("id"), "the filter goes, not the rows on screen");
    await ana.inspect("lote-lixeira");
    await page.getByRole("button", { name: /^Mover [\d.]+ empresas para a lixeira$/ }).click();
    await page.getByText(/empresas foram para a lixeira\./).waitFor();
    await page.getByRole("button", { name: "Desfazer" }).click();
    await page.getByText(/empresas voltaram ao que eram\./).waitFor();
    assert.equal(await total(page), all);
  });

  test("many are changed without script", async () => {
    const plain_ = await visitor({ javaScriptEnabled: false, storageState: await ana.context.storageState() });
    const { page } = plain_;
    await page.goto(new URL("/empresas?situacao=prospect", ana.page.url()).href);
    await page.getByRole("button", { name: "Atribuir responsável" }).click();
    await page.getByText("Selecione pelo menos uma empresa.").waitFor();
    await page.locator("[data-pick]").nth(0).check();
    await page.locator("[data-pick]").nth(2).check();
    await page.getByRole("button", { name: "Atribuir responsável" }).click();
    await page.getByLabel("Novo responsável").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Atribuir responsável a 2 empresas" }).click();
    await page.getByText(/empresas? alteradas?\.|Nada mudou\./).waitFor();
    await plain_.leave();
  });

  test("columns and density are as the person likes them, and come back", async () => {
    const { page } = ana;
    await ana.goto("/empresas");
    const heading = page.getByRole("columnheader", { name: "Porte" });
    const menu = page.locator("#m-columns");
    await heading.waitFor();
    const tall = (await page.locator("tbody tr").first().boundingBox()).height;
    // By key: opened, walked down to the third box, emptied, and on to the last one.
    await page.getByRole("button", { name: "Colunas" }).focus();
    await page.keyboard.press("ArrowDown");
    for (const key of ["ArrowDown", "ArrowDown", "Space"]) await page.keyboard.press(key);
    assert.equal(await menu.getByRole("checkbox", { name: "Porte" }).isChecked(), false);
    await menu.getByRole("checkbox", { name: "Linhas compactas" }).check();
    await ana.inspect("colunas");
    await menu.getByRole("button", { name: "Aplicar" }).click();
    await page.getByText("Lista mostrada como você escolheu.").waitFor();
    assert.equal(await heading.count(), 0);
    assert.ok((await page.locator("tbody tr").first().boundingBox()).height < tall, "rows stand closer");
    await ana.inspect("empresas-compacta");
    await ana.goto("/empresas?uf=SC");
    assert.equal(await heading.count(), 0, "it stays so");
    await page.getByRole("button", { name: "Colunas" }).click();
    await menu.getByRole("button", { name: "Voltar ao padrão" }).click();
    await heading.waitFor();
    assert.match(page.url(), /uf=SC/, "the filter stays");
  });

  test("a list is kept under a name", async () => {
    const { page } = ana;
    await ana.goto("/empresas");
    await search("metal");
    await page.getByRole("button", { name: "Visões" }).click();
    await page.getByLabel("Guardar esta visão").fill("Os metais");
    await page.getByLabel("Para todos da unidade").check();
    await ana.inspect("visoes");
    await page.getByRole("button", { name: "Guardar", exact: true }).click();
    await page.getByText("Visão guardada.").waitFor();
    await ana.goto("/empresas");
    await page.getByRole("button", { name: "Visões" }).click();
    await page.getByRole("link", { name: "Os metais" }).click();
    await page.waitForURL(/q=metal/);
    await page.getByRole("button", { name: "Visões" }).click();
    await page.getByRole("button", { name: "Esquecer a visão Os metais" }).click();
    await page.getByText("Visão esquecida.").waitFor();
  });

  test("a dirty file is judged as its manifest says, and thrown away nothing of it stays", async () => {
    const { page } = ana;
    const manifest = JSON.parse(readFileSync(new URL("sujo_500.manifest.json", planilhas), "utf8"));
    const of = (...kinds) => kinds.reduce((sum, kind) => sum + manifest.counts[kind], 0);
    await ana.goto("/empresas");
    const had = await total(page);
    await ana.goto("/empresas/importar");
    await page.getByLabel("Escolha a planilha").setInputFiles(path("sujo_500.xlsx"));
    await page.getByRole("button", { name: "Enviar" }).click();
    await page.getByRole("button", { name: "Ver a prévia" }).click();
    await page.getByText("Nada foi gravado ainda").waitFor();
    const tab = async (name) => Number((await page.getByRole("navigation", { name: /./ }).getByRole("link", { name: new RegExp(`^${name}`) }).innerText()).replace(/\D/g, ""));
    const refused = of("cnpj_invalid", "nome_ausente", "data_errada", "uf_errada", "merged_covered");
    const told = await tab("Recusadas");
    // A formula is refused or kept as mere text, by the column it is in.
    assert.ok(told >= refused && told <= refused + of("formula"), `${told} refused`);
    assert.equal(await tab("Repetidas"), of("dup_in_file"));
    assert.equal(await tab("Todas"), manifest.rows - of("blank"));
    await page.getByRole("link", { name: /^Recusadas/ }).click();
    await page.getByText("A célula tem uma fórmula").first().waitFor();
    await ana.inspect("importacao-problemas");
    await page.getByRole("button", { name: "Descartar" }).click();
    await page.getByText("Arquivo descartado").first().waitFor();
    await ana.goto("/empresas");
    assert.equal(await total(page), had);
  });

  // U-10
  test("a wrong import is undone: what somebody touched since stays and is named", async () => {
    const { page } = ana;
    const csv = (...lines) => ({ name: "correcoes.csv", mimeType: "text/csv", buffer: Buffer.from(["CNPJ;Razão social", ...lines].join("\n")) });
    const upload = async (file) => {
      await ana.goto("/empresas/importar");
      await page.getByLabel("Escolha a planilha").setInputFiles(file);
      await page.getByRole("button", { name: "Enviar" }).click();
      await page.getByRole("button", { name: "Ver a prévia" }).waitFor();
    };
    await ana.goto("/empresas");
    const had = await total(page);

    // Our own template needs no telling what its columns are.
    await ana.goto("/empresas/importar");
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Baixar modelo" }).click();
    const download = await coming;
    await upload({ name: download.suggestedFilename(), mimeType: "application/octet-stream", buffer: readFileSync(await download.path()) });
    const fields = await page.locator("select[name=coluna]").evaluateAll((all) => all.map((select) => select.value));
    assert.ok(fields.length >= 25 && !fields.includes("-"), `${fields}`);
    await page.getByRole("button", { name: "Descartar" }).click();
    await page.getByText("Arquivo descartado").first().waitFor();

    await upload(csv(`${known.cnpj};Nome errado`, `${cnpj("700000000001")};Fica Ltda`, `${cnpj("700000010001")};Some Ltda`));
    await page.getByLabel("Cadastrar as novas e atualizar as que já existem").check();
    await page.getByRole("button", { name: "Ver a prévia" }).click();
    await page.getByRole("button", { name: "Gravar 3 empresas" }).click();
    await page.getByText("2 empresas cadastradas. 1 atualizada.").waitFor();
    await ana.inspect("importacao-concluida");
    await ana.goto("/empresas?q=fica ltda");
    await page.getByRole("link", { name: "Fica Ltda", exact: true }).click();
    await page.getByRole("link", { name: "Editar" }).click();
    await page.getByLabel("Bairro").fill("Centro");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Alterações salvas").waitFor();

    await ana.goto("/empresas/importacoes");
    await ana.inspect("importacoes-desfazer");
    await page.getByRole("link", { name: "Desfazer a importação de correcoes.csv" }).click();
    await page.getByText("1 empresa que ela cadastrou vai para a lixeira.").waitFor();
    await page.getByText("1 empresa que ela atualizou volta ao que era.").waitFor();
    await page.getByText("1 foi alterada ou usada depois e fica como está.").waitFor();
    const kept = page.getByRole("row", { name: /Fica Ltda/ });
    await kept.getByText("Alterada depois").waitFor();
    await ana.inspect("importacao-desfazer");
    await page.getByRole("button", { name: "Desfazer importação" }).click();
    await page.getByText("Importação desfeita.").waitFor();
    await page.getByText(/^Desfeita por/).waitFor();
    await kept.getByRole("link", { name: "Fica Ltda" }).waitFor();
    await ana.inspect("importacao-desfeita");
    await ana.goto("/empresas/importacoes");
    await page.getByRole("row", { name: /correcoes\.csv/ }).getByText("Desfeita").waitFor();

    await ana.goto("/empresas");
    assert.equal(await total(page), had + 1, "but for the one that somebody touched");
    await search(known.cnpj);
    await page.getByRole("link", { name: known.nome, exact: true }).click();
    await page.getByText("Voltou ao que era: a importação de correcoes.csv foi desfeita").waitFor();
    await page.getByText("Nome errado").first().waitFor();
    await ana.goto("/empresas/lixeira");
    await page.getByRole("row", { name: /Some Ltda/ }).getByRole("button", { name: "Restaurar" }).waitFor();
  });

  test("people of a company are kept with their area, changed, taken off and brought back", async () => {
    const { page } = ana;
    await ana.goto("/empresas?q=fabrica de telhas sao joao");
    await page.getByRole("link", { name: "Fábrica de Telhas São João" }).click();
    const contacts = page.locator("section.panel", { has: page.getByRole("heading", { name: "Contatos" }) });
    await contacts.getByText("Acrescente quem atende").waitFor();
    await contacts.getByRole("link", { name: "Acrescentar" }).click();
    await page.getByLabel("Nome").fill("Sueli Ramos");
    await page.getByLabel("Área").selectOption("rh");
    await page.getByLabel("E-mail").fill("sueli@");
    ana.expects(422);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Um campo precisa de atenção").waitFor();
    await ana.inspect("contato-recusado");
    await page.getByLabel("Telefone").fill("47999990001");
    await page.getByLabel("E-mail").fill("sueli@telhas.example");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Contato acrescentado.").waitFor();
    await contacts.getByRole("link", { name: "(47) 99999-0001" }).waitFor();
    await contacts.getByText("RH").waitFor();
    await ana.inspect("empresa-contatos");
    await contacts.getByRole("link", { name: "Sueli Ramos", exact: true }).click();
    await page.getByLabel("Cargo").fill("Gerente");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Contato alterado.").waitFor();
    await contacts.getByRole("link", { name: "Sueli Ramos", exact: true }).click();
    await page.getByRole("button", { name: "Excluir contato" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Sueli Ramos saiu dos contatos.").waitFor();
    await page.getByRole("button", { name: "Desfazer" }).click();
    await contacts.getByRole("link", { name: "Sueli Ramos", exact: true }).waitFor();
  });

  test("documents are kept in folders, looked at inside, replaced and brought back; a disguise is refused", async () => {
    const { page } = ana;
    await ana.goto("/empresas?q=fabrica de telhas sao joao");
    await page.getByRole("link", { name: "Fábrica de Telhas São João" }).click();
    await page.getByRole("link", { name: "Documentos" }).click();
    await page.getByRole("heading", { name: "Nenhum documento ainda" }).waitFor();
    await ana.inspect("documentos-vazio");
    const photo = { name: "Fachada ção.png", mimeType: "image/png", buffer: picture(64, 48, [22, 65, 148]) };
    const notes = { name: "ata.txt", mimeType: "text/plain", buffer: Buffer.from("Reunião de 12/11\n") };
    await page.getByLabel("Pasta").fill("Visitas");
    await page.locator("input[type=file]").setInputFiles([photo, notes]);
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    await page.getByRole("link", { name: "Fachada ção.png", exact: true }).waitFor();
    await page.getByRole("link", { name: "ata.txt", exact: true }).waitFor();
    // As it arrives: what was picked and sent has moved the page that it was sent from.
    await page.reload();
    await ana.inspect("documentos");
    const disguised = { name: "contrato.pdf", mimeType: "application/pdf", buffer: Buffer.from("MZ\x90\x00 not a contract") };
    ana.expects(422);
    await page.locator("input[type=file]").setInputFiles([disguised]);
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    await page.getByText(/contrato\.pdf/).first().waitFor();
    await ana.examine("refused document");
    await ana.goto(new URL(page.url()).pathname);
    await page.getByRole("link", { name: "Fachada ção.png", exact: true }).click();
    const inside = await page.context().newPage();
    const shown = await inside.goto(new URL(await page.getByRole("link", { name: "Abrir" }).getAttribute("href"), page.url()).href);
    assert.equal(shown.status(), 200);
    assert.match(shown.headers()["content-security-policy"], /sandbox/);
    await inside.close();
    await ana.inspect("documento");
    await page.locator("input[type=file]").setInputFiles([{ ...photo, buffer: picture(80, 60, [232, 73, 16]) }]);
    await page.getByRole("button", { name: "Enviar nova versão" }).click();
    await page.getByText("Versão 2").first().waitFor();
    await page.getByRole("button", { name: "Excluir" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Documento na lixeira.").waitFor();
    await page.getByRole("link", { name: "Lixeira" }).click();
    await page.getByRole("button", { name: "Restaurar" }).click();
    await page.getByText("Documento restaurado.").waitFor();
  });

  test("the list of segments is kept: added, renamed, merged, deleted when nobody has it", async () => {
    const { page } = ana;
    await ana.goto("/configuracoes");
    await ana.inspect("configuracoes");
    await page.getByRole("main").getByRole("link", { name: /^Segmentos/ }).click();
    await page.getByLabel("Novo segmento").fill("Aeroespacial");
    await page.getByRole("button", { name: "Acrescentar" }).click();
    await page.getByText("Segmento acrescentado.").waitFor();
    await page.getByLabel("Novo segmento").fill("aeroespaciál");
    ana.expects(422);
    await page.getByRole("button", { name: "Acrescentar" }).click();
    await page.getByText("Este nome já está na lista").first().waitFor();
    await ana.inspect("segmentos");
    await page.getByRole("link", { name: "Aeroespacial" }).click();
    await page.getByLabel("Nome").fill("Aeronáutico");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Segmento alterado.").waitFor();
    const used = page.getByRole("row", { name: /Naval/ });
    await used.getByRole("link", { name: "Naval" }).click();
    await ana.inspect("segmento");
    await page.getByLabel("Segmento que fica").selectOption({ label: "Aeronáutico" });
    await page.getByRole("button", { name: "Mesclar com outro" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Segmentos mesclados.").waitFor();
    assert.equal(await page.getByRole("link", { name: "Naval" }).count(), 0);
  });

  test("an activity is found by its words, proposes the segment and opens its companies", async () => {
    const { page } = ana;
    await ana.goto("/empresas/nova");
    const cnae = page.getByLabel("CNAE");
    await cnae.fill("METALICAS estruturas");
    await page.locator('#cnaes option[value="2511-0/00"]').waitFor({ state: "attached" });
    await cnae.fill("");
    await cnae.pressSequentially("2511-0/00");
    await page.getByText("Fabricação de estruturas metálicas", { exact: true }).waitFor();
    await page.getByText("Sugerido pelo CNAE.").waitFor();
    const segmento = page.getByLabel("Segmento");
    assert.equal(await segmento.evaluate((select) => select.selectedOptions[0].label), "Metalmecânica");
    await ana.inspect("empresa-cnae");
    await page.getByRole("button", { name: "Desfazer" }).click();
    assert.equal(await segmento.inputValue(), "");
    await page.evaluate(() => document.querySelector("form[data-guard]").reset());

    await ana.goto("/configuracoes/cnaes");
    await ana.inspect("cnaes");
    await page.getByRole("link", { name: "Indústrias de transformação" }).click();
    await page.getByRole("heading", { name: "C Indústrias de transformação" }).waitFor();
    const metal = page.getByRole("row", { name: /^25 Fabricação de produtos de metal/ });
    const companies = metal.getByRole("link", { name: /^[0-9.]+$/ });
    const count = Number((await companies.innerText()).replace(/\D/g, ""));
    await companies.click();
    await page.getByRole("link", { name: /25 Fabricação de produtos de metal/ }).waitFor();
    assert.equal(await total(page), count);
    await ana.goto("/configuracoes/cnaes?q=zzz");
    await page.getByText("Nada encontrado com estes filtros").waitFor();
  });

  // S0-18.2
  test("a company is registered by its CNPJ: what was empty is filled and marked, what was typed stays", async () => {
    const { page } = ana;
    await ana.goto("/empresas/nova");
    await page.getByLabel("Bairro").fill("Centro");
    await page.getByLabel("CNPJ").fill(CNPJ.known);
    await page.getByLabel("CNPJ").press("Tab");
    await page.getByText("Dados da Receita Federal de 10/11/2026, por ReceitaWS.").waitFor();
    const value = (label) => page.getByLabel(label, { exact: true }).inputValue();
    const name = page.getByLabel("Razão social");
    assert.equal(await name.inputValue(), "TECELAGEM 3301 LTDA");
    assert.deepEqual([await value("Município"), await value("UF"), await value("Porte"), await value("CNAE")], ["Joinville", "SC", "epp", "1321-9/00"]);
    assert.equal(await value("Bairro"), "Centro", "what was typed stays");
    await ana.inspect("empresa-consulta");
    const field = (label) => page.locator(".field", { has: page.getByLabel(label, { exact: true }) });
    await field("Nome fantasia").getByRole("button", { name: "Desfazer" }).click();
    assert.equal(await value("Nome fantasia"), "");
    await field("Bairro").getByRole("button", { name: "Usar" }).click();
    assert.equal(await value("Bairro"), "ZONA INDUSTRIAL NORTE");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Empresa cadastrada.").waitFor();
    await page.locator(".page-header").getByText("Receita: Ativa").waitFor();
    await page.getByRole("button", { name: "Consultar de novo" }).click();
    await page.getByText("Situação na Receita Federal atualizada.").waitFor();
    await ana.inspect("empresa-receita");
  });

  test("a lookup that must wait says where it stands and fills the form when it comes", async () => {
    const page = await ana.tab();
    await page.goto(new URL("/empresas/nova", ana.page.url()).href);
    await page.getByLabel("CNPJ").fill(CNPJ.later);
    await page.getByRole("button", { name: "Buscar dados do CNPJ" }).click();
    await page.getByText(/^1º da fila, cerca de \d+ s/).waitFor();
    await page.getByLabel("Contato", { exact: true }).fill("Eduardo Lange");
    await page.getByText("Dados da Receita Federal").waitFor({ timeout: 20_000 });
    assert.equal(await page.getByLabel("Razão social").inputValue(), "TECELAGEM 6070 LTDA");
    assert.equal(await page.getByLabel("Contato", { exact: true }).inputValue(), "Eduardo Lange");
    await page.close();
  });

  test("whatever the provider says, the form can be filled in by hand", async () => {
    const { page } = ana;
    await ana.goto("/empresas/nova");
    for (const [cnpj, text] of [[CNPJ.unknown, "A Receita Federal não conhece este CNPJ."], [CNPJ.broken, "A consulta não está disponível agora."]]) {
      await page.getByLabel("CNPJ").fill(cnpj);
      await page.getByRole("button", { name: "Buscar dados do CNPJ" }).click();
      await page.getByText(text).waitFor();
    }
    await page.getByLabel("CNPJ").fill("11.222.333/0001-82");
    await page.getByRole("button", { name: "Buscar dados do CNPJ" }).click();
    await page.locator("[data-status=cnpj]").getByText(/confira os dois últimos/).waitFor();
    await page.getByLabel("CNPJ").fill(CNPJ.broken);
    await page.getByLabel("Razão social").fill("Feita à mão");
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByText("Empresa cadastrada.").waitFor();
    await page.getByText("Nunca consultada").waitFor();
  });

  test("a CEP fills the address", async () => {
    const page = await ana.tab();
    await page.goto(new URL("/empresas/nova", ana.page.url()).href);
    await page.getByLabel("CEP").fill("89219600");
    await page.getByLabel("CEP").press("Tab");
    await page.getByText("Endereço do CEP.").waitFor();
    assert.equal(await page.getByLabel("Logradouro").inputValue(), "Rua Dona Francisca");
    assert.equal(await page.getByLabel("Município").inputValue(), "Joinville");
    await page.close();
  });

  test("without script the button shows the form filled", async () => {
    const plain_ = await visitor({ javaScriptEnabled: false, storageState: await ana.context.storageState() });
    const { page } = plain_;
    await page.goto(new URL("/empresas/nova", ana.page.url()).href);
    await page.getByLabel("CNPJ").fill(CNPJ.closed);
    await page.getByLabel("Bairro").fill("Centro");
    await page.getByRole("button", { name: "Buscar dados do CNPJ" }).click();
    await page.getByText("Dados da Receita Federal").waitFor();
    assert.equal(await page.getByLabel("Razão social").inputValue(), "TECELAGEM 4572 LTDA");
    assert.equal(await page.getByLabel("Bairro").inputValue(), "Centro");
    await page.getByLabel("Razão social").press("Enter");
    await page.getByRole("heading", { level: 1, name: "TECELAGEM 4572 LTDA" }).waitFor();
    await page.locator(".page-header").getByText("Receita: Baixada").waitFor();
    await page.goto(new URL("/empresas?q=45723174", ana.page.url()).href);
    await page.locator("tbody").getByText("Baixada").waitFor();
    await plain_.leave();
  });

  test("the command palette opens by key and finds a company", async () => {
    const { page } = ana;
    await page.keyboard.press("Control+K");
    const palette = page.getByRole("dialog", { name: "Buscar ou ir para" });
    await palette.waitFor();
    await palette.getByRole("combobox").fill("telhas sao joao");
    await palette.getByRole("option", { name: /Fábrica de Telhas São João/ }).waitFor();
    await ana.examine("palette");
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/paleta.png` });
    await palette.getByRole("combobox").press("Enter");
    await page.getByRole("heading", { name: "Fábrica de Telhas São João" }).waitFor();
    await ana.goto("/busca?q=metal");
    await page.getByRole("main").getByRole("link", { name: /Ver todos os/ }).waitFor();
    await ana.inspect("busca");
    await page.getByRole("main").getByRole("link", { name: /Ver todos os/ }).click();
    await page.waitForURL(/\/empresas\?q=metal/);
    await ana.leave();
  });
});
