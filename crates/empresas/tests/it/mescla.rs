//! One of two: field by field as chosen, with all that hung on both; undone exactly, but for what has changed since.

use std::collections::BTreeMap;

use documentos::documento::Dono;
use empresas::{
    contato, documento,
    empresa::{
        ALTERAR, Campo, EXCLUIR, Empresa, EmpresaId, Known, VER,
        alterar::alterar,
        lista,
        restaurar::{RestaurarError, restaurar},
    },
    etiqueta::{self, Posta},
    mescla::{ANEXOS, DesfazerError, Escolhas, Lado, Mescla, MesclaId, Mesclar, MesclarError, desfazer, leads_to, mesclar},
};
use kernel::{Actor, Scope};
use tenancy::{Mode, TenantTx, TxLimits};
use testkit::{Base, sistema};
use web::attached::Attached;

use crate::support::{cadastro, known, pessoa, registered};

fn anexos() -> Vec<&'static Attached> {
    ANEXOS.iter().collect()
}

/// Keeps what succeeds and nothing of what is refused, as a request does.
async fn merge(base: &Base, actor: &Actor, cmd: &Mesclar) -> Result<MesclaId, MesclarError> {
    let mut tx = base.tenants.begin(&base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
    let done = mesclar(&mut tx, actor, &anexos(), cmd).await;
    if done.is_ok() {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
    done
}

async fn undo(base: &Base, actor: &Actor, id: MesclaId) -> Result<Mescla, DesfazerError> {
    let mut tx = base.tenants.begin(&base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
    let done = desfazer(&mut tx, actor, &anexos(), id).await;
    if done.is_ok() {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
    done
}

async fn find(base: &Base, id: EmpresaId) -> Option<Empresa> {
    base.alfa(async |tx: &mut TenantTx| lista::find(tx, &sistema(), id).await.unwrap()).await
}

async fn text(base: &Base, id: EmpresaId, campo: Campo) -> String {
    find(base, id).await.unwrap().cadastro.text(campo)
}

fn of(fica: EmpresaId, sai: EmpresaId) -> Mesclar {
    Mesclar { fica, sai, versions: [1, 1], escolhas: Escolhas::new() }
}

/// Two with something of their own each: contatos, a documento, etiquetas.
async fn two(base: &Base) -> (EmpresaId, EmpresaId) {
    let fica = registered(base, 1, &[(Campo::Nome, "Aurora"), (Campo::Email, "fica@aurora.example")]).await;
    let other = [
        (Campo::Nome, "Aurora Ltda"),
        (Campo::Email, "sai@aurora.example"),
        (Campo::Porte, "me"),
        (Campo::Municipio, "Joinville"),
        (Campo::Uf, "SC"),
        (Campo::Observacoes, "Da outra."),
    ];
    let sai = registered(base, 2, &other).await;
    base.alfa(async |tx: &mut TenantTx| {
        for (id, nome) in [(fica, "Ana"), (sai, "Bia"), (sai, "Caio")] {
            let dados = contato::Dados {
                nome: nome.parse().unwrap(),
                cargo: None,
                papel: None,
                email: None,
                telefone: None,
                observacoes: None,
            };
            contato::registrar(tx, &sistema(), id, &dados).await.unwrap();
        }
        for (id, nomes) in [(fica, &["Feira"][..]), (sai, &["Feira", "Inovação"][..])] {
            for nome in nomes {
                etiqueta::por(tx, &sistema(), id, &Posta::Named(nome.parse().unwrap())).await.unwrap();
            }
        }
    })
    .await;
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "INSERT INTO {schema}.documento (id, entity, entity_id, pasta, nome, versao, created_at, updated_at)
         VALUES ('01900000-0000-7000-8000-000000000911', 'empresa', '{sai}', '', 'contrato.pdf', 1, now(), now())"
    ))
    .await;
    (fica, sai)
}

/// Contatos, documentos and etiquetas of an empresa.
async fn hangs(base: &Base, id: EmpresaId) -> [i64; 3] {
    let schema = base.alfa.names().schema();
    let count = async |from: &str| base.number(&format!("SELECT count(*) FROM {schema}.{from} = '{id}'")).await;
    [
        count("contato WHERE empresa_id").await,
        count("documento WHERE entity = 'empresa' AND entity_id").await,
        count("empresa_etiqueta WHERE empresa_id").await,
    ]
}

#[tokio::test]
async fn an_empty_field_is_filled_and_everything_comes_along_and_goes_back() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    let before = (find(&base, fica).await.unwrap().cadastro, find(&base, sai).await.unwrap().cadastro);
    let id = merge(&base, &sistema(), &of(fica, sai)).await.unwrap();

    assert_eq!(text(&base, fica, Campo::Nome).await, "Aurora", "what it says stays");
    assert_eq!(text(&base, fica, Campo::Email).await, "fica@aurora.example");
    assert_eq!(text(&base, fica, Campo::Porte).await, "me", "what it left open comes from the other");
    assert_eq!(text(&base, fica, Campo::Municipio).await, "Joinville");
    assert_eq!(text(&base, fica, Campo::Cnpj).await, before.0.text(Campo::Cnpj), "the CNPJ is its own");
    assert_eq!(hangs(&base, fica).await, [3, 1, 2]);
    assert!(find(&base, sai).await.is_none());
    let goes = base.alfa(async |tx: &mut TenantTx| leads_to(tx, &sistema(), sai).await.unwrap()).await;
    assert_eq!(goes, Some(fica), "the old address leads here");
    let schema = base.alfa.names().schema();
    let told = format!("SELECT count(*) FROM {schema}.auditoria WHERE entity_id = '{fica}' AND action = 'empresa.mesclada'");
    assert_eq!(base.number(&told).await, 1);

    let done = undo(&base, &sistema(), id).await.unwrap();
    assert!(done.kept.unwrap().campos.is_empty());
    assert_eq!((find(&base, fica).await.unwrap().cadastro, find(&base, sai).await.unwrap().cadastro), before);
    assert_eq!((hangs(&base, fica).await, hangs(&base, sai).await), ([1, 0, 1], [2, 1, 2]));
    let goes = base.alfa(async |tx: &mut TenantTx| leads_to(tx, &sistema(), sai).await.unwrap()).await;
    assert_eq!(goes, None);

    // Twice: the second changes nothing.
    let version = find(&base, fica).await.unwrap().version;
    assert!(undo(&base, &sistema(), id).await.unwrap().undone_at.is_some());
    assert_eq!(find(&base, fica).await.unwrap().version, version);
}

#[tokio::test]
async fn each_field_is_the_one_that_was_chosen_the_cnpj_too() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    let (own, others) = (text(&base, fica, Campo::Cnpj).await, text(&base, sai, Campo::Cnpj).await);
    let escolhas: Escolhas = BTreeMap::from([
        (Campo::Cnpj, Lado::Sai),
        (Campo::Nome, Lado::Sai),
        (Campo::Porte, Lado::Fica),
        (Campo::Email, Lado::Sai),
    ]);
    let id = merge(&base, &sistema(), &Mesclar { escolhas, ..of(fica, sai) }).await.unwrap();
    assert_eq!(text(&base, fica, Campo::Cnpj).await, others);
    assert_eq!(text(&base, fica, Campo::Nome).await, "Aurora Ltda");
    assert_eq!(text(&base, fica, Campo::Porte).await, "", "open, as it was chosen");
    // The Receita is asked again now and then: that changes nothing of the empresa.
    let schema = base.alfa.names().schema();
    base.execute(&format!(
        "UPDATE {schema}.empresa SET situacao_cadastral = 'ativa', situacao_cadastral_at = now() WHERE id = '{fica}'"
    ))
    .await;
    undo(&base, &sistema(), id).await.unwrap();
    assert_eq!((text(&base, fica, Campo::Cnpj).await, text(&base, sai, Campo::Cnpj).await), (own, others));
}

#[tokio::test]
async fn both_observacoes_can_be_kept() {
    let base = Base::new().await;
    let fica = registered(&base, 1, &[(Campo::Observacoes, "Uma.")]).await;
    let sai = registered(&base, 2, &[(Campo::Observacoes, "Outra.")]).await;
    let long = registered(&base, 3, &[(Campo::Observacoes, &"x".repeat(4000))]).await;
    let escolhas = || Escolhas::from([(Campo::Observacoes, Lado::Ambas)]);
    let refused = merge(&base, &sistema(), &Mesclar { escolhas: escolhas(), ..of(fica, long) }).await;
    assert!(matches!(refused, Err(MesclarError::TooLong)));
    merge(&base, &sistema(), &Mesclar { escolhas: escolhas(), ..of(fica, sai) }).await.unwrap();
    assert_eq!(text(&base, fica, Campo::Observacoes).await, "Uma.\n\nOutra.");
}

#[tokio::test]
async fn what_changed_since_stays_and_is_named() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    let id = merge(&base, &sistema(), &of(fica, sai)).await.unwrap();
    base.alfa(async |tx: &mut TenantTx| {
        let current = lista::find(tx, &sistema(), fica).await.unwrap().unwrap();
        let known = Known::load(tx).await.unwrap();
        let other = [(Campo::Nome, "Aurora"), (Campo::Porte, "grande"), (Campo::Municipio, "Joinville"), (Campo::Uf, "SC")];
        alterar(tx, &sistema(), fica, current.version, cadastro(&known, 1, &other)).await.unwrap();
    })
    .await;
    // Its contato hangs elsewhere by now.
    let schema = base.alfa.names().schema();
    let third = registered(&base, 3, &[]).await;
    base.execute(&format!("UPDATE {schema}.contato SET empresa_id = '{third}' WHERE nome = 'Bia'")).await;
    let kept = undo(&base, &sistema(), id).await.unwrap().kept.unwrap();
    assert!(kept.campos.contains(&"porte".to_owned()), "{kept:?}");
    assert_eq!((kept.back["contato"], kept.stayed["contato"]), (1, 1));
    assert_eq!(text(&base, fica, Campo::Porte).await, "grande");
    assert_eq!(text(&base, fica, Campo::Municipio).await, "", "unchanged since, it goes back");
    assert_eq!(text(&base, sai, Campo::Porte).await, "me");
}

#[tokio::test]
async fn who_saw_an_older_version_merges_nothing() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    base.alfa(async |tx: &mut TenantTx| {
        let known = Known::load(tx).await.unwrap();
        alterar(tx, &sistema(), sai, 1, cadastro(&known, 2, &[(Campo::Nome, "Outro nome")])).await.unwrap();
    })
    .await;
    let Err(MesclarError::Conflict(both)) = merge(&base, &sistema(), &of(fica, sai)).await else { panic!("a conflict") };
    assert_eq!((both[0].version, both[1].version), (1, 2));
    assert_eq!(hangs(&base, sai).await, [2, 1, 2]);
    assert!(matches!(merge(&base, &sistema(), &of(fica, fica)).await, Err(MesclarError::Same)));
}

#[tokio::test]
async fn two_at_once_make_one_mescla_and_undo_it_once() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    // The same pair, each the other way round.
    let (one, other) = (of(fica, sai), of(sai, fica));
    let sistema = sistema();
    let (a, b) = tokio::join!(merge(&base, &sistema, &one), merge(&base, &sistema, &other));
    let id = match (a, b) {
        (Ok(id), Err(MesclarError::NotFound)) | (Err(MesclarError::NotFound), Ok(id)) => id,
        other => panic!("{other:?}"),
    };
    let (a, b) = tokio::join!(undo(&base, &sistema, id), undo(&base, &sistema, id));
    assert!(a.is_ok() && b.is_ok());
    assert!(find(&base, fica).await.is_some() && find(&base, sai).await.is_some());
    assert_eq!(hangs(&base, sai).await, [2, 1, 2]);
}

#[tokio::test]
async fn it_takes_both_permissions_over_both_empresas() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    let ana = pessoa(&base, "Ana", Scope::Proprias, &[VER, ALTERAR, EXCLUIR]).await;
    assert!(matches!(merge(&base, &ana, &of(fica, sai)).await, Err(MesclarError::NotFound)), "neither is hers");
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.empresa SET responsavel_id = '{}' WHERE id = '{fica}'", ana.id.unwrap())).await;
    assert!(matches!(merge(&base, &ana, &of(fica, sai)).await, Err(MesclarError::NotFound)), "one of them is not");
    let bruno = pessoa(&base, "Bruno", Scope::Todas, &[VER, ALTERAR]).await;
    assert!(matches!(merge(&base, &bruno, &of(fica, sai)).await, Err(MesclarError::Denied(_))));
    let id = merge(&base, &sistema(), &of(fica, sai)).await.unwrap();
    assert!(matches!(undo(&base, &ana, id).await, Err(DesfazerError::NotFound)), "the other is not hers");
    assert!(matches!(undo(&base, &bruno, id).await, Err(DesfazerError::Denied(_))));
    let goes = base.alfa(async |tx: &mut TenantTx| leads_to(tx, &ana, sai).await.unwrap()).await;
    assert_eq!(goes, Some(fica));
    let carla = pessoa(&base, "Carla Lima", Scope::Proprias, &[VER]).await;
    let goes = base.alfa(async |tx: &mut TenantTx| leads_to(tx, &carla, sai).await.unwrap()).await;
    assert_eq!(goes, None, "nobody is led to what they may not see");
}

/// Who may change their own empresas only gives none of them to somebody else, here as little as by a change.
#[tokio::test]
async fn a_narrow_reach_gives_nothing_away_by_a_mescla() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    let outra = pessoa(&base, "Outra", Scope::Todas, &[VER]).await;
    let mut dora = pessoa(&base, "Dora", Scope::Todas, &[VER, EXCLUIR]).await;
    dora.grants.add(ALTERAR.code(), Scope::Proprias);
    let schema = base.alfa.names().schema();
    for (id, responsavel) in [(fica, &dora), (sai, &outra)] {
        base.execute(&format!("UPDATE {schema}.empresa SET responsavel_id = '{}' WHERE id = '{id}'", responsavel.id.unwrap()))
            .await;
    }
    let given = Mesclar { escolhas: BTreeMap::from([(Campo::Responsavel, Lado::Sai)]), ..of(fica, sai) };
    assert!(matches!(merge(&base, &dora, &given).await, Err(MesclarError::Denied(_))));
    let kept = Mesclar { escolhas: BTreeMap::from([(Campo::Responsavel, Lado::Fica)]), ..of(fica, sai) };
    assert!(merge(&base, &dora, &kept).await.is_ok());
}

/// An empresa that one is only linked to stays whose it is, though one's own goes into it.
#[tokio::test]
async fn a_narrow_reach_takes_nothing_by_a_mescla() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    let mut dora = pessoa(&base, "Dora", Scope::Todas, &[VER, EXCLUIR]).await;
    dora.grants.add(ALTERAR.code(), Scope::Vinculadas);
    let (schema, own) = (base.alfa.names().schema(), dora.id.unwrap());
    base.execute(&format!(
        "UPDATE {schema}.empresa SET responsavel_id = '{own}' WHERE id = '{sai}';
         INSERT INTO {schema}.usuario_empresa (usuario_id, empresa_id, created_at) VALUES ('{own}', '{fica}', now())"
    ))
    .await;
    let taken = Mesclar { escolhas: BTreeMap::from([(Campo::Responsavel, Lado::Sai)]), ..of(fica, sai) };
    assert!(matches!(merge(&base, &dora, &taken).await, Err(MesclarError::Denied(_))));
    merge(&base, &dora, &of(fica, sai)).await.unwrap();
    let open = format!("SELECT count(*) FROM {schema}.empresa WHERE id = '{fica}' AND responsavel_id IS NULL");
    assert_eq!(base.number(&open).await, 1, "an empty field is not filled with oneself");
}

#[tokio::test]
async fn a_chain_is_undone_from_its_end_and_not_after_thirty_days() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    let third = registered(&base, 3, &[]).await;
    let first = merge(&base, &sistema(), &of(fica, sai)).await.unwrap();
    let second = merge(&base, &sistema(), &Mesclar { versions: [1, 2], ..of(third, fica) }).await.unwrap();
    let goes = base.alfa(async |tx: &mut TenantTx| leads_to(tx, &sistema(), sai).await.unwrap()).await;
    assert_eq!(goes, Some(third));
    assert_eq!(hangs(&base, third).await, [3, 1, 2]);
    assert!(matches!(undo(&base, &sistema(), first).await, Err(DesfazerError::Gone)));
    // What is part of another comes back by undoing that, not out of the lixeira by itself.
    let refused = base.alfa(async |tx: &mut TenantTx| restaurar(tx, &sistema(), fica).await).await;
    assert!(matches!(refused, Err(RestaurarError::Mesclada)));
    undo(&base, &sistema(), second).await.unwrap();
    undo(&base, &sistema(), first).await.unwrap();
    assert_eq!((hangs(&base, fica).await, hangs(&base, sai).await, hangs(&base, third).await), ([1, 0, 1], [2, 1, 2], [0, 0, 0]));

    let versions = [find(&base, fica).await.unwrap().version, find(&base, sai).await.unwrap().version];
    let again = merge(&base, &sistema(), &Mesclar { versions, ..of(fica, sai) }).await.unwrap();
    let trashed = async || {
        let module = empresas::module();
        let kind = module.trash.iter().find(|kind| kind.kind == "empresa").unwrap();
        base.alfa(async |tx: &mut TenantTx| (kind.list)(tx, &sistema(), 10).await).await.unwrap().items
    };
    assert!(trashed().await.is_empty(), "its way back is the undo");
    base.clock.advance(chrono::TimeDelta::days(31));
    assert_eq!(trashed().await.len(), 1, "and then the lixeira");
    assert!(matches!(undo(&base, &sistema(), again).await, Err(DesfazerError::TooOld)));
    base.alfa(async |tx: &mut TenantTx| restaurar(tx, &sistema(), sai).await.unwrap()).await;
    assert!(find(&base, sai).await.is_some(), "then it comes out of the lixeira as any other");
}

#[tokio::test]
async fn a_cnpj_that_was_registered_again_keeps_the_undo_from_being_half_done() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    let id = merge(&base, &sistema(), &of(fica, sai)).await.unwrap();
    let known = known(&base).await;
    base.alfa(async |tx: &mut TenantTx| {
        empresas::empresa::registrar::registrar(tx, &sistema(), cadastro(&known, 2, &[])).await.unwrap()
    })
    .await;
    assert!(matches!(undo(&base, &sistema(), id).await, Err(DesfazerError::CnpjTaken)));
    assert_eq!(hangs(&base, fica).await, [3, 1, 2]);
    assert_eq!(text(&base, fica, Campo::Porte).await, "me");
}

#[tokio::test]
async fn documentos_are_found_with_the_one_that_stays() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    merge(&base, &sistema(), &of(fica, sai)).await.unwrap();
    let count = base
        .alfa(async |tx: &mut TenantTx| {
            documentos::documento::mover::count(tx, Dono { entity: "empresa", id: fica.uuid() }).await.unwrap()
        })
        .await;
    assert_eq!(count, 1);
}

/// A file that is on its way while its empresa is merged hangs on the one that stays; one that comes later finds no empresa.
#[tokio::test]
async fn a_documento_that_comes_during_a_mescla_goes_to_the_one_that_stays() {
    let base = Base::new().await;
    let (fica, sai) = two(&base).await;
    let sistema = sistema();
    let mut tx = base.tenants.begin(&base.alfa, Mode::Write, TxLimits::REQUEST).await.unwrap();
    documento::dono_held(&mut tx, &sistema, sai, &documento::ENVIAR).await.unwrap();
    let sending = async {
        // Until the mescla waits for the file: it cannot pass by.
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        for _ in 0..200 {
            if base.number(waits).await > 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        sqlx::query!(
            "INSERT INTO documento (id, entity, entity_id, pasta, nome, versao, created_at, updated_at)
             VALUES ('01900000-0000-7000-8000-000000000912', 'empresa', $1, '', 'proposta.pdf', 1, now(), now())",
            sai.uuid()
        )
        .execute(tx.db())
        .await
        .unwrap();
        tx.commit().await.unwrap();
    };
    let cmd = of(fica, sai);
    let (merged, ()) = tokio::join!(merge(&base, &sistema, &cmd), sending);
    let id = merged.unwrap();
    assert_eq!(hangs(&base, fica).await[1], 2, "both files of the other");
    let late = base.alfa(async |tx: &mut TenantTx| documento::dono_held(tx, &sistema, sai, &documento::ENVIAR).await).await;
    assert!(matches!(late, Err(documentos::documento::DocumentoError::NotFound)), "{late:?}");
    undo(&base, &sistema, id).await.unwrap();
    assert_eq!((hangs(&base, fica).await[1], hangs(&base, sai).await[1]), (0, 2));
}
