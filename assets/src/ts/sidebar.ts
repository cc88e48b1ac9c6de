import { on, remember } from "./dom";

on("click", "[data-sidebar-toggle]", (_, button) => {
  const root = document.documentElement;
  const next = root.dataset["sidebar"] === "recolhida" ? "aberta" : "recolhida";
  root.dataset["sidebar"] = next;
  button.setAttribute("aria-expanded", String(next === "aberta"));
  remember("lateral", next);
});

// On narrow screens the sidebar slides in over the page. Without script the links to #menu and #content do it (:target).
const menu = document.getElementById("menu");
let opener: HTMLElement | null = null;

function set(open: boolean): void {
  if (!menu) return;
  menu.toggleAttribute("data-open", open);
  document.querySelector(".stage")?.toggleAttribute("inert", open);
  document.querySelector(".thumb-bar")?.toggleAttribute("inert", open);
  if (open) menu.querySelector<HTMLElement>(".sidebar-close")?.focus();
  else opener?.focus();
}

on("click", "[data-menu-open]", (event, link) => {
  event.preventDefault();
  opener = link;
  set(true);
});
on("click", "[data-menu-close]", (event) => {
  if (!menu?.hasAttribute("data-open")) return;
  event.preventDefault();
  set(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu?.hasAttribute("data-open")) set(false);
});
// Turned to landscape or stretched: the sidebar is in its place again and nothing may stay inert.
matchMedia("(min-width: 992px)").addEventListener("change", (wide) => {
  if (wide.matches && menu?.hasAttribute("data-open")) set(false);
});
