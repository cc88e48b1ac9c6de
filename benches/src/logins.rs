//! Two hundred people who sign in at one moment, and what everybody else notices of it (R19).

use std::{sync::Arc, time::Instant};

use acesso::{HashingPlace, NovaSenha, Senha};
use anyhow::{Context, Result, anyhow, ensure};
use futures::future::{try_join, try_join_all};
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode};

use crate::{
    Plan, load, machine, median,
    process::Sri,
    report::{Goal, Row, Section},
    stage::{Place, Stage},
};

const PEOPLE: usize = 200;
const SENHA: &str = "cavalo-bateria-grampo";

/// What became of those who came at once.
#[derive(Default)]
struct Wave {
    /// Until each was in, in milliseconds.
    entered: Vec<f64>,
    /// Sent away because the queue was full.
    refused: usize,
}

/// Measures with a unidade that has a list worth asking for.
pub(crate) async fn measure(plan: &Plan, stage: &Stage, place: &Place) -> Result<Section> {
    people(stage, place).await?;
    let sri = behind_a_proxy(stage).await?;
    let page = page(place, &sri);
    load::run(sri.port, &page, 1, plan.time).await?;
    let (mut hashes, mut alone, mut calm, mut stormy, mut last) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Wave::default());
    for _ in 0..plan.rounds {
        hashes.push(hash().await?);
        alone.push(one_after_another(place, &sri).await?);
        calm.push(load::run(sri.port, &page, 1, plan.time * 2).await?.quantile(0.99));
        let (pages, wave) = try_join(load::run(sri.port, &page, 1, plan.time * 2), wave(place, &sri)).await?;
        stormy.push(pages.quantile(0.99));
        last = wave;
    }
    let weight = machine::pss(sri.pid)? as f64 / f64::from(1 << 20);
    sri.stop().await?;
    let (hash, login, calm, stormy) = (median(&hashes), median(&alone), median(&calm), median(&stormy));
    let slowest = last.entered.iter().copied().fold(0.0, f64::max) / 1000.0;
    let rows = vec![
        Row {
            work: "a login with a senha, one after another".to_owned(),
            sri: format!("p50 {login:.1} ms"),
            floor: format!("{hash:.1} ms"),
            ratio: Some(login / hash),
            goal: Some(Goal::RatioAtMost(2.0)),
            ..Row::default()
        },
        Row {
            work: format!("the list page while {PEOPLE} sign in at once"),
            sri: format!("p99 {stormy:.1} ms"),
            floor: format!("{calm:.1} ms alone"),
            ratio: Some(stormy / calm),
            goal: Some(Goal::RatioAtMost(2.0)),
            ..Row::default()
        },
        Row {
            work: format!("those {PEOPLE}"),
            sri: format!("{} in within {slowest:.1} s, {} asked to try again; {weight:.0} MiB", last.entered.len(), last.refused),
            ..Row::default()
        },
    ];
    Ok(Section {
        name: "logins",
        title: "Logins",
        method: "Each from an address of its own, at an account of its own. Floors: one Argon2id hash with the same cost (m=19456, t=2, p=1) and nothing else; the list page by one connection, with nobody signing in.".to_owned(),
        rows,
    })
}

/// Enters as many accounts, all with one senha.
async fn people(stage: &Stage, place: &Place) -> Result<()> {
    let phc = HashingPlace::take()?.hash(senha()?).await?;
    let schema = place.unidade.names().schema();
    let mut superuser = stage.server.connect().await?;
    superuser
        .run(format!(
            "BEGIN; SET LOCAL search_path = {schema}, pg_temp;
             INSERT INTO usuario (id, nome, email, perfil_id, created_at, updated_at)
             SELECT gen_random_uuid(), 'Pessoa ' || n, 'pessoa' || n || '@example.com', p.id, now(), now()
             FROM generate_series(0, {PEOPLE} - 1) n, perfil p WHERE p.key = 'administrador';
             INSERT INTO credencial (id, usuario_id, method, secret, created_at, updated_at)
             SELECT gen_random_uuid(), id, 'senha', '{phc}', now(), now() FROM usuario WHERE email LIKE 'pessoa%';
             COMMIT"
        ))
        .await
        .context("entering people")?;
    superuser.close().await
}

/// A process that believes the address it is told: people come from many.
async fn behind_a_proxy(stage: &Stage) -> Result<Sri> {
    let mut environment = stage.environment();
    environment.push(("SRI_TRUSTED_PROXIES", "127.0.0.1/32".to_owned()));
    Sri::start(&stage.sri, "serve", &environment, &stage.folder.path().join("logins.log")).await
}

fn senha() -> Result<NovaSenha> {
    NovaSenha::choose(Senha::typed(SENHA), &[]).map_err(|invalid| anyhow!("{}", invalid.code))
}

/// Milliseconds of one hash: the median of several, one after another.
async fn hash() -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..15 {
        let (place, senha) = (HashingPlace::take()?, senha()?);
        let began = Instant::now();
        place.hash(senha).await?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(&times))
}

fn page(place: &Place, sri: &Sri) -> load::Script {
    let (place, port) = (place.clone(), sri.port);
    Arc::new(move |_| {
        #[expect(clippy::expect_used, reason = "the parts are literals of this file")]
        place.get(port, "/empresas").header("Accept", "text/html").body(Full::default()).expect("the request is well formed")
    })
}

/// Milliseconds of a login with nobody else at the door.
async fn one_after_another(place: &Place, sri: &Sri) -> Result<f64> {
    let mut times = Vec::new();
    for person in 0..30 {
        let mut client = load::Client::connect(sri.port).await?;
        times.push(enter(&mut client, place, sri.port, person).await?.context("nobody else is there")?);
    }
    Ok(median(&times))
}

/// All of them at once.
async fn wave(place: &Place, sri: &Sri) -> Result<Wave> {
    let clients = try_join_all((0..PEOPLE).map(|_| load::Client::connect(sri.port))).await?;
    let answers = try_join_all(
        clients
            .into_iter()
            .enumerate()
            .map(|(person, mut client)| async move { enter(&mut client, place, sri.port, person).await }),
    )
    .await?;
    let entered: Vec<f64> = answers.iter().flatten().copied().collect();
    Ok(Wave { refused: answers.len() - entered.len(), entered })
}

/// Signs in; `None` when the queue was full.
async fn enter(client: &mut load::Client, place: &Place, port: u16, person: usize) -> Result<Option<f64>> {
    let host = place.host(port);
    let request = Request::post("/entrar")
        .header("Origin", format!("http://{host}"))
        .header("Host", host)
        .header("X-Forwarded-For", format!("10.0.{}.{}", person / 250, person % 250 + 1))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(Full::from(format!("email=pessoa{person}%40example.com&senha={SENHA}")))?;
    let began = Instant::now();
    let response = client.send(request).await?;
    let (status, opened) = (response.status(), response.headers().contains_key("set-cookie"));
    response.into_body().collect().await?;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return Ok(None);
    }
    ensure!(status == StatusCode::SEE_OTHER && opened, "a login was answered {status}");
    Ok(Some(began.elapsed().as_secs_f64() * 1000.0))
}
