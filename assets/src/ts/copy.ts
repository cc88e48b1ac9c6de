import { on, word } from "./dom";
import { toast } from "./toasts";

on("click", "[data-copy]", (_, button) => {
  navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(
    () => toast("ok", word("copied")),
    () => toast("danger", word("failed")),
  );
});
