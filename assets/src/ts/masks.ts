// Masks shape while one types; the server takes every shape and judges. 0 = digit, A = letter or digit.
const shapes: Record<string, (raw: string) => string> = {
  cnpj: () => "AA.AAA.AAA/AAAA-00",
  cpf: () => "000.000.000-00",
  cep: () => "00000-000",
  telefone: (raw) => (raw.length > 10 ? "(00) 00000-0000" : "(00) 0000-0000"),
};

const keep = (name: string, text: string) => text.toUpperCase().replace(name === "cnpj" ? /[^0-9A-Z]/g : /[^0-9]/g, "");

function fill(name: string, text: string): string {
  const shape = shapes[name];
  // Numbers of other countries keep the form in which they were typed.
  if (!shape || text.trimStart().startsWith("+")) return text;
  const raw = keep(name, text);
  let out = "";
  let next = 0;
  for (const slot of shape(raw)) {
    if (next >= raw.length) break;
    if (slot === "0" || slot === "A") {
      const char = raw[next++] ?? "";
      // A letter where only a digit may stand is left for the server to explain.
      out += char;
    } else {
      out += slot;
    }
  }
  return out;
}

/** `1234.5`, `1.234,5`, `R$ 1234,50` → `1.234,50`; what is no amount stays as it is. A lone mark before three digits is thousands. */
export function reais(text: string): string {
  const plain = text.replace(/R\$|\s/g, "");
  if (!/^-?[\d.,]*\d[\d.,]*$/.test(plain)) return text;
  const decimal = /[.,](\d{1,2})$/.exec(plain);
  const whole = (decimal ? plain.slice(0, decimal.index) : plain).replace(/[^\d-]/g, "").replace(/^(-?)0+(?=\d)/, "$1");
  return `${(whole || "0").replace(/\B(?=(\d{3})+$)/g, ".")},${(decimal?.[1] ?? "").padEnd(2, "0")}`;
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement)) return;
  const name = input.dataset["mask"] ?? "";
  if (!shapes[name]) return;
  const before = keep(name, input.value.slice(0, input.selectionStart ?? 0)).length;
  const shaped = fill(name, input.value);
  if (shaped === input.value) return;
  input.value = shaped;
  // The caret stays behind the same character, marks not counted.
  let caret = 0;
  for (let seen = 0; caret < shaped.length && seen < before; caret++) if (keep(name, shaped[caret] ?? "")) seen++;
  input.setSelectionRange(caret, caret);
});

document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (input instanceof HTMLInputElement && input.dataset["mask"] === "reais" && input.value.trim()) input.value = reais(input.value);
});
