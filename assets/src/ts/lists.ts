// A list is a page: every sort, filter and page is an ordinary link or GET form. Here the part of the answer that is the list is
// put in place of the one on screen, so that nothing jumps; the address changes along, and back goes back.
import htmx from "htmx.org";
import { on, parsed, word } from "./dom";
import { toast } from "./toasts";

on("click", "tr[data-row]", (event, row) => {
  const mouse = event as MouseEvent;
  const inside = (mouse.target as Element).closest("a, button, input, label, select, [popover], .pick");
  // Marking text in a row is not a click on it.
  if (inside || getSelection()?.toString()) return;
  const link = row.querySelector<HTMLAnchorElement>("a.row-link");
  if (!link) return;
  if (mouse.ctrlKey || mouse.metaKey) open(link.href, "_blank", "noopener");
  else link.click();
});

const fits = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const box = target.closest<HTMLElement>(".table-box");
    if (!box) continue;
    const scrolls = target.scrollWidth > box.clientWidth + 1;
    box.toggleAttribute("data-scrolls", scrolls);
    // With the arrow keys too, by whoever has no mouse.
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});
const measure = (root: ParentNode) => root.querySelectorAll(".table-box > .table").forEach((table) => fits.observe(table));
measure(document);

let running: AbortController | undefined;

async function show(url: URL, push: boolean): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-list]");
  if (!list) return location.assign(url);
  running?.abort();
  const mine = (running = new AbortController());
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    const page = parsed(await answer.text());
    const fresh = page.getElementById(list.id);
    // Signed out, refused, broken: the whole page has to be seen.
    if (!answer.ok || answer.redirected || !fresh) return location.assign(url);
    swap(list, fresh, page);
    if (push) history.pushState({ list: list.id }, "", url);
  } catch (error) {
    if (mine.signal.aborted) return;
    list.removeAttribute("aria-busy");
    toast("danger", word("failed"));
    throw error;
  }
}

/** Puts the fresh list in place; focus, caret, typed search text and an open menu stay. */
export function swap(list: HTMLElement, fresh: HTMLElement, page: Document): void {
  const active = list.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  const menu = list.querySelector<HTMLElement>("[popover]:popover-open");
  const scrolled = menu?.scrollTop ?? 0;
  const again = active && (active.id ? `#${CSS.escape(active.id)}` : active instanceof HTMLInputElement ? `[name="${active.name}"][value="${CSS.escape(active.value)}"]` : "");
  list.replaceWith(fresh);
  // What stands above the list speaks of it too: the count, and the ways to export and keep just these rows.
  for (const above of [".page-title .sub", ".page-actions"]) {
    const other = page.querySelector(above);
    if (other) document.querySelector(above)?.replaceWith(other);
  }
  htmx.process(fresh);
  measure(fresh);
  fresh.dispatchEvent(new CustomEvent("list:shown", { bubbles: true }));
  const reopened = menu && document.getElementById(menu.id);
  if (reopened) {
    reopened.showPopover();
    reopened.scrollTop = scrolled;
  }
  const next = again ? fresh.querySelector<HTMLElement>(again) : null;
  if (active instanceof HTMLInputElement && next instanceof HTMLInputElement && active.type === "search") {
    next.value = active.value;
    next.focus({ preventScroll: true });
    next.setSelectionRange(active.selectionStart, active.selectionEnd);
  } else {
    next?.focus({ preventScroll: true });
  }
}

on("click", "[data-list] a[href]", (event, element) => {
  const link = element as HTMLAnchorElement;
  const mouse = event as MouseEvent;
  // With Shift a heading sorts besides what sorts already, on the keyboard too; of other links it opens a window.
  const more = mouse.shiftKey ? link.dataset["sortMore"] : undefined;
  if (more) {
    event.preventDefault();
    // It would mark the text between.
    getSelection()?.removeAllRanges();
    return void show(new URL(more, location.href), true);
  }
  const plain = !mouse.ctrlKey && !mouse.metaKey && !mouse.shiftKey && !link.target && !link.hasAttribute("download");
  // A list may go on under another path (another month), and says so.
  const here = link.pathname === location.pathname || "swap" in link.dataset;
  if (!plain || link.origin !== location.origin || !here || link.hash) return;
  event.preventDefault();
  void show(new URL(link.href), true).then(() => {
    // After turning the page one reads on from its top.
    if (link.closest(".pages")) document.querySelector("[data-list]")?.scrollIntoView({ block: "nearest" });
  });
});

function filtered(form: HTMLFormElement): URL {
  const url = new URL(form.action);
  const all = [...new FormData(form)].filter(([, value]) => value !== "") as [string, string][];
  // As the server writes it: one value, and none for the order the list has anyway.
  const order = all.filter(([name]) => name === "ordem").map(([, value]) => value).join(",");
  const pairs = all.filter(([name]) => name !== "ordem");
  if (order && order !== form.dataset["order"]) pairs.push(["ordem", order]);
  url.search = new URLSearchParams(pairs).toString().replaceAll("%2C", ",");
  return url;
}
let typing: ReturnType<typeof setTimeout> | undefined;
on("input", "form[data-autosubmit]", (event, form) => {
  clearTimeout(typing);
  const wait = (event.target as HTMLInputElement).type === "search" ? 280 : 0;
  typing = setTimeout(() => void show(filtered(form as HTMLFormElement), true), wait);
});
on("submit", "form[data-autosubmit]", (event, form) => {
  event.preventDefault();
  clearTimeout(typing);
  void show(filtered(form as HTMLFormElement), true);
});

/** Draws the list anew as the server has it by now, and says what the server says. */
export async function again(page?: Document): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-list]");
  if (!list) return;
  const shown = page?.getElementById(list.id) ? page : parsed(await (await fetch(location.href, { headers: { Accept: "text/html" } })).text());
  const fresh = shown.getElementById(list.id);
  if (!fresh) return location.reload();
  swap(list, fresh, shown);
}

addEventListener("popstate", () => {
  if (document.querySelector("[data-list]")) void show(new URL(location.href), false);
});
