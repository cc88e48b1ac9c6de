//! The undo of an import (U-10), and the modelo that an import begins with.

use empresas::{
    empresa::{ALTERAR, Campo, EXCLUIR, EmpresaId, VER, alterar::alterar, excluir::excluir, lista, restaurar::restaurar},
    importacao::{
        DesfazerError, Desfeita, IMPORTAR, ImportacaoId, Kept, Mode, Reason, analisar, confirmar, desfazer, guess, modelo,
        outlook, receber,
    },
    segmento,
};
use kernel::{Actor, Cnpj, Lang, PageRequest, Scope};
use sheets::read::Limits;
use tenancy::{Mode as TxMode, TenantTx, TxLimits};
use testkit::{Base, sistema};

use crate::support::{cadastro, parser, pessoa, registered};

fn cnpj(n: u32) -> String {
    Cnpj::from_base(&format!("{:08}0001", 10_000_000 + n)).unwrap().to_string()
}

/// Takes a CSV through the wizard.
async fn imported(base: &Base, mode: Mode, csv: &str) -> ImportacaoId {
    let mut tx = base.tenants.begin(&base.alfa, TxMode::Write, TxLimits::JOB).await.unwrap();
    let id = receber(&mut tx, &sistema(), &parser(), "lote.csv", csv.as_bytes()).await.unwrap();
    let headers: Vec<String> = csv.lines().next().unwrap().split(';').map(str::to_owned).collect();
    analisar(&mut tx, &sistema(), &parser(), id, 0, guess(&headers), mode).await.unwrap();
    let counts = confirmar(&mut tx, &sistema(), id, None).await.unwrap();
    assert_eq!(counts.recusadas, 0, "{counts:?}");
    tx.commit().await.unwrap();
    id
}

async fn undone(base: &Base, actor: &Actor, id: ImportacaoId) -> Result<Desfeita, DesfazerError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| desfazer(tx, actor, id).await).await
}

async fn foreseen(base: &Base, id: ImportacaoId) -> (Desfeita, Vec<Kept>) {
    let outlook = base.alfa(async |tx: &mut TenantTx| outlook(tx, &sistema(), id, PageRequest::default()).await).await.unwrap();
    (outlook.counts, outlook.kept)
}

fn counts(removed: u64, reverted: u64, kept: u64) -> Desfeita {
    Desfeita { removed, reverted, kept, segmentos: Vec::new() }
}

/// Everything that the register says, but for versions and the time of the last change.
async fn register(base: &Base) -> i64 {
    let schema = base.alfa.names().schema();
    base.number(&format!(
        "SELECT hashtextextended(coalesce(string_agg((to_jsonb(e) - '{{version,updated_at}}'::text[])::text, '#' ORDER BY id), ''), 0)
         FROM {schema}.empresa e WHERE deleted_at IS NULL"
    ))
    .await
}

async fn id_of(base: &Base, n: u32) -> EmpresaId {
    let schema = base.alfa.names().schema();
    let bare = cnpj(n).replace(['.', '/', '-'], "");
    // Ids of the tests' clock differ in their last 63 bits.
    let halves = |part: &str| {
        format!(
            "SELECT ('x' || {part}(replace(id::text, '-', ''), 16))::bit(64)::bigint FROM {schema}.empresa WHERE cnpj = '{bare}'"
        )
    };
    let (high, low) = (base.number(&halves("left")).await, base.number(&halves("right")).await);
    EmpresaId::new(uuid::Uuid::from_u64_pair(high.cast_unsigned(), low.cast_unsigned()))
}

async fn text(base: &Base, id: EmpresaId, campo: Campo) -> String {
    let found = base.alfa(async |tx: &mut TenantTx| lista::find(tx, &sistema(), id).await).await.unwrap();
    found.unwrap().cadastro.text(campo)
}

/// Changes the telefone, as somebody does in the form.
async fn edited(base: &Base, id: EmpresaId) {
    base.alfa(async |tx: &mut TenantTx| {
        let known = empresas::empresa::Known::load(tx).await.unwrap();
        let now = lista::find(tx, &sistema(), id).await.unwrap().unwrap();
        let known = known.keeping(now.cadastro.responsavel.clone());
        let said: Vec<(Campo, String)> = Campo::ALL.map(|campo| (campo, now.cadastro.text(campo))).into();
        let mut said: Vec<(Campo, &str)> = said.iter().map(|(campo, text)| (*campo, text.as_str())).collect();
        said.retain(|(campo, text)| *campo != Campo::Telefone && !text.is_empty());
        said.push((Campo::Telefone, "(47) 3433-9999"));
        alterar(tx, &sistema(), id, now.version, cadastro(&known, 0, &said)).await.unwrap();
    })
    .await;
}

async fn trashed(base: &Base, id: EmpresaId) {
    base.alfa(async |tx: &mut TenantTx| excluir(tx, &sistema(), id, None).await).await.unwrap();
}

async fn has_segmento(base: &Base, nome: &str) -> bool {
    let all = base.alfa(async |tx: &mut TenantTx| segmento::list(tx).await).await.unwrap();
    all.iter().any(|segmento| segmento.nome == nome)
}

const FULL: &[(Campo, &str)] = &[
    (Campo::Nome, "Fiação do Vale"),
    (Campo::NomeFantasia, "Vale \"A\" \\ B"),
    (Campo::InscricaoEstadual, "ISENTO"),
    (Campo::Cnae, "1321-9/00"),
    (Campo::Segmento, "Têxtil e vestuário"),
    (Campo::Porte, "medio"),
    (Campo::Situacao, "estrategico"),
    (Campo::Email, "a@vale.example"),
    (Campo::Telefone, "(47) 3433-0001"),
    (Campo::Cep, "89201-100"),
    (Campo::Logradouro, "Rua A"),
    (Campo::Numero, "12-B"),
    (Campo::Municipio, "Joinville"),
    (Campo::Uf, "SC"),
    (Campo::ContatoNome, "Eduardo"),
    (Campo::DataFundacao, "2001-02-03"),
    (Campo::Faturamento, "1234.50"),
    (Campo::Funcionarios, "30"),
    (Campo::Observacoes, "uma\nduas"),
];

/// What is created goes, what is updated says again all that it said, and everybody's history tells.
#[tokio::test]
async fn an_undo_leaves_the_register_as_it_was_before_the_import() {
    let base = Base::new().await;
    let schema = base.alfa.names().schema();
    let full = registered(&base, 1, FULL).await;
    registered(&base, 2, &[]).await;
    registered(&base, 3, &[]).await;
    let before = register(&base).await;
    let csv = format!(
        "CNPJ;Razão social;Segmento;Porte;Situação;Telefone;Município;UF;Faturamento;Funcionários;Responsável\n\
         {};Outra razão;Aviação;grande;ativo;(47) 3433-7777;Blumenau;SC;9,99;1;Ana de fora\n\
         {};Empresa 2;;;;;;;;;\n\
         {};Nova;Espacial;;;;;;;;\n",
        cnpj(1),
        cnpj(2),
        cnpj(4)
    );
    let id = imported(&base, Mode::Ambos, &csv).await;
    assert_ne!(register(&base).await, before);
    assert!(has_segmento(&base, "Aviação").await && has_segmento(&base, "Espacial").await);

    let bia = pessoa(&base, "Beatriz", Scope::Todas, &[IMPORTAR, EXCLUIR]).await;
    // The second says what is there already: it was not touched.
    assert_eq!(foreseen(&base, id).await, (counts(1, 1, 0), Vec::new()));
    let done = undone(&base, &bia, id).await.unwrap();
    assert_eq!((done.removed, done.reverted, done.kept), (1, 1, 0));
    assert_eq!(done.segmentos, ["Aviação", "Espacial"]);
    assert_eq!(register(&base).await, before);
    assert!(!has_segmento(&base, "Aviação").await && !has_segmento(&base, "Espacial").await);

    let trail =
        |action: &str| format!("SELECT count(*) FROM {schema}.auditoria WHERE action = '{action}' AND actor_nome = 'Beatriz'");
    assert_eq!(base.number(&trail("importacao.desfeita")).await, 1, "one row for the whole of it");
    assert_eq!(base.number(&trail("empresa.desfeita")).await, 1);
    assert_eq!(base.number(&trail("empresa.revertida")).await, 1);
    assert_eq!(base.number(&trail("segmento.excluido")).await, 2);
    let told = format!(
        "SELECT count(*) FROM {schema}.auditoria WHERE action = 'empresa.revertida' AND entity_id = '{full}'
         AND before->>'nome' = 'Outra razão' AND after->>'nome' = 'Fiação do Vale' AND after->>'importacao' = 'lote.csv'"
    );
    assert_eq!(base.number(&told).await, 1);

    // Nothing is lost: one that comes back brings its segmento along.
    let new = id_of(&base, 4).await;
    base.alfa(async |tx: &mut TenantTx| restaurar(tx, &sistema(), new).await).await.unwrap();
    assert_eq!(text(&base, new, Campo::Segmento).await, "Espacial");
}

/// The second time nothing happens, whoever asks and however soon.
#[tokio::test]
async fn an_import_is_undone_once() {
    let base = Base::new().await;
    registered(&base, 1, &[]).await;
    let csv = format!("CNPJ;Razão social\n{};Outra\n{};Nova\n", cnpj(1), cnpj(2));
    let id = imported(&base, Mode::Ambos, &csv).await;
    let other = base.twin().await;
    let sri = sistema();
    let (a, b) = tokio::join!(undone(&base, &sri, id), undone(&other, &sri, id));
    let (done, refused) = if a.is_ok() { (a, b) } else { (b, a) };
    assert_eq!(done.unwrap(), counts(1, 1, 0));
    assert!(matches!(refused, Err(DesfazerError::Undone)), "{refused:?}");

    let after = base.fingerprint(&base.alfa).await;
    assert!(matches!(undone(&base, &sistema(), id).await, Err(DesfazerError::Undone)));
    assert_eq!(base.fingerprint(&base.alfa).await, after);
    assert_eq!(foreseen(&base, id).await, (counts(1, 1, 0), Vec::new()), "what it did is remembered");
    let again = base.tenants.write(&base.alfa, async |tx: &mut TenantTx| confirmar(tx, &sistema(), id, None).await).await;
    assert!(again.is_err(), "it is not imported a second time either");
}

/// Changed, thrown away, brought back, with people or documentos on it: it stays, and is named before and after.
#[tokio::test]
async fn what_somebody_touched_since_stays_as_it_is() {
    let base = Base::new().await;
    let schema = base.alfa.names().schema();
    for n in 1..=4 {
        registered(&base, n, &[(Campo::Telefone, "(47) 3433-0001")]).await;
    }
    let rows: String = (1..=10).map(|n| format!("{};Da planilha {n:02};Espacial\n", cnpj(n))).collect();
    let id = imported(&base, Mode::Ambos, &format!("CNPJ;Razão social;Segmento\n{rows}")).await;

    // Of those that were there: 1 changed, 2 thrown away. Of the new ones: 5 changed, 6 thrown away, 7 brought back, 8 has a
    // contato, 9 a documento. A contato on 3 goes with nobody.
    for n in [1, 5] {
        edited(&base, id_of(&base, n).await).await;
    }
    for n in [2, 6, 7] {
        trashed(&base, id_of(&base, n).await).await;
    }
    let seven = id_of(&base, 7).await;
    base.alfa(async |tx: &mut TenantTx| restaurar(tx, &sistema(), seven).await).await.unwrap();
    for n in [3, 8] {
        base.execute(&format!(
            "INSERT INTO {schema}.contato (id, empresa_id, nome, created_at, updated_at)
             VALUES (gen_random_uuid(), '{}', 'Sueli', now(), now())",
            id_of(&base, n).await
        ))
        .await;
    }
    base.execute(&format!(
        "INSERT INTO {schema}.documento (id, entity, entity_id, pasta, nome, versao, created_at, updated_at)
         VALUES (gen_random_uuid(), 'empresa', '{}', '', 'ata.txt', 1, now(), now())",
        id_of(&base, 9).await
    ))
    .await;

    let (foreseen_counts, kept) = foreseen(&base, id).await;
    assert_eq!(foreseen_counts, counts(1, 2, 7));
    let named: Vec<(&str, Reason, bool)> = kept.iter().map(|kept| (kept.nome.as_str(), kept.reason, kept.in_lixeira)).collect();
    assert_eq!(
        named,
        [
            ("Da planilha 01", Reason::Alterada, false),
            ("Da planilha 02", Reason::Excluida, true),
            ("Da planilha 05", Reason::Alterada, false),
            ("Da planilha 06", Reason::Excluida, true),
            ("Da planilha 07", Reason::Alterada, false),
            ("Da planilha 08", Reason::Usada, false),
            ("Da planilha 09", Reason::Usada, false),
        ]
    );
    let print = format!(
        "SELECT hashtextextended(string_agg(e::text, '#' ORDER BY id), 0) FROM {schema}.empresa e
         WHERE nome IN ('Da planilha 01', 'Da planilha 02', 'Da planilha 05', 'Da planilha 06', 'Da planilha 07', 'Da planilha 08', 'Da planilha 09')"
    );
    let as_they_are = base.number(&print).await;
    assert_eq!(undone(&base, &sistema(), id).await.unwrap(), counts(1, 2, 7));
    assert_eq!(base.number(&print).await, as_they_are, "to the letter, their versions included");
    let (after, still_named) = foreseen(&base, id).await;
    assert_eq!((after, still_named), (counts(1, 2, 7), kept), "the same are named afterwards");
    assert!(has_segmento(&base, "Espacial").await, "those that stay have it");
    assert_eq!(text(&base, id_of(&base, 3).await, Campo::Nome).await, "Empresa 3");
    let gone = id_of(&base, 10).await;
    let found = base.alfa(async |tx: &mut TenantTx| lista::find_trashed(tx, &sistema(), gone).await).await.unwrap();
    assert_eq!(found.unwrap().cadastro.text(Campo::Segmento), "Espacial");
}

/// A segmento that somebody gave to another empresa, or renamed, is theirs now.
#[tokio::test]
async fn a_segmento_in_use_stays_on_the_list() {
    let base = Base::new().await;
    let rows: String = [(1, "Espacial"), (2, "Aviação"), (3, "Naval de guerra")]
        .map(|(n, segmento)| format!("{};Nova {n};{segmento}\n", cnpj(n)))
        .concat();
    let id = imported(&base, Mode::Criar, &format!("CNPJ;Razão social;Segmento\n{rows}")).await;
    registered(&base, 4, &[(Campo::Segmento, "Espacial")]).await;
    base.alfa(async |tx: &mut TenantTx| {
        let all = segmento::list(tx).await.unwrap();
        let aviacao = all.into_iter().find(|segmento| segmento.nome == "Aviação").unwrap();
        let dados = segmento::Dados { nome: "Aeronáutico".parse().unwrap(), cnaes: Vec::new() };
        web::vocabulary::alterar::<segmento::Segmentos>(tx, &sistema(), aviacao.id, &dados).await.unwrap();
    })
    .await;
    assert_eq!(undone(&base, &sistema(), id).await.unwrap().segmentos, ["Naval de guerra"]);
    assert!(has_segmento(&base, "Espacial").await && has_segmento(&base, "Aeronáutico").await);
}

/// The segmento that an empresa had before has left the list since: it had it, so it gets it back.
#[tokio::test]
async fn a_former_segmento_comes_back_to_the_list_with_its_empresa() {
    let base = Base::new().await;
    let one = registered(&base, 1, &[(Campo::Segmento, "Naval")]).await;
    let id = imported(&base, Mode::Ambos, &format!("CNPJ;Razão social;Segmento\n{};Outra;Siderurgia\n", cnpj(1))).await;
    base.alfa(async |tx: &mut TenantTx| {
        let all = segmento::list(tx).await.unwrap();
        let naval = all.into_iter().find(|segmento| segmento.nome == "Naval").unwrap();
        web::vocabulary::excluir::<segmento::Segmentos>(tx, &sistema(), naval.id).await.unwrap();
    })
    .await;
    assert_eq!(undone(&base, &sistema(), id).await.unwrap(), counts(0, 1, 0));
    assert_eq!(text(&base, one, Campo::Segmento).await, "Naval");
}

/// Two wrong imports are undone as they came, the last one first.
#[tokio::test]
async fn imports_over_each_other_are_undone_from_the_last_to_the_first() {
    let base = Base::new().await;
    registered(&base, 1, FULL).await;
    let before = register(&base).await;
    let csv = |nome: &str| format!("CNPJ;Razão social\n{};{nome} 1\n{};{nome} 2\n", cnpj(1), cnpj(2));
    let first = imported(&base, Mode::Ambos, &csv("Primeira")).await;
    let between = register(&base).await;
    let second = imported(&base, Mode::Ambos, &csv("Segunda")).await;
    let third = imported(&base, Mode::Ambos, &csv("Terceira")).await;
    assert_eq!(foreseen(&base, first).await.0, counts(0, 0, 2), "the later ones touched both");
    assert_eq!(undone(&base, &sistema(), third).await.unwrap(), counts(0, 2, 0));
    assert_eq!(undone(&base, &sistema(), second).await.unwrap(), counts(0, 2, 0));
    assert_eq!(register(&base).await, between);
    assert_eq!(undone(&base, &sistema(), first).await.unwrap(), counts(1, 1, 0));
    assert_eq!(register(&base).await, before);
}

#[tokio::test]
async fn an_undo_takes_the_permissions_for_all_empresas() {
    let base = Base::new().await;
    registered(&base, 1, &[]).await;
    let created = imported(&base, Mode::Criar, &format!("CNPJ;Razão social\n{};Nova\n", cnpj(2))).await;
    let updated = imported(&base, Mode::Atualizar, &format!("CNPJ;Razão social\n{};Outra\n", cnpj(1))).await;
    let nobody = pessoa(&base, "Ana", Scope::Todas, &[VER, ALTERAR, EXCLUIR]).await;
    let narrow = pessoa(&base, "Rita", Scope::Proprias, &[VER, IMPORTAR, EXCLUIR]).await;
    let importer = pessoa(&base, "Sílvia", Scope::Todas, &[VER, IMPORTAR]).await;
    let before = base.fingerprint(&base.alfa).await;
    for (actor, id, missing) in [(&nobody, updated, IMPORTAR), (&narrow, updated, IMPORTAR), (&importer, created, EXCLUIR)] {
        match undone(&base, actor, id).await {
            Err(DesfazerError::Denied(denied)) => assert_eq!(denied.permission, missing, "{}", actor.nome),
            other => panic!("{}: {other:?}", actor.nome),
        }
    }
    let shown = base.alfa(async |tx: &mut TenantTx| outlook(tx, &narrow, created, PageRequest::default()).await).await;
    assert!(matches!(shown, Err(DesfazerError::Denied(_))), "nor is it shown");
    assert_eq!(base.fingerprint(&base.alfa).await, before);
    // Who may import may take back what removes nothing.
    assert_eq!(undone(&base, &importer, updated).await.unwrap(), counts(0, 1, 0));
}

#[tokio::test]
async fn only_what_was_imported_here_and_lately_is_undone() {
    let base = Base::new().await;
    let schema = base.alfa.names().schema();
    let id = imported(&base, Mode::Criar, &format!("CNPJ;Razão social\n{};Nova\n", cnpj(1))).await;
    let foreign = base.tenants.write(&base.beta, async |tx: &mut TenantTx| desfazer(tx, &sistema(), id).await).await;
    assert!(matches!(foreign, Err(DesfazerError::NotFound)));

    let waiting = base
        .alfa(async |tx: &mut TenantTx| {
            let csv = format!("CNPJ;Razão social\n{};Outra\n", cnpj(2));
            receber(tx, &sistema(), &parser(), "a.csv", csv.as_bytes()).await
        })
        .await
        .unwrap();
    assert!(matches!(undone(&base, &sistema(), waiting).await, Err(DesfazerError::NotDone)));

    // From before imports could be undone.
    base.execute(&format!("UPDATE {schema}.importacao SET segmentos = NULL WHERE id = '{id}'")).await;
    assert!(matches!(undone(&base, &sistema(), id).await, Err(DesfazerError::TooOld)));

    // After 90 days it cannot be undone, and the next import forgets what it changed.
    let old = imported(&base, Mode::Ambos, &format!("CNPJ;Razão social\n{};Outra\n", cnpj(1))).await;
    let remembered = format!("SELECT count(*) FROM {schema}.importacao_mudanca");
    assert_eq!(base.number(&remembered).await, 1);
    base.clock.advance(empresas::importacao::UNDO + chrono::TimeDelta::seconds(1));
    assert!(matches!(undone(&base, &sistema(), old).await, Err(DesfazerError::TooOld)));
    let new = imported(&base, Mode::Criar, &format!("CNPJ;Razão social\n{};Mais uma\n", cnpj(3))).await;
    assert_eq!(base.number(&remembered).await, 0);
    assert_eq!(undone(&base, &sistema(), new).await.unwrap(), counts(1, 0, 0));
}

/// What somebody is doing to an empresa of the import while it is undone is seen, not overrun.
#[tokio::test]
async fn an_undo_waits_for_whoever_is_at_it() {
    let base = Base::new().await;
    let id = imported(&base, Mode::Criar, &format!("CNPJ;Razão social\n{};Nova\n", cnpj(1))).await;
    let empresa = id_of(&base, 1).await;
    let mut tx = base.tenants.begin(&base.alfa, TxMode::Write, TxLimits::REQUEST).await.unwrap();
    let dados = empresas::contato::Dados {
        nome: "Sueli".parse().unwrap(),
        cargo: None,
        papel: None,
        email: None,
        telefone: None,
        observacoes: None,
    };
    empresas::contato::registrar(&mut tx, &sistema(), empresa, &dados).await.unwrap();
    let sri = sistema();
    let (done, ()) = tokio::join!(undone(&base, &sri, id), async {
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while base.number(waits).await == 0 {
            tokio::task::yield_now().await;
        }
        tx.commit().await.unwrap();
    });
    assert_eq!(done.unwrap(), counts(0, 0, 1));
}

/// More than are in memory at a time.
#[tokio::test]
async fn thousands_are_undone() {
    let base = Base::new().await;
    let rows = |nome: &str, from: u32, to: u32| -> String {
        let rows: String = (from..to).map(|n| format!("{};{nome} {n}\n", cnpj(n))).collect();
        format!("CNPJ;Razão social\n{rows}")
    };
    imported(&base, Mode::Criar, &rows("Antes", 0, 1_200)).await;
    let before = register(&base).await;
    let id = imported(&base, Mode::Ambos, &rows("Depois", 0, 2_400)).await;
    assert_eq!(undone(&base, &sistema(), id).await.unwrap(), counts(1_200, 1_200, 0));
    assert_eq!(register(&base).await, before);
}

/// The planilha that we hand out comes back with every column known, in both languages.
#[tokio::test]
async fn the_columns_of_the_modelo_need_no_telling() {
    let base = Base::new().await;
    let schema = base.alfa.names().schema();
    let ana = pessoa(&base, "Ana", Scope::Todas, &[IMPORTAR]).await;
    for lang in Lang::ALL {
        // All fields and the etiquetas; what only administradores set is not everybody's.
        let all = i64::try_from(Campo::ALL.len()).unwrap() + 1;
        for (actor, fields) in [(&sistema(), all), (&ana, all - 1)] {
            let id = base
                .alfa(async |tx: &mut TenantTx| {
                    let bytes = modelo(tx, actor, lang).await.unwrap();
                    receber(tx, &sistema(), &parser(), "modelo.xlsx", &bytes).await.unwrap()
                })
                .await;
            let known = format!(
                "SELECT count(DISTINCT field) FROM {schema}.importacao, jsonb_array_elements_text(mapping) AS field
                 WHERE id = '{id}' AND sheet = 0 AND jsonb_array_length(mapping) = {fields}"
            );
            assert_eq!(base.number(&known).await, fields, "{} {}", lang.tag(), actor.nome);
            let counts = base.alfa(async |tx: &mut TenantTx| {
                let headers: Vec<String> = Campo::ALL.iter().map(|campo| idioma::t(lang, campo.label()).to_owned()).collect();
                analisar(tx, &sistema(), &parser(), id, 0, guess(&headers), Mode::Criar).await
            });
            assert_eq!(counts.await.unwrap().rows, 0, "nothing in it is taken for an empresa");
        }
    }
    let bytes = base.alfa(async |tx: &mut TenantTx| modelo(tx, &sistema(), Lang::PtBr).await).await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let inspection = sheets::read::inspect(file.path(), &Limits::default()).unwrap();
    let words: Vec<String> = inspection.sheets[1].sample.iter().map(|row| row.cells.join(": ")).collect();
    assert_eq!(inspection.sheets[1].name, "Como preencher");
    assert!(words.iter().any(|text| text.contains("Têxtil e vestuário") || text.contains("Obrigatório")), "{words:?}");
}
