//! The tab that tells what happened to an empresa.

use askama::Template;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Ctx, Error, Page, Query, filters,
    frame::Frame,
    timeline::{self, TimelineQuery, Told},
};

use super::header::{self, ENTITY, Header};
use crate::empresa::EmpresaId;

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/linha-do-tempo", rejection(web::BadPath))]
pub struct EmpresaTimeline {
    pub id: EmpresaId,
}

#[derive(Template)]
#[template(path = "empresas/empresa/timeline.html")]
pub struct TimelinePage {
    frame: Frame,
    header: Header,
    told: Told,
}

pub(crate) async fn show(
    path: EmpresaTimeline,
    mut ctx: Ctx,
    Query(query): Query<TimelineQuery>,
) -> Result<Page<TimelinePage>, Error> {
    let ctx = &mut *ctx;
    let (_, frame, header) = header::open(ctx, path.id, Some("timeline-title")).await?;
    let told = timeline::told(ctx, &frame, ENTITY, path.id.uuid(), &query).await?;
    Ok(Page(TimelinePage { frame, header, told }))
}

impl TimelinePage {
    /// For the test that renders every page: with a history, and with nothing of what was asked for.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let made = |full: bool, told: Told| {
            let empresa = crate::empresa::samples::empresa(full, full, frame.now);
            let frame = header::framed(frame.clone(), &empresa, Some("timeline-title"));
            Self { header: Header::sample(&frame, full, full), frame, told }
        };
        vec![("told", made(true, Told::sample(frame))), ("nothing", made(false, Told::nothing(frame)))]
    }
}
