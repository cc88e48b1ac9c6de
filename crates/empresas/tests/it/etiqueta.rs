//! Words on empresas: one whatever its accents, put on and taken off within reach, many at once and back.

use empresas::{
    empresa::{
        ALTERAR, Campo, EmpresaId, Known, VER,
        lista::{self, Filtro, Ordem},
        lote::{self, Lote, LoteError, LoteId, What, Which},
    },
    etiqueta::{self, Cor, Dados, EtiquetaError, EtiquetaId, EtiquetaNome, EtiquetaRule, Etiquetas, GERIR, Posta},
};
use kernel::{Actor, PageRequest, Scope};
use tenancy::TenantTx;
use testkit::{Base, sistema};
use web::vocabulary::{TermError, TermRule, excluir, mesclar, registrar};

use crate::support::{pessoa, registered};

async fn named(base: &Base, actor: &Actor, id: EmpresaId, nome: &str) -> Result<(), EtiquetaError> {
    base.alfa(async |tx: &mut TenantTx| etiqueta::por(tx, actor, id, &Posta::Named(nome.parse().unwrap())).await).await
}

async fn of(base: &Base, id: EmpresaId) -> Vec<String> {
    let all = base.alfa(async |tx: &mut TenantTx| etiqueta::of_empresas(tx, &[id]).await.unwrap()).await;
    all.get(&id).into_iter().flatten().map(|etiqueta| etiqueta.nome.clone()).collect()
}

async fn made(base: &Base, nome: &str) -> EtiquetaId {
    let dados = Dados { nome: nome.parse().unwrap(), cor: Cor::Azul };
    base.alfa(async |tx: &mut TenantTx| registrar::<Etiquetas>(tx, &sistema(), &dados).await.unwrap()).await
}

#[tokio::test]
async fn an_etiqueta_is_one_whatever_its_case_and_accents() {
    let base = Base::new().await;
    let id = registered(&base, 1, &[]).await;
    named(&base, &sistema(), id, "Inovação").await.unwrap();
    named(&base, &sistema(), id, " INOVACAO ").await.unwrap();
    assert_eq!(of(&base, id).await, ["Inovação"]);
    let dados = Dados { nome: "inovacão".parse().unwrap(), cor: Cor::Rosa };
    let taken = base.alfa(async |tx: &mut TenantTx| registrar::<Etiquetas>(tx, &sistema(), &dados).await).await;
    assert!(matches!(taken, Err(TermError::Rule(TermRule::Taken))));
}

#[tokio::test]
async fn it_takes_the_empresa_within_reach_and_a_new_word_takes_the_list() {
    let base = Base::new().await;
    let id = registered(&base, 1, &[]).await;
    let feira = made(&base, "Feira").await;
    let ana = pessoa(&base, "Ana", Scope::Proprias, &[VER, ALTERAR]).await;
    assert!(matches!(named(&base, &ana, id, "Feira").await, Err(EtiquetaError::NotFound)), "not hers");
    let schema = base.alfa.names().schema();
    base.execute(&format!("UPDATE {schema}.empresa SET responsavel_id = '{}'", ana.id.unwrap())).await;
    named(&base, &ana, id, "Feira").await.unwrap();
    assert!(matches!(named(&base, &ana, id, "Outra").await, Err(EtiquetaError::Rule(EtiquetaRule::Unknown))));
    let keeper = pessoa(&base, "Bruno", Scope::Todas, &[VER, ALTERAR, GERIR]).await;
    named(&base, &keeper, id, "Outra").await.unwrap();
    assert_eq!(of(&base, id).await, ["Feira", "Outra"]);
    let refused = base.alfa(async |tx: &mut TenantTx| excluir::<Etiquetas>(tx, &ana, feira).await).await;
    assert!(matches!(refused, Err(TermError::Denied(_))));
    base.alfa(async |tx: &mut TenantTx| etiqueta::tirar(tx, &ana, id, feira).await.unwrap()).await;
    assert_eq!(of(&base, id).await, ["Outra"]);
}

/// A program that gives an empresa all of its etiquetas hears of another that did so meanwhile: it is another version.
#[tokio::test]
async fn all_of_them_given_at_once_make_another_version() {
    let base = Base::new().await;
    let id = registered(&base, 1, &[]).await;
    let version =
        async || base.alfa(async |tx: &mut TenantTx| lista::find(tx, &sistema(), id).await.unwrap().unwrap().version).await;
    let set = async |nomes: &[&str]| {
        let nomes: Vec<_> = nomes.iter().map(|nome| nome.parse().unwrap()).collect();
        base.alfa(async |tx: &mut TenantTx| etiqueta::set(tx, &sistema(), id, &nomes).await.unwrap()).await;
    };
    set(&["Feira", "Expo"]).await;
    assert_eq!((of(&base, id).await, version().await), (vec!["Expo".to_owned(), "Feira".to_owned()], 2));
    set(&["feira", "EXPO"]).await;
    assert_eq!(version().await, 2, "the same ones change nothing");
    set(&["Feira"]).await;
    assert_eq!((of(&base, id).await, version().await), (vec!["Feira".to_owned()], 3));
}

#[tokio::test]
async fn merged_into_another_its_empresas_follow_and_deleted_it_says_of_how_many() {
    let base = Base::new().await;
    let ids = [registered(&base, 1, &[]).await, registered(&base, 2, &[]).await];
    let (feira, expo) = (made(&base, "Feira").await, made(&base, "Expo").await);
    for id in ids {
        named(&base, &sistema(), id, "Feira").await.unwrap();
    }
    named(&base, &sistema(), ids[0], "Expo").await.unwrap();
    let moved = base.alfa(async |tx: &mut TenantTx| mesclar::<Etiquetas>(tx, &sistema(), feira, expo).await.unwrap()).await;
    assert_eq!(moved, 2);
    assert_eq!((of(&base, ids[0]).await, of(&base, ids[1]).await), (vec!["Expo".to_owned()], vec!["Expo".to_owned()]));
    let same = base.alfa(async |tx: &mut TenantTx| mesclar::<Etiquetas>(tx, &sistema(), expo, expo).await).await;
    assert!(matches!(same, Err(TermError::Rule(TermRule::Same))));
    let gone = base.alfa(async |tx: &mut TenantTx| excluir::<Etiquetas>(tx, &sistema(), expo).await.unwrap()).await;
    assert_eq!(gone, 2);
    assert!(of(&base, ids[0]).await.is_empty());
}

async fn found(base: &Base, etiquetas: &[EtiquetaId], busca: &str) -> Vec<EmpresaId> {
    let filtro = Filtro { etiquetas: etiquetas.to_vec(), busca: busca.to_owned(), ..Filtro::default() };
    let pagina = base
        .alfa(async |tx: &mut TenantTx| {
            let known = Known::load(tx).await.unwrap();
            lista::list(tx, &sistema(), &known, &filtro, Ordem::default(), PageRequest::default()).await.unwrap()
        })
        .await;
    assert_eq!(pagina.total, i64::try_from(pagina.linhas.len()).unwrap());
    pagina.linhas.into_iter().map(|linha| linha.id).collect()
}

#[tokio::test]
async fn the_list_is_narrowed_to_any_of_several() {
    let base = Base::new().await;
    let ids = [
        registered(&base, 1, &[(Campo::Nome, "Alfa")]).await,
        registered(&base, 2, &[(Campo::Nome, "Beta")]).await,
        registered(&base, 3, &[(Campo::Nome, "Gama")]).await,
    ];
    let (feira, expo) = (made(&base, "Feira").await, made(&base, "Expo").await);
    named(&base, &sistema(), ids[0], "Feira").await.unwrap();
    named(&base, &sistema(), ids[1], "Expo").await.unwrap();
    assert_eq!(found(&base, &[feira], "").await, [ids[0]]);
    assert_eq!(found(&base, &[feira, expo], "").await, [ids[0], ids[1]]);
    assert_eq!(found(&base, &[feira, expo], "bet").await, [ids[1]]);
    assert_eq!(found(&base, &[], "").await.len(), 3);
}

async fn apply(base: &Base, which: &[EmpresaId], what: What) -> Result<lote::Done, LoteError> {
    let seen = i64::try_from(which.len()).unwrap();
    let cmd = Lote { which: Which::These(which.to_vec()), what, seen, consulta: String::new() };
    base.alfa(async |tx: &mut TenantTx| lote::apply(tx, &sistema(), &cmd).await).await
}

async fn undo(base: &Base, id: LoteId) -> Option<i32> {
    base.alfa(async |tx: &mut TenantTx| lote::desfazer(tx, &sistema(), id).await.unwrap()).await.undone
}

#[tokio::test]
async fn many_at_once_are_tagged_and_only_those_come_back() {
    let base = Base::new().await;
    let ids = [registered(&base, 1, &[]).await, registered(&base, 2, &[]).await, registered(&base, 3, &[]).await];
    let feira = made(&base, "Feira").await;
    named(&base, &sistema(), ids[0], "Feira").await.unwrap();
    let done = apply(&base, &ids, What::Etiquetar(feira)).await.unwrap();
    assert_eq!((done.changed, done.unchanged), (2, 1));
    assert_eq!(found(&base, &[feira], "").await.len(), 3);
    // One was taken off by hand since: it is left alone, and the one that had it before keeps it.
    base.alfa(async |tx: &mut TenantTx| etiqueta::tirar(tx, &sistema(), ids[2], feira).await.unwrap()).await;
    assert_eq!(undo(&base, done.id).await, Some(1));
    assert_eq!(undo(&base, done.id).await, Some(1), "twice, it is told again");
    assert_eq!(found(&base, &[feira], "").await, [ids[0]]);

    let off = apply(&base, &ids, What::Desetiquetar(feira)).await.unwrap();
    assert_eq!((off.changed, off.unchanged), (1, 2));
    assert!(found(&base, &[feira], "").await.is_empty());
    assert_eq!(undo(&base, off.id).await, Some(1));
    assert_eq!(found(&base, &[feira], "").await, [ids[0]]);
    let schema = base.alfa.names().schema();
    let told =
        format!("SELECT count(*) FROM {schema}.auditoria WHERE action LIKE 'empresa.%etiquetada' AND after->>'nome' = 'Feira'");
    assert_eq!(base.number(&told).await, 1 + 2 + 1 + 1 + 1 + 1);

    let gone = EtiquetaId::new(uuid::Uuid::nil());
    assert!(matches!(apply(&base, &ids, What::Etiquetar(gone)).await, Err(LoteError::EtiquetaUnknown)));
}

/// Many at once lock in one order, whatever order they were picked in: nobody waits for each other in a circle.
#[tokio::test]
async fn lotes_and_words_in_opposed_orders_do_not_wait_for_each_other() {
    let base = Base::new().await;
    let mut ids = Vec::new();
    for n in 1..=12 {
        ids.push(registered(&base, n, &[]).await);
    }
    let opposed: Vec<EmpresaId> = ids.iter().rev().copied().collect();
    let (feira, expo) = (made(&base, "Feira").await, made(&base, "Expo").await);
    for _ in 0..4 {
        let (one, other) =
            tokio::join!(apply(&base, &ids, What::Etiquetar(feira)), apply(&base, &opposed, What::Etiquetar(expo)));
        let (one, other) = (one.unwrap(), other.unwrap());
        let (one, other) = tokio::join!(undo(&base, one.id), undo(&base, other.id));
        assert_eq!((one, other), (Some(12), Some(12)));
        let (one, other) =
            tokio::join!(apply(&base, &opposed, What::Etiquetar(feira)), apply(&base, &ids, What::Desetiquetar(feira)));
        let undone = [one.unwrap().id, other.unwrap().id];
        let (one, other) = tokio::join!(undo(&base, undone[0]), undo(&base, undone[1]));
        assert!(one.is_some() && other.is_some());
        apply(&base, &ids, What::Desetiquetar(feira)).await.unwrap();
    }

    // New words of two requests, each the other way round.
    let words = |n: usize| -> Vec<EtiquetaNome> { (0..8).map(|i| format!("Nova {n} {i}").parse().unwrap()).collect() };
    for n in 0..4 {
        let (forth, mut back) = (words(n), words(n));
        back.reverse();
        let set = async |id: EmpresaId, nomes: Vec<EtiquetaNome>| {
            base.alfa(async |tx: &mut TenantTx| etiqueta::set(tx, &sistema(), id, &nomes).await).await
        };
        let (one, other) = tokio::join!(set(ids[0], forth), set(ids[1], back));
        one.unwrap();
        other.unwrap();
        assert_eq!(of(&base, ids[0]).await.len(), 8);
        assert_eq!(of(&base, ids[1]).await.len(), 8);
    }
}
