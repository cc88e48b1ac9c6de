import { on, parsed, word } from "./dom";
import { pass, passOn, toast } from "./toasts";

const size = (bytes: number) => {
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / 1024 / 1024, "MB"];
  return `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(value)} ${unit}`;
};

for (const type of ["dragenter", "dragover"] as const) on(type, "[data-drop]", (_, zone) => zone.setAttribute("data-over", ""));
for (const type of ["dragleave", "drop"] as const) on(type, "[data-drop]", (_, zone) => zone.removeAttribute("data-over"));

/** Why the file cannot be sent, or nothing. */
function refuse(input: HTMLInputElement, file: File): string {
  const accepted = input.accept.split(",").map((ending) => ending.trim().toLowerCase());
  if (input.accept && !accepted.some((ending) => file.name.toLowerCase().endsWith(ending))) return word("wrongType");
  const max = Number(input.closest<HTMLElement>("[data-drop]")?.dataset["max"] ?? Infinity);
  return file.size > max ? word("tooLarge") : "";
}

on("change", ".drop-input", (_, element) => {
  const input = element as HTMLInputElement;
  const list = input.closest("[data-drop]")?.querySelector(".drop-files");
  list?.replaceChildren(
    ...[...(input.files ?? [])].map((file) => {
      const item = document.createElement("li");
      const fault = refuse(input, file);
      const note = document.createElement("small");
      note.textContent = fault || size(file.size);
      item.className = fault ? "drop-bad" : "";
      item.append(file.name, document.createElement("br"), note);
      return item;
    }),
  );
});

// Sent by script for the progress bar; the answer is an address to go to (HX-Redirect) or the page again with what is wrong.
on("submit", "form[data-upload]", (event, element) => {
  const form = element as HTMLFormElement;
  if (form.dataset["upload"] === "each") {
    event.preventDefault();
    void each(form);
    return;
  }
  const inputs = [...form.querySelectorAll<HTMLInputElement>(".drop-input")];
  const files = inputs.flatMap((input) => [...(input.files ?? [])].map((file) => refuse(input, file)));
  event.preventDefault();
  const fault = files.find(Boolean);
  if (fault) {
    toast("danger", fault);
    return;
  }
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, className: "progress-bar-line" });
  bar.setAttribute("aria-label", word("sending"));
  form.querySelector(".drop-files li")?.append(bar);
  const buttons = form.querySelectorAll<HTMLButtonElement>("[type=submit]");
  for (const button of buttons) button.disabled = true;
  const failed = () => {
    bar.remove();
    for (const button of buttons) button.disabled = false;
    toast("danger", word("failed"));
  };
  const request = new XMLHttpRequest();
  request.upload.onprogress = (progress) => {
    if (progress.lengthComputable) bar.value = progress.loaded / progress.total;
  };
  request.onerror = request.ontimeout = failed;
  request.onload = () => {
    // A page that lives on, with an address and scripts of its own, is gone to; any other takes the form's place.
    const opened = form.dataset["upload"] === "open" && request.responseURL !== form.action ? request.responseURL : null;
    const target = request.getResponseHeader("HX-Redirect") ?? opened;
    const page = parsed(request.responseText);
    if (target) {
      passOn(page);
      delete form.dataset["guard"];
      return location.assign(target);
    }
    const answer = page.querySelector("main");
    if (!answer) return failed();
    document.querySelector("main")?.replaceWith(answer);
    pass(page);
    document.querySelector<HTMLElement>("[data-focus]")?.focus();
  };
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(new FormData(form));
});

/** Sends one file; the answer is nothing when it was kept, else why not. */
function sendOne(form: HTMLFormElement, input: HTMLInputElement, file: File, bar: HTMLProgressElement): Promise<string> {
  const body = new FormData();
  // The server reads in order: what is said about the files comes before them.
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  body.append(input.name, file);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = (progress) => {
      if (progress.lengthComputable) bar.value = progress.loaded / progress.total;
    };
    request.onerror = request.ontimeout = () => resolve(word("failed"));
    request.onload = () => {
      if (request.status < 300) return resolve("");
      try {
        const problem = JSON.parse(request.responseText) as { title?: string; errors?: { detail: string }[] };
        resolve(problem.errors?.[0]?.detail ?? problem.title ?? word("failed"));
      } catch {
        resolve(word("failed"));
      }
    };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  });
}

/** File after file, each with its own bar; then the list below is drawn anew. What was refused stays named in the zone. */
async function each(form: HTMLFormElement): Promise<void> {
  const input = form.querySelector<HTMLInputElement>(".drop-input");
  const files = [...(input?.files ?? [])];
  const items = [...form.querySelectorAll<HTMLLIElement>(".drop-files li")];
  if (!input || files.length === 0) {
    input?.focus();
    return;
  }
  const button = form.querySelector<HTMLButtonElement>("[type=submit]");
  if (button) button.disabled = true;
  let kept = 0;
  for (const [index, file] of files.entries()) {
    const item = items[index];
    const note = item?.querySelector("small");
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, className: "progress-bar-line" });
    bar.setAttribute("aria-label", `${word("sending")} ${file.name}`);
    item?.append(bar);
    const fault = refuse(input, file) || (await sendOne(form, input, file, bar));
    bar.remove();
    if (fault) {
      item?.classList.add("drop-bad");
      if (note) note.textContent = fault;
    } else {
      kept++;
      item?.remove();
    }
  }
  if (button) button.disabled = false;
  input.value = "";
  if (kept === 0) return;
  if (form.dataset["done"]) toast("ok", form.dataset["done"]);
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = parsed(await page.text());
  if (!fresh.getElementById("documentos")) return location.reload();
  // The rows, and the counts above them.
  for (const part of ["#documentos", "#documentos-count", ".page-title .sub", ".tabs"]) {
    const other = fresh.querySelector(part);
    if (other) document.querySelector(part)?.replaceWith(other);
  }
}
