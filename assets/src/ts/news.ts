// The bell. A browser has few connections to a host, so of all open tabs one listens and hands on what it hears; when it is
// closed another takes over. The count in the page is right when it is drawn: nothing here hurries.
import { on, parsed } from "./dom";
import { notice } from "./toasts";

interface Latest {
  id: string;
  text: string;
  about: string;
  open: string;
}
interface Bell {
  badge: string;
  label: string;
  latest: Latest | null;
}

const bell = document.querySelector<HTMLButtonElement>("[data-bell]");
const panel = document.getElementById("menu-bell");
if (bell && panel) start(bell, panel);

function start(bell: HTMLButtonElement, panel: HTMLElement): void {
  const badge = bell.querySelector<HTMLElement>(".bell-badge");
  // Somebody else may sign in beside: what is told to one person is handed to pages of that person alone.
  const name = `sri-news ${bell.dataset["bell"] ?? ""}`;
  const others = new BroadcastChannel(name);
  // Ids are ordered by time. What was unread before this page came is on the badge and needs no word.
  let known: string | undefined;
  let stale = true;

  function show({ badge: count, label, latest }: Bell): void {
    if (badge && badge.textContent !== count) {
      badge.textContent = count;
      badge.hidden = count === "";
      bell.setAttribute("aria-label", label);
      stale = true;
    }
    const first = known === undefined;
    const news = latest !== null && (known ?? "") < latest.id;
    if (news) known = latest.id;
    else known ??= "";
    if (!news) return;
    stale = true;
    if (latest.about === location.pathname + location.search) {
      // They are looking at it.
      if (!document.hidden) void post("/notificacoes/lidas", { sobre: latest.about });
    } else if (!first && !document.hidden) {
      notice(latest.text, latest.open);
    }
  }

  async function post(path: string, body: Record<string, string>): Promise<boolean> {
    try {
      // Where it leads to is of no interest here.
      const answer = await fetch(path, { method: "POST", body: new URLSearchParams(body), redirect: "manual" });
      return answer.type === "opaqueredirect" || answer.ok;
    } catch {
      return false;
    }
  }

  let last: Bell | undefined;
  let source: EventSource | undefined;
  others.addEventListener("message", (event) => {
    // A page that has just come asks the one that listens.
    if (event.data !== "?") show(event.data as Bell);
    else if (last && source) others.postMessage(last);
  });
  let failures = 0;
  function listen(): void {
    source = new EventSource("/notificacoes/events");
    source.addEventListener("bell", (event) => {
      failures = 0;
      last = JSON.parse(event.data as string) as Bell;
      others.postMessage(last);
      show(last);
    });
    source.onerror = () => {
      // After its minute it comes back by itself; when it was refused we come back, ever more rarely.
      if (source?.readyState !== EventSource.CLOSED) return;
      failures += 1;
      setTimeout(listen, Math.min(5_000 * 2 ** failures, 300_000));
    };
  }
  const mine = () =>
    "locks" in navigator ? navigator.locks.request(name, () => (listen(), new Promise<never>(() => undefined))) : listen();
  // First the page, then its news.
  const soon = () =>
    setTimeout(() => {
      others.postMessage("?");
      void mine();
    }, 300);
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
  addEventListener("pagehide", () => source?.close());
  // Back from the browser's memory of pages, everything may have changed.
  addEventListener("pageshow", (event) => event.persisted && listen());

  panel.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState === "open" && stale) void fill();
  });
  async function fill(): Promise<void> {
    const rows = panel.querySelector<HTMLElement>("[data-bell-rows]");
    if (!rows) return;
    rows.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch("/notificacoes/painel", { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return location.assign("/notificacoes");
      const page = parsed(await answer.text());
      rows.replaceChildren(...page.body.childNodes);
      stale = false;
    } catch {
      location.assign("/notificacoes");
    } finally {
      rows.setAttribute("aria-busy", "false");
    }
  }

  on("submit", "form[data-bell-read]", (event) => {
    event.preventDefault();
    void post("/notificacoes/lidas", {}).then((done) => {
      if (!done) return location.assign("/notificacoes");
      for (const row of panel.querySelectorAll(".notice-unread")) row.classList.remove("notice-unread");
    });
  });
}
