//! What was given up: seen with its reason, sent again as the same message, or forgotten.

use messaging::devolvida::{Devolvida, Motivo, count, discard, list, resend};
use tenancy::TenantTx;

use crate::{
    notice::{ANA, BETO, MAILED},
    outbox::Stage,
    smtp::{Mood, SmtpServer},
};

impl Stage {
    async fn given_up(&self) -> Vec<Devolvida> {
        self.house.alfa(async |tx: &mut TenantTx| list(tx, 10, 0).await.unwrap()).await
    }
}

#[tokio::test]
async fn a_letter_that_was_given_up_is_sent_again_once() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let alfa = &stage.house.alfa;
    let (ana, beto) = (stage.person(alfa, ANA, "pt-BR").await, stage.person(alfa, BETO, "pt-BR").await);
    server.feels(&[Mood::NoSuchUser, Mood::NoSuchUser, Mood::Well]);
    let worker = stage.worker(&server.url());
    stage.tell(ana, &MAILED).await;
    stage.tell(beto, &MAILED).await;
    worker.drain().await.unwrap();
    // A code that let somebody in: its words are gone.
    let schema = alfa.names().schema();
    stage
        .house
        .execute(&format!(
            "INSERT INTO {schema}.mensagem (id, channel, recipient, subject, secret, state, created_at)
             VALUES (gen_random_uuid(), 'email', 'rui@senai.example', 'Código', true, 'dead', now())"
        ))
        .await;
    let found = stage.given_up().await;
    assert_eq!(stage.house.alfa(async |tx: &mut TenantTx| count(tx).await.unwrap()).await, (3, 2));
    let of = |email: &str| found.iter().find(|one| one.recipient == email).unwrap();
    assert_eq!((of(ANA).motivo(), of(ANA).can_resend, of(ANA).kind.as_deref()), (Motivo::Endereco, true, Some(MAILED.code)));
    assert!(!of("rui@senai.example").can_resend);
    let write = async |only| stage.house.tenants.write(alfa, async |tx: &mut TenantTx| resend(tx, only).await).await.unwrap();
    assert_eq!(write(Some(of("rui@senai.example").id)).await, 0);
    let (one, other) = tokio::join!(write(Some(of(ANA).id)), write(Some(of(ANA).id)));
    assert_eq!(one + other, 1, "asked twice, it goes once");
    worker.drain().await.unwrap();
    assert_eq!((server.accepted().len(), server.accepted()[0].to.as_slice()), (1, [ANA.to_owned()].as_slice()));
    assert_eq!(write(None).await, 1, "all that can be");
    worker.drain().await.unwrap();
    assert_eq!((server.accepted().len(), stage.given_up().await.len()), (2, 1));
    let rest = stage.given_up().await[0].id;
    let forget = async || stage.house.tenants.write(alfa, async |tx: &mut TenantTx| discard(tx, rest).await).await.unwrap();
    assert!(forget().await && !forget().await);
    assert!(stage.given_up().await.is_empty());
}
