// What an operator does at the command line while the product runs.
import { execFileSync } from "node:child_process";

/** A link by which somebody enters once as an administrador of a unidade, so that each journey has a person of its own. */
export function entryLink(slug, email, nome) {
  const env = { PATH: process.env.PATH, ...JSON.parse(process.env.SRI_OPERATOR) };
  return execFileSync(process.env.SRI_BIN, ["unidade", "admin-link", slug, email, "--nome", nome], { env, encoding: "utf8" }).trim();
}

/** A unidade for a journey that would get in the way of others in theirs; there when this returns. */
export function createUnidade(slug, codigo, nome, cidade, email) {
  const env = { PATH: process.env.PATH, ...JSON.parse(process.env.SRI_OPERATOR) };
  const what = ["--codigo", codigo, "--nome", nome, "--cidade", cidade, "--uf", "SC", "--admin-nome", "Chefe", "--admin-email", email];
  execFileSync(process.env.SRI_BIN, ["unidade", "create", slug, ...what], { env, encoding: "utf8" });
}
