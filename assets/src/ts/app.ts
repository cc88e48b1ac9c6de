// What HTML cannot do by itself, for every page. Heavy things (questions, later charts and maps) load when first needed.
import htmx from "htmx.org";
import "./confirm"; // first: a question comes before everything else that listens to a submit
import "./copy";
import "./drop";
import "./fill";
import "./timeline"; // before the lists: "mostrar mais" is no page of a list
import "./lists";
import "./masks";
import "./menus";
import "./news";
import "./palette";
import "./progress";
import "./selection";
import "./sidebar";
import "./theme";
import "./toasts";
import "./inline";
import "./forms"; // last: it must see what the others have taken upon themselves
import { showTab } from "./dom";

htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
// The style it would add inline is forbidden by the content security policy.
htmx.config.includeIndicatorStyles = false;
// No copies of pages in the browser's storage: they hold people's records, and the address brings them back.
htmx.config.historyCacheSize = 0;

// Only the forms that ask outside need it.
if (document.querySelector("[data-consulta]")) void import("./consulta");
if (document.querySelector("[data-cnae]")) void import("./cnae");
if (document.querySelector("[data-chave]")) void import("./chave");
if (document.querySelector("[data-map]")) void import("./map");
// Only where permissões are looked through.
if (document.querySelector("[data-find]")) void import("./find");
// Only a visita that somebody arrives at.
if (document.querySelector("form[data-whereabouts]")) void import("./whereabouts");
// Only the board of demandas.
if (document.querySelector("[data-column]")) void import("./quadro");
// Only the calendar.
if (document.querySelector("[data-agenda]")) void import("./agenda");
// Only the preview of an import.
if (document.querySelector("[data-previa]")) void import("./previa");

// A step between two hosts that needs nobody.
document.querySelector<HTMLFormElement>("form[data-go]")?.requestSubmit();

showTab();
document.addEventListener("htmx:load", showTab);
