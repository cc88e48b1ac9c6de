// Two spreadsheets into Blumenau at once: cells set right and duplicates decided where they stand, two people at one preview,
// what stays out taken home, a large export made in the background, and all of it undone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { entryLink } from "../lib/operator.mjs";
import { closeBrowser, until, visitor } from "../lib/visitor.mjs";

const planilhas = new URL("../../fixtures/planilhas/", import.meta.url);
const path = (name) => new URL(name, planilhas).pathname;
/** Stands in the dirty file. */
const THERE = "89.763.569/0001-12";

describe("importar", () => {
  let ivo;
  let previa = "";
  const tab = async (name) => Number((await ivo.page.locator(".tabs").getByRole("link", { name: new RegExp(`^${name}`) }).innerText()).replace(/\D/g, ""));
  const show = async (name) => {
    await ivo.page.locator(".tabs").getByRole("link", { name: new RegExp(`^${name}`) }).click();
    await ivo.page.locator(".tabs a[aria-current]", { hasText: name }).waitFor();
    await ivo.page.locator("[data-list]:not([aria-busy])").waitFor();
  };
  const told = (text) => ivo.page.locator("#toasts").getByText(text).last().waitFor();

  before(async () => {
    ivo = await visitor({ acceptDownloads: true });
    const { page } = ivo;
    await page.goto(entryLink("blumenau", "ivo@blumenau.example", "Ivo Lopes"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await ivo.goto("/empresas/nova");
    await page.getByLabel("Razão social").fill("Já cadastrada antes");
    await page.getByLabel("CNPJ").fill(THERE);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Já cadastrada antes" }).waitFor();
  });
  after(closeBrowser);

  // S3-2.27
  test("two files sent at once are read one after the other", async () => {
    const { page } = ivo;
    await ivo.goto("/empresas/importar");
    await ivo.inspect("importar-varios");
    await page.getByLabel("Escolha a planilha").setInputFiles([path("sujo_500.xlsx"), path("empresas_2000.csv")]);
    await page.getByRole("button", { name: "Enviar" }).click();
    await page.waitForURL((url) => url.pathname === "/empresas/importacoes");
    // The page draws itself anew as each of them has been read.
    const rows = () => page.locator("tbody tr").allInnerTexts().catch(() => []);
    const read = (all) => all.filter((row) => /(sujo_500|empresas_2000)[^]*Aguarda confirmação/.test(row)).length === 2;
    for (const end = Date.now() + 40_000; !read(await rows()); await page.waitForTimeout(200)) {
      assert.ok(Date.now() < end, (await rows()).join("\n"));
    }
    await page.getByText("2 importações suas ainda não terminaram.").waitFor();
    await ivo.inspect("importacoes-na-fila");
    await page.getByRole("link", { name: "sujo_500.xlsx", exact: true }).click();
    await page.getByText("Nada foi gravado ainda").waitFor();
    previa = new URL(page.url()).pathname;
  });

  // S0-8.5, S0-8.6
  test("a wrong cell is set right where it stands, with the keyboard alone", async () => {
    const { page } = ivo;
    const refused = await tab("Recusadas");
    await show("Recusadas");
    await ivo.inspect("previa-recusadas");
    const cell = page.getByLabel(/Data de fundação|Fundação/).first();
    await cell.fill("31/02/2010");
    await cell.press("Enter");
    await told("A linha ainda tem problemas.");
    assert.equal(await tab("Recusadas"), refused);
    await page.getByLabel(/Data de fundação|Fundação/).first().fill("10/05/2010");
    await page.getByLabel(/Data de fundação|Fundação/).first().press("Enter");
    await told("Linha pronta para importar.");
    await until("one less is refused", async () => (await tab("Recusadas")) === refused - 1);
    await show("Corrigidas");
    await page.getByText(/^No arquivo:/).first().waitFor();
    await ivo.inspect("previa-corrigida");
  });

  test("a whole row is set right on its own page, and leads on to the next", async () => {
    const { page } = ivo;
    await show("Recusadas");
    const first = page.getByRole("link", { name: /^Abrir a linha \d+ inteira/ }).first();
    const number = (await first.innerText()).trim();
    await first.click();
    await page.getByRole("heading", { level: 2, name: new RegExp(`^Linha ${number}`) }).waitFor();
    // One types at once: the first cell with a problem is where the keys go.
    assert.match(await page.evaluate(() => document.activeElement?.getAttribute("name") ?? ""), /^c\d+$/);
    await ivo.inspect("previa-linha");
    await page.getByRole("button", { name: "Conferir linha" }).press("Enter");
    await told("A linha ainda tem problemas.");
    await page.getByRole("link", { name: "Próxima linha" }).click();
    await page.waitForURL((url) => !url.pathname.endsWith(`/${number}`));
    await page.getByRole("link", { name: "Voltar à lista" }).click();
    await page.getByText("Nada foi gravado ainda").waitFor();
  });

  test("a duplicate is decided for itself, and of two rows the other one counts", async () => {
    const { page } = ivo;
    await show("Já cadastradas");
    await page.getByText(/diferenças? do cadastro/).first().click();
    await ivo.inspect("previa-duplicadas");
    await page.getByLabel(/^O que fazer com a linha \d/).first().selectOption({ label: "Preencher só os campos vazios" });
    await told("Escolha guardada.");
    await page.getByText(/1 será atualizada/).waitFor();
    await show("Repetidas");
    const [repeated, fresh] = [await tab("Repetidas"), await tab("Novas")];
    await page.getByRole("button", { name: /^Usar esta linha/ }).first().click();
    await told(/Linha pronta para importar|A linha/);
    assert.deepEqual([await tab("Repetidas"), await tab("Novas")], [repeated, fresh], "one for the other");
  });

  test("nobody confirms what they have not seen", async () => {
    const { page } = ivo;
    const second = await ivo.tab();
    await second.goto(new URL(previa, page.url()).href);
    await ivo.goto(`${previa}?situacao=recusada`);
    const cell = page.getByLabel(/Data de fundação|Fundação/).first();
    await cell.fill("11/05/2010");
    await cell.press("Enter");
    await told("Linha pronta para importar.");
    await second.getByRole("button", { name: /^Gravar/ }).click();
    await second.getByText("A prévia mudou desde que você a abriu. Confira e confirme de novo.").waitFor();
    await second.getByText("Nada foi gravado ainda").waitFor();
    await second.close();
  });

  // S0-8.7
  test("the result tells what came in, who set what right and what stayed out", async () => {
    const { page } = ivo;
    await ivo.goto(previa);
    await page.getByRole("button", { name: /^Gravar/ }).click();
    await page.getByText(/empresas cadastradas\. 1 atualizada\./).waitFor();
    await page.getByRole("heading", { name: "Correções e escolhas feitas na prévia" }).waitFor();
    await page.getByText(/Ivo Lopes ·/).first().waitFor();
    await ivo.inspect("importacao-resultado");
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: /ficam de fora, com o motivo/ }).click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), "linhas-de-fora.xlsx");
    assert.equal(readFileSync(await download.path()).subarray(0, 2).toString(), "PK");
    await ivo.goto("/empresas?q=89763569000112");
    await page.getByRole("link", { name: "Já cadastrada antes" }).waitFor();

    await ivo.goto(previa);
    await page.getByRole("link", { name: "Próxima da fila: empresas_2000.csv" }).click();
    await page.getByRole("button", { name: /^(Ver a prévia|Gravar)/ }).waitFor();
    const columns = page.getByRole("button", { name: "Ver a prévia" });
    if (await columns.isVisible()) await columns.click();
    await page.getByRole("button", { name: /^Gravar/ }).click();
    await page.getByText(/empresas cadastradas\./).waitFor();
  });

  test("a large file is written in the background, and its page may be left", async () => {
    const { page } = ivo;
    const digits = (text, weights) => {
      const sum = weights.reduce((total, weight, i) => total + weight * Number(text[i]), 0) % 11;
      return text + (sum < 2 ? 0 : 11 - sum);
    };
    const cnpj = (n) => {
      const base = `${String(30_000_000 + n)}0001`;
      const one = digits(base, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
      return digits(one, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    };
    const rows = Array.from({ length: 10_001 }, (_, n) => `${cnpj(n)};Grande ${n};${n === 0 ? "Muito grande" : ""}`);
    await ivo.goto("/empresas/importar");
    await page.getByLabel("Escolha a planilha").setInputFiles({
      name: "grande.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(["CNPJ;Razão social;Etiquetas", ...rows, ""].join("\n")),
    });
    await page.getByRole("button", { name: "Enviar" }).click();
    await page.getByRole("button", { name: "Ver a prévia" }).click();
    await page.getByText("10.001 empresas serão cadastradas.").waitFor();
    await page.getByText("1 etiqueta será criada").waitFor();
    // The page goes on to its end by itself: it waits for that until it was looked at.
    await page.route(/importacoes\/[^/]+\/events$/, () => {});
    await page.getByRole("button", { name: /^Gravar/ }).click();
    const done = page.getByText("10.001 empresas cadastradas.");
    const writing = page.getByText("As empresas estão sendo gravadas.");
    await done.or(writing).first().waitFor();
    if (await writing.isVisible()) await ivo.inspect("importacao-gravando");
    const place = new URL(page.url()).pathname;
    await ivo.goto("/empresas");
    await page.unrouteAll();
    await ivo.goto(place);
    await done.waitFor({ timeout: 60_000 });
    await ivo.inspect("importacao-gravada");
    await page.getByRole("link", { name: "Desfazer importação" }).click();
    await page.getByRole("button", { name: "Desfazer importação" }).click();
    await page.getByText(/^Desfeita por/).waitFor({ timeout: 60_000 });
  });

  // U-11, S0-9.4
  test("a large export is made in the background, found again and taken", async () => {
    const { page } = ivo;
    await ivo.goto("/empresas?situacao=ativo");
    await page.getByRole("button", { name: "Exportar" }).click();
    await page.getByRole("link", { name: "Escolher o que exportar…" }).click();
    await page.getByLabel(/^Só os filtros aplicados/).waitFor();
    await page.getByLabel(/^Tudo o que você pode ver/).check();
    await page.getByLabel("PDF").check();
    await ivo.inspect("exportar");
    await page.getByRole("button", { name: "Exportar", exact: true }).last().click();
    await page.waitForURL((url) => url.pathname.startsWith("/empresas/exportacoes/"));
    await ivo.goto("/empresas/exportacoes");
    await until("it is ready", async () => {
      await page.reload();
      return (await page.getByRole("row").getByText("Pronta").count()) === 1;
    });
    await ivo.inspect("exportacoes");
    await page.getByRole("link", { name: /^empresas-.*\.pdf$/ }).click();
    await page.getByText("Disponível até").waitFor();
    await ivo.inspect("exportacao-pronta");
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Baixar", exact: true }).click();
    const download = await coming;
    assert.match(download.suggestedFilename(), /^empresas-blumenau-.*\.pdf$/);
    assert.equal(readFileSync(await download.path()).subarray(0, 5).toString(), "%PDF-");
  });

  // U-10
  test("both are undone, and what was filled is open again", async () => {
    const { page } = ivo;
    for (const file of ["empresas_2000.csv", "sujo_500.xlsx"]) {
      await ivo.goto("/empresas/importacoes");
      await page.getByRole("link", { name: `Desfazer a importação de ${file}` }).click();
      await page.getByRole("button", { name: "Desfazer importação" }).click();
      await page.getByText(/^Desfeita por/).waitFor();
    }
    await ivo.goto("/empresas?q=89763569000112");
    await page.getByRole("link", { name: "Já cadastrada antes" }).click();
    await page.getByRole("heading", { level: 1, name: "Já cadastrada antes" }).waitFor();
  });
});
