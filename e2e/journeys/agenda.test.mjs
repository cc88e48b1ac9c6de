// A coordenadora's week in the calendar: an empty hour becomes a visita, which is dragged, put back, seen to clash, and read by her telephone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { tabTo } from "../lib/keyboard.mjs";
import { createUnidade, entryLink } from "../lib/operator.mjs";
import { CNPJ } from "../lib/provedores.mjs";
import { closeBrowser, until, visitor } from "../lib/visitor.mjs";

const NOME = "Fecularia Ascurra";

/** Wednesday of next week, as the unidade's calendar has it, and the days beside it. */
function days() {
  const today = new Date(`${new Intl.DateTimeFormat("en-CA", { timeZone: "America/Sao_Paulo" }).format(new Date())}T12:00:00Z`);
  const at = (n) => new Date(today.getTime() + n * 86_400_000).toISOString().slice(0, 10);
  const wednesday = 10 - today.getUTCDay();
  return { tuesday: at(wednesday - 1), wednesday: at(wednesday), thursday: at(wednesday + 1) };
}

describe("agenda", () => {
  const { tuesday, wednesday, thursday } = days();
  let helga, page;
  before(async () => {
    createUnidade("ascurra", "1.97", "SENAI Ascurra", "Ascurra", "chefe@ascurra.example");
    helga = await visitor();
    ({ page } = helga);
    await page.goto(entryLink("ascurra", "helga@ascurra.example", "Helga Moretto"));
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("navigation", { name: "Navegação principal" }).waitFor();
    await helga.goto("/empresas/nova");
    await page.getByLabel("Razão social").fill(NOME);
    await page.getByLabel("CNPJ").fill(CNPJ.unlisted);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: NOME }).waitFor();
  });
  after(closeBrowser);

  const event = (text = NOME) => page.locator(".fc-event", { hasText: text });
  const cell = (day) => page.locator(`.fc-daygrid-day[data-date="${day}"]`);
  const column = (day) => page.locator(`.fc-timegrid-col[data-date="${day}"]`);
  const hour = (time) => page.locator(`.fc-timegrid-slot-lane[data-time="${time}:00"]`);

  /** As a hand does it: pressed, moved in steps, let go. */
  async function drag(from, x, y) {
    const box = await from.boundingBox();
    const { mouse } = from.page();
    await mouse.move(box.x + box.width / 2, box.y + 8);
    await mouse.down();
    await mouse.move(x, y, { steps: 12 });
    await mouse.up();
  }
  /** Into the middle of a column of the week, at the top of an hour. */
  async function dragTo(from, day, time) {
    const [left, top] = [await column(day).boundingBox(), await hour(time).boundingBox()];
    await drag(from, left.x + left.width / 2, top.y + 10);
  }

  async function plan(objetivo) {
    await page.getByRole("link", { name: NOME }).click();
    await page.getByLabel("Objetivo").fill(objetivo);
    await page.getByRole("button", { name: "Salvar", exact: true }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByText(objetivo).first().waitFor();
  }

  test("an empty day of the month becomes a visita", async () => {
    await helga.goto("/agenda");
    await page.getByRole("heading", { level: 1, name: "Agenda" }).waitFor();
    await page.locator(".fc-dayGridMonth-view").waitFor();
    await helga.inspect("agenda-vazia");
    await helga.goto(`/agenda/mes/${wednesday}`);
    await cell(wednesday).click({ position: { x: 20, y: 80 } });
    await page.waitForURL(`**/visitas/nova?em=${wednesday}`);
    await plan("Conhecer a linha de secagem");
    await helga.goto(`/agenda/mes/${wednesday}`);
    await cell(wednesday).locator(".fc-event", { hasText: NOME }).waitFor();
    assert.match(await event().first().getAttribute("aria-label"), /^09:00 Fecularia Ascurra · 09:00–10:00.*Helga Moretto.*Planejada/);
    await helga.inspect("agenda-mes");
  });

  test("it is dragged to another day, and put back", async () => {
    const to = await cell(thursday).boundingBox();
    await drag(event(), to.x + to.width / 2, to.y + 40);
    await page.locator("#toasts").getByText(`${NOME}: agora em`).waitFor();
    await cell(thursday).locator(".fc-event", { hasText: NOME }).waitFor();
    await page.locator("#toasts").getByRole("button", { name: "Desfazer" }).click();
    await page.getByText("Movido na agenda.").waitFor();
    await cell(wednesday).locator(".fc-event", { hasText: NOME }).waitFor();
  });

  test("in the week it goes to another hour, and two at once are seen to clash", async () => {
    await page.getByRole("link", { name: "Semana", exact: true }).click();
    await page.locator(".fc-timeGridWeek-view").waitFor();
    assert.equal(new URL(page.url()).pathname, `/agenda/semana/${wednesday}`);
    await dragTo(event(), tuesday, "14:00");
    await page.locator("#toasts").getByText(`${NOME}: agora em`).waitFor();
    await column(tuesday).locator(".fc-event", { hasText: "14:00" }).waitFor();
    await helga.goto(`/visitas/nova?em=${tuesday}T14:30`);
    await plan("Medir a caldeira");
    await helga.goto(`/agenda/semana/${tuesday}`);
    await until("both to be seen to clash", async () => (await page.locator(".fc-event.agenda-clashes").count()) === 2);
    await helga.inspect("agenda-semana");
    // Moved away, they clash no more.
    await dragTo(event("14:30"), thursday, "08:00");
    await column(thursday).locator(".fc-event", { hasText: "08:00" }).waitFor();
    assert.equal(await page.locator(".fc-event.agenda-clashes").count(), 0);
  });

  test("somebody else was faster: nothing is moved, and the page shows what is", async () => {
    const other = await visitor({ storageState: await helga.context.storageState() });
    await other.goto(page.url());
    await dragTo(event("14:00"), wednesday, "10:00");
    await column(wednesday).locator(".fc-event", { hasText: "10:00" }).waitFor();
    other.expects(409);
    const stale = other.page.locator(".fc-event", { hasText: "14:00" });
    await stale.waitFor();
    const box = await stale.boundingBox();
    await drag(stale, box.x + box.width / 2, box.y - 70);
    await other.page.locator("#toasts .toast-danger").waitFor();
    await other.page.locator(".fc-event", { hasText: "10:00" }).waitFor();
    await other.leave();
  });

  test("with the keyboard alone the list is reached, narrowed, and a visita opened", async () => {
    await tabTo(page, page.getByRole("link", { name: "Lista", exact: true }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 3 }).first().waitFor();
    await page.locator(".agenda-item").first().waitFor();
    await helga.inspect("agenda-lista");
    await page.getByRole("searchbox", { name: "Buscar na agenda" }).fill("secagem");
    await until("one to be left", async () => (await page.locator(".agenda-item").count()) === 1);
    await page.getByRole("searchbox", { name: "Buscar na agenda" }).fill("");
    await until("both to be back", async () => (await page.locator(".agenda-item").count()) >= 2);
    await tabTo(page, page.getByRole("link", { name: "Minha agenda" }));
    await page.keyboard.press("Enter");
    await until("the address to say so", () => page.url().includes("responsavel="));
    await tabTo(page, page.locator(".agenda-item a", { hasText: NOME }).first());
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Remarcar" }).or(page.getByRole("link", { name: "Editar" })).first().waitFor();
  });

  test("she is away, and whoever plans with her is told", async () => {
    await helga.goto("/ausencias");
    await page.getByRole("heading", { name: "Ninguém fora por enquanto" }).waitFor();
    await page.getByRole("combobox", { name: "Motivo" }).selectOption({ label: "Treinamento" });
    await page.getByLabel("Primeiro dia").fill(thursday);
    await page.getByLabel("Último dia").fill(wednesday);
    helga.expects(422);
    await page.getByRole("button", { name: "Registrar ausência" }).click();
    await page.getByText("O último dia não pode ser antes do primeiro.").first().waitFor();
    await helga.inspect("ausencias-recusada");
    await page.getByLabel("Primeiro dia").fill(wednesday);
    await page.getByLabel("Último dia").fill(thursday);
    await page.getByRole("button", { name: "Registrar ausência" }).click();
    await page.getByText("Ausência registrada.").waitFor();
    await helga.inspect("ausencias");
    await helga.goto(`/agenda/semana/${wednesday}`);
    await page.locator(".fc-daygrid-event", { hasText: "Helga Moretto" }).waitFor();
    await until("both visitas to clash with it", async () => (await page.locator(".fc-timegrid-event.agenda-clashes").count()) === 2);
    await helga.inspect("agenda-ausencia");
    await page.locator(".fc-timegrid-event").first().click();
    await page.getByText("Helga Moretto estará fora nesse dia (Treinamento").waitFor();
    await helga.goto("/ausencias");
    await page.getByRole("button", { name: /^Retirar a ausência de Helga Moretto/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Ausência retirada.").waitFor();
  });

  test("her telephone reads it until she revokes the address", async () => {
    await helga.goto("/agenda/assinaturas");
    await page.getByRole("heading", { name: "Nenhum endereço ainda" }).waitFor();
    await helga.inspect("assinaturas-vazia");
    await page.getByRole("button", { name: "Gerar endereço" }).click();
    await page.getByText("Este é o endereço.").waitFor();
    const address = await page.locator(".token-text code").innerText();
    await helga.inspect("assinatura-gerada");
    // As a program does that is signed in nowhere.
    const read = () =>
      page.evaluate(async (path) => {
        const answer = await fetch(path, { credentials: "omit" });
        return { status: answer.status, text: await answer.text() };
      }, new URL(address).pathname);
    const { text: calendar } = await read();
    assert.equal(calendar.split("BEGIN:VEVENT").length - 1, 2, calendar);
    assert.match(calendar, new RegExp(`DTSTART:${wednesday.replaceAll("-", "")}T130000Z`), "ten in the morning on her wall");
    await helga.goto("/agenda/assinaturas");
    await page.getByRole("button", { name: "Revogar" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sim, continuar" }).click();
    await page.getByText("Endereço revogado.").waitFor();
    helga.expects(404);
    assert.equal((await read()).status, 404);
  });

  test("on a telephone the days are a list", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await helga.goto(`/agenda/mes/${wednesday}`);
    await page.locator(".agenda-item", { hasText: NOME }).first().waitFor();
    assert.equal(await page.locator("[data-grid]").isVisible(), false);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});
