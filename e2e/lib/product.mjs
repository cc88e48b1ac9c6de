// The product as `sri dev` runs it, with data, ports and mail of its own.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A port nobody listens on at this moment. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** What an operator's commands must know to reach it. */
function operator(state, port) {
  const kept = (name) => readFileSync(join(state, name), "utf8").trim();
  return {
    DATABASE_URL: `postgres://postgres:${kept("pg/password")}@127.0.0.1:${kept("pg/port")}/sri`,
    SRI_SECRET_KEY: kept("secret.key"),
    SRI_BASE_URL: `http://localhost:${port}`,
    SRI_MAIL_URL: `file://${join(state, "mail")}`,
    SRI_FILES_DIR: join(state, "files"),
    SRI_BACKUP_DIR: join(state, "backups"),
    SRI_STATE_DIR: state,
    SRI_DEV: "1",
  };
}

/** Starts it with `more` in its environment and waits for its links. `env` is what the journeys need to know. */
export async function start(program, more) {
  const home = mkdtempSync(join(tmpdir(), "sri-journeys."));
  chmodSync(home, 0o755); // the database server's account passes through
  const [port, ops] = [await freePort(), await freePort()];
  const env = { ...process.env, ...more, SRI_STATE_DIR: join(home, "state"), SRI_OPS_LISTEN: `127.0.0.1:${ops}` };
  delete env.DATABASE_URL;
  const child = spawn(program, ["dev", "--port", String(port)], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let said = "";
  const over = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));

  const links = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready after 90 s:\n${said}`)), 90_000);
    const hear = (bytes) => {
      said += bytes;
      if (!/^ +Stop /m.test(said)) return;
      clearTimeout(late);
      resolve(Object.fromEntries([...said.matchAll(/^ +(\S.*?) {2,}(http\S+)$/gm)].map(([, name, link]) => [name, link])));
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void over.then((code) => reject(new Error(`sri dev ended with ${code}:\n${said}`)));
  }).catch((error) => {
    child.kill("SIGINT");
    throw error;
  });

  return {
    env: {
      SRI_CONSOLE: links["Console"],
      SRI_JOINVILLE: links["SENAI Joinville"],
      SRI_BLUMENAU: links["SENAI Blumenau"],
      SRI_MAIL: join(home, "state", "mail"),
      SRI_OPERATOR: JSON.stringify(operator(join(home, "state"), port)),
    },
    said: () => said,
    /** As Ctrl+C does; answers what was wrong with the way it ended. */
    async stop() {
      child.kill("SIGINT");
      const late = setTimeout(() => child.kill("SIGKILL"), 40_000);
      const code = await over;
      clearTimeout(late);
      if (code !== 0) return `sri dev ended with ${code} after Ctrl+C; its files are in ${home}`;
      rmSync(home, { recursive: true, force: true });
      return undefined;
    },
  };
}
