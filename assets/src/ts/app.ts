// What HTML cannot do by itself, for every page. Heavy things (questions, later charts and maps) load when first needed.
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
