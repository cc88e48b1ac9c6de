// Passkeys: asks the server what to sign, the browser to sign it, and sends the answer with the form as the page has it.
import { word } from "./dom";

type Native = typeof PublicKeyCredential & {
  parseCreationOptionsFromJSON?: (options: unknown) => PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON?: (options: unknown) => PublicKeyCredentialRequestOptions;
};

const native = window.PublicKeyCredential as Native | undefined;

// A browser that cannot is not offered what it cannot do.
if (!native?.parseCreationOptionsFromJSON || !native.parseRequestOptionsFromJSON) {
  for (const offer of document.querySelectorAll<HTMLElement>("[data-chave]")) offer.hidden = true;
}

async function answer(form: HTMLFormElement): Promise<string> {
  const sent = await fetch(form.dataset["chaveForm"] ?? "", { method: "POST", body: new URLSearchParams(new FormData(form) as never) });
  const { publicKey, problem } = (await sent.json()) as { publicKey?: { pubKeyCredParams?: unknown }; problem?: string };
  if (!publicKey) throw new Error(problem ?? word("failed"));
  const credential =
    "pubKeyCredParams" in publicKey
      ? await navigator.credentials.create({ publicKey: native!.parseCreationOptionsFromJSON!(publicKey) })
      : await navigator.credentials.get({ publicKey: native!.parseRequestOptionsFromJSON!(publicKey) });
  return JSON.stringify((credential as PublicKeyCredential & { toJSON: () => unknown }).toJSON());
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("[data-chave-form]")) return;
  event.preventDefault();
  const problem = form.querySelector<HTMLElement>("[data-chave-problem]");
  if (problem) problem.hidden = true;
  answer(form).then(
    (signed) => {
      (form.elements.namedItem("resposta") as HTMLInputElement).value = signed;
      const senha = form.elements.namedItem("senha_atual");
      // It was proved with the question; it need not travel twice.
      if (senha instanceof HTMLInputElement) senha.disabled = true;
      form.submit();
    },
    (error: Error) => {
      // Whoever closes the browser's own question has seen why.
      if (!problem || error.name === "NotAllowedError") return;
      problem.textContent = error instanceof DOMException ? word("failed") : error.message;
      problem.hidden = false;
    },
  );
});
