// The field of the CNAE offers what fits the words typed, says what a code means, and proposes the segmento that goes with it.
import { icon } from "./dom";

interface Found {
  codigo: string;
  nome: string;
  segmento: string | null;
}

const box = document.querySelector<HTMLElement>("[data-cnae]");
const field = box?.querySelector<HTMLInputElement>("input");
if (box && field) start(box, field);

function start(box: HTMLElement, field: HTMLInputElement): void {
  const meaning = box.querySelector("[data-cnae-nome]");
  const offers = document.createElement("datalist");
  offers.id = "cnaes";
  box.append(offers);
  field.setAttribute("list", offers.id);
  field.removeAttribute("maxlength");
  let asked = "";
  let timer = 0;

  /** A segmento is proposed where none is chosen, and says so until somebody chooses. */
  function propose(segmento: string | null): void {
    const select = field.form?.elements.namedItem("segmento") as HTMLSelectElement | null;
    if (!segmento || !select || select.value !== "") return;
    select.value = segmento;
    if (select.value !== segmento) return void (select.value = "");
    select.dispatchEvent(new Event("change", { bubbles: true }));
    const place = select.closest(".field");
    place?.querySelector(".consulta-note")?.remove();
    const line = Object.assign(document.createElement("p"), { className: "consulta-note" });
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: box.dataset.undo ?? "" });
    undo.addEventListener("click", () => {
      line.remove();
      select.value = "";
      select.focus();
    });
    line.append(icon("check-circle-fill"), Object.assign(document.createElement("span"), { textContent: box.dataset.proposed ?? "" }), undo);
    place?.append(line);
    select.addEventListener("change", () => line.remove(), { once: true });
  }

  async function ask(): Promise<void> {
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    if (meaning) meaning.textContent = "";
    if (text.length < 2) return offers.replaceChildren();
    const response = await fetch(`${box.dataset.url ?? ""}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
    if (!response.ok || field.value.trim() !== text) return;
    const found = (await response.json()) as Found[];
    offers.replaceChildren(...found.map(({ codigo, nome }) => Object.assign(document.createElement("option"), { value: codigo, label: `${codigo} ${nome}` })));
    const bare = (code: string) => code.replace(/\D/g, "");
    const exact = found.find(({ codigo }) => bare(codigo).length === bare(text).length && bare(codigo) === bare(text));
    if (!exact) return;
    if (meaning) meaning.textContent = exact.nome;
    propose(exact.segmento);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), 150);
  });
  field.addEventListener("change", () => void ask());
}
