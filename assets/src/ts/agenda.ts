// The calendar: the server writes its days as a list, and the month and the week are drawn from that list. What is dragged is sent to
// the server and drawn anew from what it answers; the calendar has no state of its own.
import { Calendar, type CalendarOptions, type EventApi, type EventInput } from "@fullcalendar/core";
import ptBr from "@fullcalendar/core/locales/pt-br";
import dayGrid from "@fullcalendar/daygrid";
import interaction from "@fullcalendar/interaction";
import timeGrid from "@fullcalendar/timegrid";
import { icon, parsed, word } from "./dom";
import { again } from "./lists";
import { toast } from "./toasts";

let shown: Calendar | undefined;
// It measures itself once: another width comes with the window, and with the menu beside it too.
const sized = new ResizeObserver(() => shown?.updateSize());

/** The list is kept by a telephone and by whoever has no script; what cannot be drawn is read there too. */
function draw(): void {
  shown?.destroy();
  shown = undefined;
  sized.disconnect();
  const box = document.querySelector<HTMLElement>("[data-agenda]");
  const grid = box?.querySelector<HTMLElement>("[data-grid]");
  if (!box || !grid || box.dataset["agenda"] === "lista") return;
  shown = new Calendar(grid, options(box));
  shown.render();
  sized.observe(grid);
  box.dataset["drawn"] = "";
}

const text = (within: Element, selector: string) => within.querySelector(selector)?.textContent?.trim() ?? "";

function events(box: HTMLElement): EventInput[] {
  const all = new Map<string, EventInput>();
  for (const item of box.querySelectorAll<HTMLElement>("[data-item]")) {
    const { item: id = "", begin = "", end = "", tone = "", move, version = "" } = item.dataset;
    const link = item.querySelector<HTMLAnchorElement>(".agenda-what a");
    const allDay = !begin.includes("T");
    all.set(id, {
      id,
      title: text(item, ".agenda-what a, .agenda-what b"),
      start: begin,
      end,
      allDay,
      ...(link ? { url: link.href } : {}),
      editable: move !== undefined,
      durationEditable: move !== undefined && !allDay,
      classNames: ["agenda-event", `agenda-${tone}`, ...(item.dataset["clashes"] === undefined ? [] : ["agenda-clashes"])],
      extendedProps: {
        move,
        version,
        clashes: item.dataset["clashes"] !== undefined,
        // Everything that the list says of it.
        said: [...item.querySelectorAll(".agenda-time, .agenda-what, .agenda-who .person, .agenda-how .status")]
          .map((part) => part.textContent?.replace(/\s+/g, " ").trim())
          .filter(Boolean)
          .join(" · "),
        icon: item.querySelector(".agenda-what use")?.getAttribute("href")?.split("#")[1] ?? "calendar3",
        hour: allDay ? "" : begin.slice(11, 16),
      },
    });
  }
  return [...all.values()];
}

/** The hours of a working day, and those of whatever lies outside. */
function hours(box: HTMLElement): { slotMinTime: string; slotMaxTime: string } {
  let [first, last] = [7, 19];
  for (const { dataset } of box.querySelectorAll<HTMLElement>("[data-item]")) {
    const [begin = "", end = ""] = [dataset["begin"], dataset["end"]];
    if (!begin.includes("T")) continue;
    first = Math.min(first, Number(begin.slice(11, 13)));
    last = begin.slice(0, 10) === end.slice(0, 10) ? Math.max(last, Math.ceil(Number(end.slice(11, 13)) + Number(end.slice(14, 16)) / 60)) : 24;
  }
  return { slotMinTime: `${first}:00:00`, slotMaxTime: `${last}:00:00` };
}

function options(box: HTMLElement): CalendarOptions {
  const said = (name: string) => box.dataset[name] ?? "";
  const month = said("agenda") === "mes";
  const plan = said("plan");
  return {
    plugins: [dayGrid, timeGrid, interaction],
    locales: [ptBr],
    locale: document.documentElement.lang.toLowerCase(),
    firstDay: 0,
    // Hours come as the clock on the reader's wall shows them, whatever the one of the device does.
    timeZone: "UTC",
    now: said("now"),
    initialView: month ? "dayGridMonth" : "timeGridWeek",
    initialDate: said("date"),
    headerToolbar: false,
    handleWindowResize: false,
    height: "auto",
    fixedWeekCount: false,
    dayMaxEvents: month ? 4 : true,
    dayMaxEventRows: month ? 4 : 6,
    moreLinkText: (n) => said("rest").replace("{n}", String(n)),
    allDayText: said("allDay"),
    nowIndicator: true,
    eventOrder: "start,-duration,title",
    slotEventOverlap: false,
    slotDuration: "00:30:00",
    ...hours(box),
    events: events(box),
    // Hours stay hours, and days days.
    eventAllow: (to, event) => event === null || to.allDay === event.allDay,
    eventContent: ({ event }) => {
      const line = document.createElement("span");
      line.className = "agenda-line";
      const name = Object.assign(document.createElement("span"), { className: "agenda-name", textContent: event.title });
      const hour = String(event.extendedProps["hour"]);
      // The space between is for whoever listens.
      const time = hour ? [Object.assign(document.createElement("span"), { className: "num", textContent: `${hour} ` })] : [];
      const clash = event.extendedProps["clashes"] ? [icon("exclamation-triangle-fill")] : [];
      line.append(...clash, icon(String(event.extendedProps["icon"])), ...time, name);
      return { domNodes: [line] };
    },
    // A day is called what stands in it, not by its date alone.
    dayCellDidMount: ({ el }) => el.removeAttribute("aria-labelledby"),
    eventDidMount: ({ el, event }) => {
      el.title = String(event.extendedProps["said"]);
      // Begins with what is seen, so that it can be said to whoever listens.
      el.setAttribute("aria-label", `${event.extendedProps["hour"]} ${event.title} · ${el.title}`.trim());
    },
    dateClick: ({ dateStr, jsEvent }) => {
      if (plan && !(jsEvent.target as Element).closest("a, button")) location.assign(`${plan}?em=${dateStr.slice(0, 16)}`);
    },
    eventDrop: ({ event, oldEvent, revert }) => void moved(box, event, oldEvent, revert),
    eventResize: ({ event, oldEvent, revert }) => void moved(box, event, oldEvent, revert),
  };
}

/** Where the server puts it to another time. */
function way(box: HTMLElement, move: string, version: string, to: EventApi): string {
  const begin = to.startStr.slice(0, 19);
  const when: Record<string, string> = to.allDay ? { dia: begin } : { inicio: begin, fim: (to.endStr || to.startStr).slice(0, 19) };
  return `${move}?${new URLSearchParams({ version, ...when, volta: box.dataset["back"] ?? "/agenda" })}`;
}

async function moved(box: HTMLElement, event: EventApi, before: EventApi, revert: () => void): Promise<void> {
  const list = box.closest<HTMLElement>("[data-list]");
  const move = String(event.extendedProps["move"]);
  if (!list || list.getAttribute("aria-busy")) return revert();
  list.setAttribute("aria-busy", "true");
  const to = event.start?.toLocaleString(document.documentElement.lang, { timeZone: "UTC", dateStyle: "short", ...(event.allDay ? {} : { timeStyle: "short" }) });
  try {
    const answer = await fetch(way(box, move, String(event.extendedProps["version"]), event), { method: "POST", headers: { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" } });
    const page = parsed(await answer.text());
    await again(page);
    // What was drawn anew knows the version that a way back has to name.
    const item = document.querySelector<HTMLElement>(`[data-item="${CSS.escape(event.id)}"]`);
    if (!answer.ok) return toast("danger", page.querySelector("main p")?.textContent?.trim() || word("failed"));
    const clashes = item?.dataset["clashes"] !== undefined;
    const words = (box.dataset[clashes ? "clash" : "moved"] ?? "").replace("{what}", event.title).replace("{to}", to ?? "");
    toast(clashes ? "warn" : "ok", words, item?.dataset["version"] ? undo(box, way(box, move, item.dataset["version"], before)) : undefined);
  } catch (error) {
    list.removeAttribute("aria-busy");
    revert();
    toast("danger", word("failed"));
    throw error;
  }
}

function undo(box: HTMLElement, action: string): HTMLFormElement {
  const form = Object.assign(document.createElement("form"), { method: "post", action });
  form.append(Object.assign(document.createElement("button"), { type: "submit", className: "btn btn-link btn-sm", textContent: box.dataset["undo"] ?? "" }));
  return form;
}

draw();
document.addEventListener("list:shown", draw);
