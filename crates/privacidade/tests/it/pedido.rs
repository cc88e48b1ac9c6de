//! What people ask: from their account, from outside, noted for them; and what they hear.

use acesso::Segredo;
use chrono::TimeDelta;
use kernel::{Actor, Lang, RequestMeta};
use messaging::Links;
use privacidade::pedido::{
    CONFIRMED_WITHIN, Confirmado, Desfecho, ForaError, KEPT, Novo, Origem, Pedido, PedidoError, PedidoId, PedidoRule, Situacao,
    Tipo, atender, confirmar, find, find_by_link, ligar, ligar_apagamento, pedir_da_conta, pedir_de_fora, registrar, responder,
};
use tenancy::{TenantTx, Unidade};
use testkit::Base;

use crate::house::{EMAIL, NOME, acting, contato, count, erase, modules, traces, usuario, who, worker};

fn links() -> Links {
    Links::new("https://sri.example", "console").unwrap()
}

fn from(ip: &str) -> RequestMeta {
    RequestMeta { ip: ip.parse().ok(), ..RequestMeta::default() }
}

fn novo(tipo: Tipo, nome: &str, email: &str) -> Novo {
    Novo {
        tipo,
        nome: nome.parse().unwrap(),
        email: Some(email.parse().unwrap()),
        telefone: None,
        texto: Some("Ganhe já em http://golpe.example\nTudo o que têm.".parse().unwrap()),
    }
}

async fn ask(base: &Base, ip: &str, novo: &Novo) -> Result<(), ForaError> {
    base.tenants.write(&base.alfa, async |tx: &mut TenantTx| pedir_de_fora(tx, &from(ip), &links(), Lang::PtBr, novo).await).await
}

/// The link of the latest letter to that address.
#[expect(clippy::disallowed_methods, reason = "tests look from outside")]
async fn link(base: &Base, to: &str) -> Segredo {
    let schema = base.alfa.names().schema();
    let sql = format!("SELECT body_text FROM {schema}.mensagem WHERE recipient = '{to}' ORDER BY id DESC LIMIT 1");
    let text: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut base.admin().await).await.unwrap();
    let line = text.lines().find(|line| line.contains("/privacidade/pedidos/")).unwrap();
    line.rsplit('/').next().unwrap().parse().unwrap()
}

async fn confirm(base: &Base, unidade: &std::sync::Arc<Unidade>, token: &Segredo) -> Option<Confirmado> {
    base.tenants.write(unidade, async |tx: &mut TenantTx| confirmar(tx, &RequestMeta::default(), token).await).await.unwrap()
}

async fn noted(base: &Base, tipo: Tipo) -> PedidoId {
    let novo = novo(tipo, NOME, EMAIL);
    base.alfa(async |tx: &mut TenantTx| registrar(tx, &Actor::sistema(), Origem::Telefone, &novo, Lang::PtBr).await.unwrap())
        .await
}

async fn get(base: &Base, id: PedidoId) -> Pedido {
    base.alfa(async |tx: &mut TenantTx| find(tx, id).await.unwrap().unwrap()).await
}

async fn answer(base: &Base, id: PedidoId, desfecho: Desfecho) -> Result<(), PedidoError> {
    let words = "Segue a cópia.".parse().unwrap();
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| responder(tx, &Actor::sistema(), &links(), id, &desfecho, &words).await)
        .await
}

#[tokio::test]
async fn from_outside_it_counts_once_the_mailbox_confirmed_it() {
    let base = Base::new().await;
    usuario(&base, "Lia", "lia@senai.example", "Administrador").await;
    ask(&base, "203.0.113.7", &novo(Tipo::Acesso, "Clique aqui http://golpe.example", "rita@fora.example")).await.unwrap();
    assert_eq!(count(&base, "notificacao").await, 0, "nobody is troubled by what nobody confirmed");
    assert_eq!(
        count(&base, "mensagem WHERE recipient = 'rita@fora.example' AND recipient_nome IS NULL AND body_text !~ 'golpe' AND subject !~ 'golpe'")
            .await,
        1,
        "the letter says nothing that a stranger typed"
    );
    let token = link(&base, "rita@fora.example").await;
    let seen = base.alfa(async |tx: &mut TenantTx| find_by_link(tx, &token).await.unwrap().unwrap()).await;
    assert_eq!(seen.situacao, Situacao::AConfirmar, "looking confirms nothing");
    assert_eq!(confirm(&base, &base.beta, &token).await, None, "it is not of another unidade");

    let Some(Confirmado::Agora(pedido)) = confirm(&base, &base.alfa, &token).await else { panic!("it counts now") };
    assert_eq!((pedido.situacao, pedido.data_limite), (Situacao::Recebido, "2026-12-08".parse().ok()));
    let Some(Confirmado::Antes(again)) = confirm(&base, &base.alfa, &token).await else { panic!("it counted already") };
    assert_eq!(again.recebido_at, pedido.recebido_at);
    assert_eq!(count(&base, "notificacao WHERE key = 'pedido-notice'").await, 1, "told once");
    assert_eq!(count(&base, "auditoria WHERE action = 'privacidade.pedido_recebido'").await, 1);
    assert_eq!(count(&base, "auditoria WHERE after::text ~ 'golpe|rita'").await, 0);
    assert_eq!(confirm(&base, &base.alfa, &Segredo::draw()).await, None);

    // It shows how it stands until well after it is due, and no longer.
    base.clock.advance(TimeDelta::days(100));
    assert!(base.alfa(async |tx: &mut TenantTx| find_by_link(tx, &token).await.unwrap()).await.is_some());
    base.clock.advance(TimeDelta::days(6));
    assert!(base.alfa(async |tx: &mut TenantTx| find_by_link(tx, &token).await.unwrap()).await.is_none());
}

#[tokio::test]
async fn what_nobody_confirms_is_forgotten_and_cannot_be_answered() {
    let base = Base::new().await;
    ask(&base, "203.0.113.7", &novo(Tipo::Acesso, "Rita Reis", "rita@fora.example")).await.unwrap();
    let token = link(&base, "rita@fora.example").await;
    let id = base.alfa(async |tx: &mut TenantTx| find_by_link(tx, &token).await.unwrap().unwrap()).await.id;
    assert!(matches!(answer(&base, id, Desfecho::Atendido).await, Err(PedidoError::NotFound)));
    let worker = worker(&base);
    worker.tick().await.unwrap();
    base.clock.advance(CONFIRMED_WITHIN);
    assert_eq!(confirm(&base, &base.alfa, &token).await, None, "the link is over");
    worker.tick().await.unwrap();
    worker.drain().await.unwrap();
    assert_eq!((count(&base, "pedido_titular").await, count(&base, "pedido_link").await), (0, 0));
}

#[tokio::test]
async fn a_flood_from_one_address_ends_and_a_mailbox_is_not_filled() {
    let base = Base::new().await;
    for i in 0..5 {
        ask(&base, &format!("203.0.113.{i}"), &novo(Tipo::Acesso, "Rita Reis", "Rita@fora.example")).await.unwrap();
    }
    assert_eq!(count(&base, "mensagem WHERE recipient ILIKE 'rita@fora.example'").await, 3, "the same answer, and no letter");
    assert_eq!(count(&base, "pedido_titular").await, 3);
    let mut sent = 0;
    while ask(&base, "198.51.100.1", &novo(Tipo::Acesso, "Rita Reis", &format!("a{sent}@fora.example"))).await.is_ok() {
        sent += 1;
    }
    assert_eq!(sent, 20);
    ask(&base, "198.51.100.2", &novo(Tipo::Acesso, "Rita Reis", "outra@fora.example")).await.unwrap();
}

#[tokio::test]
async fn from_an_account_it_counts_at_once_for_whoever_is_signed_in() {
    let base = Base::new().await;
    let ana = acting(usuario(&base, "Ana Lima", "ana@senai.example", "Leitor").await, "Ana Lima");
    let ask = async |actor: &Actor| {
        base.tenants
            .write(&base.alfa, async |tx: &mut TenantTx| pedir_da_conta(tx, actor, Lang::En, Tipo::Confirmacao, None).await)
            .await
    };
    let id = ask(&ana).await.unwrap();
    let pedido = get(&base, id).await;
    assert_eq!((pedido.nome.as_str(), pedido.email.as_deref(), pedido.lang), ("Ana Lima", Some("ana@senai.example"), Lang::En));
    assert_eq!(pedido.data_limite, "2026-11-23".parse().ok(), "a confirmation is due at once");
    for _ in 1..10 {
        ask(&ana).await.unwrap();
    }
    assert!(matches!(ask(&ana).await, Err(PedidoError::Rule(PedidoRule::TooMany))));
    assert!(matches!(ask(&Actor::sistema()).await, Err(PedidoError::NotFound)), "nobody's account");
}

#[tokio::test]
async fn an_answer_goes_by_letter_once_and_a_refusal_with_its_ground() {
    let base = Base::new().await;
    let id = noted(&base, Tipo::Acesso).await;
    base.alfa(async |tx: &mut TenantTx| atender(tx, &Actor::sistema(), id).await.unwrap()).await;
    let nobody = Actor::anonimo(RequestMeta::default());
    base.alfa(async |tx: &mut TenantTx| {
        assert!(matches!(atender(tx, &nobody, id).await, Err(PedidoError::Denied(_))));
    })
    .await;
    answer(&base, id, Desfecho::Recusado("Guarda por lei (art. 16, I)".parse().unwrap())).await.unwrap();
    assert!(matches!(answer(&base, id, Desfecho::Atendido).await, Err(PedidoError::Rule(PedidoRule::Answered))));
    let pedido = get(&base, id).await;
    assert_eq!((pedido.situacao, pedido.fundamento.as_deref()), (Situacao::Recusado, Some("Guarda por lei (art. 16, I)")));
    assert_eq!(
        count(&base, &format!("mensagem WHERE recipient = '{EMAIL}' AND body_text ~ 'art. 16, I' AND body_text ~ 'Segue'")).await,
        1
    );
    let token = link(&base, EMAIL).await;
    let seen = base.alfa(async |tx: &mut TenantTx| find_by_link(tx, &token).await.unwrap()).await;
    assert_eq!(seen.map(|one| one.id), Some(id));
    base.beta(async |tx: &mut TenantTx| assert!(find_by_link(tx, &token).await.unwrap().is_none())).await;
}

/// Somebody asks to be erased, is erased, and is answered; then nothing is left of them in it.
#[tokio::test]
async fn an_open_pedido_outlives_the_erasure_until_it_is_answered() {
    let base = Base::new().await;
    let person = contato(&base).await;
    let id = noted(&base, Tipo::Eliminacao).await;
    let modules = modules();
    let sistema = Actor::sistema();
    let which = who("contato", person);
    base.alfa(async |tx: &mut TenantTx| ligar(tx, &sistema, &modules, id, &which).await.unwrap()).await;
    let done = erase(&base, &sistema, &which, NOME).await.unwrap();
    assert!(done.efeitos.iter().any(|(name, efeito)| name == "pedido" && efeito.mantidos == 1), "{done:?}");
    base.alfa(async |tx: &mut TenantTx| ligar_apagamento(tx, &sistema, id, done.id).await.unwrap()).await;
    let open = get(&base, id).await;
    assert_eq!((open.nome.as_str(), open.apagamento_id, open.apagar_depois), (NOME, Some(done.id), true));
    answer(&base, id, Desfecho::Atendido).await.unwrap();
    let closed = get(&base, id).await;
    assert_eq!((closed.nome.as_str(), closed.email, closed.resposta), ("[apagado]", None, None));
    let left = traces(&base, &base.alfa).await;
    assert_eq!(left, ["mensagem: 1"], "but for the letter that tells them, which goes in its time");
}

#[tokio::test]
async fn whoever_answers_is_reminded_before_it_is_due_and_when_it_is_over() {
    let base = Base::new().await;
    usuario(&base, "Lia", "lia@senai.example", "Administrador").await;
    let id = noted(&base, Tipo::Acesso).await;
    let worker = worker(&base);
    worker.tick().await.unwrap();
    let mut told = Vec::new();
    for _ in 0..20 {
        base.clock.advance(TimeDelta::days(1));
        worker.tick().await.unwrap();
        worker.drain().await.unwrap();
        told.push(count(&base, "notificacao WHERE key IN ('pedido-notice-prazo', 'pedido-notice-venceu')").await);
    }
    told.dedup();
    assert_eq!(told, [0, 1, 2]);
    answer(&base, id, Desfecho::Atendido).await.unwrap();
    base.clock.advance(KEPT);
    worker.tick().await.unwrap();
    worker.drain().await.unwrap();
    assert_eq!(count(&base, "pedido_titular").await, 0, "as long as the map says");
}
