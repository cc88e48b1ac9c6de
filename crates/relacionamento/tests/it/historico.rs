//! Spreadsheets of what was before: confirmed once, taken back, and by whom.

use kernel::{Actor, ActorKind, Grants, Lang, RequestMeta, Scope};
use relacionamento::{
    demanda,
    historico::{
        self, Contas, Especie, IMPORTAR, ImportacaoId, State,
        confirmar::{ConfirmarError, ConfirmarRule, confirmar, descartar},
        desfazer::{DesfazerError, DesfazerRule, desfazer, ficaram},
    },
    visita::{self, VisitaId},
};
use sheets::import::Line;
use tenancy::TenantTx;
use testkit::Base;

use crate::support::{empresa, pessoa, trail};

const VISITA: [&str; 6] = ["empresa", "inicio", "responsavel", "objetivo", "situacao", "resumo"];
const DEMANDA: [&str; 7] = ["empresa", "titulo", "tipo", "situacao", "registrada", "encerrada", "valor"];

async fn importer(base: &Base, nome: &str) -> Actor {
    let all = [IMPORTAR, empresas::empresa::VER, visita::VER, visita::ALTERAR, visita::EXCLUIR, demanda::VER, demanda::ALTERAR];
    pessoa(base, nome, Scope::Todas, &all).await
}

/// A file of these lines, as it is kept once it was read.
async fn kept(base: &Base, own: &Actor, especie: Especie, mapping: &[&str], lines: &[Vec<String>]) -> ImportacaoId {
    let lines: Vec<Line> = (2..).zip(lines).map(|(number, cells)| Line { number, cells: cells.clone() }).collect();
    let id = base.tenants.clock().uuid();
    let json = serde_json::to_string(&lines).unwrap().replace('\'', "''");
    base.execute(&format!(
        "INSERT INTO {}.historico_importacao (id, especie, file_name, hash, headers, lines, mapping, state, actor_id, actor_nome, created_at)
         VALUES ('{id}', '{}', 'antigo.csv', '\\x01', '{{{columns}}}', '{json}', '{{{columns}}}', 'previa', '{}', '{}', now())",
        base.alfa.names().schema(),
        especie.code(),
        own.id.unwrap(),
        own.nome,
        columns = mapping.join(","),
    ))
    .await;
    ImportacaoId::new(id)
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

async fn print(base: &Base, by: &Actor, id: ImportacaoId) -> String {
    base.alfa(async |tx: &mut TenantTx| {
        let file = historico::find(tx, by, id).await.unwrap().unwrap();
        historico::seen(&historico::judged(tx, by, &file).await.unwrap())
    })
    .await
}

async fn confirm(base: &Base, by: &Actor, id: ImportacaoId, seen: &str) -> Result<Contas, ConfirmarError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| confirmar(tx, by, Lang::PtBr, id, seen).await).await
}

async fn undo(base: &Base, by: &Actor, id: ImportacaoId) -> Result<i32, DesfazerError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| desfazer(tx, by, id).await).await
}

async fn count(base: &Base, what: &str) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.{what}", base.alfa.names().schema())).await
}

fn visitas() -> Vec<Vec<String>> {
    vec![
        texts(&["Empresa 1", "10/02/2024 14:30", "Diego", "Conhecer a fábrica", "", "Foi bom"]),
        texts(&["empresa 2", "11/02/2024", "Fulano de Antes", "Outra", "Cancelada", ""]),
        texts(&["Empresa 1", "10/02/2024 14:30", "diego", "De novo", "", ""]),
        texts(&["Empresa 9", "12/02/2024", "Diego", "Onde?", "", ""]),
    ]
}

/// S0-8.2, S0-8.4, S0-8.6, S0-8.7: what was seen comes in, once, though two confirm it and the same file is sent by another; nobody is told, and the trail tells all.
#[tokio::test]
async fn visitas_of_the_past_come_in_once() {
    let base = Base::new().await;
    let ana = importer(&base, "Ana").await;
    pessoa(&base, "Diego", Scope::Todas, &[]).await;
    for n in [1, 2] {
        empresa(&base, n, None).await;
    }
    let told = count(&base, "notificacao").await + count(&base, "mensagem").await;
    let id = kept(&base, &ana, Especie::Visita, &VISITA, &visitas()).await;
    let other = kept(&base, &ana, Especie::Visita, &VISITA, &visitas()).await;
    let (seen, seen_there) = (print(&base, &ana, id).await, print(&base, &ana, other).await);
    assert!(matches!(confirm(&base, &ana, id, "x").await, Err(ConfirmarError::Rule(ConfirmarRule::Changed))));
    assert_eq!(count(&base, "visita").await, 0, "nothing before somebody confirmed what they saw");

    let (one, two, there) =
        tokio::join!(confirm(&base, &ana, id, &seen), confirm(&base, &ana, id, &seen), confirm(&base, &ana, other, &seen_there));
    let contas = Contas { imported: 2, repeated: 1, refused: 1, undone: 0 };
    let mut done: Vec<bool> = vec![one.is_ok(), there.is_ok()];
    done.sort_unstable();
    assert_eq!(done, [false, true], "of two files that say the same one comes in: {one:?} {there:?}");
    assert_eq!(one.is_ok(), two.is_ok());
    assert_eq!([one, two, there].into_iter().find_map(Result::ok), Some(contas));
    assert_eq!(count(&base, "visita").await, 2);
    assert_eq!(
        count(&base, "visita WHERE situacao = 'realizada' AND responsavel_id IS NOT NULL AND resumo = 'Foi bom' AND version = 1")
            .await,
        1
    );
    assert_eq!(
        count(&base, "visita WHERE situacao = 'cancelada' AND responsavel_id IS NULL AND responsavel_nome = 'Fulano de Antes' AND motivo IS NOT NULL")
            .await,
        1
    );
    assert_eq!(count(&base, "notificacao").await + count(&base, "mensagem").await, told, "nobody is told");
    assert_eq!(count(&base, "visita WHERE lembrete_at IS NOT NULL").await, 0);
    assert_eq!((trail(&base, "importada").await, trail(&base, "planejada").await), (2, 0));
    assert_eq!(count(&base, "auditoria WHERE action = 'historico.importado' AND after->>'importados' = '2'").await, 1);

    // What did not come in is kept with why, and nothing else of the file.
    let state = "historico_importacao WHERE state = 'concluida' AND lines = '[]'";
    assert_eq!(count(&base, state).await, 1);
    let motivo = base
        .text(&format!(
            "SELECT string_agg(l->>'m', '|') FROM {}.historico_importacao, jsonb_array_elements(left_out) AS l WHERE state = 'concluida'",
            base.alfa.names().schema()
        ))
        .await;
    assert!(motivo.contains("Repete a linha 2") && motivo.contains("Nenhuma empresa que você vê tem este nome"), "{motivo}");
}

/// What somebody touched since stays; the rest is in the lixeira, and may come in again.
#[tokio::test]
async fn an_importação_is_taken_back_but_for_what_was_touched() {
    let base = Base::new().await;
    let ana = importer(&base, "Ana").await;
    for n in [1, 2] {
        empresa(&base, n, None).await;
    }
    let id = kept(&base, &ana, Especie::Visita, &VISITA, &visitas()).await;
    assert!(matches!(undo(&base, &ana, id).await, Err(DesfazerError::Rule(DesfazerRule::NotDone))));
    let seen = print(&base, &ana, id).await;
    confirm(&base, &ana, id, &seen).await.unwrap();
    let schema = base.alfa.names().schema();
    let touched = VisitaId::new(base.id(&format!("SELECT id FROM {schema}.visita WHERE situacao = 'cancelada'")).await);
    base.alfa(async |tx: &mut TenantTx| visita::desfecho::reabrir(tx, &ana, touched, 1).await).await.unwrap();

    let both = tokio::join!(undo(&base, &ana, id), undo(&base, &ana, id));
    assert_eq!((both.0.unwrap(), both.1.unwrap()), (1, 1), "twice is once");
    assert_eq!(count(&base, "visita WHERE deleted_at IS NULL").await, 1);
    assert_eq!(trail(&base, "excluida").await, 1);
    assert_eq!(count(&base, "auditoria WHERE action = 'historico.desfeito' AND after->>'mantidos' = '1'").await, 1);
    let left = base
        .alfa(async |tx: &mut TenantTx| {
            let file = historico::find(tx, &ana, id).await.unwrap().unwrap();
            assert_eq!((file.state, file.contas.undone), (State::Desfeita, 1));
            ficaram(tx, &file).await.unwrap()
        })
        .await;
    assert_eq!(left.into_iter().map(|ficou| ficou.id).collect::<Vec<_>>(), [touched.uuid()]);

    let again = kept(&base, &ana, Especie::Visita, &VISITA, &visitas()).await;
    let seen = print(&base, &ana, again).await;
    assert_eq!(confirm(&base, &ana, again, &seen).await.unwrap().imported, 1, "the one in the lixeira is not there");
}

/// S0-8.3: a demanda stands where the file says since it came, or since it ended, and its money is exact.
#[tokio::test]
async fn demandas_of_the_past_stand_where_they_stood() {
    let base = Base::new().await;
    let ana = importer(&base, "Ana").await;
    empresa(&base, 1, None).await;
    let lines = vec![
        texts(&["Empresa 1", "Curso de solda", "Curso", "Concluída", "10/02/2024", "20/02/2024", "R$ 1.234.567,89"]),
        texts(&["Empresa 1", "Consultoria", "Consultoria", "Em andamento", "11/02/2024", "", ""]),
        texts(&["Empresa 1", "Palestra", "", "Cancelada", "12/02/2024", "13/02/2024", ""]),
    ];
    let id = kept(&base, &ana, Especie::Demanda, &DEMANDA, &lines).await;
    let schema = base.alfa.names().schema();
    let outro = base.id(&format!("SELECT id FROM {schema}.demanda_tipo WHERE nome = 'Outro'")).await;
    let mapping: Vec<String> = texts(&DEMANDA);
    let set =
        async |tipo| base.alfa(async |tx: &mut TenantTx| historico::set_columns(tx, id, &mapping, tipo).await.unwrap()).await;
    assert!(set(Some(relacionamento::tipo::TipoId::new(uuid::Uuid::nil()))).await, "one that is none counts as none");
    let seen = print(&base, &ana, id).await;
    assert!(set(Some(relacionamento::tipo::TipoId::new(outro))).await);
    assert!(matches!(confirm(&base, &ana, id, &seen).await, Err(ConfirmarError::Rule(ConfirmarRule::Changed))));
    let seen = print(&base, &ana, id).await;
    assert_eq!(confirm(&base, &ana, id, &seen).await.unwrap(), Contas { imported: 3, repeated: 0, refused: 0, undone: 0 });
    assert!(!set(None).await, "it is over");
    for (what, n) in [
        (
            "demanda WHERE situacao = 'concluida' AND valor_estimado = 1234567.89 AND concluida_at::date = '2024-02-20' AND etapa_at = concluida_at",
            1,
        ),
        ("demanda WHERE situacao = 'em_andamento' AND created_at::date = '2024-02-11' AND etapa_at = created_at", 1),
        ("demanda WHERE situacao = 'cancelada' AND motivo IS NOT NULL AND concluida_at IS NULL", 1),
        ("demanda_passagem WHERE fim_at IS NOT NULL", 2),
        ("demanda_passagem WHERE fim_at IS NULL", 3),
        ("demanda_passagem WHERE situacao = 'cancelada' AND inicio_at::date = '2024-02-13'", 1),
        ("auditoria WHERE action = 'demanda.importada'", 3),
    ] {
        assert_eq!(count(&base, what).await, n, "{what}");
    }
    // It goes on from there like any other.
    let running =
        demanda::DemandaId::new(base.id(&format!("SELECT id FROM {schema}.demanda WHERE situacao = 'em_andamento'")).await);
    let ended = base
        .alfa(async |tx: &mut TenantTx| {
            demanda::mover::encerrar(tx, &ana, running, 1, Some(&"Desistiram".parse().unwrap())).await
        })
        .await;
    ended.unwrap();
    assert_eq!(undo(&base, &ana, id).await.unwrap(), 2);
}

/// A program has nobody who could look at the preview; whoever does not see an empresa brings nothing of it.
#[tokio::test]
async fn only_people_who_may_bring_in_what_they_see() {
    let base = Base::new().await;
    let ana = importer(&base, "Ana").await;
    for n in [1, 2] {
        empresa(&base, n, None).await;
    }
    let id = kept(&base, &ana, Especie::Visita, &VISITA, &visitas()).await;
    let seen = print(&base, &ana, id).await;
    let program = Actor { kind: ActorKind::Token, ..ana.clone() };
    assert!(matches!(confirm(&base, &program, id, &seen).await, Err(ConfirmarError::Denied(_))));
    let other = Actor { grants: Grants::default(), ..ana.clone() };
    assert!(matches!(confirm(&base, &other, id, &seen).await, Err(ConfirmarError::Denied(_))));
    assert!(matches!(undo(&base, &other, id).await, Err(DesfazerError::Denied(_))));
    let grants = [(IMPORTAR.code().to_owned(), Scope::Todas), ("empresas.empresa.ver".to_owned(), Scope::Proprias)];
    let narrow = Actor { grants: grants.into_iter().collect(), meta: RequestMeta::default(), ..ana.clone() };
    let narrowed = print(&base, &narrow, id).await;
    assert!(matches!(confirm(&base, &narrow, id, &narrowed).await, Err(ConfirmarError::Rule(ConfirmarRule::Nothing))));
    assert!(matches!(confirm(&base, &narrow, id, &seen).await, Err(ConfirmarError::Rule(ConfirmarRule::Changed))));

    base.alfa(async |tx: &mut TenantTx| descartar(tx, &ana, id).await).await.unwrap();
    assert!(matches!(confirm(&base, &ana, id, &seen).await, Err(ConfirmarError::NotFound)));
    assert_eq!(count(&base, "historico_importacao WHERE state = 'descartada' AND lines = '[]'").await, 1);
    assert_eq!(count(&base, "visita").await, 0);
}
