// Menus are popovers of the platform: opening, closing, Escape and focus are the browser's. Here they are put beside their
// button, and the arrow keys walk through them.
import { on } from "./dom";

function place(menu: HTMLElement, button: HTMLElement): void {
  const from = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const gap = 6;
  const below = innerHeight - from.bottom - gap;
  const top = below >= height || below >= from.top ? from.bottom + gap : from.top - gap - height;
  // Under a button in the right half of the screen it grows to the left.
  const left = from.left + from.width / 2 > innerWidth / 2 ? from.right - width : from.left;
  menu.style.top = `${Math.max(8, top)}px`;
  menu.style.left = `${Math.min(Math.max(8, left), innerWidth - width - 8)}px`;
}

let shown: { menu: HTMLElement; button: HTMLElement } | undefined;

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches(".menu[popover]")) return;
    const open = (event as ToggleEvent).newState === "open";
    const buttons = [...document.querySelectorAll<HTMLElement>(`[popovertarget="${CSS.escape(menu.id)}"]`)];
    // A menu may have two buttons ("Novo" above and in the thumb bar); the one on screen counts.
    const button = buttons.find((candidate) => candidate.checkVisibility()) ?? buttons[0];
    for (const each of buttons) each.setAttribute("aria-expanded", String(open && each === button));
    if (open && button) {
      shown = { menu, button };
      place(menu, button);
      menu.querySelector(":checked")?.scrollIntoView({ block: "nearest" });
    } else if (shown?.menu === menu) {
      shown = undefined;
    }
  },
  true,
);
for (const type of ["scroll", "resize"]) {
  addEventListener(type, () => shown && place(shown.menu, shown.button), { capture: true, passive: true });
}

// Whoever has chosen is done with the menu, also where the page stays: a download, a question.
on("click", ".menu[popover] a.menu-item", (_, item) => item.closest<HTMLElement>("[popover]")?.hidePopover());

const items = "a[href], button, input:not([type=hidden])";
on("keydown", ".menu[popover]", (event, menu) => {
  const key = (event as KeyboardEvent).key;
  const all = [...menu.querySelectorAll<HTMLElement>(items)];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[key];
  if (next === undefined) return;
  event.preventDefault();
  all[(next + all.length) % all.length]?.focus();
});
on("keydown", "[popovertarget]", (event, button) => {
  if ((event as KeyboardEvent).key !== "ArrowDown") return;
  const menu = document.getElementById(button.getAttribute("popovertarget") ?? "");
  if (!menu) return;
  event.preventDefault();
  menu.showPopover();
  menu.querySelector<HTMLElement>(items)?.focus();
});
