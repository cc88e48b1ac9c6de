// Stands in for the companies outside: those that know about CNPJs and CEPs, with their JSON and their failures by the CNPJ that is
// asked about, and the one that draws maps.
import { createServer } from "node:http";
import { picture } from "./picture.mjs";

/** CNPJs with a story of their own; any other is known at once. */
export const CNPJ = {
  known: "33014556000196",
  closed: "45723174000110",
  // The first request is told to come back in some seconds.
  later: "60701190000104",
  unknown: "33000167000101",
  // As unknown, for other journeys of the same unidade: what is filled in from one answer would make two companies alike.
  unheard: "47000123000196",
  unlisted: "47111222000145",
  broken: "19131243000197",
};

const mask = (cnpj) => cnpj.replace(/^(..)(...)(...)(....)(..)$/, "$1.$2.$3/$4-$5");

function company(cnpj) {
  return {
    abertura: "03/10/2013",
    situacao: cnpj === CNPJ.closed ? "BAIXADA" : "ATIVA",
    tipo: "MATRIZ",
    nome: `TECELAGEM ${cnpj.slice(0, 4)} LTDA`,
    fantasia: "SERRA <DO> MAR",
    porte: "EMPRESA DE PEQUENO PORTE",
    atividade_principal: [{ code: "13.21-9-00", text: "Tecelagem de fios de algodão" }],
    logradouro: "R DONA FRANCISCA",
    numero: "8300",
    municipio: "JOINVILLE",
    bairro: "ZONA INDUSTRIAL NORTE",
    uf: "SC",
    cep: "89.219-600",
    email: "contato@serra.example",
    telefone: "(47) 3433-0000 / (47) 3433-0001",
    data_situacao: "03/10/2013",
    cnpj: mask(cnpj),
    ultima_atualizacao: "2026-11-10T23:59:59.000Z",
    status: "OK",
  };
}

/** Starts it; `env` tells the product where it is. */
export function provedores() {
  const seen = new Map();
  const server = createServer((request, response) => {
    const json = (body, status = 200) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const [, name, , number] = request.url.split("/");
    if (name === "tiles") return response.writeHead(200, { "content-type": "image/png" }).end(picture(256, 256, [214, 226, 240]));
    if (name === "viacep") {
      return json({ cep: "89219-600", logradouro: "Rua Dona Francisca", bairro: "Zona Industrial Norte", localidade: "Joinville", uf: "SC", ibge: "4209102" });
    }
    const times = (seen.get(number) ?? 0) + 1;
    seen.set(number, times);
    if (number === CNPJ.broken) return response.writeHead(200, { "content-type": "text/html" }).end("<h1>Manutenção</h1>");
    if ([CNPJ.unknown, CNPJ.unheard, CNPJ.unlisted].includes(number)) return json({ status: "ERROR", message: "CNPJ rejeitado pela Receita Federal" });
    if (number === CNPJ.later && times === 1) return response.writeHead(429, { "retry-after": "3" }).end("Too many requests, please try again later.");
    return json(company(number));
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const base = `http://127.0.0.1:${server.address().port}`;
      resolve({
        env: {
          SRI_CNPJ_PROVIDERS: `receitaws=${base}/receitaws`,
          SRI_CEP_PROVIDERS: `viacep=${base}/viacep/ws`,
          SRI_PROVIDER_LIMITS: "receitaws=600",
          SRI_MAP_TILES: `${base}/tiles/{z}/{x}/{y}.png`,
        },
        stop: () => server.close(),
      });
    });
  });
}
