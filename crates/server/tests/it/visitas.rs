//! Visitas and tarefas at the door: forms that keep what was typed, steps, a report, files.

use axum::http::StatusCode;

use crate::support::{Who, World, host};

/// S0-4.1 to S0-4.7, S0-4.10, S0-4.16, S0-4.17
#[tokio::test]
async fn a_visita_is_planned_changed_told_of_and_taken_along() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let plano = |objetivo: &str, until: &str| {
        format!(
            "empresa={}&responsavel={}&data_visita=2026-11-23&hora_inicio=09:00&hora_fim={until}&objetivo={objetivo}",
            side.ids["empresa"], side.ids["usuario.outro"]
        )
    };
    let wrong = world.post(&here, who, "/visitas", &plano("Conhecer+a+f%C3%A1brica", "08:00")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("O fim precisa ser depois do início.") && wrong.body.contains("Conhecer a fábrica"), "{wrong:?}");
    let made = world.post(&here, who, "/visitas", &plano("Conhecer+a+f%C3%A1brica", "11:00")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{made:?}");
    let path = made.header("location").to_owned();
    let page = world.get(&here, who, &path).await;
    assert!(page.body.contains("Conhecer a fábrica") && page.body.contains("09:00 – 11:00"), "{page:?}");

    let edit = |version: i32| format!("version={version}&{}", plano("Outro", "11:00"));
    let edited = world.post(&here, who, &format!("{path}/editar"), &edit(1)).await;
    assert_eq!(edited.header("location"), path, "{edited:?}");
    let stale = world.post(&here, who, &format!("{path}/editar"), &edit(1).replace("Outro", "Terceiro")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Terceiro") && stale.body.contains("Outra pessoa alterou"), "what was typed stays: {stale:?}");

    // It is ten o'clock where the unidade is: it has begun.
    let empty = world.post(&here, who, &format!("{path}/realizar"), "version=2&resumo=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let body = "version=2&resumo=Fomos&proximos_passos=Enviar+proposta%0AMarcar+curso&criar_tarefas=sim&prazo_passos=2026-12-01";
    let done = world.post(&here, who, &format!("{path}/realizar"), body).await;
    assert_eq!(done.header("location"), path, "{done:?}");
    let page = world.get(&here, who, &path).await.body;
    assert!(page.contains("Marcar curso") && page.contains("01/12/2026") && page.contains("Realizada"), "{page}");
    let again = world.post(&here, who, &format!("{path}/cancelar"), "version=3&motivo=x").await;
    assert_eq!(again.status, StatusCode::CONFLICT, "what took place is not called off");

    let sent = world.post(&here, who, &format!("{path}/relatorios"), "multipart arquivo=@foto.png").await;
    assert!(sent.header("location").contains("recusado=visita-relatorio"), "{sent:?}");
    let refused = world.get(&here, who, sent.header("location").split('#').next().unwrap()).await;
    assert!(refused.body.contains("O relatório precisa ser um PDF ou um DOCX."), "{refused:?}");
    let sent = world.post(&here, who, &format!("{path}/relatorios"), "multipart arquivo=@ata.pdf").await;
    assert_eq!(sent.header("location"), path, "{sent:?}");
    let folder = world.get(&here, who, &format!("/empresas/{}/documentos", side.ids["empresa"])).await.body;
    assert!(folder.contains("ata.pdf") && folder.contains("Visitas"), "among the documentos of the empresa");
    assert!(!folder.contains("foto.png"));

    let csv = world.get(&here, who, "/visitas/exportar.csv?situacao=realizada").await;
    assert!(csv.body.contains("Outro") && csv.body.contains("23/11/2026") && !csv.body.contains("Conhecer a fábrica"), "{csv:?}");
    for file in ["/visitas/exportar.xlsx", "/visitas/exportar.pdf", &format!("{path}/relatorio.pdf")] {
        assert_eq!(world.get(&here, who, file).await.status, StatusCode::OK, "{file}");
    }
    let schema = side.unidade.names().schema();
    let told = format!("SELECT count(*) FROM {schema}.auditoria WHERE action IN ('visita.exportada', 'visita.impressa')");
    assert_eq!(world.base.number(&told).await, 4);
}

/// A tarefa goes back to the page that wrote it, and to no other house.
#[tokio::test]
async fn a_tarefa_is_written_down_where_one_is() {
    let world = World::new().await;
    let side = world.side(&world.base.alfa).await;
    let (here, who) = (host(&side.unidade), Who::Cookie(&side.cookie));
    let visita = format!("/visitas/{}", side.ids["visita"]);
    let body = format!("titulo=Levar+cat%C3%A1logo&sobre=visita%3A{}&volta={visita}", side.ids["visita"]);
    let made = world.post(&here, who, "/tarefas", &body).await;
    assert_eq!(made.header("location"), visita, "{made:?}");
    assert!(world.get(&here, who, &visita).await.body.contains("Levar catálogo"));
    assert!(world.get(&here, who, "/meu-dia").await.body.contains("Levar catálogo"), "left open, it is one's own");
    let away = world.post(&here, who, "/tarefas", "titulo=x&volta=https%3A%2F%2Ffora.example%2F").await;
    assert_eq!(away.header("location"), "/meu-dia");
    let empty = world.post(&here, who, "/tarefas", &body.replace("Levar+cat%C3%A1logo", "")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("visita:"), "what it is about is kept: {empty:?}");
}
