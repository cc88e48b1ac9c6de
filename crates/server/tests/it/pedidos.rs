//! The list of what people ask, at the door: its tabs, what narrows it, and the same rows as files.

use axum::http::StatusCode;

use crate::support::{Who, World, host};

const LIST: &str = "/configuracoes/privacidade/pedidos";

/// Late, due within three days, due later, and answered; none is anybody else's.
async fn asked(world: &World) -> crate::support::Side {
    let side = world.side_without_empresas(&world.base.alfa).await;
    let schema = side.unidade.names().schema();
    let now = testkit::NOW;
    let due = |days: i32| format!("('{now}'::timestamptz AT TIME ZONE 'America/Sao_Paulo')::date + ({days})");
    world
        .base
        .execute(&format!(
            "DELETE FROM {schema}.pedido_link; DELETE FROM {schema}.pedido_titular;
             INSERT INTO {schema}.pedido_titular
                 (id, protocolo, tipo, origem, situacao, nome, email, idioma, created_at, recebido_at, data_limite, respondido_at)
             VALUES (gen_random_uuid(), 'PED-ATRASADO', 'acesso', 'telefone', 'recebido', 'Ágata Lume', 'agata@fora.example', 'pt-BR',
                     '{now}', '{now}', {}, NULL),
                    (gen_random_uuid(), 'PED-LOGO', 'acesso', 'conta', 'em_atendimento', '=SOMA(1)', 'bruno@fora.example', 'pt-BR',
                     '{now}', '{now}', {}, NULL),
                    (gen_random_uuid(), 'PED-TARDE', 'correcao', 'carta', 'recebido', 'Caio Lume', NULL, 'pt-BR',
                     '{now}', '{now}', {}, NULL),
                    (gen_random_uuid(), 'PED-PRONTO', 'oposicao', 'conta', 'recusado', 'Dora Lume', 'dora@fora.example', 'pt-BR',
                     '{now}', '{now}', {}, '{now}'),
                    (gen_random_uuid(), 'PED-NADA', 'oposicao', 'formulario', 'a_confirmar', 'Eva Lume', 'eva@fora.example', 'pt-BR',
                     '{now}', NULL, NULL, NULL)",
            due(-1),
            due(3),
            due(4),
            due(-5),
        ))
        .await;
    side
}

#[tokio::test]
async fn the_list_and_its_files_have_the_rows_that_the_address_says() {
    let world = World::new().await;
    let side = asked(&world).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let (late, soon, later, done) = ("PED-ATRASADO", "PED-LOGO", "PED-TARDE", "PED-PRONTO");
    let cases: [(&str, &[&str]); 15] = [
        ("", &[late, soon, later]),
        ("quais=prazo", &[late, soon]),
        ("quais=respondidos", &[done]),
        ("quais=todos", &[late, soon, later, done]),
        ("situacao=em_atendimento", &[soon]),
        ("quais=todos&situacao=recusado", &[done]),
        ("prazo=vencido", &[late]),
        ("prazo=vencendo", &[soon]),
        ("quais=todos&prazo=depois", &[later]),
        ("quais=todos&q=LUME", &[late, later, done]),
        ("q=%C3%A1gata", &[late]),
        ("q=bruno%40", &[soon]),
        ("q=ped-tarde", &[later]),
        ("situacao=recebido&prazo=vencido&q=caio", &[]),
        // Nonsense, and what does not go with the tab, narrows nothing.
        ("quais=x&situacao=recusado&prazo=ontem", &[late, soon, later]),
    ];
    for (query, rows) in cases {
        for path in [LIST.to_owned(), format!("{LIST}/exportar.csv")] {
            let answer = world.get(&here, who, &format!("{path}?{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}?{query}: {answer:?}");
            let shown: Vec<_> =
                [late, soon, later, done, "PED-NADA"].into_iter().filter(|one| answer.body.contains(one)).collect();
            assert_eq!(shown, rows, "{path}?{query}");
        }
    }
    let page = world.get(&here, who, &format!("{LIST}?quais=todos&prazo=vencido&q=%3Cb%3E%26")).await;
    assert!(
        page.body.contains("exportar.pdf?quais=todos&#38;prazo=vencido&#38;q=%3Cb%3E%26"),
        "the files ask the same: {page:?}"
    );
}

#[tokio::test]
async fn the_list_goes_out_as_files_and_that_is_noted() {
    let world = World::new().await;
    let side = asked(&world).await;
    let (here, schema) = (host(&side.unidade), side.unidade.names().schema());
    let file = async |who: Who<'_>, format: &str| world.get(&here, who, &format!("{LIST}/exportar.{format}?quais=todos")).await;
    let own = Who::Cookie(&side.cookie);
    let csv = file(own, "csv").await;
    assert!(csv.body.contains("'=SOMA(1)"), "what people type is no formula: {csv:?}");
    assert!(csv.header("content-disposition").contains("pedidos-alfa-"), "{csv:?}");
    assert!(file(own, "xlsx").await.body.starts_with("PK") && file(own, "pdf").await.body.starts_with("%PDF"));
    let noted = format!(
        "SELECT count(*) FROM {schema}.auditoria WHERE action = 'privacidade.pedidos_exportados' AND (after ->> 'n')::int = 4"
    );
    assert_eq!(world.base.number(&noted).await, 3);
    let leitor = world.person(&side.unidade, "Leitor", "leo@alfa.example").await;
    assert_eq!(file(Who::Cookie(&leitor), "csv").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.base.number(&noted).await, 3);
}
