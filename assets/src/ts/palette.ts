// Ctrl+K or "/": pages and actions of the frame at once, records from the search as one types.
import { fold, icon, on, word } from "./dom";

interface Entry {
  label: string;
  href: string;
  icon?: string;
  sub?: string;
}

const dialog = document.getElementById("palette") as HTMLDialogElement | null;
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("ul");
let selected = 0;
let request: AbortController | undefined;
/** What the options on screen answer, and the search that is still on its way. */
let answered = "";
let looking: Promise<void> | undefined;
let soon: ReturnType<typeof setTimeout> | undefined;

/** Everything the frame links to: only what the person may do is drawn there. */
function pages(): Entry[] {
  const links = document.querySelectorAll<HTMLAnchorElement>("#menu .nav-item[href], #menu-new .menu-item, #menu-account a.menu-item");
  return [...links].map((link) => ({
    label: (link.querySelector(".nav-label") ?? link).textContent?.trim() ?? "",
    href: link.href,
    icon: link.querySelector("use")?.getAttribute("href")?.split("#")[1] ?? "arrow-right",
  }));
}

function draw(entries: Entry[]): void {
  if (!list || !input) return;
  list.replaceChildren(
    ...entries.map((entry, at) => {
      const item = document.createElement("li");
      item.id = `palette-${at}`;
      item.setAttribute("role", "option");
      item.dataset["href"] = entry.href;
      item.append(icon(entry.icon ?? "arrow-right"), entry.label);
      if (entry.sub) item.append(Object.assign(document.createElement("small"), { textContent: entry.sub }));
      return item;
    }),
  );
  if (!entries.length) {
    const none = Object.assign(document.createElement("li"), { className: "palette-none", textContent: word("none") });
    none.setAttribute("role", "option");
    none.setAttribute("aria-disabled", "true");
    list.append(none);
  }
  select(0);
}

function select(at: number): void {
  const options = [...(list?.querySelectorAll<HTMLElement>("[data-href]") ?? [])];
  selected = options.length ? (at + options.length) % options.length : 0;
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === selected)));
  const current = options[selected];
  input?.setAttribute("aria-activedescendant", current?.id ?? "");
  current?.scrollIntoView({ block: "nearest" });
}

function look(): Promise<void> {
  answered = input?.value.trim() ?? "";
  return (looking = answer(answered));
}

async function answer(asked: string): Promise<void> {
  const words = fold(asked).split(/\s+/).filter(Boolean);
  const near = pages().filter((page) => words.every((part) => fold(page.label).includes(part)));
  draw(near);
  const search = dialog?.dataset["search"];
  if (!search || asked.length < 2) return;
  request?.abort();
  request = new AbortController();
  try {
    const url = `${search}?${new URLSearchParams({ q: asked })}`;
    const found = await fetch(url, { headers: { Accept: "application/json" }, signal: request.signal });
    if (found.ok) draw([...near, ...((await found.json()) as { items: Entry[] }).items]);
  } catch {
    // Superseded by the next letter, or no connection: the pages are still there.
  }
}

function go(option: HTMLElement | null | undefined): void {
  const href = option?.dataset["href"];
  if (!href) return;
  dialog?.close();
  location.assign(href);
}

/** Enter goes where the typed words lead, also when it comes before the options have followed them. */
async function enter(): Promise<void> {
  const chosen = () => list?.querySelectorAll<HTMLElement>("[data-href]")[selected];
  if (input?.value.trim() !== answered) {
    clearTimeout(soon);
    void look();
  }
  if (!chosen()) await looking;
  go(chosen());
}

function show(): void {
  if (!dialog || !input || dialog.open || document.querySelector("dialog[open], .swal2-container")) return;
  input.value = "";
  dialog.showModal();
  input.focus();
  void look();
}

on("click", "[data-palette-open]", show);
document.addEventListener("keydown", (event) => {
  const typing = (event.target as Element | null)?.closest?.("input, textarea, select, [contenteditable]");
  const wanted = ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") || (event.key === "/" && !typing && !event.ctrlKey && !event.altKey);
  if (!wanted || !dialog) return;
  event.preventDefault();
  show();
});
input?.addEventListener("input", () => {
  clearTimeout(soon);
  soon = setTimeout(() => void look(), 120);
});
input?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    select(selected + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter") {
    event.preventDefault();
    void enter();
  }
});
list?.addEventListener("click", (event) => go((event.target as Element).closest<HTMLElement>("[data-href]")));
dialog?.addEventListener("click", (event) => {
  // A click beside the panel lands on the dialog itself.
  if (event.target === dialog) dialog.close();
});
