import { ask } from "./confirm";
import { on, word } from "./dom";

// --- leaving a form with typed values -------------------------------------------------------------------------------
const pristine = new WeakMap<HTMLFormElement, string>();
const text = (form: HTMLFormElement) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]));
const guarded = () => [...document.querySelectorAll<HTMLFormElement>("form[data-guard]")];
let leaving = false;

/** Takes notice of forms that came later; `dirty` ones hold typed values that were never saved. */
export function watch(dirty_ = false): void {
  for (const form of guarded()) if (!pristine.has(form)) pristine.set(form, dirty_ ? "" : text(form));
}
const dirty = () => !leaving && guarded().some((form) => pristine.get(form) !== text(form));

// A form shown again with mistakes holds typed values that were never saved: it begins dirty.
for (const form of guarded()) if (form.querySelector("[data-focus]")) pristine.set(form, "");
watch();
document.addEventListener("htmx:load", () => watch());

addEventListener("beforeunload", (event) => {
  if (dirty()) event.preventDefault();
});
on("click", "a[href]", (event, element) => {
  const link = element as HTMLAnchorElement;
  const mouse = event as MouseEvent;
  const stays = link.target || link.hasAttribute("download") || mouse.ctrlKey || mouse.metaKey || mouse.shiftKey || mouse.button !== 0;
  const within = link.href.split("#")[0] === location.href.split("#")[0];
  if (stays || within || event.defaultPrevented || !dirty()) return;
  event.preventDefault();
  void ask(word("leave"), word("leaveYes")).then((yes) => {
    if (!yes) return;
    leaving = true;
    location.assign(link.href);
  });
});

// --- saving ---------------------------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = (event.target as Element | null)?.closest?.("form") ?? guarded()[0];
  if (form?.method !== "post") return;
  event.preventDefault();
  form.requestSubmit();
});

// Whoever types on beside what somebody else wrote means their own.
on("input", "form [name]", (_, field) => {
  const own = field.closest("form")?.querySelector<HTMLInputElement>(`[name="escolha_${CSS.escape((field as HTMLInputElement).name)}"][value="meu"]`);
  if (own) own.checked = true;
});

// A second click while the first is on its way sends nothing: the button says that it is busy.
on("submit", "form", (event, form) => {
  if (event.defaultPrevented) return;
  if (form.dataset["sent"] !== undefined) {
    event.preventDefault();
    return;
  }
  if ((form as HTMLFormElement).method !== "post") return;
  leaving = true;
  form.dataset["sent"] = "";
  for (const button of form.querySelectorAll("[type=submit]")) button.setAttribute("aria-busy", "true");
});
// Back from the browser's memory: the form may be sent again.
addEventListener("pageshow", () => {
  leaving = false;
  for (const form of document.querySelectorAll<HTMLElement>("form[data-sent]")) delete form.dataset["sent"];
  for (const button of document.querySelectorAll("[aria-busy][type=submit]")) button.removeAttribute("aria-busy");
});

// --- what is wrong comes first --------------------------------------------------------------------------------------
document.querySelector<HTMLElement>("[data-focus]:not([data-quiet] *)")?.focus();
