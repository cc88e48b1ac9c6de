/** Listens on the document for events of elements that match: works for what arrives later, too. */
export function on<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  handle: (event: DocumentEventMap[K], element: HTMLElement) => void,
  capture = false,
): void {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
      if (element) handle(event, element);
    },
    capture,
  );
}

/** A text of the page's language (layout/tail.html). */
export function word(name: string): string {
  return document.getElementById("words")?.dataset[name] ?? "";
}

/** An icon of the sprite, found by an icon that is already in the page. */
export function icon(name: string): SVGSVGElement {
  const sprite = document.querySelector("svg.bi use")?.getAttribute("href")?.split("#")[0] ?? "";
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", "bi");
  svg.setAttribute("aria-hidden", "true");
  svg.append(Object.assign(document.createElementNS(ns, "use")));
  svg.firstElementChild?.setAttribute("href", `${sprite}#${name}`);
  return svg;
}

/** A preference the server reads when it draws the next page; it holds one known word and no secret. */
export function remember(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

/** On a phone the tabs are pushed sideways: the one that is open comes into sight, and nothing else moves. */
export function showTab(): void {
  for (const tab of document.querySelectorAll<HTMLElement>(".tabs [aria-current]")) {
    const row = tab.parentElement;
    if (row) row.scrollLeft = tab.offsetLeft - row.offsetLeft - 24;
  }
}

/** Another page of ours, to take parts of. Its style bears a nonce that is not this page's, so the browser would complain of it. */
export function parsed(html: string): Document {
  return new DOMParser().parseFromString(html.replace(/<style\b[^>]*>[^]*?<\/style>/gi, ""), "text/html");
}

/** Folds case and accents, so that "automacao" finds "Automação". */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
