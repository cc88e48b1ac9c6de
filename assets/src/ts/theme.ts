import { icon, on, remember } from "./dom";

const attribute: Record<string, string> = { claro: "light", escuro: "dark", sistema: "auto" };

on("submit", "[data-theme-form]", (event, form) => {
  const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
  const chosen = attribute[button?.value ?? ""];
  if (!button || !chosen) return;
  event.preventDefault();
  document.documentElement.dataset["bsTheme"] = chosen;
  remember("tema", button.value);
  for (const other of document.querySelectorAll<HTMLButtonElement>("[data-theme-form] button")) {
    other.setAttribute("aria-pressed", String(other.value === button.value));
  }
  const opener = document.querySelector<HTMLElement>("[data-theme-button]");
  opener?.replaceChildren(icon(button.dataset["icon"] ?? "circle-half"));
  opener?.setAttribute("aria-label", `${opener.getAttribute("aria-label")?.split(":")[0]}: ${button.getAttribute("aria-label") ?? button.textContent?.trim()}`);
  form.closest<HTMLElement>("[popover]")?.hidePopover();
  // The choice also belongs to the account; on this device it already holds, so nobody waits or is told when that fails.
  const body = new URLSearchParams({ tema: button.value, volta: "/" });
  void fetch((form as HTMLFormElement).action, { method: "POST", body, redirect: "manual" }).catch(() => undefined);
});
