//! What people agree to, in which words, and that they take it back.

use std::sync::Arc;

use acesso::Segredo;
use chrono::TimeDelta;
use kernel::{Actor, Lang, RequestMeta};
use messaging::Links;
use privacidade::{
    consentimento::{
        Anotar, CARTA_KEPT, Consentimento, ConsentimentoError, ConsentimentoId, ConsentimentoRule, Convidado, ESCOLHA_WITHIN,
        FinalidadeId, KEPT, Meio, Palavras, Quem, Resposta, Retirada, Situacao, anotar, convidado, criar, dar_da_conta, encerrar,
        find, nova_versao, pedir, pedir_de_novo, posicoes, reabrir, responder_por_link, retirar_da_conta, retirar_do_pedido,
        retirar_um, vale,
    },
    pedido::{self, Novo, Origem, Tipo},
    titular::TitularRef,
};
use tenancy::{TenantTx, Unidade};
use testkit::Base;
use uuid::Uuid;

use crate::house::{EMAIL, NOME, acting, contato, count, erase, modules, traces, usuario, who, worker};

const RITA: &str = "rita@fora.example";

fn links() -> Links {
    Links::new("https://sri.example", "console").unwrap()
}

fn from(ip: &str) -> RequestMeta {
    RequestMeta { ip: ip.parse().ok(), ..RequestMeta::default() }
}

fn palavras(texto: &str, renovar: bool) -> Palavras {
    Palavras { titulo: "Boletim".parse().unwrap(), texto: texto.parse().unwrap(), renovar }
}

async fn boletim(base: &Base) -> FinalidadeId {
    base.alfa(async |tx: &mut TenantTx| criar(tx, &Actor::sistema(), &palavras("Enviar notícias.", false)).await.unwrap()).await
}

async fn rewrite(base: &Base, id: FinalidadeId, seen: i32, renovar: bool) {
    let words = palavras(&format!("Enviar notícias {seen}."), renovar);
    base.alfa(async |tx: &mut TenantTx| nova_versao(tx, &Actor::sistema(), id, seen, &words).await.unwrap()).await;
}

/// Somebody without a record here.
fn rita() -> Quem {
    Quem::email(&RITA.parse().unwrap())
}

fn record(kind: &str, id: Uuid, email: &str) -> Quem {
    Quem::titular(TitularRef { kind: kind.to_owned(), id }, Some(email))
}

async fn counts(base: &Base, quem: &Quem, id: FinalidadeId) -> bool {
    base.alfa(async |tx: &mut TenantTx| vale(tx, quem, id).await.unwrap()).await
}

/// Runs a command of alfa, and keeps nothing of one that was refused.
async fn tried<T>(
    base: &Base,
    work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, ConsentimentoError>,
) -> Result<T, ConsentimentoError> {
    base.tenants.write(&base.alfa, work).await
}

async fn refused<T: std::fmt::Debug>(
    base: &Base,
    work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, ConsentimentoError>,
) -> ConsentimentoRule {
    match tried(base, work).await {
        Err(ConsentimentoError::Rule(rule)) => rule,
        other => panic!("{other:?}"),
    }
}

fn noted(titular: Option<TitularRef>) -> Anotar {
    let typed = titular.is_none();
    Anotar {
        titular,
        nome: typed.then(|| "Rita Reis".parse().unwrap()),
        email: typed.then(|| RITA.parse().unwrap()),
        dado_at: testkit::NOW.parse().unwrap(),
        evidencia: "Ficha assinada, pasta 7".parse().unwrap(),
    }
}

async fn note(base: &Base, id: FinalidadeId, titular: Option<TitularRef>) -> ConsentimentoId {
    let modules = modules();
    base.alfa(async |tx: &mut TenantTx| anotar(tx, &Actor::sistema(), &modules, id, &noted(titular)).await.unwrap()).await
}

async fn get(base: &Base, id: ConsentimentoId) -> Consentimento {
    base.alfa(async |tx: &mut TenantTx| find(tx, id).await.unwrap().unwrap()).await
}

async fn ask(base: &Base, id: FinalidadeId, to: &str) -> Result<(), ConsentimentoError> {
    let (modules, links) = (modules(), links());
    let (nome, email) = ("Rita Reis".parse().unwrap(), to.parse().unwrap());
    let typed = (Some(&nome), Some(&email));
    tried(base, async |tx: &mut TenantTx| pedir(tx, &Actor::sistema(), (&modules, &links), id, None, typed).await).await
}

/// The link of the latest letter to that address.
#[expect(clippy::disallowed_methods, reason = "tests look from outside")]
async fn link(base: &Base, to: &str) -> Segredo {
    let schema = base.alfa.names().schema();
    let sql = format!("SELECT body_text FROM {schema}.mensagem WHERE recipient = '{to}' ORDER BY id DESC LIMIT 1");
    let text: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut base.admin().await).await.unwrap();
    let line = text.lines().find(|line| line.contains("/privacidade/consentimentos/")).unwrap();
    line.rsplit('/').next().unwrap().parse().unwrap()
}

async fn invited(base: &Base, unidade: &Arc<Unidade>, token: &Segredo) -> Option<Convidado> {
    base.tenants.write(unidade, async |tx: &mut TenantTx| convidado(tx, token).await).await.unwrap()
}

async fn answer(base: &Base, token: &Segredo, resposta: Resposta, shown: i32) -> Result<(), ConsentimentoError> {
    tried(base, async |tx: &mut TenantTx| responder_por_link(tx, &from("203.0.113.7"), token, resposta, shown).await).await
}

#[tokio::test]
async fn an_account_gives_and_takes_back_and_the_proof_stays() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    let ana = usuario(&base, "Ana Lima", "ana@senai.example", "Leitor").await;
    let (actor, quem) = (acting(ana, "Ana Lima"), record("usuario", ana, "ana@senai.example"));
    assert!(!counts(&base, &quem, id).await, "nobody allows anything by being here");
    for _ in 0..2 {
        base.alfa(async |tx: &mut TenantTx| dar_da_conta(tx, &actor, id, 1).await.unwrap()).await;
    }
    assert!(counts(&base, &quem, id).await);
    assert_eq!(count(&base, "consentimento").await, 1, "twice is once");
    base.clock.advance(TimeDelta::days(1));
    for _ in 0..2 {
        base.alfa(async |tx: &mut TenantTx| retirar_da_conta(tx, &actor, id).await.unwrap()).await;
    }
    assert!(!counts(&base, &quem, id).await);
    let gone = "consentimento WHERE meio = 'conta' AND retirado_meio = 'conta' AND retirado_at - dado_at = interval '1 day'";
    assert_eq!(count(&base, gone).await, 1, "that it was given is not deleted");
    assert_eq!(count(&base, "auditoria WHERE action = 'privacidade.consentimento_dado'").await, 1);
    assert_eq!(count(&base, "auditoria WHERE action = 'privacidade.consentimento_retirado'").await, 1);
    base.alfa(async |tx: &mut TenantTx| dar_da_conta(tx, &actor, id, 1).await.unwrap()).await;
    assert!(counts(&base, &quem, id).await, "and changes their mind");
    assert_eq!(count(&base, "consentimento").await, 2);
    assert!(matches!(
        tried(&base, async |tx: &mut TenantTx| dar_da_conta(tx, &Actor::sistema(), id, 1).await).await,
        Err(ConsentimentoError::NotFound)
    ));
    let other = base.tenants.write(&base.beta, async |tx: &mut TenantTx| dar_da_conta(tx, &actor, id, 1).await).await;
    assert!(matches!(other, Err(ConsentimentoError::NotFound)), "it is not of another unidade: {other:?}");
}

#[tokio::test]
async fn two_at_once_are_one_consentimento() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    let ana = usuario(&base, "Ana Lima", "ana@senai.example", "Leitor").await;
    let (actor, twin) = (acting(ana, "Ana Lima"), base.twin().await);
    let give = async |base: &Base| base.alfa(async |tx: &mut TenantTx| dar_da_conta(tx, &actor, id, 1).await.unwrap()).await;
    futures::future::join(give(&base), give(&twin)).await;
    assert_eq!(count(&base, "consentimento").await, 1);
    // Whoever takes it back while it is noted by hand: nothing is taken back twice.
    let quem = record("usuario", ana, "ana@senai.example");
    let noted = base.alfa(async |tx: &mut TenantTx| posicoes(tx, &quem).await.unwrap()).await;
    assert_eq!(noted.len(), 1);
    let take = async |base: &Base| base.alfa(async |tx: &mut TenantTx| retirar_da_conta(tx, &actor, id).await.unwrap()).await;
    futures::future::join(take(&base), take(&twin)).await;
    assert_eq!(count(&base, "auditoria WHERE action = 'privacidade.consentimento_retirado'").await, 1);
}

#[tokio::test]
async fn words_are_never_changed_and_whoever_read_others_reads_again() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    let ana = usuario(&base, "Ana Lima", "ana@senai.example", "Leitor").await;
    let (actor, quem) = (acting(ana, "Ana Lima"), record("usuario", ana, "ana@senai.example"));
    base.alfa(async |tx: &mut TenantTx| dar_da_conta(tx, &actor, id, 1).await.unwrap()).await;
    rewrite(&base, id, 1, false).await;
    assert!(counts(&base, &quem, id).await, "an earlier text goes on");
    assert_eq!(count(&base, "finalidade_versao WHERE versao = 1 AND texto = 'Enviar notícias.'").await, 1);
    let stale = refused(&base, async |tx: &mut TenantTx| dar_da_conta(tx, &actor, id, 1).await).await;
    assert_eq!(stale, ConsentimentoRule::TextChanged, "nobody agrees to words that they did not see");

    rewrite(&base, id, 2, true).await;
    assert!(!counts(&base, &quem, id).await, "this one asks anew");
    let posicao = base.alfa(async |tx: &mut TenantTx| posicoes(tx, &quem).await.unwrap()).await.remove(0);
    let dado = posicao.dado.unwrap();
    assert_eq!((dado.versao, dado.texto.as_str(), dado.vale), (1, "Enviar notícias.", false));
    rewrite(&base, id, 3, false).await;
    assert!(!counts(&base, &quem, id).await, "also after a later one that does not");
    base.alfa(async |tx: &mut TenantTx| dar_da_conta(tx, &actor, id, 4).await.unwrap()).await;
    assert!(counts(&base, &quem, id).await);
    base.alfa(async |tx: &mut TenantTx| retirar_da_conta(tx, &actor, id).await.unwrap()).await;
    assert_eq!(count(&base, "consentimento WHERE retirado_at IS NULL").await, 0, "a no is to every text");

    let sistema = Actor::sistema();
    let again = palavras("Outro.", false);
    let late = refused(&base, async |tx: &mut TenantTx| nova_versao(tx, &sistema, id, 1, &again).await).await;
    assert_eq!(late, ConsentimentoRule::TextChanged);
    let same = palavras("Enviar notícias 3.", true);
    let same = refused(&base, async |tx: &mut TenantTx| nova_versao(tx, &sistema, id, 4, &same).await).await;
    assert_eq!(same, ConsentimentoRule::SameText);
}

#[tokio::test]
async fn a_closed_finalidade_allows_nothing_and_is_taken_back_all_the_same() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    let ana = usuario(&base, "Ana Lima", "ana@senai.example", "Leitor").await;
    let (actor, quem) = (acting(ana, "Ana Lima"), record("usuario", ana, "ana@senai.example"));
    base.alfa(async |tx: &mut TenantTx| dar_da_conta(tx, &actor, id, 1).await.unwrap()).await;
    base.alfa(async |tx: &mut TenantTx| encerrar(tx, &Actor::sistema(), id).await.unwrap()).await;
    assert!(!counts(&base, &quem, id).await);
    let beto = acting(usuario(&base, "Beto", "beto@senai.example", "Leitor").await, "Beto");
    let over = refused(&base, async |tx: &mut TenantTx| dar_da_conta(tx, &beto, id, 1).await).await;
    assert_eq!(over, ConsentimentoRule::Closed);
    assert_eq!(
        refused(&base, async |tx: &mut TenantTx| encerrar(tx, &Actor::sistema(), id).await).await,
        ConsentimentoRule::Closed
    );
    base.alfa(async |tx: &mut TenantTx| reabrir(tx, &Actor::sistema(), id).await.unwrap()).await;
    assert!(counts(&base, &quem, id).await, "as it was");
    base.alfa(async |tx: &mut TenantTx| encerrar(tx, &Actor::sistema(), id).await.unwrap()).await;
    base.alfa(async |tx: &mut TenantTx| retirar_da_conta(tx, &actor, id).await.unwrap()).await;
    base.alfa(async |tx: &mut TenantTx| reabrir(tx, &Actor::sistema(), id).await.unwrap()).await;
    assert!(!counts(&base, &quem, id).await);
}

/// A yes is only whose it is; a no is believed wherever it may be meant.
#[tokio::test]
async fn a_yes_is_narrow_and_a_no_is_broad() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    let sueli = contato(&base).await;
    let (kind, other) = ("contato", "01900000-0000-7000-8000-000000000210".parse().unwrap());
    // Two contatos read one mailbox, and Rita's is none of theirs.
    let (theirs, neighbour) = (record(kind, sueli, EMAIL), record(kind, other, EMAIL));
    let by_hand = note(&base, id, Some(who(kind, sueli))).await;
    assert!(counts(&base, &theirs, id).await);
    assert!(!counts(&base, &neighbour, id).await, "a mailbox that is shared makes nobody agree");
    assert!(!counts(&base, &Quem::email(&EMAIL.parse().unwrap()), id).await);
    let one = get(&base, by_hand).await;
    assert_eq!(
        (one.nome.as_str(), one.email.as_deref(), one.meio, one.situacao),
        (NOME, Some(EMAIL), Meio::Anotado, Situacao::Vale)
    );
    assert_eq!(one.evidencia.as_deref(), Some("Ficha assinada, pasta 7"));

    note(&base, id, None).await;
    assert!(counts(&base, &record(kind, other, RITA), id).await, "by a mailbox alone: whoever has it now");
    ask(&base, id, EMAIL).await.unwrap();
    let token = link(&base, EMAIL).await;
    answer(&base, &token, Resposta::Recusado, 1).await.unwrap();
    assert!(!counts(&base, &theirs, id).await, "whoever reads the mailbox said no");
    assert_eq!(get(&base, by_hand).await.retirado.map(|gone| gone.meio), Some(Retirada::Link));
    assert!(counts(&base, &rita(), id).await, "of nobody else");
}

#[tokio::test]
async fn whoever_has_no_account_answers_by_letter_and_takes_it_back_by_the_same() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    ask(&base, id, RITA).await.unwrap();
    let token = link(&base, RITA).await;
    assert_eq!(
        count(&base, &format!("consentimento_carta WHERE encode(token_hash, 'hex') = encode('{}', 'hex')", token.reveal())).await,
        0
    );
    let seen = invited(&base, &base.alfa, &token).await.unwrap();
    assert!(seen.open && seen.resposta.is_none(), "looking answers nothing");
    assert_eq!(count(&base, "consentimento").await, 0);
    assert_eq!(invited(&base, &base.beta, &token).await, None, "it is not of another unidade");
    assert_eq!(invited(&base, &base.alfa, &Segredo::draw()).await, None);
    assert!(matches!(answer(&base, &Segredo::draw(), Resposta::Dado, 1).await, Err(ConsentimentoError::NotFound)));

    for _ in 0..2 {
        answer(&base, &token, Resposta::Dado, 1).await.unwrap();
    }
    assert!(counts(&base, &rita(), id).await);
    assert_eq!(count(&base, "consentimento WHERE meio = 'link' AND carta_id IS NOT NULL AND nome = 'Rita Reis'").await, 1);
    // Long after the time to answer the same link takes it back, and shows that for a while.
    base.clock.advance(ESCOLHA_WITHIN * 20);
    assert!(!invited(&base, &base.alfa, &token).await.unwrap().open);
    answer(&base, &token, Resposta::Recusado, 1).await.unwrap();
    assert!(!counts(&base, &rita(), id).await);
    let over = answer(&base, &token, Resposta::Dado, 1).await;
    assert!(matches!(over, Err(ConsentimentoError::Rule(ConsentimentoRule::Over))), "{over:?}");
    base.clock.advance(TimeDelta::days(91));
    assert_eq!(invited(&base, &base.alfa, &token).await, None);
    assert!(matches!(answer(&base, &token, Resposta::Recusado, 1).await, Err(ConsentimentoError::NotFound)));
}

#[tokio::test]
async fn nobody_is_asked_again_and_again() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    for _ in 0..3 {
        ask(&base, id, "ana@fora.example").await.unwrap();
    }
    let full = ask(&base, id, "Ana@fora.example").await;
    assert!(matches!(full, Err(ConsentimentoError::Rule(ConsentimentoRule::MailboxFull))), "{full:?}");
    ask(&base, id, RITA).await.unwrap();
    let token = link(&base, RITA).await;
    for _ in 0..2 {
        answer(&base, &token, Resposta::Recusado, 1).await.unwrap();
    }
    assert_eq!(count(&base, "auditoria WHERE action = 'privacidade.consentimento_recusado'").await, 1, "told once");
    let no = ask(&base, id, RITA).await;
    assert!(matches!(no, Err(ConsentimentoError::Rule(ConsentimentoRule::Refused))), "{no:?}");
    answer(&base, &token, Resposta::Dado, 1).await.unwrap();
    let yes = ask(&base, id, RITA).await;
    assert!(matches!(yes, Err(ConsentimentoError::Rule(ConsentimentoRule::GivenAlready))), "{yes:?}");
    // Whoever plays with a link fills nothing, and a no is heard all the same.
    let mut given = 1;
    loop {
        answer(&base, &token, Resposta::Recusado, 1).await.unwrap();
        match answer(&base, &token, Resposta::Dado, 1).await {
            Ok(()) => given += 1,
            Err(ConsentimentoError::Rule(rule)) => break assert_eq!(rule, ConsentimentoRule::TooMany),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(given, 20);
    assert!(!counts(&base, &rita(), id).await);
}

#[tokio::test]
async fn whoever_agreed_to_an_earlier_text_is_asked_for_the_new_one_once() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    let sueli = contato(&base).await;
    let ana = usuario(&base, "Ana Lima", "ana@senai.example", "Leitor").await;
    base.alfa(async |tx: &mut TenantTx| dar_da_conta(tx, &acting(ana, "Ana Lima"), id, 1).await.unwrap()).await;
    note(&base, id, Some(who("contato", sueli))).await;
    note(&base, id, None).await;
    let sistema = Actor::sistema();
    let again =
        async |n| tried(&base, async |tx: &mut TenantTx| pedir_de_novo(tx, &sistema, "https://sri.example", id, n).await).await;
    assert!(matches!(again(0).await, Err(ConsentimentoError::Rule(ConsentimentoRule::NoAddress))), "there is one text");
    rewrite(&base, id, 1, true).await;
    assert!(matches!(again(2).await, Err(ConsentimentoError::Rule(ConsentimentoRule::OtherPeople))));
    again(3).await.unwrap();
    // Asked twice before a worker came: nobody gets it twice.
    again(3).await.unwrap();
    let worker = worker(&base);
    worker.drain().await.unwrap();
    assert_eq!(count(&base, "mensagem WHERE body_text ~ '/privacidade/consentimentos/'").await, 3);
    assert!(matches!(again(0).await, Err(ConsentimentoError::Rule(ConsentimentoRule::NoAddress))), "all were asked");
    let token = link(&base, EMAIL).await;
    answer(&base, &token, Resposta::Dado, 2).await.unwrap();
    assert!(counts(&base, &record("contato", sueli, EMAIL), id).await);
    let first = "consentimento WHERE versao = 1 AND retirado_at IS NULL";
    assert_eq!(count(&base, first).await, 3, "what was given to the earlier text stays as it was");
}

#[tokio::test]
async fn what_is_noted_by_hand_has_its_proof_and_its_author() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    let (modules, sistema) = (modules(), Actor::sistema());
    let one = note(&base, id, None).await;
    let twice = refused(&base, async |tx: &mut TenantTx| anotar(tx, &sistema, &modules, id, &noted(None)).await).await;
    assert_eq!(twice, ConsentimentoRule::GivenAlready);
    let future = Anotar { dado_at: base.tenants.clock().now() + TimeDelta::minutes(1), ..noted(None) };
    let future = refused(&base, async |tx: &mut TenantTx| anotar(tx, &sistema, &modules, id, &future).await).await;
    assert_eq!(future, ConsentimentoRule::GivenInFuture);
    let nobody = noted(Some(who("contato", Uuid::nil())));
    let nobody = refused(&base, async |tx: &mut TenantTx| anotar(tx, &sistema, &modules, id, &nobody).await).await;
    assert_eq!(nobody, ConsentimentoRule::NoTitular);
    let stranger = Actor::anonimo(RequestMeta::default());
    let denied = tried(&base, async |tx: &mut TenantTx| anotar(tx, &stranger, &modules, id, &noted(None)).await).await;
    assert!(matches!(denied, Err(ConsentimentoError::Denied(_))));
    let how = "Por telefone".parse().unwrap();
    let denied = tried(&base, async |tx: &mut TenantTx| retirar_um(tx, &stranger, one, &how).await).await;
    assert!(matches!(denied, Err(ConsentimentoError::Denied(_))));
    base.alfa(async |tx: &mut TenantTx| retirar_um(tx, &sistema, one, &how).await.unwrap()).await;
    let again = refused(&base, async |tx: &mut TenantTx| retirar_um(tx, &sistema, one, &how).await).await;
    assert_eq!(again, ConsentimentoRule::TakenBack);
    let gone = get(&base, one).await.retirado.unwrap();
    assert_eq!(
        (gone.meio, gone.evidencia.as_deref(), gone.por_nome.as_deref()),
        (Retirada::Anotado, Some("Por telefone"), Some("SRI"))
    );
    assert_eq!(count(&base, "auditoria WHERE after::text ~ 'rita|Rita|pasta'").await, 0, "the trail says which, not whose");
}

async fn asked(base: &Base, tipo: Tipo) -> pedido::PedidoId {
    let novo = Novo { tipo, nome: "Rita Reis".parse().unwrap(), email: Some(RITA.parse().unwrap()), telefone: None, texto: None };
    base.alfa(async |tx: &mut TenantTx| {
        pedido::registrar(tx, &Actor::sistema(), Origem::Telefone, &novo, Lang::PtBr).await.unwrap()
    })
    .await
}

#[tokio::test]
async fn a_pedido_takes_back_what_was_chosen_and_says_so() {
    let base = Base::new().await;
    let (first, second) = (boletim(&base).await, boletim(&base).await);
    for id in [first, second] {
        note(&base, id, None).await;
    }
    let sistema = Actor::sistema();
    let other = asked(&base, Tipo::Acesso).await;
    let wrong = tried(&base, async |tx: &mut TenantTx| retirar_do_pedido(tx, &sistema, other, &[first]).await).await;
    assert!(matches!(wrong, Err(ConsentimentoError::NotFound)), "it asks for something else: {wrong:?}");
    let id = asked(&base, Tipo::Revogacao).await;
    let none = refused(&base, async |tx: &mut TenantTx| retirar_do_pedido(tx, &sistema, id, &[]).await).await;
    assert_eq!(none, ConsentimentoRule::NothingChosen);
    let stranger = Actor::anonimo(RequestMeta::default());
    let denied = tried(&base, async |tx: &mut TenantTx| retirar_do_pedido(tx, &stranger, id, &[first]).await).await;
    assert!(matches!(denied, Err(ConsentimentoError::Denied(_))));
    let gone = tried(&base, async |tx: &mut TenantTx| retirar_do_pedido(tx, &sistema, id, &[first, first]).await).await.unwrap();
    assert_eq!(gone, 1);
    assert!(!counts(&base, &rita(), first).await && counts(&base, &rita(), second).await, "what was chosen and no more");
    let tied =
        format!("consentimento WHERE retirado_meio = 'pedido' AND retirado_pedido_id = '{id}' AND retirado_por_nome = 'SRI'");
    assert_eq!(count(&base, &tied).await, 1);
    let again = refused(&base, async |tx: &mut TenantTx| retirar_do_pedido(tx, &sistema, id, &[first]).await).await;
    assert_eq!(again, ConsentimentoRule::NothingChosen);
}

#[tokio::test]
async fn an_erased_person_allows_nothing_and_the_proof_names_nobody() {
    let base = Base::new().await;
    let sueli = contato(&base).await;
    let id = boletim(&base).await;
    let by_hand = note(&base, id, Some(who("contato", sueli))).await;
    note(&base, id, None).await;
    ask(&base, id, EMAIL).await.unwrap();
    let token = link(&base, EMAIL).await;
    let done = erase(&base, &Actor::sistema(), &who("contato", sueli), NOME).await.unwrap();
    let (_, efeito) = done.efeitos.iter().find(|(name, _)| name == "consentimento").unwrap();
    assert_eq!((efeito.apagados, efeito.anonimizados), (1, 1));
    let one = get(&base, by_hand).await;
    assert_eq!((one.nome.as_str(), one.email, one.evidencia.as_deref()), ("[apagado]", None, Some("[apagado]")));
    assert_eq!(one.retirado.map(|gone| gone.meio), Some(Retirada::Apagamento));
    assert!(!counts(&base, &record("contato", sueli, EMAIL), id).await);
    assert_eq!(invited(&base, &base.alfa, &token).await, None, "the letter is gone");
    assert!(counts(&base, &rita(), id).await, "others go on");
    assert_eq!(traces(&base, &base.alfa).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_over_is_forgotten_when_the_map_says_so() {
    let base = Base::new().await;
    let id = boletim(&base).await;
    let one = note(&base, id, None).await;
    ask(&base, id, "ana@fora.example").await.unwrap();
    ask(&base, id, "beto@fora.example").await.unwrap();
    let token = link(&base, "beto@fora.example").await;
    answer(&base, &token, Resposta::Dado, 1).await.unwrap();
    let how = "Por telefone".parse().unwrap();
    base.alfa(async |tx: &mut TenantTx| retirar_um(tx, &Actor::sistema(), one, &how).await.unwrap()).await;
    let worker = worker(&base);
    let run = async |after| {
        worker.tick().await.unwrap();
        base.clock.advance(after);
        worker.tick().await.unwrap();
        worker.drain().await.unwrap();
        (count(&base, "consentimento").await, count(&base, "consentimento_carta").await)
    };
    assert_eq!(run(ESCOLHA_WITHIN + CARTA_KEPT).await, (2, 1), "a letter by which something stands stays");
    assert_eq!(run(KEPT).await, (1, 1), "what stands stays, however old");
}
