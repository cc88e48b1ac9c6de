//! The register of incidentes: its steps, its clock, and the letter to those whom one touched.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, RequestMeta};
use privacidade::incidente::{
    Carta, Comunicacao, Dados, Decisao, IncidenteError, IncidenteId, IncidenteRule, Publico, alterar, anotar, comunicado,
    decidir, encerrar, enviar, find, passos, prever, registrar,
};
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{NOME, contato, count, erase, usuario, who, worker};

fn now() -> DateTime<Utc> {
    testkit::NOW.parse().unwrap()
}

fn dados(known: DateTime<Utc>) -> Dados {
    Dados {
        titulo: "Notebook furtado".parse().unwrap(),
        descricao: "Levado do carro.".parse().unwrap(),
        inicio_at: None,
        conhecido_at: known,
        dados: vec!["contato".into()],
        riscos: vec!["autenticacao".into()],
        afetados: None,
        consequencias: None,
        medidas_antes: None,
        contencao: None,
        medidas_depois: None,
    }
}

async fn noted(base: &Base) -> IncidenteId {
    base.alfa(async |tx: &mut TenantTx| registrar(tx, &Actor::sistema(), &dados(now())).await.unwrap()).await
}

/// Runs a command that is to be refused by a rule of its own, and keeps nothing of it.
async fn refused(base: &Base, work: impl AsyncFnOnce(&mut TenantTx) -> Result<(), IncidenteError>) -> IncidenteRule {
    match base.tenants.write(&base.alfa, work).await {
        Err(IncidenteError::Rule(rule)) => rule,
        other => panic!("{other:?}"),
    }
}

async fn decided(base: &Base, id: IncidenteId, decisao: Decisao) {
    let why = "Senhas expostas.".parse().unwrap();
    base.alfa(async |tx: &mut TenantTx| decidir(tx, &Actor::sistema(), id, decisao, &why).await.unwrap()).await;
}

#[tokio::test]
async fn an_incidente_is_told_step_by_step_and_closed_only_when_all_is_told() {
    let base = Base::new().await;
    let id = noted(&base).await;
    let (sistema, fim) = (Actor::sistema(), "Encerrado.".parse().unwrap());
    let close = async |tx: &mut TenantTx| encerrar(tx, &sistema, id, &fim).await;
    assert_eq!(refused(&base, close).await, IncidenteRule::Pending);
    decided(&base, id, Decisao::Comunicar).await;
    assert_eq!(refused(&base, close).await, IncidenteRule::Pending, "nobody heard of it");

    let protocolo = "0001/2026".parse().unwrap();
    let early = now() - TimeDelta::hours(1);
    let told = async |tx: &mut TenantTx| comunicado(tx, &sistema, id, early, Comunicacao::Anpd(&protocolo)).await;
    assert_eq!(refused(&base, told).await, IncidenteRule::ToldWhen, "before it was known");
    base.alfa(async |tx: &mut TenantTx| {
        comunicado(tx, &sistema, id, now(), Comunicacao::Anpd(&protocolo)).await.unwrap();
        comunicado(tx, &sistema, id, now(), Comunicacao::Titulares(&"Telefone".parse().unwrap())).await.unwrap();
        encerrar(tx, &sistema, id, &fim).await.unwrap();
        // Closed: what is known stays as it is, what is learned later is added.
        anotar(tx, &sistema, id, &"O notebook foi achado.".parse().unwrap()).await.unwrap();
        let kinds: Vec<_> = passos(tx, id).await.unwrap().into_iter().map(|passo| passo.kind).collect();
        assert_eq!(kinds, ["nota", "encerramento", "titulares", "anpd", "comunicar", "registro"]);
    })
    .await;
    let change = async |tx: &mut TenantTx| alterar(tx, &sistema, id, 1, &dados(now())).await;
    assert_eq!(refused(&base, change).await, IncidenteRule::Closed);
    assert_eq!(count(&base, "auditoria WHERE entity = 'incidente'").await, 6);
    assert_eq!(
        count(&base, "auditoria WHERE entity = 'incidente' AND after::text ~ 'notebook|carro'").await,
        0,
        "texts may name people"
    );
}

#[tokio::test]
async fn what_was_decided_not_to_tell_is_kept_and_closed_without_telling() {
    let base = Base::new().await;
    let id = noted(&base).await;
    decided(&base, id, Decisao::NaoComunicar).await;
    let sistema = Actor::sistema();
    let carta = Carta { assunto: "Aviso".parse().unwrap(), texto: "Houve.".parse().unwrap(), publico: Publico::Todos };
    assert_eq!(
        refused(&base, async |tx: &mut TenantTx| enviar(tx, &sistema, id, &carta, 0).await).await,
        IncidenteRule::NotToTell
    );
    base.alfa(async |tx: &mut TenantTx| encerrar(tx, &sistema, id, &"Disco cifrado.".parse().unwrap()).await.unwrap()).await;
}

#[tokio::test]
async fn nobody_without_the_permission_and_nothing_out_of_time() {
    let base = Base::new().await;
    let nobody = Actor::anonimo(RequestMeta::default());
    let future = now() + TimeDelta::hours(1);
    base.alfa(async |tx: &mut TenantTx| {
        assert!(matches!(registrar(tx, &nobody, &dados(now())).await, Err(IncidenteError::Denied(_))));
    })
    .await;
    let sistema = Actor::sistema();
    let known = async |tx: &mut TenantTx| registrar(tx, &sistema, &dados(future)).await.map(drop);
    assert_eq!(refused(&base, known).await, IncidenteRule::KnownInFuture);
    let began = Dados { inicio_at: Some(now()), ..dados(now() - TimeDelta::hours(1)) };
    assert_eq!(
        refused(&base, async |tx: &mut TenantTx| registrar(tx, &sistema, &began).await.map(drop)).await,
        IncidenteRule::KnownBefore
    );
    let id = noted(&base).await;
    base.alfa(async |tx: &mut TenantTx| alterar(tx, &sistema, id, 1, &dados(now())).await.unwrap()).await;
    let stale = async |tx: &mut TenantTx| alterar(tx, &sistema, id, 1, &dados(now())).await;
    assert_eq!(refused(&base, stale).await, IncidenteRule::Changed);
    // Another unidade has none of that id.
    base.beta(async |tx: &mut TenantTx| {
        assert!(find(tx, id).await.unwrap().is_none());
        let noted = anotar(tx, &sistema, id, &"x".parse().unwrap()).await;
        assert!(matches!(noted, Err(IncidenteError::NotFound)));
    })
    .await;
}

/// Half of the time, the last day, and over: told to those who may, each once, however often the clock strikes.
#[tokio::test]
async fn whoever_keeps_the_register_is_reminded_three_times_and_no_more() {
    let base = Base::new().await;
    usuario(&base, "Lia", "lia@senai.example", "Administrador").await;
    usuario(&base, "Davi", "davi@senai.example", "Leitor").await;
    let id = noted(&base).await;
    let worker = worker(&base);
    worker.tick().await.unwrap();
    let mut told = Vec::new();
    // Monday at ten: three dias úteis end on Thursday.
    for _ in 0..5 * 12 {
        base.clock.advance(TimeDelta::hours(2));
        worker.tick().await.unwrap();
        worker.drain().await.unwrap();
        let n = count(&base, "notificacao WHERE key LIKE 'incidente-notice-%'").await;
        if told.last() != Some(&n) {
            told.push(n);
        }
    }
    assert_eq!(told, [0, 1, 2, 3], "one person, three times");
    for key in ["metade", "ultimo-dia", "venceu"] {
        assert_eq!(count(&base, &format!("notificacao WHERE key = 'incidente-notice-{key}'")).await, 1, "{key}");
    }
    // Known later than believed: another deadline, another reminder of it.
    let later = base.tenants.clock().now() - TimeDelta::days(3);
    base.alfa(async |tx: &mut TenantTx| alterar(tx, &Actor::sistema(), id, 1, &dados(later)).await.unwrap()).await;
    assert_eq!(count(&base, "incidente WHERE lembrete = 0").await, 1);
}

#[tokio::test]
async fn nobody_is_reminded_of_what_was_told() {
    let base = Base::new().await;
    usuario(&base, "Lia", "lia@senai.example", "Administrador").await;
    let id = noted(&base).await;
    decided(&base, id, Decisao::NaoComunicar).await;
    let worker = worker(&base);
    worker.tick().await.unwrap();
    base.clock.advance(TimeDelta::days(10));
    worker.tick().await.unwrap();
    worker.drain().await.unwrap();
    assert_eq!(count(&base, "notificacao").await, 0);
}

#[tokio::test]
async fn a_letter_goes_once_to_each_address_that_was_shown() {
    let base = Base::new().await;
    let person = contato(&base).await;
    usuario(&base, "Ana", "ana@senai.example", "Leitor").await;
    let id = noted(&base).await;
    decided(&base, id, Decisao::Comunicar).await;
    let sistema = Actor::sistema();
    let carta = Carta {
        assunto: "Sobre os seus dados\r\nBcc: todos@x.example".parse().unwrap(),
        texto: "Um notebook foi furtado.\n\nTroque a sua senha.".parse().unwrap(),
        publico: Publico::Todos,
    };
    let people = base.alfa(async |tx: &mut TenantTx| prever(tx, &sistema, id, &carta.publico).await.unwrap().0).await;
    assert!(people.iter().any(|one| one.id == person && one.nome == NOME));
    let lista = Publico::from_form("lista", "ANA@senai.example, ninguem@fora.example").unwrap();
    let (known, unknown) = base.alfa(async |tx: &mut TenantTx| prever(tx, &sistema, id, &lista).await.unwrap()).await;
    assert_eq!((known.len(), unknown), (1, vec!["ninguem@fora.example".to_owned()]));

    let n = people.len();
    let other = async |tx: &mut TenantTx| enviar(tx, &sistema, id, &carta, n + 1).await;
    assert_eq!(refused(&base, other).await, IncidenteRule::OtherPeople, "not whom somebody saw");
    base.alfa(async |tx: &mut TenantTx| enviar(tx, &sistema, id, &carta, n).await.unwrap()).await;
    // One goes before the letter is written.
    erase(&base, &sistema, &who("contato", person), NOME).await.unwrap();
    let worker = worker(&base);
    worker.drain().await.unwrap();
    worker.drain().await.unwrap();
    let expected = i64::try_from(n).unwrap();
    assert_eq!(count(&base, "mensagem WHERE body_text LIKE '%Troque a sua senha.%'").await, expected - 1);
    assert_eq!(count(&base, "mensagem WHERE subject LIKE E'%\\n%'").await, 0, "no header of somebody's own");
    assert_eq!(count(&base, "incidente_destinatario WHERE written_at IS NOT NULL").await, expected - 1);
    assert_eq!(count(&base, "incidente_destinatario WHERE skipped").await, 1);
    assert_eq!(count(&base, "incidente WHERE titulares_at IS NOT NULL").await, 1);
}
