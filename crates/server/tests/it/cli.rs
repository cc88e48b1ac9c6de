//! Every verb of `sri` as its operator types it, and every refusal as they read it.

use std::{fs, path::Path, process::Stdio};

use tokio::io::AsyncWriteExt;

use crate::installation::{Installation, text, until};

const NOBODY: &str = "there is no unidade ninguem";

/// Arguments that make a unidade; whoever comes after may add to them.
pub(crate) fn create<'a>(slug: &'a str, codigo: &'a str) -> Vec<&'a str> {
    let mut args =
        vec!["unidade", "create", slug, "--codigo", codigo, "--nome", "SENAI de prova", "--cidade", "JOINVILLE", "--uf", "SC"];
    args.extend(["--admin-nome", "Ana", "--admin-email", "ana@senai.example"]);
    args
}

fn is_a(file: &str, extension: &str) -> bool {
    Path::new(file).extension().is_some_and(|it| it == extension)
}

/// P-1…P-9, U-17.
#[tokio::test]
async fn a_unidade_goes_through_its_whole_life_by_the_command_line() {
    let sri = Installation::with_two_placements().await;
    let mut worker = sri.worker();

    let made = sri.ok(&create("alfa", "1.03")).await;
    assert_eq!(made, "alfa is open at http://alfa.sri.example:8080\n");
    let taken = sri.refused(&create("alfa", "1.99")).await;
    assert!(taken.contains("the slug alfa is taken, or was once"), "{taken}");
    let taken = sri.refused(&create("outra", "1.03")).await;
    assert!(taken.contains("the codigo 1.03 is taken"), "{taken}");
    until("the invitation is mailed", async || {
        fs::read_dir(sri.folder.path().join("mail")).is_ok_and(|mut mails| mails.next().is_some())
    })
    .await;

    assert!(sri.ok(&["unidade", "list"]).await.lines().any(|line| line.starts_with("alfa  1.03")));
    let all = sri.json(&["unidade", "list", "--json"]).await;
    assert_eq!((all[0]["slug"].as_str(), all[0]["status"].as_str()), (Some("alfa"), Some("active")));

    sri.ok(&["unidade", "suspend", "alfa", "--reason", "Obras"]).await;
    let shown = sri.json(&["unidade", "show", "alfa", "--json"]).await;
    assert_eq!((shown["status"].as_str(), shown["status_reason"].as_str()), (Some("suspended"), Some("Obras")));
    let again = sri.refused(&["unidade", "suspend", "alfa", "--reason", "Obras"]).await;
    assert!(again.contains("alfa is suspended already"), "{again}");
    let closed = sri.refused(&["unidade", "admin-link", "alfa", "ana@senai.example"]).await;
    assert!(closed.contains("alfa is suspended: nobody can enter it"), "{closed}");
    sri.ok(&["unidade", "reactivate", "alfa"]).await;
    sri.ok(&["unidade", "maintenance", "alfa", "--reason", "Volta logo"]).await;
    sri.ok(&["unidade", "reactivate", "alfa"]).await;
    let link = sri.ok(&["unidade", "admin-link", "alfa", "bia@senai.example", "--nome", "Bia"]).await;
    assert!(link.starts_with("http://alfa.sri.example:8080/"), "{link}");

    let files = sri.ok(&["unidade", "backup", "alfa"]).await;
    let archive = files.lines().find(|file| is_a(file, "sri")).unwrap();
    assert!(files.lines().any(|file| is_a(file, "sql")) && files.lines().all(|file| fs::metadata(file).is_ok()), "{files}");
    let verified = sri.ok(&["backup", "verify", archive]).await;
    assert!(verified.starts_with("alfa (SENAI de prova)"), "{verified}");
    let rehearsed = sri.ok(&["unidade", "rehearse", "--all"]).await;
    assert!(rehearsed.contains("restores to the same"), "{rehearsed}");

    let taken = sri.refused(&["unidade", "restore", archive, "--slug", "alfa", "--codigo", "1.04"]).await;
    assert!(taken.contains("the slug is taken, or was once"), "{taken}");
    sri.ok(&["unidade", "restore", archive, "--slug", "copia", "--codigo", "1.04"]).await;
    let copy = sri.json(&["unidade", "show", "copia", "--json"]).await;
    assert_eq!(copy["status"], "maintenance");
    sri.ok(&["unidade", "reactivate", "copia"]).await;
    let replaced = sri.ok(&["unidade", "restore", archive, "--replace", "alfa", "--confirm", "alfa"]).await;
    assert!(replaced.contains("what it held before is in"), "{replaced}");

    let moved = sri.ok(&["unidade", "move", "alfa", "segundo"]).await;
    assert!(moved.contains("alfa lives in segundo"), "{moved}");
    let there = sri.refused(&["unidade", "move", "alfa", "principal"]).await;
    assert!(there.contains("the move of alfa to segundo is not finished"), "{there}");
    assert!(text(&sri.run(&["doctor"]).await.stdout).contains("`sri unidade move alfa --finish`"));
    sri.ok(&["unidade", "move", "alfa", "--finish"]).await;
    let there = sri.refused(&["unidade", "move", "alfa", "segundo"]).await;
    assert!(there.contains("alfa lives there already"), "{there}");
    assert_eq!(sri.ok(&["doctor"]).await, "Nothing is wrong.\n");

    deletion(&sri).await;
    assert_eq!(sri.ok(&["doctor"]).await, "Nothing is wrong.\n");
    let who = "SELECT count(*) FROM platform.auditoria WHERE actor_nome = 'operadora (sri)' AND action = ANY ('{unidade.provisionar,unidade.suspender,unidade.backup,unidade.restaurar,unidade.mover,unidade.excluir}')";
    assert!(sri.number(0, who).await >= 7, "the trail does not tell who did it");
    worker.kill().await.unwrap();
}

async fn deletion(sri: &Installation) {
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{32}$'";
    let open = sri.refused(&["unidade", "delete", "alfa", "--confirm", "alfa"]).await;
    assert!(open.contains("alfa is active: suspend or archive it first"), "{open}");
    sri.ok(&["unidade", "archive", "alfa"]).await;
    let wrong = sri.refused(&["unidade", "delete", "alfa", "--confirm", "Alfa"]).await;
    assert!(wrong.contains("what was typed is not the slug alfa: nothing was changed"), "{wrong}");
    // With nobody to answer, the question is answered by nothing.
    let silent = sri.refused(&["unidade", "delete", "alfa"]).await;
    assert!(silent.contains("what was typed is not the slug"), "{silent}");
    assert_eq!(sri.number(1, schemas).await, 1);

    let mut asked = sri
        .sri(&["unidade", "delete", "alfa"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    asked.stdin.take().unwrap().write_all(b"alfa\n").await.unwrap();
    let answer = asked.wait_with_output().await.unwrap();
    assert!(answer.status.success());
    assert!(
        text(&answer.stdout).lines().next().is_some_and(|kept| is_a(kept, "sri") && fs::metadata(kept).is_ok()),
        "no backup was kept"
    );
    assert_eq!(sri.number(1, schemas).await, 0);
    assert!(sri.refused(&["unidade", "show", "alfa"]).await.contains("there is no unidade alfa"));
    let reused = sri.refused(&create("alfa", "1.77")).await;
    assert!(reused.contains("the slug alfa is taken, or was once"), "{reused}");
}

#[tokio::test]
async fn every_verb_refuses_what_it_cannot_do_in_one_sentence() {
    let sri = Installation::new().await;
    let unknown: [&[&str]; 11] = [
        &["show", "ninguem"],
        &["suspend", "ninguem", "--reason", "x"],
        &["reactivate", "ninguem"],
        &["maintenance", "ninguem", "--reason", "x"],
        &["archive", "ninguem"],
        &["delete", "ninguem", "--confirm", "ninguem"],
        &["backup", "ninguem"],
        &["rehearse", "ninguem"],
        &["move", "ninguem", "principal"],
        &["move", "ninguem", "--finish"],
        &["admin-link", "ninguem", "a@senai.example"],
    ];
    for args in unknown {
        let refusal = sri.refused(&[&["unidade"], args].concat()).await;
        assert!(refusal.contains(NOBODY) && refusal.lines().count() == 1, "{args:?}: {refusal}");
    }

    let mut args = create("alfa", "1.03");
    args[8] = "Atlântida";
    let cidade = sri.refused(&args).await;
    assert!(cidade.contains("there is no município \"Atlântida\" in SC"), "{cidade}");
    let placement = sri.refused(&[create("alfa", "1.03"), vec!["--placement", "norte"]].concat()).await;
    assert!(placement.contains("there is no such placement"), "{placement}");
    let module = sri.refused(&[create("alfa", "1.03"), vec!["--modules", "xadrez"]].concat()).await;
    assert!(module.contains("there is no optional module \"xadrez\""), "{module}");
    // Nobody works: it is registered and waits.
    let waiting = sri.refused(&[create("alfa", "1.03"), vec!["--wait", "1"]].concat()).await;
    assert!(waiting.contains("no worker has finished it in 1 s"), "{waiting}");
    let half = sri.refused(&["unidade", "backup", "alfa"]).await;
    assert!(half.contains("alfa has no schema yet"), "{half}");
    // What was never opened needs no backup.
    sri.ok(&["unidade", "delete", "alfa", "--confirm", "alfa"]).await;

    let missing = sri.refused(&["backup", "verify", "nada.sri"]).await;
    assert!(missing.contains("there is no such file"), "{missing}");
    let other = sri.folder.path().join("other.sri");
    fs::write(&other, "not a backup at all").unwrap();
    let other = other.to_str().unwrap();
    let broken = sri.refused(&["backup", "verify", other]).await;
    assert!(broken.contains("this is no backup of SRI"), "{broken}");
    let broken = sri.refused(&["unidade", "restore", other, "--slug", "beta", "--codigo", "2.01"]).await;
    assert!(broken.contains("this is no backup of SRI"), "{broken}");

    for (args, told) in [
        (vec!["unidade", "show", "Não"], "a slug has 1 to 63"),
        (vec!["unidade", "show", "console"], "this name is reserved"),
        (vec!["unidade", "suspend", "alfa"], "--reason"),
        (vec!["console", "admin-link", "ana"], "e-mail"),
        (vec!["unidade", "move", "alfa"], "<PLACEMENT>"),
    ] {
        let output = sri.run(&args).await;
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains(told), "{args:?}: {}", text(&output.stderr));
    }
}

#[tokio::test]
async fn nobody_serves_past_a_fallen_wall_and_the_doctor_names_it() {
    let sri = Installation::new().await;
    assert_eq!(sri.ok(&["doctor"]).await, "Nothing is wrong.\n");
    sri.sudo(0, "GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO PUBLIC").await;

    let output = sri.run(&["doctor"]).await;
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stdout);
    assert!(told.contains("function-execute") && told.contains("REVOKE"), "{told}");
    for process in ["serve", "worker"] {
        let refusal = sri.refused(&[process]).await;
        assert!(refusal.contains("function-execute") && refusal.contains("are missing"), "{refusal}");
    }

    let accepting = sri.sri(&["doctor"]).env("SRI_ACCEPT_WALLS", "function-execute").output().await.unwrap();
    assert!(accepting.status.success(), "{}", text(&accepting.stdout));
    let mut worker = sri.sri(&["worker"]).env("SRI_ACCEPT_WALLS", "function-execute").stderr(Stdio::null()).spawn().unwrap();
    let made = sri.ok(&create("alfa", "1.03")).await;
    assert!(made.contains("alfa is open"), "{made}");
    worker.kill().await.unwrap();

    sri.ok(&["migrate"]).await;
    assert_eq!(sri.ok(&["doctor"]).await, "Nothing is wrong.\n");
}

#[tokio::test]
async fn a_unidade_whose_migration_fails_stops_the_waves_after_it() {
    let sri = Installation::new().await;
    let mut worker = sri.worker();
    sri.ok(&create("alfa", "1.03")).await;
    sri.ok(&create("beta", "1.04")).await;
    worker.kill().await.unwrap();
    assert!(sri.ok(&["migrate", "status"]).await.contains("2 of 2 unidades are up to date"));

    // Both forget all migrations but the first; the tables that the others make are there already, so they cannot run again.
    let forget = "DO $$DECLARE u record; BEGIN
        FOR u IN SELECT 't_' || replace(id::text, '-', '') AS schema, id FROM platform.unidade LOOP
            EXECUTE format('DELETE FROM %I._migration WHERE version > (SELECT min(version) FROM %1$I._migration)', u.schema);
            EXECUTE format('UPDATE platform.unidade SET schema_version = (SELECT max(version) FROM %I._migration) WHERE id = $1', u.schema) USING u.id;
        END LOOP; END$$";
    sri.sudo(0, forget).await;
    let failed = sri.refused(&["migrate", "--concurrency", "2", "--wave", "alfa"]).await;
    assert!(failed.contains("alfa: is in maintenance, its migration failed"), "{failed}");
    assert!(!failed.contains("beta"), "the second wave was tried: {failed}");
    let status = sri.run(&["migrate", "status", "--json"]).await;
    assert_eq!(status.status.code(), Some(1));
    let all: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((all[0]["status"].as_str(), all[1]["status"].as_str()), (Some("maintenance"), Some("active")));
    let unknown = sri.refused(&["migrate", "--wave", "ninguem", "--only"]).await;
    assert!(unknown.contains("a wave names ninguem"), "{unknown}");
    let told = text(&sri.run(&["doctor"]).await.stdout);
    assert!(
        told.contains("alfa: its migration failed")
            && told.contains("beta: ")
            && told.contains("migrations are missing; run `sri migrate`"),
        "{told}"
    );
}

#[tokio::test]
async fn the_first_admin_of_the_platform_comes_by_a_link_of_the_command_line() {
    let sri = Installation::new().await;
    let link = sri.ok(&["console", "admin-link", "ana@senai.example"]).await;
    assert!(link.starts_with("http://console.sri.example:8080/convite/"), "{link}");
    let next = sri.ok(&["console", "admin-link", "ana@senai.example"]).await;
    assert_ne!(link, next);
    assert_eq!(
        sri.number(0, "SELECT count(*) FROM platform.admin_convite WHERE used_at IS NULL").await,
        1,
        "the first link still works"
    );
}

#[tokio::test]
async fn what_is_wrong_with_the_settings_is_told_all_at_once() {
    let program = || tokio::process::Command::new(env!("CARGO_BIN_EXE_sri"));
    for verb in [&["doctor"][..], &["serve"], &["unidade", "list"]] {
        let output = program().args(verb).env_clear().env("SRI_BASE_URL", "ftp://x").output().await.unwrap();
        let told = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(["DATABASE_URL", "SRI_SECRET_KEY", "SRI_BASE_URL"].iter().all(|name| told.contains(name)), "{verb:?}: {told}");
    }
}

#[tokio::test]
async fn help_tells_every_verb_and_option() {
    let mut told = String::new();
    for verb in [
        "",
        "serve",
        "worker",
        "migrate",
        "migrate status",
        "unidade",
        "unidade create",
        "unidade list",
        "unidade show",
        "unidade suspend",
        "unidade reactivate",
        "unidade maintenance",
        "unidade archive",
        "unidade delete",
        "unidade backup",
        "unidade restore",
        "unidade rehearse",
        "unidade move",
        "unidade admin-link",
        "backup",
        "backup verify",
        "console",
        "console admin-link",
        "doctor",
        "config",
        "health",
        "demo",
        "dev",
    ] {
        let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_sri"))
            .args(verb.split_whitespace())
            .arg("--help")
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "{verb}");
        told.push_str(&format!("$ sri {verb} --help\n{}\n", text(&output.stdout)));
    }
    insta::assert_snapshot!(told);
}
