//! The platform admins' console: its own door with two factors, and nothing of a unidade's behind it.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use kernel::Actor;
use tenancy::PlatformTx;
use totp_rs::{Builder, Totp};

use crate::support::{Answer, Ids, SENHA, Side, Who, World, filled, is_closed};

const CONSOLE: &str = "console.sri.example";
const COOKIE: &str = "__Host-console";

/// An admin with an authenticator.
pub(crate) struct Admin {
    email: String,
    totp: Totp,
    pub(crate) cookie: String,
}

impl Admin {
    fn code(&self, world: &World) -> String {
        code(&self.totp, world)
    }
}

fn code(totp: &Totp, world: &World) -> String {
    totp.generate(u64::try_from(world.base.tenants.clock().now().timestamp()).unwrap()).to_string()
}

pub(crate) async fn post(world: &World, cookie: &str, target: &str, form: &str) -> Answer {
    world.post(CONSOLE, if cookie.is_empty() { Who::Nobody } else { Who::Cookie(cookie) }, target, form).await
}

async fn convite(world: &World, email: &str) -> String {
    let (key, to) = (world.base.config.master_key.clone(), email.parse().unwrap());
    let made = world
        .base
        .platform
        .write(async move |tx: &mut PlatformTx| plataforma::convidar_admin(tx, &key, &Actor::sistema(), &to).await)
        .await
        .unwrap();
    made.path
}

/// Goes through the one-time link as a browser does: reads the secret off the page, proves it, chooses a password.
pub(crate) async fn admin(world: &World, email: &str) -> Admin {
    let path = convite(world, email).await;
    let page = world.get(CONSOLE, Who::Nobody, &path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let secret = shown_secret(&page.body);
    let totp = Builder::new().with_secret(secret).with_account_name(email).with_issuer(Some("SRI console")).build().unwrap();
    let form = format!("nome=Paula+Reis&senha={SENHA}&senha2={SENHA}&codigo={}", code(&totp, world));
    let entered = post(world, "", &path, &form).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    Admin { email: email.to_owned(), totp, cookie: entered.cookie(COOKIE).expect("in") }
}

/// The secret in groups of four letters, as the page shows it to whoever cannot scan.
fn shown_secret(page: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let is_group = |group: &str| group.len() == 4 && group.chars().all(|c| ALPHABET.contains(c));
    let shown = page.split(['<', '>']).find(|text| text.trim().split(' ').count() == 8 && text.trim().split(' ').all(is_group));
    let letters = shown.expect("the secret is shown").replace(char::is_whitespace, "");
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for letter in letters.chars() {
        bits = bits << 5 | u32::try_from(ALPHABET.find(letter).unwrap()).unwrap();
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    bytes
}

/// S0-2, ASVS V6: a link works once, a password alone opens nothing, a code works once.
#[tokio::test]
async fn an_admin_comes_in_with_two_factors_only() {
    let world = World::new().await;
    let path = convite(&world, "paula@senai.example").await;
    let paula = admin(&world, "paula@senai.example").await;
    assert_eq!(world.get(CONSOLE, Who::Nobody, &path).await.status, StatusCode::NOT_FOUND, "the older link was replaced");
    assert_eq!(world.get(CONSOLE, Who::Cookie(&paula.cookie), "/unidades").await.status, StatusCode::OK);
    assert_eq!(post(&world, &paula.cookie, "/sair", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get(CONSOLE, Who::Cookie(&paula.cookie), "/unidades").await.header("location"), "/entrar");

    world.base.clock.advance(TimeDelta::seconds(60));
    let wrong = post(&world, "", "/entrar", &format!("email={}&senha=outra-coisa-qualquer", paula.email)).await;
    let unknown = post(&world, "", "/entrar", "email=ninguem@senai.example&senha=outra-coisa-qualquer").await;
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));

    let half = post(&world, "", "/entrar", &format!("email={}&senha={SENHA}", paula.email)).await;
    let half = half.cookie(COOKIE).expect("half-way");
    for page in ["/unidades", "/auditoria", "/migracoes"] {
        assert_ne!(world.get(CONSOLE, Who::Cookie(&half), page).await.status, StatusCode::OK, "a password alone opens nothing");
    }
    let code = paula.code(&world);
    let entered = post(&world, &half, "/entrar/codigo", &format!("codigo={code}")).await;
    let cookie = entered.cookie(COOKIE).expect("in");
    assert_ne!(cookie, half, "a new session after the second factor");
    assert_eq!(world.get(CONSOLE, Who::Cookie(&cookie), "/unidades").await.status, StatusCode::OK);

    let again = post(&world, "", "/entrar", &format!("email={}&senha={SENHA}", paula.email)).await.cookie(COOKIE).unwrap();
    let replayed = post(&world, &again, "/entrar/codigo", &format!("codigo={code}")).await;
    assert!(replayed.cookie(COOKIE).is_none() && replayed.status == StatusCode::UNPROCESSABLE_ENTITY, "a code works once");
}

/// Guessing codes ends soon, whoever guesses them.
#[tokio::test]
async fn guessed_codes_are_counted() {
    let world = World::new().await;
    let paula = admin(&world, "paula@senai.example").await;
    world.base.clock.advance(TimeDelta::seconds(60));
    let password = format!("email={}&senha={SENHA}", paula.email);
    let with_code = async |code: &str| {
        // The password is right each time, so a new half session is there for each guess.
        let half = post(&world, "", "/entrar", &password).await.cookie(COOKIE).expect("half-way");
        post(&world, &half, "/entrar/codigo", &format!("codigo={code}")).await.cookie(COOKIE)
    };
    for guess in 0..5 {
        assert!(with_code(&format!("00000{guess}")).await.is_none());
    }
    assert!(with_code(&paula.code(&world)).await.is_none(), "not even the right one, for a while");
    world.base.clock.advance(TimeDelta::minutes(16));
    assert!(with_code(&paula.code(&world)).await.is_some());
}

/// Many guesses at once are no more than many in a row, and the trail does not grow with them.
#[tokio::test]
async fn guesses_at_once_are_bounded_too() {
    let world = World::new().await;
    let paula = admin(&world, "paula@senai.example").await;
    let wrong = format!("email={}&senha=outra-coisa-qualquer", paula.email);
    futures::future::join_all((0..20).map(|_| post(&world, "", "/entrar", &wrong))).await;
    let noted = "SELECT count(*) FROM platform.auditoria WHERE action = 'admin.entrada_recusada'";
    assert_eq!(world.base.number(noted).await, 6, "five were looked at, and the sixth said that there were too many");
    let right = format!("email={}&senha={SENHA}", paula.email);
    assert!(post(&world, "", "/entrar", &right).await.cookie(COOKIE).is_none(), "not even the right one, for a while");
    world.base.clock.advance(TimeDelta::minutes(16));
    assert!(post(&world, "", "/entrar", &right).await.cookie(COOKIE).is_some());
}

/// Every route of the console, for whoever is no admin: the session of a unidade, its token, nobody.
#[tokio::test]
async fn no_unidade_opens_the_console_and_the_console_opens_no_unidade() {
    let world = World::new().await;
    let side: Side = world.side(&world.base.alfa).await;
    let paula = admin(&world, "paula@senai.example").await;
    let mut ids = Ids::new();
    ids.insert("unidade", side.unidade.id.to_string());
    ids.insert("version", side.ids["unidade.version"].clone());
    ids.insert("slug", "alfa".to_owned());
    let register = "SELECT md5(string_agg(u::text, '' ORDER BY u::text)) FROM platform.unidade u";
    let before = (world.text(register).await, world.base.fingerprint(&side.unidade).await);
    let mut open = Vec::new();
    for info in plataforma::routes().iter().map(|route| &route.info).filter(|info| is_closed(info)) {
        let forged = side.cookie.replace("__Host-sessao", COOKIE);
        for (name, who) in [
            ("nobody", Who::Nobody),
            ("sessão", Who::Cookie(&side.cookie)),
            ("forged", Who::Cookie(&forged)),
            ("token", Who::Bearer(&side.bearer)),
        ] {
            let answer =
                world.ask(CONSOLE, who, &info.method, &filled(info.sample.target, &ids), &filled(info.sample.body, &ids)).await;
            let to_the_door = answer.status == StatusCode::SEE_OTHER && answer.header("location") == "/entrar";
            if !to_the_door && answer.status != StatusCode::UNAUTHORIZED {
                open.push(format!("{name}: {} {} {}", info.method, info.path, answer.status));
            }
        }
    }
    assert!(open.is_empty(), "{open:#?}");
    assert_eq!((world.text(register).await, world.base.fingerprint(&side.unidade).await), before);
    // The other way round.
    let forged = paula.cookie.replace(COOKIE, "__Host-sessao");
    for cookie in [&paula.cookie, &forged] {
        let answer = world.get("alfa.sri.example", Who::Cookie(cookie), "/empresas").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    // The console's pages are on no other host, and a unidade's not on the console's.
    assert_eq!(world.get("alfa.sri.example", Who::Cookie(&side.cookie), "/unidades").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(CONSOLE, Who::Cookie(&paula.cookie), "/empresas").await.status, StatusCode::NOT_FOUND);
}

/// The samples of the console's routes work for an admin, and no page says anything of what a unidade holds.
#[tokio::test]
async fn the_console_shows_numbers_of_a_unidade_and_nothing_in_it() {
    let mut broken = Vec::new();
    for info in plataforma::routes().into_iter().map(|route| route.info).filter(is_closed) {
        // They ask for more than a unidade at rest: a provisioning that runs or failed, an archived one with a backup.
        if ["/andamento", "/tentar", "/excluir"].iter().any(|end| info.path.ends_with(end)) {
            continue;
        }
        let world = World::new().await;
        let side = world.side(&world.base.alfa).await;
        let paula = admin(&world, "paula@senai.example").await;
        let mut ids = Ids::new();
        ids.insert("unidade", side.unidade.id.to_string());
        ids.insert("version", world.text("SELECT version::text FROM platform.unidade WHERE slug = 'alfa'").await);
        ids.insert("slug", "alfa".to_owned());
        let inside = world.base.fingerprint(&side.unidade).await;
        let target = filled(info.sample.target, &ids);
        let answer = world.ask(CONSOLE, Who::Cookie(&paula.cookie), &info.method, &target, &filled(info.sample.body, &ids)).await;
        let passed = answer.status.is_success()
            || (answer.status == StatusCode::SEE_OTHER && (answer.header("location") != "/entrar" || info.path == "/sair"));
        if !passed {
            broken.push(format!("{} {target}: {answer:?}", info.method));
        }
        for secret in ["Aurora", "marina@alfa", "Marina"] {
            if answer.body.contains(secret) {
                broken.push(format!("{} {target} says {secret}", info.method));
            }
        }
        if info.method == Method::GET && world.base.fingerprint(&side.unidade).await != inside {
            broken.push(format!("{} {target} changed the unidade", info.method));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Suspended in the console, shut everywhere; reactivated, open again (console and site of one process).
#[tokio::test]
async fn suspending_in_the_console_works_at_once() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let paula = admin(&world, "paula@senai.example").await;
    let target = format!("/unidades/{}/situacao", side.unidade.id);
    let without_reason = post(&world, &paula.cookie, &target, "passo=suspender&motivo=").await;
    assert_eq!(without_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.get("alfa.sri.example", Who::Cookie(&side.cookie), "/empresas").await.status, StatusCode::OK);
    let done = post(&world, &paula.cookie, &target, "passo=suspender&motivo=Contrato+vencido").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(world.get("alfa.sri.example", Who::Cookie(&side.cookie), "/empresas").await.status, StatusCode::FORBIDDEN);
    let done = post(&world, &paula.cookie, &target, "passo=reativar&motivo=Pago").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(world.get("alfa.sri.example", Who::Cookie(&side.cookie), "/empresas").await.status, StatusCode::OK);
    let trail = world.base.number("SELECT count(*) FROM platform.auditoria WHERE action LIKE 'unidade.%'").await;
    assert!(trail >= 2, "{trail}");
}

/// S1-11: the platform gives a unidade its own domain and colours; neither takes what is somebody else's.
#[tokio::test]
async fn a_unidade_is_given_its_domain_and_colours() {
    let world = World::new().await;
    let paula = admin(&world, "paula@senai.example").await;
    let target = |slug: &'static str| {
        let id = if slug == "alfa" { world.base.alfa.id } else { world.base.beta.id };
        format!("/unidades/{id}/dados")
    };
    let version =
        async |slug: &str| world.text(&format!("SELECT version::text FROM platform.unidade WHERE slug = '{slug}'")).await;
    let form = async |slug: &str, domain: &str, cores: &str| {
        format!("nome=SENAI+{slug}&custom_domain={domain}&{cores}&version={}", version(slug).await)
    };
    for (domain, cores) in [
        ("alfa.sri.example", "cores=padrao"),
        ("sri.example", "cores=padrao"),
        ("10.0.0.1", "cores=padrao"),
        ("relaciona.example:80", "cores=padrao"),
        ("relaciona.example", "cores=proprias&primaria=red&destaque=%23001010"),
        ("relaciona.example", ""),
    ] {
        let refused = post(&world, &paula.cookie, &target("alfa"), &form("alfa", domain, cores).await).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{domain} {cores} {refused:?}");
    }
    let own = "cores=proprias&primaria=%23006633&destaque=%23ffcc00";
    let done = post(&world, &paula.cookie, &target("alfa"), &form("alfa", "Relaciona.Example.", own).await).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{done:?}");
    let page = world.get(CONSOLE, Who::Cookie(&paula.cookie), &format!("/unidades/{}", world.base.alfa.id)).await;
    assert!(page.body.contains("value=\"#006633\"") && page.body.contains("value=\"relaciona.example\""), "{page:?}");
    world.house.gates.registry.forget(world.base.alfa.id);
    let site = world.get("relaciona.example", Who::Nobody, "/entrar").await;
    assert!(site.status == StatusCode::OK && site.body.contains("#006633"), "{site:?}");
    let taken = post(&world, &paula.cookie, &target("beta"), &form("beta", "relaciona.example", "cores=padrao").await).await;
    assert!(taken.status.is_client_error(), "{taken:?}");
    // A mistake in another form of the page leaves this one filled.
    let situacao = format!("/unidades/{}/situacao", world.base.alfa.id);
    let refused = post(&world, &paula.cookie, &situacao, "passo=suspender&motivo=").await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("value=\"relaciona.example\""),
        "{refused:?}"
    );
}
