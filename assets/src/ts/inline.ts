// A field of a record is changed where it stands. The form is the one of the field's own page, and what is saved is seen on the
// record's page as the server draws it: there is no second copy of either here.
import htmx from "htmx.org";
import { on, parsed, word } from "./dom";
import { watch } from "./forms";
import { toast } from "./toasts";

const page = async (answer: Response) => parsed(await answer.text());
const formOf = (document_: Document) => document_.querySelector<HTMLFormElement>("form[data-field-form]");

function failed(error: unknown): never {
  toast("danger", word("failed"));
  throw error;
}

/** Puts a form in the place of the value, or of the form that was sent. */
function lay(place: HTMLElement, form: HTMLFormElement): void {
  const value = place.querySelector<HTMLElement>("[data-value]");
  const old = formOf_(place);
  // In place it is part of the panel around it.
  form.classList.remove("panel");
  if (old) old.replaceWith(form);
  else value?.after(form);
  if (value) value.hidden = true;
  place.dataset["open"] = "";
  // Some fields ask, while they are filled in, whether it may be another record.
  htmx.process(form);
  watch(form.querySelector("[data-focus]") !== null);
  const control = form.querySelector<HTMLElement>("[type=radio], [aria-invalid], input:not([type=hidden]), select, textarea");
  control?.focus();
  if (control instanceof HTMLInputElement && control.type !== "radio" && control.type !== "date") control.select();
}
const formOf_ = (place: HTMLElement) => place.querySelector<HTMLFormElement>("form[data-field-form]");

function close(place: HTMLElement): void {
  formOf_(place)?.remove();
  delete place.dataset["open"];
  const value = place.querySelector<HTMLElement>("[data-value]");
  if (value) value.hidden = false;
  place.querySelector<HTMLElement>("[data-edit]")?.focus();
}

async function open(link: HTMLAnchorElement): Promise<void> {
  const place = link.closest<HTMLElement>("[data-field]");
  if (!place || link.getAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    const form = formOf(await page(answer));
    // Signed out, refused, gone: the whole page has to be seen.
    if (!answer.ok || answer.redirected || !form) return location.assign(link.href);
    lay(place, form);
  } catch (error) {
    failed(error);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

on("click", "[data-edit]", (event, element) => {
  const mouse = event as MouseEvent;
  if (mouse.ctrlKey || mouse.metaKey || mouse.shiftKey || !element.closest("[data-field]")) return;
  event.preventDefault();
  void open(element as HTMLAnchorElement);
});
on("click", "[data-field] [data-value]", (event, value) => {
  // Marking text is not a click on it, and a telephone is called.
  if ((event.target as Element).closest("a, button") || getSelection()?.toString()) return;
  const link = value.querySelector<HTMLAnchorElement>("[data-edit]");
  if (link) void open(link);
});

on("click", "[data-field] [data-field-cancel]", (event, link) => {
  event.preventDefault();
  const place = link.closest<HTMLElement>("[data-field]");
  if (place) close(place);
}, true);
on("keydown", "[data-field] form[data-field-form]", (event, form) => {
  if ((event as KeyboardEvent).key !== "Escape" || event.defaultPrevented) return;
  const place = form.closest<HTMLElement>("[data-field]");
  if (place) close(place);
});

/** What the saved record's page shows goes in the place of what is on screen, but for fields that are open still. */
function show(fresh: Document): void {
  for (const one of fresh.querySelectorAll<HTMLElement>("[data-field], #registro, #recentes, .tabs")) {
    const here = one.id ? document.getElementById(one.id) : document.querySelector<HTMLElement>(".tabs");
    if (here && here.dataset["open"] === undefined) here.replaceWith(one);
  }
}

on(
  "submit",
  "[data-field] form[data-field-form]",
  (event, element) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const form = element as HTMLFormElement;
    if (form.getAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    void send(form).catch(failed).finally(() => form.removeAttribute("aria-busy"));
  },
  true,
);

async function send(form: HTMLFormElement): Promise<void> {
  const place = form.closest<HTMLElement>("[data-field]");
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  const fresh = await page(answer);
  const again = formOf(fresh);
  if (!place) return;
  if (again) return lay(place, again);
  if (!answer.ok || !fresh.getElementById(place.id)) return location.assign(form.action);
  delete place.dataset["open"];
  show(fresh);
  const said = fresh.querySelector("#toasts [data-toast] p")?.textContent;
  if (said) toast("ok", said);
  document.getElementById(place.id)?.querySelector<HTMLElement>("[data-edit]")?.focus();
}
