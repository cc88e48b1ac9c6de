// A part of a menu that is fetched when the menu is opened, so that no page pays for what few open.
import { parsed } from "./dom";

document.addEventListener(
  "toggle",
  (event) => {
    const part = event.target instanceof HTMLElement ? event.target.querySelector<HTMLElement>("[data-fill]") : null;
    if (part && (event as ToggleEvent).newState === "open") void fill(part);
  },
  true,
);

async function fill(part: HTMLElement): Promise<void> {
  const rows = part.querySelector<HTMLElement>("[data-fill-rows]");
  const path = part.dataset["fill"];
  if (!rows || !path) return;
  delete part.dataset["fill"];
  rows.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(path, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    rows.replaceChildren(...parsed(await answer.text()).body.childNodes);
  } catch {
    // The page behind the last entry of the part shows the same.
    rows.replaceChildren();
    part.dataset["fill"] = path;
  } finally {
    rows.setAttribute("aria-busy", "false");
  }
}
