import { icon, on, word } from "./dom";

type Tone = "ok" | "info" | "warn" | "danger";
const icons: Record<Tone, string> = { ok: "check-circle-fill", info: "info-circle-fill", warn: "exclamation-triangle-fill", danger: "x-octagon-fill" };

/** Says what somebody was told on their bell, with the way there. */
export function notice(text: string, open: string): void {
  const form = Object.assign(document.createElement("form"), { method: "post", action: open });
  form.append(Object.assign(document.createElement("button"), { type: "submit", className: "btn btn-link btn-sm", textContent: word("open") }));
  toast("info", text, form);
}

/** Says something that needs no answer; read out by screen readers. */
export function toast(tone: Tone, text: string, more?: HTMLElement): void {
  const box = document.createElement("div");
  box.className = `toast-box toast-${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button icon-button-small";
  close.dataset["toastClose"] = "";
  close.setAttribute("aria-label", word("close"));
  close.append(icon("x-lg"));
  box.append(icon(icons[tone]), words, ...(more ? [more] : []), close);
  document.getElementById("toasts")?.append(box);
  expire(box);
}

/** Goes by itself after a while, but not while somebody points at it or has the focus in it. A way back is offered for longer. */
function expire(box: HTMLElement): void {
  const while_ = box.querySelector("form") ? 30_000 : 8_000;
  const wait = () => setTimeout(() => (box.matches(":hover, :focus-within") ? wait() : box.remove()), while_);
  wait();
}

/** What another page of ours that was fetched says to the person. */
function said(page: Document): [Tone, string] | undefined {
  const box = page.querySelector("#toasts .toast-box");
  const tone = (["ok", "info", "warn", "danger"] as const).find((tone) => box?.classList.contains(`toast-${tone}`));
  const text = box?.querySelector("p")?.textContent;
  return tone && text ? [tone, text] : undefined;
}

/** Its message is said once, and was said to the script: here it is said to the person. */
export function pass(page: Document): void {
  const message = said(page);
  if (message) toast(...message);
}

/** As `pass`, on the page that is gone to next. */
export function passOn(page: Document): void {
  const message = said(page);
  if (message) sessionStorage.setItem("said", JSON.stringify(message));
}
const kept = sessionStorage.getItem("said");
if (kept) {
  sessionStorage.removeItem("said");
  toast(...(JSON.parse(kept) as [Tone, string]));
}

on("click", "[data-toast-close]", (_, button) => button.closest(".toast-box")?.remove());
for (const box of document.querySelectorAll<HTMLElement>("#toasts .toast-box")) expire(box);

// What htmx could not fetch is told instead of nothing happening.
for (const type of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(type, () => toast("danger", word("failed")));
