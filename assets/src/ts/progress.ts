// A bar that follows a job: the page names an event stream with `progress` ({"done":1,"total":9,"text":"…"}) and `end` (a path or nothing).
const number = new Intl.NumberFormat(document.documentElement.lang);

function follow(box: HTMLElement): void {
  if (box.dataset["followed"] !== undefined) return;
  box.dataset["followed"] = "";
  const source = new EventSource(box.dataset["progress"] ?? "");
  source.addEventListener("progress", (event) => {
    const { done, total, text } = JSON.parse(event.data) as { done: number; total: number; text?: string };
    const bar = box.querySelector("progress");
    if (bar) Object.assign(bar, { max: Math.max(total, 1), value: done });
    const [words, count] = [box.querySelector("[data-progress-text]"), box.querySelector("[data-progress-count]")];
    if (words && text) words.textContent = text;
    if (count) count.textContent = `${number.format(done)} / ${number.format(total)}`;
  });
  source.addEventListener("end", (event) => {
    source.close();
    // Only ever a path of this host.
    const path = String(event.data ?? "");
    if (/^\/(?![/\\])/.test(path)) location.assign(path);
    else location.reload();
  });
}

const scan = (root: ParentNode) => root.querySelectorAll<HTMLElement>("[data-progress]").forEach(follow);
scan(document);
document.addEventListener("htmx:load", (event) => scan(event.target as HTMLElement));
