// The form of an empresa asks outside about a CNPJ or a CEP: fills what is empty, marks what it filled, and offers what differs from
// what somebody typed. Never in the way: the form can be filled in and saved whatever comes of it.
import { fold, icon } from "./dom";

interface Field {
  name: string;
  value: string;
  text: string;
}
interface Answer {
  fila: boolean;
  text: string;
  fields: Field[];
}
type Control = HTMLInputElement | HTMLSelectElement;
type What = "cnpj" | "cep";

const box = document.querySelector<HTMLElement>("[data-consulta]");
const form = box?.closest("form");
if (box && form) start(box, form);

function start(box: HTMLElement, form: HTMLFormElement): void {
  const word = (name: string) => box.dataset[name] ?? "";
  const bare = (text: string) => text.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  const control = (name: string) => form.elements.namedItem(name) as Control | null;
  const typed = (what: What) => bare(control(what)?.value ?? "");
  // What the server put there needs no question.
  const shown = (what: What) => bare((control(what) as HTMLInputElement | null)?.defaultValue ?? "");
  const asked: Record<What, string> = { cnpj: shown("cnpj"), cep: shown("cep") };
  const length: Record<What, number> = { cnpj: 14, cep: 8 };
  let events: EventSource | undefined;

  const say = (what: What, text: string) => {
    const status = form.querySelector(`[data-status="${what}"]`);
    if (status) status.textContent = text;
  };

  function set(field: Control, value: string): void {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** A line below a field with a button that does something with it. */
  function note(field: Control, text: string, label: string, act: () => void): void {
    const place = field.closest(".field");
    place?.querySelector(".consulta-note")?.remove();
    const line = Object.assign(document.createElement("p"), { className: "consulta-note" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: label });
    button.addEventListener("click", () => {
      line.remove();
      act();
      field.focus();
    });
    line.append(icon("check-circle-fill"), Object.assign(document.createElement("span"), { textContent: text }), button);
    place?.append(line);
  }

  function fill({ name, value, text }: Field): void {
    const field = control(name);
    if (!field) return;
    const before = field.value;
    const take = () => {
      set(field, value);
      // A select without that entry stays as it is.
      if (field.value !== value && field instanceof HTMLSelectElement) return set(field, before);
      note(field, word("filled"), word("undo"), () => set(field, before));
      field.addEventListener("input", () => field.closest(".field")?.querySelector(".consulta-note")?.remove(), { once: true });
    };
    if (before.trim() === "") take();
    else if (fold(before.trim()) !== fold(value)) note(field, `${word("other")} ${text}`, word("use"), take);
  }

  async function ask(what: What): Promise<void> {
    const value = typed(what);
    asked[what] = value;
    if (what === "cnpj") events?.close();
    say(what, word("asking"));
    try {
      const response = await fetch(word("url") + what, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ [what]: value }),
      });
      // Somebody typed on meanwhile: the answer is about something else.
      if (typed(what) !== value) return;
      if (!response.ok) return say(what, word("unavailable"));
      const answer = (await response.json()) as Answer;
      say(what, answer.text);
      answer.fields.forEach(fill);
      if (answer.fila) wait(value);
    } catch {
      if (typed(what) === value) say(what, word("unavailable"));
    }
  }

  /** Listens where the question stands, and asks again when it stands nowhere any more: the answer is there then. */
  function wait(value: string): void {
    const mine = new EventSource(`${word("url")}events?cnpj=${value}`);
    events = mine;
    mine.addEventListener("lugar", (event) => say("cnpj", (event as MessageEvent<string>).data));
    mine.addEventListener("pronta", () => {
      mine.close();
      if (typed("cnpj") === value) void ask("cnpj");
    });
    mine.onerror = () => {
      // Between two lives of a stream the browser comes back by itself; for good only when it is refused.
      if (mine.readyState === EventSource.CLOSED && events === mine) say("cnpj", word("unavailable"));
    };
  }
  addEventListener("pagehide", () => events?.close());

  for (const what of ["cnpj", "cep"] as const) {
    form.querySelector(`[name=consultar][value=${what}]`)?.addEventListener("click", (event) => {
      event.preventDefault();
      void ask(what);
    });
    const left = () => {
      if (typed(what).length === length[what] && typed(what) !== asked[what]) void ask(what);
    };
    control(what)?.addEventListener("focusout", left);
    // Somebody was faster than this script.
    if (document.activeElement !== control(what)) left();
  }
}
