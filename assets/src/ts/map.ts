// A map with one place marked; loaded only where there is one.
import * as L from "leaflet/dist/leaflet-src.esm.js";

for (const box of document.querySelectorAll<HTMLElement>("[data-map]")) void draw(box);

async function draw(box: HTMLElement): Promise<void> {
  const said = (name: string) => box.dataset[name] ?? "";
  await new Promise<void>((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: said("css") });
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`no style for the map: ${link.href}`));
    document.head.append(link);
  });
  const at: [number, number] = [Number(said("latitude")), Number(said("longitude"))];
  // The credit stands below the map.
  const map = L.map(box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false }).setView(at, 12);
  L.control.zoom({ zoomInTitle: said("zoomIn"), zoomOutTitle: said("zoomOut") }).addTo(map);
  const tiles = L.tileLayer(said("tiles"), {
    maxZoom: 18,
    // Who gives maps away wants to know for which site; which page it is stays here.
    referrerPolicy: "strict-origin-when-cross-origin",
  }).addTo(map);
  let drawn = false;
  tiles.on("tileload", () => {
    drawn = true;
    box.querySelector(".map-failed")?.remove();
  });
  tiles.on("tileerror", () => {
    if (drawn || box.querySelector(".map-failed")) return;
    const note = Object.assign(document.createElement("p"), { className: "map-failed", textContent: said("failed") });
    note.setAttribute("role", "status");
    box.append(note);
  });
  L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: "map-pin", iconSize: [22, 22] }) }).addTo(map);
  L.circle(at, { radius: 2500, interactive: false, className: "map-around" }).addTo(map);
}
