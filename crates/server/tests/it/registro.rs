//! An empresa's page through the door: its tabs, its history, its trail, and fields changed where they stand.

use axum::http::{Method, StatusCode};
use scraper::{Html, Selector};

use crate::support::{Answer, Side, Who, World, host};

struct Visit<'a> {
    world: &'a World,
    host: String,
    who: Who<'a>,
    path: String,
}

impl<'a> Visit<'a> {
    fn new(world: &'a World, side: &'a Side, cookie: &'a str) -> Self {
        Self { world, host: host(&side.unidade), who: Who::Cookie(cookie), path: format!("/empresas/{}", side.ids["empresa"]) }
    }

    async fn get(&self, tab: &str) -> Answer {
        self.world.get(&self.host, self.who, &format!("{}{tab}", self.path)).await
    }

    async fn post(&self, tab: &str, form: &str) -> Answer {
        self.world.post(&self.host, self.who, &format!("{}{tab}", self.path), form).await
    }
}

/// Text of every element that matches, with blanks folded.
fn texts(page: &Answer, css: &str) -> Vec<String> {
    let (html, css) = (Html::parse_document(&page.body), Selector::parse(css).unwrap());
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    html.select(&css).map(|element| words(&element.text().collect::<Vec<_>>().join(" "))).collect()
}

fn attr(page: &Answer, css: &str, name: &str) -> Vec<String> {
    let (html, css) = (Html::parse_document(&page.body), Selector::parse(css).unwrap());
    html.select(&css).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
}

const TABS: [&str; 10] =
    ["", "/linha-do-tempo", "/contatos", "/documentos", "/mapa", "/auditoria", "/visitas", "/demandas", "/projetos", "/tarefas"];

/// Each sees the tabs that they may open, and every tab that is drawn opens.
#[tokio::test]
async fn tabs_are_drawn_for_whoever_may_open_them() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let leitor = world.person(&side.unidade, "Leitor", "leo@alfa.example").await;
    let atendente = world.person(&side.unidade, "Atendente", "ana@alfa.example").await;
    // A Leitor has no part in the trail.
    for (cookie, without) in [(&side.cookie, None), (&leitor, Some("/auditoria"))] {
        let visit = Visit::new(&world, &side, cookie);
        let page = visit.get("").await;
        let wanted: Vec<_> = TABS.into_iter().filter(|tab| Some(*tab) != without).collect();
        assert_eq!(attr(&page, ".tabs a", "href"), wanted.iter().map(|tab| format!("{}{tab}", visit.path)).collect::<Vec<_>>());
        for tab in wanted {
            let page = visit.get(tab).await;
            assert_eq!(page.status, StatusCode::OK, "{tab}");
            assert_eq!(attr(&page, ".tabs a[aria-current]", "href"), [format!("{}{tab}", visit.path)], "the tab knows itself");
            assert_eq!(texts(&page, "h1"), ["Metalúrgica Aurora Ltda"], "{tab}");
        }
    }
    assert_eq!(Visit::new(&world, &side, &leitor).get("/auditoria").await.status, StatusCode::FORBIDDEN);
    assert!(
        texts(&Visit::new(&world, &side, &leitor).get("").await, "[data-edit]").is_empty(),
        "who may not change is not asked to"
    );
    for tab in TABS {
        let status = Visit::new(&world, &side, &atendente).get(tab).await.status;
        assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN), "{tab}: somebody else's empresa does not exist");
    }
}

/// Sees all empresas, changes only their own: nothing of the others is offered or taken.
#[tokio::test]
async fn what_is_out_of_reach_is_not_offered() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let schema = side.unidade.names().schema();
    let cookie = world.person(&side.unidade, "Atendente", "ana@alfa.example").await;
    let wide = format!(
        "UPDATE {schema}.perfil_permissao SET escopo = 'todas' WHERE permissao = 'empresas.empresa.ver'
         AND perfil_id = (SELECT id FROM {schema}.perfil WHERE key = 'atendente')"
    );
    world.base.execute(&wide).await;
    let visit = Visit::new(&world, &side, &cookie);
    let page = visit.get("").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(texts(&page, "[data-edit]").is_empty());
    assert!(
        !attr(&page, ".tabs a", "href").iter().any(|href| href.ends_with("/documentos")),
        "documentos are in a narrower scope"
    );
    let before = world.contents(&side.unidade).await;
    assert_eq!(visit.get("/editar/porte").await.status, StatusCode::NOT_FOUND);
    let refused = visit.post("/editar/porte", "version=1&visto_porte=medio&porte=me").await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(world.contents(&side.unidade).await, before);
    // What happened to documentos is not told to whoever does not reach them.
    let told = visit.get("/linha-do-tempo").await;
    assert!(!texts(&told, ".timeline b").iter().any(|title| title.contains("fachada.png")), "{told:?}");
    let own = format!(
        "UPDATE {schema}.empresa SET responsavel_id = (SELECT id FROM {schema}.usuario WHERE email = 'ana@alfa.example')"
    );
    world.base.execute(&own).await;
    assert!(texts(&visit.get("/linha-do-tempo").await, ".timeline b").iter().any(|title| title.contains("fachada.png")));
    assert_eq!(visit.post("/editar/porte", "version=1&visto_porte=medio&porte=me").await.status, StatusCode::SEE_OTHER);
}

/// S0-3.28 and the issue's acceptance: who changed what, with both values, whatever did it.
#[tokio::test]
async fn the_timeline_tells_what_changed_with_both_values() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let visit = Visit::new(&world, &side, &side.cookie);
    visit.post("/editar/telefone", "version=1&visto_telefone=&telefone=4734330000").await;
    let contato = format!("/contatos/{}", side.ids["contato"]);
    let form = "version=1&nome=Sueli+Ramos&cargo=Diretora&papel=direcao&email=sueli%40aurora.example&telefone=47999990002";
    assert_eq!(visit.post(&contato, form).await.status, StatusCode::SEE_OTHER);
    // What a spreadsheet did to it, as an importação leaves it in the trail.
    let imported = format!(
        "INSERT INTO {}.auditoria (id, at, actor_kind, actor_nome, action, entity, entity_id, before, after)
         VALUES (gen_random_uuid(), now(), 'usuario', 'Marina', 'empresa.alterada', 'empresa', '{}', '{{\"porte\": \"me\"}}',
                 '{{\"porte\": \"epp\", \"importacao\": \"maio.xlsx\"}}')",
        side.unidade.names().schema(),
        side.ids["empresa"]
    );
    world.base.execute(&imported).await;

    let page = visit.get("/linha-do-tempo").await;
    let titles = texts(&page, ".timeline b");
    for title in [
        "Cadastro alterado",
        "Contato alterado: Sueli Ramos",
        "Documento enviado: fachada.png",
        "Atualizada pela planilha maio.xlsx",
    ] {
        assert!(titles.iter().any(|told| told == title), "{title} in {titles:?}");
    }
    let fields = texts(&page, ".changes div");
    for field in [
        "Telefone — (47) 3433-0000",
        "Cargo Gerente de RH Diretora",
        "Área RH Direção",
        "Telefone (47) 99999-0001 (47) 99999-0002",
        "Porte ME EPP",
    ] {
        assert!(fields.iter().any(|told| told == field), "{field} in {fields:?}");
    }
    let only = visit.get("/linha-do-tempo?tipo=contato").await;
    assert!(texts(&only, ".timeline b").iter().all(|title| title.starts_with("Contato")), "{only:?}");
    assert_eq!(texts(&only, ".history .chip-on"), ["Contatos"]);
    // Kinds that are none, and a place in time that is none, are as if they were not said.
    let odd = visit.get("/linha-do-tempo?tipo=%3Cb%3E&antes=zz").await;
    assert_eq!(texts(&odd, ".timeline b"), titles);
}

/// Part after part, nothing is told twice and nothing is left out, though many things happened at one instant.
#[tokio::test]
async fn a_long_timeline_comes_in_parts() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let schema = side.unidade.names().schema();
    let many = format!(
        "INSERT INTO {schema}.auditoria (id, at, actor_kind, actor_nome, action, entity, entity_id, before, after)
         SELECT gen_random_uuid(), '2026-11-20T12:00:00Z'::timestamptz - make_interval(hours => n / 7), 'usuario', 'Marina',
                'empresa.alterada', 'empresa', '{}', jsonb_build_object('numero', n::text), jsonb_build_object('numero', (n + 1)::text)
         FROM generate_series(1, 100) n",
        side.ids["empresa"]
    );
    world.base.execute(&many).await;
    let visit = Visit::new(&world, &side, &side.cookie);
    let mut address = "/linha-do-tempo?tipo=cadastro".to_owned();
    let mut told = Vec::new();
    for _ in 0..5 {
        let page = visit.get(&address).await;
        told.extend(texts(&page, ".changes div").into_iter().filter(|field| field.starts_with("Número")));
        let Some(more) = attr(&page, "[data-more]", "href").pop() else { break };
        address = more.strip_prefix(&visit.path).unwrap().to_owned();
    }
    assert_eq!(told.len(), 100);
    let mut once = told.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), 100, "nothing is told twice");
}

/// The raw trail: who, when, from where, each field; a page at a time.
#[tokio::test]
async fn the_auditoria_tab_shows_the_trail() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let visit = Visit::new(&world, &side, &side.cookie);
    visit.post("/editar/porte", "version=1&visto_porte=medio&porte=me").await;
    let page = visit.get("/auditoria").await;
    let rows = texts(&page, ".trail tbody tr");
    let row = rows.iter().find(|row| row.contains("Porte")).unwrap();
    for part in ["Ana Lima", "Alterou uma empresa", "Porte Médio ME"] {
        assert!(row.contains(part), "{part} in {row}");
    }
    assert_eq!(visit.get("/auditoria?pagina=9&por=25").await.status, StatusCode::OK);
}

/// One field at a time: saved, refused, in conflict, and untroubled by what somebody did to another field.
#[tokio::test]
async fn a_field_is_changed_by_itself() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let visit = Visit::new(&world, &side, &side.cookie);
    let schema = side.unidade.names().schema();
    let of = async |column: &str| {
        let sql = format!("SELECT coalesce({column}::text, '') FROM {schema}.empresa WHERE id = '{}'", side.ids["empresa"]);
        world.text(&sql).await
    };

    let form = visit.get("/editar/telefone").await;
    assert_eq!(attr(&form, "[name=version]", "value"), ["1"]);
    let saved = visit.post("/editar/telefone", "version=1&visto_telefone=&telefone=(47)+3433-0000").await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, &*format!("{}#campo-telefone", visit.path)));
    assert_eq!((of("telefone").await, of("version").await), ("+554734330000".to_owned(), "2".to_owned()));

    // Opened before that, another field is saved all the same: nobody touched it.
    let other = visit.post("/editar/nome_fantasia", "version=1&visto_nome_fantasia=Aurora&nome_fantasia=Aurora+Metais").await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "{other:?}");
    assert_eq!((of("nome_fantasia").await, of("telefone").await), ("Aurora Metais".to_owned(), "+554734330000".to_owned()));

    // The same field is another matter: both values, and the person chooses.
    let clash = visit.post("/editar/nome_fantasia", "version=1&visto_nome_fantasia=Aurora&nome_fantasia=Aurora+Sul").await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    let choices = texts(&clash, "[role=radiogroup] label");
    assert!(choices[0].ends_with("Aurora Metais") && choices[1].ends_with("Aurora Sul"), "{choices:?}");
    assert_eq!(attr(&clash, "[name=visto_nome_fantasia]", "value"), ["Aurora Metais"]);
    let mine = "version=3&visto_nome_fantasia=Aurora+Metais&nome_fantasia=Aurora+Sul&escolha_nome_fantasia=meu&atual_nome_fantasia=Aurora+Metais";
    assert_eq!(visit.post("/editar/nome_fantasia", mine).await.status, StatusCode::SEE_OTHER);
    assert_eq!(of("nome_fantasia").await, "Aurora Sul");

    // A município brings its UF along, or is refused with what was typed.
    let moved = visit.post("/editar/municipio", "version=4&visto_municipio=&visto_uf=SC&municipio=curitiba&uf=PR").await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{moved:?}");
    assert_eq!((of("cidade").await, of("uf").await), ("Curitiba".to_owned(), "PR".to_owned()));
    let wrong = visit.post("/editar/municipio", "version=5&visto_municipio=Curitiba&visto_uf=PR&municipio=Narnia&uf=PR").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(attr(&wrong, "[name=municipio]", "value"), ["Narnia"]);

    for (campo, form) in [
        ("nome", "version=5&visto_nome=&nome="),
        ("situacao", "version=5&situacao=rei"),
        ("observacoes", &*format!("version=5&observacoes={}", "x".repeat(5_000))),
        ("cnpj", "version=5&cnpj=11.222.333%2F0001-80"),
    ] {
        let before = world.contents(&side.unidade).await;
        let answer = visit.post(&format!("/editar/{campo}"), form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{campo}");
        assert_eq!(world.contents(&side.unidade).await, before, "{campo}");
    }
    for none in ["municipio_id", "id", "version", "responsavel_id", "%3Cb%3E"] {
        assert_eq!(visit.get(&format!("/editar/{none}")).await.status, StatusCode::NOT_FOUND, "{none}");
    }
    // The same twice changes nothing and tells nothing.
    let before = world.base.fingerprint(&side.unidade).await;
    visit.post("/editar/telefone", "version=5&visto_telefone=(47)+3433-0000&telefone=(47)+3433-0000").await;
    let noted = |print: &str| print.split(';').filter(|table| table.starts_with("auditoria:")).collect::<String>();
    assert_eq!(noted(&world.base.fingerprint(&side.unidade).await), noted(&before));
}

/// The one page that loads pictures from another host says so, and no other page does.
#[tokio::test]
async fn only_a_page_with_a_map_opens_the_policy() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let visit = Visit::new(&world, &side, &side.cookie);
    let tiles = "https://tile.openstreetmap.org";
    for tab in TABS {
        assert!(!visit.get(tab).await.header("content-security-policy").contains(tiles), "{tab}: no position is known yet");
    }
    visit.post("/editar/municipio", "version=1&visto_municipio=&visto_uf=SC&municipio=joinville&uf=SC").await;
    for tab in TABS {
        let policy = visit.get(tab).await.header("content-security-policy").to_owned();
        assert_eq!(policy.contains(&format!("img-src 'self' data: {tiles};")), tab == "/mapa", "{tab}: {policy}");
        assert!(!policy.replacen(tiles, "", 1).contains(tiles), "for pictures alone");
    }
    let page = visit.get("/mapa").await;
    assert_eq!(attr(&page, "[data-map]", "data-latitude").len(), 1);
    assert!(attr(&page, ".map-ways a", "href")[0].contains("Joinville"));
    // A visita is there, until somebody tells where they really are.
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let path = format!("/visitas/{}", side.ids["visita.passada"]);
    let latitude = async || {
        let page = world.get(&here, who, &path).await;
        assert!(page.header("content-security-policy").contains(&format!("img-src 'self' data: {tiles};")));
        attr(&page, "[data-map]", "data-latitude").remove(0)
    };
    let before = latitude().await;
    let schema = side.unidade.names().schema();
    world
        .base
        .execute(&format!("UPDATE {schema}.visita SET chegada_at = now(), latitude = -26.25, longitude = -48.8, precisao = 9"))
        .await;
    assert!(before.starts_with("-26.3") && latitude().await == "-26.25");
    world
        .base
        .execute(&format!("UPDATE {schema}.visita SET chegada_at = NULL, latitude = NULL, longitude = NULL, local = 'Na filial'"))
        .await;
    assert!(!world.get(&here, who, &path).await.header("content-security-policy").contains(tiles), "in words that no map knows");
}

/// S0-17.1: contatos over REST, as empresas.
#[tokio::test]
async fn programs_keep_contatos() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (host, who) = (host(&side.unidade), Who::Bearer(&side.bearer));
    let list = format!("/api/v1/empresas/{}/contatos", side.ids["empresa"]);
    let json = |answer: &Answer| serde_json::from_str::<serde_json::Value>(&answer.body).unwrap();
    let made = world.ask(&host, who, &Method::POST, &list, r#"{"nome":"Ivo","telefone":"(47) 99999-0003"}"#).await;
    assert_eq!((made.status, made.header("etag")), (StatusCode::CREATED, "\"1\""), "{made:?}");
    let one = made.header("location").to_owned();
    assert_eq!(json(&made)["telefone"], "+5547999990003");
    assert_eq!(json(&world.get(&host, who, &list).await)["total"], 2);
    // The request says If-Match: "1".
    let patched = world.ask(&host, who, &Method::PATCH, &one, r#"{"papel":"compras","telefone":null}"#).await;
    assert_eq!((patched.status, patched.header("etag")), (StatusCode::OK, "\"2\""));
    assert_eq!((&json(&patched)["papel"], &json(&patched)["telefone"]), (&"compras".into(), &serde_json::Value::Null));
    let stale = world.ask(&host, who, &Method::PUT, &one, r#"{"nome":"Ivo Lang"}"#).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let named: Vec<_> = json(&stale)["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
    assert_eq!(named, ["nome", "papel"]);
    let wrong = world.ask(&host, who, &Method::POST, &list, r#"{"nome":"","papel":"rei"}"#).await;
    assert_eq!((wrong.status, json(&wrong)["errors"].as_array().unwrap().len()), (StatusCode::UNPROCESSABLE_ENTITY, 2));
    assert_eq!(world.ask(&host, who, &Method::DELETE, &one, "").await.status, StatusCode::CONFLICT, "another version");
    let trashed = format!("{list}/{}", side.ids["contato"]);
    assert_eq!(world.ask(&host, who, &Method::DELETE, &trashed, "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&host, who, &trashed).await.status, StatusCode::NOT_FOUND);
    let back = world.ask(&host, who, &Method::POST, &format!("{trashed}/restaurar"), "").await;
    assert_eq!(back.status, StatusCode::OK, "{back:?}");
}
