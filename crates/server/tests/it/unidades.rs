//! One person, many unidades: linking two accounts, going from one to the other, and whoever would like to go along (decision 0019).

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use axum::http::{HeaderMap, StatusCode, header};
use chrono::TimeDelta;
use tenancy::Unidade;

use crate::support::{Answer, SENHA, Who, World, host};

const DORA: &str = "dora@senai.example";
const ALFA: &str = "alfa.sri.example";
const BETA: &str = "beta.sri.example";

/// A browser: what each host has left with it.
#[derive(Clone)]
struct Browser<'a> {
    world: &'a World,
    jar: RefCell<BTreeMap<(String, String), String>>,
}

impl<'a> Browser<'a> {
    fn new(world: &'a World) -> Self {
        Self { world, jar: RefCell::default() }
    }

    fn cookies(&self, host: &str) -> String {
        let jar = self.jar.borrow();
        let own = jar.iter().filter(|((at, _), _)| at == host);
        own.map(|((_, name), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn cookie(&self, host: &str, name: &str) -> Option<String> {
        self.jar.borrow().get(&(host.to_owned(), name.to_owned())).cloned()
    }

    fn keep(&self, host: &str, headers: &HeaderMap) {
        let mut jar = self.jar.borrow_mut();
        for set in headers.get_all(header::SET_COOKIE) {
            let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            let key = (host.to_owned(), name.to_owned());
            if value.is_empty() {
                jar.remove(&key);
            } else {
                jar.insert(key, value.to_owned());
            }
        }
    }

    fn forget(&self, host: &str) {
        self.jar.borrow_mut().retain(|(at, _), _| at != host);
    }

    async fn get(&self, host: &str, path: &str) -> Answer {
        let answer = self.world.get(host, Who::Cookie(&self.cookies(host)), path).await;
        self.keep(host, &answer.headers);
        answer
    }

    async fn post(&self, host: &str, path: &str, form: &str) -> Answer {
        let answer = self.world.post(host, Who::Cookie(&self.cookies(host)), path, form).await;
        self.keep(host, &answer.headers);
        answer
    }

    async fn enter(&self, host: &str, email: &str) {
        let entered = self.post(host, "/entrar", &format!("email={email}&senha={SENHA}")).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{entered:?}");
        assert!(self.cookie(host, "__Host-sessao").is_some());
    }

    /// Follows redirects and pages that lead on, over hosts too, until there is a page; answers where that is.
    async fn follow(&self, host: &str, path: &str) -> (String, String, Answer) {
        let (mut host, mut path) = (host.to_owned(), path.to_owned());
        for _ in 0..8 {
            let answer = self.get(&host, &path).await;
            let to = [answer.header("location"), refresh(&answer)].concat();
            if to.is_empty() {
                return (host, path, answer);
            }
            (host, path) = place(&to).unwrap_or((host, to));
        }
        panic!("round and round: {host}{path}");
    }

    /// From `from` to `to`; answers the page before the button, and the answer to it.
    async fn go_over(&self, from: &str, to: &str) -> (String, Answer) {
        let slug = from.split('.').next().unwrap();
        let (at, path, page) = self.follow(to, &format!("/unidades/chegar?de={slug}")).await;
        assert_eq!(at, to, "{page:?}");
        let entered = self.post(&at, &path, "").await;
        (path, entered)
    }

    /// A passagem from `from` to `to` that was not used yet.
    async fn way(&self, from: &str, to: &str) -> String {
        let slug = from.split('.').next().unwrap();
        let (at, path, page) = self.follow(to, &format!("/unidades/chegar?de={slug}")).await;
        assert!(at == to && path.starts_with("/unidades/entrar/"), "{at}{path}: {page:?}");
        path
    }

    async fn is_in(&self, host: &str) -> bool {
        self.get(host, "/conta").await.status == StatusCode::OK
    }

    /// The steps of a link up to the page that asks at `to`.
    async fn propose(&self, from: &str, to: &str) -> String {
        let slug = to.split('.').next().unwrap();
        let begun = self.post(from, "/conta/unidades", &format!("passo=vincular&endereco={slug}")).await;
        let (at, path) = place(refresh(&begun)).unwrap_or_else(|| panic!("{begun:?}"));
        assert_eq!(at, to);
        let (at, path, page) = self.follow(&at, &path).await;
        assert!(at == from && path.starts_with("/unidades/propor?"), "{at}{path}: {page:?}");
        let vouched = self.post(&at, &path, &format!("senha_atual={SENHA}")).await;
        let (at, path) = place(refresh(&vouched)).unwrap_or_else(|| panic!("{vouched:?}"));
        assert!(at == to && path.starts_with("/unidades/vincular/"), "{at}{path}");
        path
    }

    async fn link(&self, from: &str, to: &str) -> Answer {
        let path = self.propose(from, to).await;
        let page = self.get(to, &path).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        let linked = self.post(to, &path, &format!("senha_atual={SENHA}")).await;
        assert_eq!(linked.header("location"), "/conta/unidades", "{linked:?}");
        linked
    }
}

/// Host and path of an absolute address.
fn place(href: &str) -> Option<(String, String)> {
    let (host, path) = href.strip_prefix("https://")?.split_once('/')?;
    Some((host.to_owned(), format!("/{path}")))
}

fn refresh(answer: &Answer) -> &str {
    answer.header("refresh").strip_prefix("0; url=").unwrap_or_default()
}

fn toast(answer: &Answer) -> String {
    answer.cookie("__Host-aviso").and_then(|pair| pair.split(':').nth(1).map(str::to_owned)).unwrap_or_default()
}

/// Two unidades with an account of Dora's in each.
async fn both() -> World {
    let world = World::new().await;
    for unidade in [&world.base.alfa, &world.base.beta] {
        world.person(unidade, "Administrador", &format!("chefe@{}.example", unidade.slug)).await;
        world.person(unidade, "Leitor", DORA).await;
    }
    world
}

/// A browser of Dora's, in at both, with the two linked.
async fn linked(world: &World) -> Browser<'_> {
    let dora = Browser::new(world);
    dora.enter(ALFA, DORA).await;
    dora.enter(BETA, DORA).await;
    assert_eq!(toast(&dora.link(ALFA, BETA).await), "toast-unidade-vinculada");
    dora
}

async fn sql(world: &World, unidade: &Arc<Unidade>, sql: &str) {
    world.base.execute(&format!("SET search_path = {}; {sql}", unidade.names().schema())).await;
}

async fn count(world: &World, unidade: &Arc<Unidade>, from: &str) -> i64 {
    world.base.number(&format!("SELECT count(*) FROM {}.{from}", unidade.names().schema())).await
}

/// S2-7.6, S2-7.7: the list shows theirs alone, the last choice comes first, and each sessão is of its own unidade.
#[tokio::test]
async fn a_person_goes_from_one_unidade_to_the_other_without_signing_in() {
    let world = both().await;
    let dora = linked(&world).await;
    for unidade in [&world.base.alfa, &world.base.beta] {
        assert_eq!(count(&world, unidade, "auditoria WHERE action = 'pessoa.vinculada'").await, 1);
        let told = format!("mensagem WHERE recipient = '{DORA}' AND subject LIKE 'Outra unidade%'");
        assert_eq!(count(&world, unidade, &told).await, 1, "a letter, so that a thief does not go unnoticed");
    }
    dora.forget(BETA);
    assert!(!dora.is_in(BETA).await);
    let page = dora.get(ALFA, "/conta/unidades").await.body;
    assert!(page.contains("SENAI alfa") && page.contains("SENAI beta"), "{page}");
    assert!(page.contains("data-fill=\"/conta/unidades/painel\""), "the menu asks when it is opened");
    let menu = dora.get(ALFA, "/conta/unidades/painel").await.body;
    assert!(menu.contains("https://beta.sri.example/unidades/chegar?de=alfa"), "{menu}");

    let (_, entered) = dora.go_over(ALFA, BETA).await;
    assert_eq!(entered.header("location"), "/", "{entered:?}");
    assert!(dora.is_in(BETA).await && dora.is_in(ALFA).await);
    assert_ne!(dora.cookie(ALFA, "__Host-sessao"), dora.cookie(BETA, "__Host-sessao"));
    assert_eq!(count(&world, &world.base.beta, "auditoria WHERE action = 'acesso.passagem'").await, 1);
    let crossed = Browser::new(&world);
    crossed.jar.borrow_mut().insert((BETA.to_owned(), "__Host-sessao".to_owned()), dora.cookie(ALFA, "__Host-sessao").unwrap());
    assert!(!crossed.is_in(BETA).await, "a sessão opens its own unidade alone");

    // Beta was chosen last: it comes first.
    world.base.clock.advance(TimeDelta::seconds(5));
    dora.forget(ALFA);
    dora.go_over(BETA, ALFA).await;
    assert!(dora.is_in(ALFA).await, "who came over goes on");
    let page = dora.get(BETA, "/conta/unidades").await.body;
    let list = page.split_once("class=\"unidades\"").unwrap().1;
    assert!(list.find("SENAI alfa").unwrap() < list.find("SENAI beta").unwrap(), "{list}");

    // Somebody else sees nothing of it.
    let chefe = Browser::new(&world);
    chefe.enter(ALFA, "chefe@alfa.example").await;
    let page = chefe.get(ALFA, "/conta/unidades").await.body;
    assert!(!page.contains("SENAI beta") && !page.contains("data-fill"), "{page}");
    assert!(!chefe.get(ALFA, "/conta/unidades/painel").await.body.contains("SENAI"));
}

/// Once, in the browser that asked, in its unidade, within a minute.
#[tokio::test]
async fn a_passagem_works_once_and_where_it_was_asked_for() {
    let world = both().await;
    let dora = linked(&world).await;
    let gone = async |browser: &Browser<'_>, host: &str, path: &str| {
        let (seen, entered) = (browser.get(host, path).await.status, browser.post(host, path, "").await);
        assert!(entered.cookie("__Host-sessao").is_none(), "{entered:?}");
        (seen, entered.status) == (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
    };
    dora.forget(BETA);
    let way = dora.way(ALFA, BETA).await;
    // Whoever reads it on its way, sends it to somebody, or opens it elsewhere.
    let thief = Browser::new(&world);
    assert!(gone(&thief, BETA, &way).await, "another browser");
    thief.get(BETA, "/unidades/chegar?de=alfa").await;
    assert!(gone(&thief, BETA, &way).await, "with a secret of its own");
    let stray = dora.clone();
    let secret = dora.cookie(BETA, "__Host-passagem").unwrap();
    stray.jar.borrow_mut().insert((ALFA.to_owned(), "__Host-passagem".to_owned()), secret);
    stray.jar.borrow_mut().remove(&(ALFA.to_owned(), "__Host-sessao".to_owned()));
    assert!(gone(&stray, ALFA, &way).await, "another unidade");
    let there = dora.clone();
    there.enter(BETA, DORA).await;
    assert!(gone(&there, BETA, &way.replace("/entrar/", "/vincular/")).await, "for another end");
    assert_eq!(dora.get(BETA, &way).await.status, StatusCode::OK, "looking uses nothing up");

    let (one, two) = (dora.clone(), dora.clone());
    let (first, second) = tokio::join!(one.post(BETA, &way, ""), two.post(BETA, &way, ""));
    let entered = [&first, &second].iter().filter(|answer| answer.cookie("__Host-sessao").is_some()).count();
    assert_eq!(entered, 1, "of two at once one comes in: {first:?} {second:?}");
    assert!(gone(&dora, BETA, &way).await, "used");

    let late = dora.way(ALFA, BETA).await;
    world.base.clock.advance(TimeDelta::seconds(61));
    assert!(gone(&dora, BETA, &late).await, "too late");
    let orphan = dora.way(ALFA, BETA).await;
    dora.post(ALFA, "/sair", "").await;
    assert!(gone(&dora, BETA, &orphan).await, "the sessão that vouched is over");
}

/// A page of somebody else's signs nobody in as them, and nothing leads out of the house.
#[tokio::test]
async fn nobody_is_led_into_another_persons_account_or_out_of_the_house() {
    let world = both().await;
    let dora = linked(&world).await;
    // Of an attacker with accounts of their own, linked like Dora's.
    for unidade in [&world.base.alfa, &world.base.beta] {
        world.person(unidade, "Leitor", "vilao@senai.example").await;
    }
    let vilao = Browser::new(&world);
    vilao.enter(ALFA, "vilao@senai.example").await;
    vilao.enter(BETA, "vilao@senai.example").await;
    vilao.link(ALFA, BETA).await;
    let bait = vilao.way(ALFA, BETA).await;
    dora.get(BETA, "/unidades/chegar?de=alfa").await;
    let before = dora.cookie(BETA, "__Host-sessao");
    assert_eq!(dora.post(BETA, &bait, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(dora.cookie(BETA, "__Host-sessao"), before);
    let bait = vilao.propose(ALFA, BETA).await;
    let linked = dora.post(BETA, &bait, &format!("senha_atual={SENHA}")).await;
    assert_eq!(linked.status, StatusCode::NOT_FOUND, "nor linked to them");
    // Dora is sent to vouch for a browser of the attacker's: her passagem is of no use without that browser, and stays with her.
    let begun = vilao.get(BETA, "/unidades/chegar?de=alfa").await;
    let (_, asks) = place(begun.header("location")).unwrap();
    let (_, path, _) = dora.follow(ALFA, &asks).await;
    assert_eq!(dora.post(BETA, &path, "").await.status, StatusCode::NOT_FOUND);

    for host in [ALFA, BETA] {
        for there in ["evil.example", "//evil.example", "console", "api", "alfa.evil.example", "", "alfa.%2f", "%0d%0aX:y"] {
            for path in ["/unidades/chegar?de=", "/unidades/ligar?de="] {
                let answer = dora.get(host, &format!("{path}{there}")).await;
                let none = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST);
                assert!(none && answer.header("location").is_empty(), "{path}{there}: {answer:?}");
            }
            for path in ["/unidades/ir?para=", "/unidades/propor?para="] {
                let answer = dora.get(host, &format!("{path}{there}&estado={}", "ab".repeat(32))).await;
                assert!(matches!(answer.header("location"), "" | "/conta/unidades"), "{path}{there}: {answer:?}");
            }
            let form = format!("passo=vincular&endereco={there}");
            let answer = dora.post(host, "/conta/unidades", &form).await;
            assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && refresh(&answer).is_empty(), "{there}: {answer:?}");
        }
    }
    for estado in ["", "ab", &"zz".repeat(32), &"ab".repeat(33)] {
        let answer = dora.get(ALFA, &format!("/unidades/ir?para=beta&estado={estado}")).await;
        assert_eq!(answer.header("location"), "/conta/unidades", "{estado}: {answer:?}");
    }
    // An address as people have it.
    for typed in ["beta", " BETA ", "beta.sri.example", "https://beta.sri.example/empresas?q=a"] {
        let form = url::form_urlencoded::Serializer::new("passo=vincular".to_owned()).append_pair("endereco", typed).finish();
        let answer = dora.post(ALFA, "/conta/unidades", &form).await;
        assert_eq!(refresh(&answer), "https://beta.sri.example/unidades/ligar?de=alfa", "{typed}: {answer:?}");
    }
}

/// Whoever changes the ways into an account at one end has not got the other, and no unidade keeps a person whom the other let go.
#[tokio::test]
async fn what_either_unidade_does_to_the_account_is_the_end_of_the_way() {
    let world = both().await;
    let chefe = Browser::new(&world);
    chefe.enter(ALFA, "chefe@alfa.example").await;
    chefe.enter(BETA, "chefe@beta.example").await;
    for (host, unidade) in [(ALFA, &world.base.alfa), (BETA, &world.base.beta)] {
        let dora = linked(&world).await;
        let way = dora.way(ALFA, BETA).await;
        let schema = unidade.names().schema();
        let of = |what: &str| format!("SELECT {what}::text FROM {schema}.usuario WHERE email = '{DORA}'");
        let (id, version) = (world.text(&of("id")).await, world.text(&of("version")).await);
        let perfil = world.text(&of("perfil_id")).await;
        let form = format!("nome=Dora&email=outra@senai.example&perfil={perfil}&idioma=&version={version}");
        let changed = chefe.post(host, &format!("/configuracoes/usuarios/{id}/editar"), &form).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{changed:?}");
        assert_eq!(dora.post(BETA, &way, "").await.status, StatusCode::NOT_FOUND, "a way that was open");
        let (at, path, _) = dora.follow(BETA, "/unidades/chegar?de=alfa").await;
        assert_eq!((at.as_str(), path.as_str()), if host == ALFA { (ALFA, "/conta/unidades") } else { (BETA, path.as_str()) });
        assert_eq!(dora.post(BETA, &path, "").await.cookie("__Host-sessao"), None);
        assert!(!dora.get(ALFA, "/conta/unidades").await.body.contains("class=\"unidades\""), "nothing is listed");
        sql(&world, unidade, &format!("UPDATE usuario SET email = '{DORA}' WHERE id = '{id}'")).await;

        // Linked anew, it is another link.
        let dora = linked(&world).await;
        let way = dora.way(ALFA, BETA).await;
        let done = chefe.post(host, &format!("/configuracoes/usuarios/{id}/desativar"), "").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{done:?}");
        assert_eq!(dora.post(BETA, &way, "").await.cookie("__Host-sessao"), None, "deactivated");
        chefe.post(host, &format!("/configuracoes/usuarios/{id}/reativar"), "").await;
        assert_eq!(count(&world, unidade, &format!("usuario WHERE id = '{id}' AND ativo AND conta_id IS NULL")).await, 1);
    }
}

#[tokio::test]
async fn a_suspended_unidade_is_not_gone_to_nor_come_from() {
    let world = both().await;
    let dora = linked(&world).await;
    let way = dora.way(ALFA, BETA).await;
    for (status, listed) in [("suspended", false), ("active", true)] {
        let set = format!("UPDATE platform.unidade SET status = '{status}', version = version + 1 WHERE slug = 'alfa'");
        world.base.execute(&set).await;
        world.house.gates.registry.forget(world.base.alfa.id);
        let page = dora.get(BETA, "/conta/unidades").await.body;
        assert_eq!(page.contains("SENAI alfa"), listed, "{status}");
        if !listed {
            assert_eq!(dora.post(BETA, &way, "").await.status, StatusCode::NOT_FOUND);
            assert_eq!(dora.get(BETA, "/unidades/chegar?de=alfa").await.status, StatusCode::NOT_FOUND);
        }
    }
}

/// S2-7.6 for an owner who enters by codes on the telephone: listed, and led to each shop's own door. Codes pass through what the
/// unidade's administrador set up, so they prove nobody to another unidade.
#[tokio::test]
async fn a_sessao_by_a_code_lists_the_unidades_and_leads_to_their_own_doors() {
    let world = both().await;
    for method in ["telefone", "provedor", "entrada"] {
        let dora = Browser::new(&world);
        dora.enter(ALFA, DORA).await;
        dora.enter(BETA, DORA).await;
        let by = format!("UPDATE sessao SET method = '{method}' WHERE method = 'senha' AND ended_at IS NULL");
        sql(&world, &world.base.alfa, &by).await;
        let path = dora.propose(ALFA, BETA).await;
        let page = dora.get(BETA, &path).await.body;
        assert!(page.contains("em cada uma você entra com o acesso dela"), "{page}");
        let linked = dora.post(BETA, &path, &format!("senha_atual={SENHA}")).await;
        assert_eq!(toast(&linked), "toast-unidade-listada", "{method}: {linked:?}");
        for (from, to) in [(ALFA, BETA), (BETA, ALFA)] {
            let page = dora.get(from, "/conta/unidades").await.body;
            assert!(page.contains("SENAI alfa") && page.contains("SENAI beta") && page.contains("acesso de lá"), "{page}");
            let before = dora.cookie(to, "__Host-sessao");
            let slug = from.split('.').next().unwrap();
            let (at, path, answer) = dora.follow(to, &format!("/unidades/chegar?de={slug}")).await;
            assert!(at == to && !path.starts_with("/unidades/"), "{method}: {at}{path} {answer:?}");
            assert_eq!(dora.cookie(to, "__Host-sessao"), before, "the sessão that stands there lets them in");
        }
        let anew = Browser::new(&world);
        anew.jar.borrow_mut().extend(dora.jar.borrow().clone());
        anew.forget(BETA);
        let (at, path, _) = anew.follow(BETA, "/unidades/chegar?de=alfa").await;
        assert!(at == BETA && path.starts_with("/entrar"), "without one, that unidade's own door: {at}{path}");

        // Both proved by a senha: from now on one leads into the other.
        let dora = Browser::new(&world);
        dora.enter(ALFA, DORA).await;
        dora.enter(BETA, DORA).await;
        assert_eq!(toast(&dora.link(BETA, ALFA).await), "toast-unidade-vinculada");
        dora.forget(BETA);
        dora.go_over(ALFA, BETA).await;
        assert!(dora.is_in(BETA).await);
        for unidade in [&world.base.alfa, &world.base.beta] {
            sql(&world, unidade, "UPDATE usuario SET conta_id = NULL, passagem = false; DELETE FROM sessao").await;
        }
    }
}

/// An open sessão alone links nothing: a thief of one would come back for ever.
#[tokio::test]
async fn a_link_is_proved_at_both_ends() {
    let world = both().await;
    let dora = Browser::new(&world);
    dora.enter(ALFA, DORA).await;
    dora.enter(BETA, DORA).await;
    let (_, ask, _) = dora.follow(BETA, "/unidades/ligar?de=alfa").await;
    for wrong in ["", "senha_atual=", "senha_atual=errada-errada-errada"] {
        let refused = dora.post(ALFA, &ask, wrong).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refresh(&refused).is_empty(), "{wrong}: {refused:?}");
    }
    let path = dora.propose(ALFA, BETA).await;
    let refused = dora.post(BETA, &path, "senha_atual=errada-errada-errada").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    assert!(refused.body.contains("d•••@senai.example"), "who is at the other end, and no more of them: {refused:?}");
    assert_eq!(world.base.number("SELECT count(*) FROM platform.conta").await, 0);
    // It may take a while to find the senha; the sessão that vouched has to stand.
    world.base.clock.advance(TimeDelta::minutes(9));
    dora.post(ALFA, "/sair", "").await;
    let over = dora.post(BETA, &path, &format!("senha_atual={SENHA}")).await;
    assert_eq!(over.status, StatusCode::NOT_FOUND, "{over:?}");
    dora.enter(ALFA, DORA).await;
    let path = dora.propose(ALFA, BETA).await;
    let form = format!("senha_atual={SENHA}");
    let (one, two) = (dora.clone(), dora.clone());
    let (first, second) = tokio::join!(one.post(BETA, &path, &form), two.post(BETA, &path, &form));
    assert!(!first.status.is_server_error() && !second.status.is_server_error(), "{first:?} {second:?}");
    assert_eq!(world.base.number("SELECT count(*) FROM platform.conta").await, 2, "of two at once one link comes");
    // Nobody links a unidade to itself, and nobody has two accounts in one.
    let own = dora.post(ALFA, "/conta/unidades", "passo=vincular&endereco=alfa").await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    world.person(&world.base.beta, "Leitor", "dora2@senai.example").await;
    dora.forget(BETA);
    dora.enter(BETA, "dora2@senai.example").await;
    assert_eq!(toast(&dora.link(ALFA, BETA).await), "toast-unidade-duas");

    // Taken out at one end, out at both.
    let id = world.text(&format!("SELECT id::text FROM platform.conta WHERE unidade_id = '{}'", world.base.beta.id)).await;
    let gone = dora.post(ALFA, "/conta/unidades", &format!("passo=desvincular&conta={id}")).await;
    assert_eq!(toast(&gone), "toast-unidade-desvinculada");
    assert_eq!(count(&world, &world.base.beta, "usuario WHERE conta_id IS NOT NULL").await, 0);
    let again = dora.post(ALFA, "/conta/unidades", &format!("passo=desvincular&conta={id}")).await;
    assert_eq!(toast(&again), "toast-unidade-over");
}

/// What the unidade that is entered asks besides a senha it asks of whoever comes over too.
#[tokio::test]
async fn who_comes_over_still_proves_the_second_factor() {
    let world = both().await;
    let dora = linked(&world).await;
    dora.forget(BETA);
    sql(
        &world,
        &world.base.beta,
        &format!(
            "UPDATE perfil SET segundo_fator = 'oferecido';
             INSERT INTO fator (id, usuario_id, method, created_at, confirmed_at)
             SELECT gen_random_uuid(), id, 'email', now(), now() FROM usuario WHERE email = '{DORA}'"
        ),
    )
    .await;
    let (_, entered) = dora.go_over(ALFA, BETA).await;
    assert!(entered.cookie("__Host-sessao").is_none() && entered.cookie("__Host-passo").is_some(), "{entered:?}");
    assert!(!dora.is_in(BETA).await);
}

/// Who is there already, as the same person, stays: a sessão there may last longer than one that comes over.
#[tokio::test]
async fn a_sessao_that_stands_at_the_other_end_is_kept() {
    let world = both().await;
    let dora = linked(&world).await;
    let before = dora.cookie(BETA, "__Host-sessao");
    let (_, entered) = dora.go_over(ALFA, BETA).await;
    assert_eq!(entered.header("location"), "/");
    assert_eq!(dora.cookie(BETA, "__Host-sessao"), before);
    let other = Browser::new(&world);
    other.jar.borrow_mut().extend(dora.jar.borrow().clone());
    other.forget(BETA);
    other.enter(BETA, "chefe@beta.example").await;
    let before = other.cookie(BETA, "__Host-sessao").unwrap();
    other.go_over(ALFA, BETA).await;
    assert_ne!(other.cookie(BETA, "__Host-sessao").unwrap(), before, "somebody else's ends");
    assert!(
        world.get(&host(&world.base.beta), Who::Cookie(&format!("__Host-sessao={before}")), "/conta").await.status
            != StatusCode::OK
    );
}
