// A card of the board is dragged into another column, or moved by the choice on it. Either sends the card's own form, and what the
// server draws afterwards is shown: the board has no state of its own.
import { on, parsed, word } from "./dom";
import { again } from "./lists";
import { pass, toast } from "./toasts";

let dragged: HTMLElement | undefined;

const over = (column?: HTMLElement) => {
  for (const one of document.querySelectorAll("[data-column][data-over]")) if (one !== column) one.removeAttribute("data-over");
  if (column) column.dataset["over"] = "";
};

on("dragstart", "[data-card]", (event, card) => {
  dragged = card;
  card.dataset["dragged"] = "";
  if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
});
on("dragend", "[data-card]", (_, card) => {
  delete card.dataset["dragged"];
  dragged = undefined;
  over();
});
on("dragover", "[data-column]", (event, column) => {
  if (!dragged || column.contains(dragged)) return over();
  event.preventDefault();
  over(column);
});
on("drop", "[data-column]", (event, column) => {
  const form = dragged?.querySelector<HTMLFormElement>("form");
  const choice = form?.querySelector<HTMLSelectElement>("[data-move]");
  if (!form || !choice || column.contains(form)) return;
  event.preventDefault();
  over();
  choice.value = column.dataset["column"] ?? "";
  void send(form);
});
on(
  "submit",
  "[data-card] form",
  (event, form) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    void send(form as HTMLFormElement);
  },
  true,
);

async function send(form: HTMLFormElement): Promise<void> {
  const list = form.closest<HTMLElement>("[data-list]");
  const card = form.closest<HTMLElement>("[data-card]");
  if (!list || !card || list.getAttribute("aria-busy")) return;
  list.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = parsed(await answer.text());
    if (answer.ok) pass(page);
    else toast("danger", page.querySelector("main p")?.textContent?.trim() || word("failed"));
    // Refused, it stands elsewhere by now: the board is drawn anew either way.
    await again(page);
    document.getElementById(card.id)?.querySelector<HTMLElement>("h3 a")?.focus({ preventScroll: true });
  } catch (error) {
    list.removeAttribute("aria-busy");
    toast("danger", word("failed"));
    throw error;
  }
}
