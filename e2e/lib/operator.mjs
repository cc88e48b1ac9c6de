// What an operator does at the command line while the product runs.
import { execFileSync } from "node:child_process";

/** A link by which somebody enters once as an administrador of a unidade, so that each journey has a person of its own. */
export function entryLink(slug, email, nome) {
  const env = { PATH: process.env.PATH, ...JSON.parse(process.env.SRI_OPERATOR) };
  return execFileSync(process.env.SRI_BIN, ["unidade", "admin-link", slug, email, "--nome", nome], { env, encoding: "utf8" }).trim();
}
