export {};
// A form that says where somebody is, when they press its button and let the browser tell. Whoever does not is there all the same.
const WAIT_MS = 10_000;

function fill(form: HTMLFormElement, { latitude, longitude, accuracy }: GeolocationCoordinates): void {
  for (const [name, value] of [["latitude", latitude], ["longitude", longitude], ["precisao", accuracy]] as const) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = String(value);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("whereabouts" in form.dataset) || form.dataset.whereabouts === "asked") return;
  if (!("geolocation" in navigator)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.dataset.whereabouts = "asked";
  form.setAttribute("aria-busy", "true");
  const send = (): void => form.requestSubmit();
  navigator.geolocation.getCurrentPosition(
    (position) => {
      fill(form, position.coords);
      send();
    },
    send,
    { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 60_000 },
  );
}, { capture: true });
