import { on, word } from "./dom";

let styles: Promise<void> | undefined;

function load(): Promise<void> {
  styles ??= new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: word("dialogs") });
    link.onload = link.onerror = () => resolve();
    // Before ours, so that our rules win where they are equal.
    document.head.prepend(link);
  });
  return styles;
}

/** Asks and answers true only for a yes. The dialog's code is fetched at the first question. */
export async function ask(question: string, yes = word("yes"), danger = true): Promise<boolean> {
  // Menus lie above everything; the one the question came from gives way and takes the focus back to its button.
  for (const menu of document.querySelectorAll<HTMLElement>(".menu:popover-open")) menu.hidePopover();
  const [{ default: swal }] = await Promise.all([import("sweetalert2/dist/sweetalert2.esm.js"), load()]);
  const answer = await swal.fire({
    titleText: question, // names the dialog for screen readers
    showCancelButton: true,
    confirmButtonText: yes,
    cancelButtonText: word("cancel"),
    reverseButtons: true,
    focusCancel: danger,
    buttonsStyling: false,
    customClass: { confirmButton: `btn ${danger ? "btn-danger" : "btn-primary"}`, cancelButton: "btn btn-plain" },
    heightAuto: false,
    showClass: { popup: "", backdrop: "swal2-backdrop-show" },
    hideClass: { popup: "", backdrop: "" },
  });
  return answer.isConfirmed;
}

const asked = new WeakSet<HTMLFormElement>();

on(
  "submit",
  "form[data-confirm]",
  (event, element) => {
    const form = element as HTMLFormElement;
    if (asked.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = (event as SubmitEvent).submitter as HTMLElement | null;
    void ask(form.dataset["confirm"] ?? "").then((yes) => {
      if (!yes) return;
      asked.add(form);
      form.requestSubmit(submitter);
    });
  },
  true,
);

// The same question for htmx's hx-confirm.
document.addEventListener("htmx:confirm", (event) => {
  const detail = (event as CustomEvent).detail as { question?: string; issueRequest(skip: boolean): void };
  if (!detail.question) return;
  event.preventDefault();
  void ask(detail.question).then((yes) => yes && detail.issueRequest(true));
});
