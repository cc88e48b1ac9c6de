//! A past that nobody lived: as the commands would have left it, once, all or nothing.

use relacionamento::demonstracao::{Feito, Tamanho};
use server::demo::past;
use testkit::sistema;

use crate::support::World;

const TAMANHO: Tamanho = Tamanho { visitas: 240, demandas: 160, meses: 12, semente: 1 };

async fn made(world: &World, tamanho: &Tamanho) -> anyhow::Result<(i64, Feito)> {
    past(&world.house, &world.base.alfa, &sistema(), 40, tamanho).await
}

#[tokio::test]
async fn a_made_up_past_is_as_the_commands_would_have_left_it() {
    let world = World::new().await;
    let schema = world.base.alfa.names().schema();
    let count = async |what: &str| world.base.number(&format!("SELECT count(*) FROM {schema}.{what}")).await;
    let (empresas, feito) = made(&world, &TAMANHO).await.unwrap();
    assert_eq!((empresas, feito.visitas, feito.demandas), (40, 240, 160));
    assert!(feito.projetos > 0 && feito.tarefas > 0, "{feito:?}");
    assert_eq!(count("visita").await, 240);

    for (what, n) in [
        // Nobody is in two places, on a day on which nobody works, or at night.
        (
            "visita a JOIN SCHEMA.visita b ON a.id <> b.id AND a.responsavel_id = b.responsavel_id AND a.inicio_at < b.fim_at AND b.inicio_at < a.fim_at",
            0,
        ),
        (
            "visita WHERE extract(isodow FROM inicio_at AT TIME ZONE 'America/Sao_Paulo') > 5 OR extract(hour FROM inicio_at AT TIME ZONE 'America/Sao_Paulo') NOT BETWEEN 8 AND 17",
            0,
        ),
        ("visita WHERE situacao = 'realizada' AND (inicio_at > '2026-11-23T13:00:00Z' OR resumo IS NULL)", 0),
        ("visita WHERE created_at > '2026-11-23T13:00:00Z' OR updated_at > '2026-11-23T13:00:00Z' OR updated_at < created_at", 0),
        // A demanda stands where its last passagem does, and its passagens follow each other.
        (
            "demanda d JOIN SCHEMA.demanda_passagem p ON p.demanda_id = d.id AND p.fim_at IS NULL WHERE p.etapa_id = d.etapa_id AND p.inicio_at = d.etapa_at",
            160,
        ),
        (
            "demanda_passagem p JOIN SCHEMA.demanda_passagem q ON q.demanda_id = p.demanda_id AND q.inicio_at > p.inicio_at
          WHERE p.fim_at IS NULL OR p.fim_at > q.inicio_at",
            0,
        ),
        ("demanda_passagem p JOIN SCHEMA.demanda_etapa e ON e.id = p.etapa_id WHERE e.situacao <> p.situacao", 0),
        ("demanda d JOIN SCHEMA.demanda_etapa e ON e.id = d.etapa_id WHERE e.situacao <> d.situacao", 0),
        (
            "demanda WHERE created_at > '2026-11-23T13:00:00Z' OR etapa_at > '2026-11-23T13:00:00Z' OR data_prazo < created_at::date",
            0,
        ),
        (
            "projeto p JOIN SCHEMA.demanda d ON d.id = p.demanda_id WHERE d.situacao <> 'concluida' OR p.empresa_id <> d.empresa_id",
            0,
        ),
        // One line of the trail for all of it, and nobody hears of it.
        ("auditoria WHERE action = 'demonstracao.gravada'", 1),
        ("notificacao", 0),
        ("mensagem", 0),
    ] {
        assert_eq!(count(&what.replace("SCHEMA", &schema)).await, n, "{what}");
    }
    for some in [
        "visita WHERE situacao = 'planejada' AND inicio_at > '2026-11-23T13:00:00Z'",
        "demanda WHERE situacao = 'nova'",
        "demanda WHERE situacao = 'em_andamento'",
        "demanda WHERE situacao = 'cancelada'",
    ] {
        assert!(count(some).await > 0, "{some}");
    }

    // It is made where there is nothing of the kind: the second time it says so and leaves everything as it was.
    let before = world.base.fingerprint(&world.base.alfa).await;
    let refused = made(&world, &TAMANHO).await.unwrap_err();
    assert!(refused.to_string().contains("there are visitas"), "{refused}");
    assert_eq!(world.base.fingerprint(&world.base.alfa).await, before);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_past_and_too_much_makes_none() {
    let (one, other) = (World::new().await, World::new().await);
    let told = async |world: &World| {
        let schema = world.base.alfa.names().schema();
        let told = format!(
            "SELECT md5(string_agg(concat(v.id, v.inicio_at, v.objetivo, e.cnpj), ',' ORDER BY v.id))
             FROM {schema}.visita v JOIN {schema}.empresa e ON e.id = v.empresa_id"
        );
        world.base.text(&told).await
    };
    let before = one.base.fingerprint(&one.base.alfa).await;
    for wrong in [Tamanho { visitas: 1_000_000, ..TAMANHO }, Tamanho { meses: 0, ..TAMANHO }] {
        let refused = made(&one, &wrong).await.unwrap_err();
        assert!(refused.to_string().contains("months"), "{refused}");
    }
    assert_eq!(one.base.fingerprint(&one.base.alfa).await, before, "no empresa either");
    made(&one, &TAMANHO).await.unwrap();
    made(&other, &TAMANHO).await.unwrap();
    assert_eq!(told(&one).await, told(&other).await);
    let third = World::new().await;
    made(&third, &Tamanho { semente: 2, ..TAMANHO }).await.unwrap();
    assert_ne!(told(&third).await, told(&one).await);
}
