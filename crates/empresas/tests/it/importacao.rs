use std::collections::BTreeMap;

use empresas::{
    empresa::{Campo, Known, VER, lista},
    importacao::{ConfirmarError, Counts, IMPORTAR, ImportacaoId, Judge, Mapping, Mode, analisar, confirmar, guess, receber},
};
use kernel::Scope;
use sheets::read::{Inspection, Limits};
use tenancy::{Mode as TxMode, TenantTx, TxLimits};
use testkit::{Base, sistema};

use crate::support::{fixture, known, parser, pessoa, registered};

fn inspected(name: &str) -> (Inspection, Mapping) {
    let inspection = sheets::read::inspect(&fixture(name), &Limits::default()).unwrap();
    let mapping = guess(&inspection.sheets[0].headers);
    (inspection, mapping)
}

/// Judges a fixture against an empty register; verdict by row of the file.
fn judged(name: &str, known: &Known) -> BTreeMap<u32, (&'static str, Vec<String>)> {
    let (inspection, mapping) = inspected(name);
    let registered = std::collections::HashSet::new();
    let mut judge = Judge::new(known, &mapping, &registered);
    let mut verdicts = BTreeMap::new();
    sheets::read::rows(&fixture(name), &inspection.choice(0).unwrap(), &Limits::default(), &mut |row| {
        let judged = judge.judge(row);
        let codes = judged.problems.iter().map(|problem| format!("{}:{}", problem.field, problem.code)).collect();
        verdicts.insert(row.number(), (judged.verdict.code(), codes));
        Ok(())
    })
    .unwrap();
    verdicts
}

/// What the manifest says of each of the 500 rows is what the importer says (S0-8.5).
#[tokio::test]
async fn the_dirty_spreadsheet_is_judged_as_its_manifest_says() {
    let base = Base::new().await;
    let known = known(&base).await.open();
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(fixture("sujo_500.manifest.json")).unwrap()).unwrap();
    let kinds: BTreeMap<u64, String> = manifest["rows_by_kind"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair[0].as_u64().unwrap(), pair[1].as_str().unwrap().to_owned()))
        .collect();
    let header = manifest["header_row"].as_u64().unwrap();
    let rows = manifest["rows"].as_u64().unwrap();

    // The XLSX has a title above its header, the CSV begins with the header.
    for (name, above) in [("sujo_500.xlsx", 0), ("sujo_500_latin1.csv", header - 1)] {
        let verdicts = judged(name, &known);
        let mut wrong = Vec::new();
        for row in header + 1..=header + rows {
            let kind = kinds.get(&row).map_or("ok", String::as_str);
            let told = verdicts.get(&u32::try_from(row - above).unwrap());
            let right = match (kind, told.map(|(verdict, _)| *verdict)) {
                ("blank", told) => told.is_none(),
                ("ok" | "cnpj_as_number" | "date_text_br" | "merged", told) => told == Some("nova"),
                ("dup_in_file", told) => told == Some("repetida"),
                // Refused, or kept as mere text.
                ("formula", told) => matches!(told, Some("recusada" | "nova")),
                (_, told) => told == Some("recusada"),
            };
            if !right {
                wrong.push((row, kind, told.cloned()));
            }
        }
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }
}

async fn uploaded(base: &Base, name: &str, mode: Mode) -> (ImportacaoId, Counts) {
    let content = std::fs::read(fixture(name)).unwrap();
    let (_, mapping) = inspected(name);
    base.alfa(async |tx: &mut TenantTx| {
        let id = receber(tx, &sistema(), &parser(), name, &content).await.unwrap();
        let counts = analisar(tx, &sistema(), &parser(), id, 0, mapping, mode).await.unwrap();
        (id, counts)
    })
    .await
}

async fn confirmed(base: &Base, id: ImportacaoId) -> Result<Counts, ConfirmarError> {
    let mut tx = base.tenants.begin(&base.alfa, TxMode::Write, TxLimits::JOB).await.unwrap();
    let done = confirmar(&mut tx, &sistema(), id, None).await;
    if done.is_ok() {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
    done
}

/// S0-3.17, S0-3.18, S0-8.1, S0-8.4, S0-8.6, S0-8.7
#[tokio::test]
async fn two_thousand_rows_come_in_once() {
    let base = Base::new().await;
    let (id, counts) = uploaded(&base, "empresas_2000.xlsx", Mode::Criar).await;
    assert_eq!((counts.rows, counts.novas), (2000, 2000), "{counts:?}");
    let total = async || base.alfa(async |tx: &mut TenantTx| lista::total(tx, &sistema()).await).await.unwrap();
    assert_eq!(total().await, 0, "a preview writes nothing");

    let done = confirmed(&base, id).await.unwrap();
    assert_eq!((done.created, total().await), (2000, 2000));
    assert!(matches!(confirmed(&base, id).await, Err(ConfirmarError::NotWaiting)), "a second confirmation does nothing");
    assert_eq!(total().await, 2000);

    let schema = base.alfa.names().schema();
    let trail = format!("SELECT count(*) FROM {schema}.auditoria WHERE action = 'empresa.importada'");
    assert_eq!(base.number(&trail).await, 1, "one row for the whole of it");
    assert_eq!(base.number(&format!("SELECT count(*) FROM {schema}.importacao WHERE content IS NOT NULL")).await, 0);

    // The same companies as CSV: all of them exist, and say the same: nobody's version rises, no trail is left.
    let (id, counts) = uploaded(&base, "empresas_2000.csv", Mode::Atualizar).await;
    assert_eq!((counts.novas, counts.existentes), (0, 2000));
    let done = confirmed(&base, id).await.unwrap();
    assert_eq!((done.created, done.updated, done.unchanged, total().await), (0, 0, 2000, 2000));
    let touched = format!("SELECT count(*) FROM {schema}.empresa WHERE version > 1");
    assert_eq!(base.number(&touched).await, 0);
    let filled = format!(
        "SELECT count(*) FROM {schema}.empresa WHERE municipio_id IS NOT NULL AND segmento_id IS NOT NULL AND faturamento > 0"
    );
    assert_eq!(base.number(&filled).await, 2000);
}

/// Both are confirmed at the same time: what the first one wrote exists for the second.
#[tokio::test]
async fn two_imports_of_one_file_at_once_write_it_once() {
    let base = Base::new().await;
    let (one, _) = uploaded(&base, "sujo_500.xlsx", Mode::Criar).await;
    let (two, _) = uploaded(&base, "sujo_500_latin1.csv", Mode::Criar).await;
    let (a, b) = tokio::join!(confirmed(&base, one), confirmed(&base, two));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!(a.created == 0 || b.created == 0, "{a:?} {b:?}");
    let schema = base.alfa.names().schema();
    let total = base.number(&format!("SELECT count(*) FROM {schema}.empresa")).await;
    assert_eq!(u64::try_from(total).unwrap(), a.created + b.created);
    assert_eq!(base.number(&format!("SELECT count(DISTINCT cnpj) FROM {schema}.empresa")).await, total);
    // Nothing that a spreadsheet program would compute came in outside the observações.
    let formulas =
        format!("SELECT count(*) FROM {schema}.empresa WHERE nome ~ '^[=@]' OR nome_fantasia ~ '^[=@]' OR email ~ '^[=@]'");
    assert_eq!(base.number(&formulas).await, 0);
}

#[tokio::test]
async fn what_somebody_registered_since_the_preview_is_found_to_exist() {
    let base = Base::new().await;
    let (id, counts) = uploaded(&base, "sujo_500.xlsx", Mode::Criar).await;
    registered(&base, 1, &[(Campo::Cnpj, "89763569000112"), (Campo::Nome, "Antes")]).await;
    let done = confirmed(&base, id).await.unwrap();
    assert_eq!((done.created, done.existentes), (counts.novas - 1, 1));
}

#[tokio::test]
async fn an_import_takes_the_permission_for_all_empresas() {
    let base = Base::new().await;
    let ana = pessoa(&base, "Ana", Scope::Proprias, &[VER, IMPORTAR]).await;
    let content = std::fs::read(fixture("sujo_500.xlsx")).unwrap();
    let refused = base.alfa(async |tx: &mut TenantTx| receber(tx, &ana, &parser(), "a.xlsx", &content).await).await;
    assert!(matches!(refused, Err(empresas::importacao::ReceberError::Denied(_))));
    let schema = base.alfa.names().schema();
    assert_eq!(base.number(&format!("SELECT count(*) FROM {schema}.importacao")).await, 0);
}

#[tokio::test]
async fn a_file_that_is_no_spreadsheet_is_refused_by_name() {
    let base = Base::new().await;
    let cases: [(&[u8], &str); 3] =
        [(b"", "sheet-empty"), (b"\x7fELF\x00\x01\x02\x00\x00", "sheet-not-a-sheet"), (b"PK\x03\x04rubbish", "sheet-damaged")];
    for (content, code) in cases {
        let refused =
            base.alfa(async |tx: &mut TenantTx| receber(tx, &sistema(), &parser(), "a.xlsx", content).await).await.unwrap_err();
        assert_eq!(kernel::ErrorKind::fields(&refused)[0].invalid.code, code);
    }
}
