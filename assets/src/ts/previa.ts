// The preview of an import: a cell set right or a choice made is sent without leaving the page, and what comes back takes the
// place of the rows, the counts and the button that confirms. Without this the same forms load the page anew.
import { on, parsed, word } from "./dom";
import { swap } from "./lists";
import { toast } from "./toasts";

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-previa]");
  if (!list || list.getAttribute("aria-busy") === "true") return;
  const row = form.closest("tr");
  const place = row ? [...(row.parentElement?.children ?? [])].indexOf(row) : -1;
  const edits = form.querySelector("input.form-control, textarea") !== null;
  list.setAttribute("aria-busy", "true");
  const failed = () => {
    list.removeAttribute("aria-busy");
    toast("danger", word("failed"));
  };
  try {
    const body = new URLSearchParams([...new FormData(form, submitter)].map(([name, value]) => [name, String(value)]));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = parsed(await answer.text());
    const fresh = page.getElementById(list.id);
    // Confirmed or discarded by somebody else, signed out, broken: the whole page has to be seen.
    if (!fresh?.hasAttribute("data-previa")) return answer.ok ? location.reload() : failed();
    swap(list, fresh, page);
    const told = page.querySelector("#toasts .toast-box");
    const tone = /toast-(ok|info|warn|danger)/.exec(told?.className ?? "")?.[1] as Parameters<typeof toast>[0] | undefined;
    if (tone) toast(tone, told?.querySelector("p")?.textContent ?? "");
    // The row that was set right may be gone from this view: on to the one that took its place.
    if (edits) {
      const rows = fresh.querySelectorAll("tbody tr");
      const same = row && document.getElementById(row.id);
      const next = same?.querySelector("[aria-describedby]") ? same : rows[same ? place + 1 : place];
      next?.querySelector<HTMLElement>("input.form-control, textarea")?.focus();
    }
  } catch (error) {
    failed();
    throw error;
  }
}

// Before what every page does with a form that leaves it.
on(
  "submit",
  "form[data-previa-form]",
  (event, form) => {
    event.preventDefault();
    void send(form as HTMLFormElement, (event as SubmitEvent).submitter);
  },
  true,
);
on("change", "form[data-previa-auto]", (_, form) => (form as HTMLFormElement).requestSubmit());
