// Mail as `sri dev` delivers it: one JSON file each in a folder.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "./visitor.mjs";

/** The newest mail to `address` with `part` in its text, waited for; `link` is the address in its text. */
export async function mailTo(address, part = "") {
  const folder = process.env.SRI_MAIL;
  const mail = await until(`a mail to ${address}`, () => {
    let names = [];
    try {
      names = readdirSync(folder).filter((name) => name.endsWith(".json") && !name.startsWith("."));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    // The names are time-ordered ids.
    return names.sort().reverse().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8"))).find((one) => one.to.includes(address) && one.text.includes(part));
  });
  return { ...mail, link: /https?:\/\/\S+/.exec(mail.text)?.[0] };
}
