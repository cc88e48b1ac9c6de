// "Mostrar mais" of a timeline: the older part comes below the one on screen, and a day that both share becomes one.
import { on, parsed, word } from "./dom";
import { toast } from "./toasts";

on(
  "click",
  "[data-more]",
  (event, element) => {
    const link = element as HTMLAnchorElement;
    const mouse = event as MouseEvent;
    if (mouse.ctrlKey || mouse.metaKey || mouse.shiftKey) return;
    event.preventDefault();
    // The list around it would put the older part in the place of this one.
    event.stopImmediatePropagation();
    if (link.getAttribute("aria-busy")) return;
    link.setAttribute("aria-busy", "true");
    void more(link).catch((error: unknown) => {
      link.removeAttribute("aria-busy");
      toast("danger", word("failed"));
      throw error;
    });
  },
  true,
);

async function more(link: HTMLAnchorElement): Promise<void> {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  const fresh = parsed(await answer.text()).querySelector("[data-days]");
  const days = link.closest("[data-days]");
  if (!answer.ok || answer.redirected || !fresh || !days) return location.assign(link.href);
  const ways = link.closest("p");
  const arrived = [...fresh.querySelectorAll<HTMLElement>("[data-day]")];
  const first = arrived[0]?.querySelector<HTMLElement>("li");
  for (const day of arrived) {
    const last = [...days.querySelectorAll<HTMLElement>("[data-day]")].pop();
    if (last?.dataset["day"] === day.dataset["day"]) last?.querySelector("ol")?.append(...day.querySelectorAll("ol > li"));
    else ways?.before(day);
  }
  const next = fresh.querySelector("[data-more]");
  if (next) link.replaceWith(next);
  else ways?.remove();
  // On from where one was.
  first?.focus();
}
