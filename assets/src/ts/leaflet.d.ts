// What is used of Leaflet.
declare module "leaflet/dist/leaflet-src.esm.js" {
  interface Layer {
    addTo(map: Map): this;
    on(type: string, handle: () => void): this;
  }
  interface Map {
    setView(at: [number, number], zoom: number): this;
  }
  export function map(box: HTMLElement, options: object): Map;
  export function tileLayer(template: string, options: object): Layer;
  export function marker(at: [number, number], options: object): Layer;
  export function circle(at: [number, number], options: object): Layer;
  export function divIcon(options: object): object;
  export const control: { zoom(options: object): Layer };
}
