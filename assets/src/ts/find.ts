// A box that hides the rows of a page that do not have its words: <input data-find="id"> for [data-find-row] in [data-find-group].
// What is hidden keeps its values and is sent with the form.
import { on } from "./dom";

const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

on("input", "[data-find]", (_, box) => {
  const place = document.getElementById(box.dataset.find ?? "");
  const words = plain((box as HTMLInputElement).value).split(/\s+/).filter(Boolean);
  for (const group of place?.querySelectorAll<HTMLElement>("[data-find-group]") ?? []) {
    let found = 0;
    for (const row of group.querySelectorAll<HTMLElement>("[data-find-row]")) {
      const text = plain(row.textContent ?? "");
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) found += 1;
    }
    group.hidden = found === 0;
  }
});

// Enter finds; it does not send the form around it.
on("keydown", "[data-find]", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
