//! S0-18.2: what is asked of the providers, how often, and what comes of it.

use chrono::TimeDelta;
use empresas::{
    consulta::{CepResposta, Consultado, FRESH, Resposta, SituacaoCadastral, Urgency},
    empresa::Porte,
};
use kernel::{Clock, Cnpj};
use testkit::Base;

use crate::provedores::{Mood, Provedores};

const BOTH: &[&str] = &["receitaws", "brasilapi"];
const RECEITAWS: &[&str] = &["receitaws"];

fn cnpj(n: u32) -> Cnpj {
    Cnpj::from_base(&format!("{:08}0001", 20_000_000 + n)).unwrap()
}

async fn both() -> (Base, Provedores) {
    let base = Base::new().await;
    let server = Provedores::start(Clock::fixed(base.clock.clone())).await;
    (base, server)
}

fn known(resposta: Resposta) -> Consultado {
    match resposta {
        Resposta::Known(consultado) => (*consultado).clone(),
        other => panic!("{other:?}"),
    }
}

macro_rules! ask {
    ($consultas:expr, $unidade:expr, $n:expr) => {
        $consultas.cnpj($unidade.id, cnpj($n), FRESH, Urgency::Person).await.unwrap()
    };
}

#[tokio::test]
async fn what_was_answered_once_is_not_asked_again_for_a_month() {
    let (base, server) = both().await;
    let consultas = server.consultas(&base.platform, BOTH);
    let first = known(ask!(consultas, base.alfa, 1));
    let dados = first.dados.as_ref().unwrap();
    assert_eq!(dados.nome.as_str(), "TECELAGEM SERRA <b>DO MAR</b> LTDA");
    assert_eq!((dados.situacao, dados.porte), (Some(SituacaoCadastral::Ativa), Some(Porte::Epp)));
    assert_eq!(dados.telefone.as_ref().unwrap().to_string(), "(47) 3433-0000");
    assert_eq!(dados.endereco.cep.unwrap().to_string(), "89219-600");
    assert_eq!(first.dated_at.to_rfc3339(), "2026-11-10T23:59:59+00:00", "as of when the provider's data are");

    let twin = base.twin().await;
    let other = server.consultas(&twin.platform, BOTH);
    assert_eq!(known(ask!(consultas, base.beta, 1)), first);
    assert_eq!(known(ask!(other, base.beta, 1)), first, "another process and unidade find it in ref.cnpj");
    assert_eq!(server.asked("receitaws").len(), 1);
    assert_eq!(server.asked("receitaws")[0].path, format!("/receitaws/cnpj/{}", cnpj(1).as_str()));

    base.clock.advance(FRESH);
    assert_eq!(known(ask!(other, base.alfa, 1)).asked_at, base.platform.clock().now());
    assert_eq!(server.asked("receitaws").len(), 2);
}

#[tokio::test]
async fn the_fourth_within_a_minute_waits_and_comes() {
    let (base, server) = both().await;
    let consultas = server.consultas(&base.platform, BOTH);
    for n in 0..3 {
        known(ask!(consultas, base.alfa, n));
    }
    let Resposta::Waiting(lugar) = ask!(consultas, base.alfa, 3) else { panic!("the fourth waits") };
    assert_eq!((lugar.place, lugar.at - base.platform.clock().now()), (1, TimeDelta::seconds(62)));
    let Resposta::Waiting(again) = ask!(consultas, base.alfa, 3) else { panic!("it waits still") };
    assert_eq!(again, lugar, "asked twice, it waits once");
    let Resposta::Waiting(second) = ask!(consultas, base.beta, 4) else { panic!("the fifth waits") };
    // Alfa was served last, so that it is beta's turn.
    assert_eq!(second, lugar);
    assert_eq!(consultas.place(base.alfa.id, cnpj(3)).await.unwrap().unwrap().place, 2);

    assert_eq!(consultas.serve().await.unwrap(), 0, "too early");
    // Somebody looks after the queue when its first may be asked.
    let due = "SELECT extract(epoch FROM run_at)::bigint FROM platform.job WHERE name = 'empresas.atender-fila'";
    assert_eq!(base.number(due).await, lugar.at.timestamp());
    base.clock.advance(TimeDelta::seconds(62));
    assert_eq!(consultas.serve().await.unwrap(), 2);
    assert_eq!(consultas.place(base.alfa.id, cnpj(3)).await.unwrap(), None);
    known(ask!(consultas, base.alfa, 3));
    assert_eq!(server.asked("receitaws").len(), 5);
    assert!(server.asked("brasilapi").is_empty(), "who is only asked too often is waited for");
}

/// Two processes with sixteen askers each, and both serve the queue: no minute holds more than three.
#[tokio::test]
async fn processes_that_hammer_together_stay_below_the_limit() {
    let (base, server) = both().await;
    let twin = base.twin().await;
    let processes = [server.consultas(&base.platform, RECEITAWS), server.consultas(&twin.platform, RECEITAWS)];
    let askers = (0..32).map(|n| {
        let (consultas, unidade) = (processes[n as usize % 2].clone(), if n % 3 == 0 { base.beta.id } else { base.alfa.id });
        async move { consultas.cnpj(unidade, cnpj(n), FRESH, Urgency::Person).await.unwrap() }
    });
    let answers = futures::future::join_all(askers).await;
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Resposta::Known(_))).count(), 3);
    for _ in 0..11 {
        base.clock.advance(TimeDelta::seconds(31));
        let (one, two) = tokio::join!(processes[0].serve(), processes[1].serve());
        for served in [one, two] {
            served.unwrap();
        }
        base.clock.advance(TimeDelta::seconds(31));
        let (one, two) = tokio::join!(processes[0].serve(), processes[1].serve());
        for served in [one, two] {
            served.unwrap();
        }
    }
    let asked = server.asked("receitaws");
    assert_eq!(asked.len(), 32, "everybody had their turn");
    let mut cnpjs: Vec<_> = asked.iter().map(|asked| &asked.path).collect();
    cnpjs.sort();
    cnpjs.dedup();
    assert_eq!(cnpjs.len(), 32, "and only once");
    for window in asked.windows(4) {
        assert!(window[3].at - window[0].at >= TimeDelta::seconds(60), "{window:?}");
    }
}

/// A unidade that asks for many holds up nobody: the others' turn comes after each one of its questions.
#[tokio::test]
async fn unidades_take_turns_and_people_come_before_jobs() {
    let (base, server) = both().await;
    let consultas = server.with(&base.platform, RECEITAWS, "", "receitaws=1");
    known(ask!(consultas, base.alfa, 0));
    let job = consultas.cnpj(base.beta.id, cnpj(90), FRESH, Urgency::Background).await.unwrap();
    assert!(matches!(job, Resposta::Waiting(_)));
    for n in 1..=10 {
        ask!(consultas, base.alfa, n);
    }
    for n in 21..=22 {
        let Resposta::Waiting(lugar) = ask!(consultas, base.beta, n) else { panic!("waits") };
        assert!(lugar.place <= 4, "{lugar:?}");
    }
    for _ in 0..13 {
        base.clock.advance(TimeDelta::seconds(62));
        assert_eq!(consultas.serve().await.unwrap(), 1);
    }
    let order: Vec<_> = server.asked("receitaws").iter().map(|asked| asked.path.clone()).collect();
    let at = |n: u32| order.iter().position(|path| path.ends_with(cnpj(n).as_str())).unwrap();
    assert!(at(21) <= 2 && at(22) <= 4, "{order:?}");
    assert_eq!(at(90), 13, "nobody sits and waits for it");
}

#[tokio::test]
async fn one_unidade_may_not_fill_the_queue() {
    let (base, server) = both().await;
    let consultas = server.with(&base.platform, RECEITAWS, "", "receitaws=1");
    known(ask!(consultas, base.alfa, 0));
    for n in 1..=30 {
        assert!(matches!(ask!(consultas, base.alfa, n), Resposta::Waiting(_)));
    }
    assert_eq!(ask!(consultas, base.alfa, 31), Resposta::Unavailable(None));
    assert!(matches!(ask!(consultas, base.alfa, 30), Resposta::Waiting(_)), "who waits already goes on waiting");
    assert!(matches!(ask!(consultas, base.beta, 32), Resposta::Waiting(_)));
}

/// The one that was asked fails in each of its ways; the other one answers, and nobody goes where a redirect points.
#[tokio::test]
async fn whatever_one_does_the_next_answers() {
    let (base, server) = both().await;
    let consultas = server.with(&base.platform, BOTH, "", "receitaws=600 brasilapi=600");
    let moods = [
        Mood::Status(500),
        Mood::Status(403),
        Mood::Garbage,
        Mood::Another,
        Mood::Huge,
        Mood::Redirect,
        Mood::Silent,
        Mood::Limited(Some(7)),
    ];
    for (n, mood) in (0..).zip(moods) {
        server.set("receitaws", mood);
        let said = known(ask!(consultas, base.alfa, n));
        assert_eq!(said.provedor, "brasilapi", "{mood:?}");
        let dados = said.dados.unwrap();
        assert_eq!((dados.situacao, dados.endereco.municipio_codigo), (Some(SituacaoCadastral::Baixada), Some(4_209_102)));
        assert_eq!(dados.endereco.logradouro.unwrap().as_str(), "RUA DONA FRANCISCA");
        assert_eq!(server.asked("receitaws").len(), n as usize + 1, "{mood:?}: it was tried");
        // A fresh start for each: the breaker has a test of its own.
        base.execute("UPDATE platform.provedor SET failures = 0, closed_until = NULL").await;
    }
    assert!(server.asked("elsewhere").is_empty());
}

#[tokio::test]
async fn when_nobody_answers_the_old_answer_is_there_with_its_date() {
    let (base, server) = both().await;
    let consultas = server.consultas(&base.platform, RECEITAWS);
    let old = known(ask!(consultas, base.alfa, 1));
    base.clock.advance(FRESH);
    server.set("receitaws", Mood::Status(503));
    assert_eq!(ask!(consultas, base.alfa, 1), Resposta::Unavailable(Some(std::sync::Arc::new(old))));
    assert_eq!(ask!(consultas, base.alfa, 2), Resposta::Unavailable(None));
    assert_eq!(consultas.place(base.alfa.id, cnpj(2)).await.unwrap(), None, "nothing waits for ever");
    server.set("receitaws", Mood::Well);
    known(ask!(consultas, base.alfa, 2));
}

#[tokio::test]
async fn five_failures_close_a_provider_for_everybody_and_one_tries_again() {
    let (base, server) = both().await;
    let twin = base.twin().await;
    let limits = "receitaws=600";
    let here = server.with(&base.platform, RECEITAWS, "", limits);
    let there = server.with(&twin.platform, RECEITAWS, "", limits);
    server.set("receitaws", Mood::Status(500));
    for n in 0..5 {
        assert_eq!(ask!(here, base.alfa, n), Resposta::Unavailable(None));
    }
    for n in 5..10 {
        assert_eq!(ask!(there, base.beta, n), Resposta::Unavailable(None));
    }
    assert_eq!(server.asked("receitaws").len(), 5, "it is left alone");
    base.clock.advance(TimeDelta::seconds(30));
    ask!(there, base.beta, 5);
    ask!(here, base.alfa, 6);
    assert_eq!(server.asked("receitaws").len(), 6, "one tried");
    base.clock.advance(TimeDelta::seconds(30));
    server.set("receitaws", Mood::Well);
    known(ask!(here, base.alfa, 7));
    known(ask!(there, base.beta, 8));
}

#[tokio::test]
async fn retry_after_holds_for_every_process() {
    let (base, server) = both().await;
    let twin = base.twin().await;
    let (here, there) = (server.consultas(&base.platform, RECEITAWS), server.consultas(&twin.platform, RECEITAWS));
    server.set("receitaws", Mood::Limited(Some(45)));
    let Resposta::Waiting(lugar) = ask!(here, base.alfa, 1) else { panic!("its turn comes again") };
    assert_eq!((lugar.place, lugar.at - base.platform.clock().now()), (1, TimeDelta::seconds(45)));
    server.set("receitaws", Mood::Well);
    let Resposta::Waiting(_) = ask!(there, base.beta, 2) else { panic!("nobody asks") };
    base.clock.advance(TimeDelta::seconds(44));
    assert_eq!(there.serve().await.unwrap() + here.serve().await.unwrap(), 0);
    assert_eq!(server.asked("receitaws").len(), 1);
    base.clock.advance(TimeDelta::seconds(1));
    assert_eq!(there.serve().await.unwrap(), 2);
    // For an hour is as good as down: the form should not wait for that.
    base.clock.advance(TimeDelta::seconds(62));
    server.set("receitaws", Mood::Limited(Some(3600)));
    assert_eq!(ask!(here, base.alfa, 3), Resposta::Unavailable(None));
    base.clock.advance(TimeDelta::minutes(58));
    server.set("receitaws", Mood::Well);
    assert_eq!(ask!(there, base.beta, 4), Resposta::Unavailable(None));
    assert_eq!(server.asked("receitaws").len(), 4);
}

#[tokio::test]
async fn a_cnpj_that_does_not_exist_is_asked_for_again_the_next_day() {
    let (base, server) = both().await;
    for (n, names) in [(1, RECEITAWS), (2, &["brasilapi"])] {
        let consultas = server.consultas(&base.platform, names);
        server.set(names[0], Mood::Absent);
        assert_eq!(known(ask!(consultas, base.alfa, n)).dados, None);
        assert_eq!(known(ask!(consultas, base.alfa, n)).dados, None);
        assert_eq!(server.asked(names[0]).len(), 1);
        server.set(names[0], Mood::Well);
        base.clock.advance(TimeDelta::days(1));
        assert!(known(ask!(consultas, base.alfa, n)).dados.is_some());
    }
}

/// Whoever asked died with the question in hand: after its lease another asks.
#[tokio::test]
async fn a_question_whose_asker_died_is_asked_again() {
    let (base, server) = both().await;
    let consultas = server.consultas(&base.platform, RECEITAWS);
    base.execute(&format!(
        "INSERT INTO platform.consulta (unidade_id, cnpj, priority, state, lease_until, created_at)
         VALUES ('{}', '{}', 0, 'running', '{}', '{}')",
        base.alfa.id,
        cnpj(1).as_str(),
        base.platform.clock().now() + TimeDelta::seconds(30),
        base.platform.clock().now(),
    ))
    .await;
    let Resposta::Waiting(lugar) = ask!(consultas, base.alfa, 1) else { panic!("it is being asked") };
    assert_eq!(lugar.place, 0);
    assert_eq!(consultas.serve().await.unwrap(), 0);
    base.clock.advance(TimeDelta::seconds(31));
    assert_eq!(consultas.serve().await.unwrap(), 1);
    known(ask!(consultas, base.alfa, 1));
}

#[tokio::test]
async fn a_token_goes_to_its_provider_only() {
    let (base, server) = both().await;
    let consultas = server.with(&base.platform, BOTH, "receitaws=segredo", "");
    server.set("receitaws", Mood::Status(500));
    known(ask!(consultas, base.alfa, 1));
    assert_eq!(server.asked("receitaws")[0].authorization.as_deref(), Some("Bearer segredo"));
    assert_eq!(server.asked("brasilapi")[0].authorization, None);
}

#[tokio::test]
async fn no_unidade_can_read_what_others_asked() {
    let (base, server) = both().await;
    known(ask!(server.consultas(&base.platform, RECEITAWS), base.alfa, 1));
    for table in ["ref.cnpj", "platform.consulta", "platform.provedor", "platform.consulta_gate"] {
        let may = format!("SELECT has_table_privilege('{}', '{table}', 'SELECT')::int::bigint", base.beta.names().dml_role());
        assert_eq!(base.number(&may).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_cep_is_found_by_whoever_knows_it() {
    let (base, server) = both().await;
    let cep: kernel::Cep = "89219-600".parse().unwrap();
    let place = |resposta| match resposta {
        CepResposta::Found(endereco) => endereco,
        other => panic!("{other:?}"),
    };
    let consultas = server.consultas(&base.platform, RECEITAWS);
    let found = place(consultas.cep(cep).await);
    assert_eq!((found.municipio_codigo, found.logradouro.as_ref().unwrap().as_str()), (Some(4_209_102), "Rua Dona Francisca"));
    place(consultas.cep(cep).await);
    assert_eq!(server.asked("viacep").len(), 1, "remembered");

    for mood in [Mood::Status(500), Mood::Garbage, Mood::Silent, Mood::Limited(None), Mood::Redirect] {
        server.set("viacep", mood);
        let found = place(server.consultas(&base.platform, RECEITAWS).cep(cep).await);
        assert_eq!(found.municipio.as_ref().unwrap().as_str(), "Joinville", "{mood:?}");
    }
    server.set("brasilapi", Mood::Status(500));
    assert_eq!(server.consultas(&base.platform, RECEITAWS).cep(cep).await, CepResposta::Unavailable);
    server.set("viacep", Mood::Absent);
    assert_eq!(server.consultas(&base.platform, RECEITAWS).cep(cep).await, CepResposta::NotFound);
}
