// Rows are picked by their boxes, which belong to the bar's form below the list and work without script. Here are the ways to
// pick many: all of a page, a range with Shift, by key; and the words that say how many. What is picked is of the page shown,
// or the whole list as it is filtered.
import { on } from "./dom";

const boxes = () => [...document.querySelectorAll<HTMLInputElement>("[data-pick]")];
const whole = () => document.querySelector<HTMLInputElement>("[data-pick-all]");

/** Where a range begins, and whether the click or key that is on its way makes one. */
let from: HTMLInputElement | undefined;
let ranged = false;

function tell(): void {
  const bar = document.querySelector<HTMLElement>("[data-picked]");
  if (!bar) return;
  const rows = boxes();
  const picked = rows.filter((box) => box.checked).length;
  const page = document.querySelector<HTMLInputElement>("[data-pick-page]");
  if (page) {
    page.checked = picked > 0 && picked === rows.length;
    page.indeterminate = picked > 0 && picked < rows.length;
  }
  bar.toggleAttribute("data-on", picked > 0);
  const count = bar.querySelector("[data-picked-count]");
  const words = bar.dataset;
  const text = whole()?.checked ? words["every"] : picked === 1 ? words["one"] : words["many"]?.replace("{n}", String(picked));
  if (count) count.textContent = picked > 0 ? (text ?? "") : "";
}

/** After a box has changed: the rows between it and the last one follow when a range was meant. */
function follow(box: HTMLInputElement): void {
  const rows = boxes();
  const [one, other] = [rows.indexOf(from ?? box), rows.indexOf(box)];
  if (ranged && one >= 0) {
    for (const row of rows.slice(Math.min(one, other), Math.max(one, other) + 1)) row.checked = box.checked;
  }
  ranged = false;
  from = box;
  drop(box.checked);
}

/** The whole list is no longer meant once a row of it is not. */
function drop(kept: boolean): void {
  const every = whole();
  if (every && !kept) every.checked = false;
  tell();
}

on("change", "[data-pick]", (_, box) => follow(box as HTMLInputElement));
on("change", "[data-pick-page]", (_, element) => {
  const { checked } = element as HTMLInputElement;
  for (const box of boxes()) box.checked = checked;
  drop(checked);
});
on("change", "[data-pick-all]", (_, element) => {
  if ((element as HTMLInputElement).checked) for (const box of boxes()) box.checked = true;
  tell();
});

on("mousedown", ".pick", (event) => {
  ranged = (event as MouseEvent).shiftKey;
  // No text is marked by the way.
  if (ranged) event.preventDefault();
});
on("keydown", "[data-pick]", (event, element) => {
  const key = event as KeyboardEvent;
  if (key.key === " ") {
    ranged = key.shiftKey;
  } else if (key.key === "Enter") {
    // On to what can be done with them; by itself the key would take the first of the ways there are.
    event.preventDefault();
    document.querySelector<HTMLElement>("[data-picked][data-on] .picked-actions button")?.focus();
  } else if (key.key === "ArrowDown" || key.key === "ArrowUp") {
    event.preventDefault();
    const rows = boxes();
    rows[rows.indexOf(element as HTMLInputElement) + (key.key === "ArrowDown" ? 1 : -1)]?.focus();
  }
});
// A link does nothing at a space but scroll; here it picks its row.
on("keydown", "tr[data-row] a.row-link", (event, link) => {
  const key = event as KeyboardEvent;
  const box = link.closest("tr")?.querySelector<HTMLInputElement>("[data-pick]");
  if (key.key !== " " || !box) return;
  key.preventDefault();
  ranged = key.shiftKey;
  box.checked = !box.checked;
  follow(box);
});

on("reset", "[data-picked]", () => {
  from = undefined;
  // The boxes are emptied after the event.
  setTimeout(tell);
});
on("formdata", "[data-picked]", (event) => {
  // The whole list is said by its filter, not by the rows that happen to be on screen.
  if (whole()?.checked) (event as FormDataEvent).formData.delete("id");
});
on("click", "[data-picked] .menu [type=submit]", (_, button) => button.closest<HTMLElement>("[popover]")?.hidePopover());

// A browser that goes back fills the boxes in again.
addEventListener("pageshow", tell);
