//! The calendar at the door: days within reach, moving what stands in them, and the address that a telephone reads.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use crate::support::{Who, World, host};

/// S0-6.1 to S0-6.8: the month has what each module knows, narrowed as was asked; the list and the week are the same days.
#[tokio::test]
async fn the_days_hold_what_the_modules_know_of_them() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let schema = side.unidade.names().schema();
    let open = world.get(&here, who, "/agenda?responsavel=x").await;
    assert_eq!(open.header("location"), "/agenda/mes/2026-11-23?responsavel=x", "an old bookmark keeps its filters");
    world
        .base
        .execute(&format!(
            "UPDATE {schema}.demanda SET data_prazo = '2026-11-26' WHERE id = '{demanda}';
             UPDATE {schema}.visita SET inicio_at = '2026-11-25T12:00:00Z', fim_at = '2026-11-25T13:00:00Z' WHERE id = '{visita}';
             UPDATE {schema}.tarefa SET data_prazo = '2026-11-01' WHERE id = '{tarefa}'",
            demanda = side.ids["demanda"],
            visita = side.ids["visita"],
            tarefa = side.ids["tarefa"]
        ))
        .await;
    let item = |kind: &str, id: &str| format!("data-item=\"{kind}/{}\"", side.ids[id]);
    let all = [item("demanda", "demanda"), item("visita", "visita"), item("tarefa", "tarefa")];
    let month = "/agenda/mes/2026-11-23";
    let page = world.get(&here, who, month).await.body;
    assert!(all.iter().all(|item| page.contains(item)), "{page}");
    assert!(page.contains("data-begin=\"2026-11-25T09:00:00\""), "as the clock on the wall of the unidade: {page}");
    // A holiday of the nation's.
    assert!(page.contains("Dia Nacional de Zumbi"), "{page}");
    let week = world.get(&here, who, "/agenda/semana/2026-11-23").await.body;
    assert!(week.contains(&all[0]) && week.contains(&all[1]) && !week.contains(&all[2]), "{week}");
    let list = world.get(&here, who, "/agenda/lista/2026-11-26").await.body;
    assert!(list.contains(&all[0]) && !list.contains(&all[1]), "from that day on: {list}");

    for (filter, shown) in [
        ("camada=visita", vec![1]),
        ("camada=demanda&camada=tarefa", vec![0, 2]),
        ("situacao=demanda.nova", vec![0]),
        ("situacao=tarefa.concluida", vec![]),
        ("camada=visita&situacao=demanda.nova", vec![]),
        ("camada=nada&situacao=x", vec![0, 1, 2]),
        ("q=curso+de+SOLDA", vec![0]),
    ] {
        let page = world.get(&here, who, &format!("{month}?{filter}")).await.body;
        for (i, item) in all.iter().enumerate() {
            assert_eq!(page.contains(item), shown.contains(&i), "{filter} {item}");
        }
    }
    for nowhere in ["/agenda/ano/2026-11-23", "/agenda/mes/2026-13-01", "/agenda/mes/9999-01-01", "/agenda/mes/x"] {
        assert_eq!(world.get(&here, who, nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    // Whoever reaches their own alone sees none of these.
    let atendente = world.person(&side.unidade, "Atendente", "ata@alfa.example").await;
    let page = world.get(&here, Who::Cookie(&atendente), month).await.body;
    assert!(page.contains("Dia Nacional de Zumbi") && !all.iter().any(|item| page.contains(item)), "{page}");
}

/// S0-4.11: what is dragged is moved by its module: once, to an hour that there is, by whoever may.
#[tokio::test]
async fn what_is_moved_is_moved_by_its_module() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let schema = side.unidade.names().schema();
    let path = format!("/agenda/visita/{}/mover", side.ids["visita"]);
    let to = |version: i32, day: &str| {
        format!("{path}?version={version}&inicio={day}T14:00:00&fim={day}T15:30:00&volta=/agenda/semana/2026-11-30")
    };
    let moved = world.post(&here, who, &to(1, "2026-11-30"), "").await;
    assert_eq!(moved.header("location"), "/agenda/semana/2026-11-30", "{moved:?}");
    let stored = format!("SELECT inicio_at || ' ' || fim_at FROM {schema}.visita WHERE id = '{}'", side.ids["visita"]);
    assert_eq!(world.text(&stored).await, "2026-11-30 17:00:00+00 2026-11-30 18:30:00+00");
    assert_eq!(world.post(&here, who, &to(1, "2026-12-01"), "").await.status, StatusCode::CONFLICT, "an old page moves nothing");
    assert_eq!(world.text(&stored).await, "2026-11-30 17:00:00+00 2026-11-30 18:30:00+00");

    for wrong in [
        "version=2",
        "version=2&inicio=2026-12-01T14:00:00",
        "version=2&dia=2026-12-01",
        "version=2&dia=2026-12-01&inicio=2026-12-01T14:00:00&fim=2026-12-01T15:00:00",
    ] {
        assert_eq!(
            world.post(&here, who, &format!("{path}?{wrong}"), "").await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{wrong}"
        );
    }
    let nonsense = world.post(&here, who, &format!("{path}?version=x&dia=y"), "").await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
    for nowhere in [path.replace("visita", "nada"), path.replace("visita", "feriado")] {
        assert_eq!(
            world.post(&here, who, &format!("{nowhere}?version=1&dia=2026-12-01"), "").await.status,
            StatusCode::NOT_FOUND
        );
    }
    let away =
        world.post(&here, who, &to(2, "2026-12-01").replace("/agenda/semana/2026-11-30", "https://evil.example/"), "").await;
    assert_eq!(away.header("location"), "/agenda", "back to no other house");

    let demanda = format!("/agenda/demanda/{}/mover?version=1&dia=2026-12-04", side.ids["demanda"]);
    let leitor = world.person(&side.unidade, "Leitor", "leo@alfa.example").await;
    assert_eq!(world.post(&here, Who::Cookie(&leitor), &demanda, "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.post(&here, who, &demanda, "").await.status, StatusCode::SEE_OTHER);
    let prazo = format!("SELECT data_prazo::text FROM {schema}.demanda WHERE id = '{}'", side.ids["demanda"]);
    assert_eq!(world.text(&prazo).await, "2026-12-04");
}

/// The path of the address that a page shows.
fn address(page: &str) -> String {
    let rest = page.split("/agenda/calendarios/").nth(1).unwrap_or_else(|| panic!("{page}"));
    format!("/agenda/calendarios/{}.ics", rest.split(".ics").next().unwrap())
}

/// S0-6.5: the address tells what its owner may see at that moment, to whoever has it, until it is revoked.
#[tokio::test]
async fn an_address_of_the_calendar_is_read_until_it_is_revoked() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let schema = side.unidade.names().schema();
    let made = world.post(&here, who, "/agenda/assinaturas", "alcance=unidade").await;
    assert_eq!(made.status, StatusCode::OK, "{made:?}");
    let address = address(&made.body);
    assert!(!world.get(&here, who, "/agenda/assinaturas").await.body.contains("/agenda/calendarios/"), "it is shown once");

    let read = world.get(&here, Who::Nobody, &address).await;
    assert_eq!((read.status, read.header("content-type")), (StatusCode::OK, "text/calendar; charset=utf-8"));
    let uid = format!("UID:visita-{}@", side.ids["visita"]);
    let unfolded = read.body.replace("\r\n ", "");
    assert!(unfolded.contains(&uid) && unfolded.contains("SEQUENCE:0"), "{unfolded}");
    assert!(read.body.lines().all(|line| line.len() <= 75), "lines are folded");
    let known = Request::builder().uri(&address).header(header::HOST, &here).header(header::IF_NONE_MATCH, read.header("etag"));
    let again = world.send(known.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "nothing new, nothing sent");
    let seen = format!("SELECT count(*)::text FROM {schema}.agenda_assinatura WHERE last_seen_at IS NOT NULL");
    assert_eq!(world.text(&seen).await, "1");

    // Another time is another version of the same event.
    let mover =
        format!("/agenda/visita/{}/mover?version=1&inicio=2026-11-30T14:00:00&fim=2026-11-30T15:00:00", side.ids["visita"]);
    assert_eq!(world.post(&here, who, &mover, "").await.status, StatusCode::SEE_OTHER);
    let read = world.get(&here, Who::Nobody, &address).await.body.replace("\r\n ", "");
    let event = read.split("BEGIN:VEVENT").find(|event| event.contains(&uid)).unwrap();
    assert!(event.contains("SEQUENCE:1") && event.contains("DTSTART:20261130T170000Z"), "{event}");

    for nothing in ["/agenda/calendarios/x.ics", "/agenda/calendarios/x", &address[..address.len() - 4]] {
        assert_eq!(world.get(&here, Who::Nobody, nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    // Somebody who may enter no more has no calendar; somebody else's address is not theirs to end.
    let usuario = format!("{schema}.usuario SET ativo");
    let email = &side.ids["usuario.email"];
    world.base.execute(&format!("UPDATE {usuario} = false WHERE email = '{email}'")).await;
    assert_eq!(world.get(&here, Who::Nobody, &address).await.status, StatusCode::NOT_FOUND);
    world.base.execute(&format!("UPDATE {usuario} = true WHERE email = '{email}'")).await;
    let id = format!("SELECT id::text FROM {schema}.agenda_assinatura WHERE last_seen_at IS NOT NULL");
    let revoke = format!("/agenda/assinaturas/{}/revogar", world.text(&id).await);
    let other = world.person(&side.unidade, "Coordenador", "cora@alfa.example").await;
    assert_eq!(world.post(&here, Who::Cookie(&other), &revoke, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post(&here, who, &revoke, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get(&here, Who::Nobody, &address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post(&here, who, &revoke, "").await.status, StatusCode::NOT_FOUND, "it is gone");
}

/// Whoever reads their own calendar reads no colleague's; there is an end to how many addresses somebody has.
#[tokio::test]
async fn an_address_of_ones_own_days_tells_no_other() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let here = host(&side.unidade);
    let coordenador = world.person(&side.unidade, "Coordenador", "cora@alfa.example").await;
    let who = Who::Cookie(&coordenador);
    let uid = format!("visita-{}@", side.ids["visita"]);
    for (alcance, told) in [("minha", false), ("unidade", true)] {
        let made = world.post(&here, who, "/agenda/assinaturas", &format!("alcance={alcance}")).await;
        let read = world.get(&here, Who::Nobody, &address(&made.body)).await.body.replace("\r\n ", "");
        assert_eq!(read.contains(&uid), told, "{alcance}: {read}");
    }
    assert_eq!(world.post(&here, who, "/agenda/assinaturas", "alcance=tudo").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 2..20 {
        assert_eq!(world.post(&here, who, "/agenda/assinaturas", "alcance=minha").await.status, StatusCode::OK);
    }
    let more = world.post(&here, who, "/agenda/assinaturas", "alcance=minha").await;
    assert!(more.status == StatusCode::UNPROCESSABLE_ENTITY && more.body.contains("Você já tem 20 endereços"), "{more:?}");
}
