//! Putting an event to another time, by the command of the module that it is of.

use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use kernel::{Refusal, Rule, Told};
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Ctx, Error, Query, Result,
    agenda::{Moved, When, layers},
    frame::Tone,
    local_path, redirect,
};

use crate::pagina::Agenda;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/agenda/{camada}/{id}/mover", rejection(web::BadPath))]
pub struct AgendaMover {
    pub camada: String,
    pub id: Uuid,
}

/// Where it is to be, as the clock on the reader's wall shows it, and as it was seen. The way back says the same of before.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Para {
    version: i32,
    inicio: Option<NaiveDateTime>,
    fim: Option<NaiveDateTime>,
    dia: Option<NaiveDate>,
    volta: Option<String>,
}

/// Why nothing was moved, besides the rules of the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoverRule {
    /// The clocks leapt over it.
    #[error("there was no such hour on that day")]
    Hora,
    #[error("neither hours nor a day")]
    Quando,
}

impl Rule for MoverRule {
    fn told(&self) -> Told {
        match self {
            Self::Hora => Told::invalid("hora-none").at("inicio"),
            Self::Quando => Told::invalid("required").at("inicio"),
        }
    }
}

impl Para {
    fn when(&self, zone: Tz) -> Result<When, MoverRule> {
        let instant = |wall: NaiveDateTime| idioma::instant(zone, wall).ok_or(MoverRule::Hora);
        match (self.inicio, self.fim, self.dia) {
            (Some(begin), Some(end), None) => Ok(When::Hours { begin: instant(begin)?, end: instant(end)? }),
            (None, None, Some(day)) => Ok(When::Day(day)),
            _ => Err(MoverRule::Quando),
        }
    }
}

pub(crate) async fn mover(path: AgendaMover, mut ctx: Ctx, Query(para): Query<Para>) -> Result<Response> {
    let ctx = &mut *ctx;
    let layer = layers(&ctx.app.modules, &ctx.unidade, &ctx.actor).find(|layer| layer.name == path.camada);
    let shift = layer.and_then(|layer| layer.shift).ok_or_else(Error::not_found)?;
    let when = para.when(ctx.fuso()).map_err(Refusal::from)?;
    shift(&mut ctx.tx, &ctx.actor, Moved { id: path.id, version: para.version, when }).await?;
    let back = para.volta.as_deref().and_then(local_path).unwrap_or(Agenda::PATH);
    Ok(redirect(back, Some((Tone::Success, "toast-agenda-movida"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOINVILLE: Tz = chrono_tz::America::Sao_Paulo;

    #[test]
    fn hours_are_those_on_the_readers_wall_and_a_day_has_none() {
        let hours = |inicio: &str, fim: &str| {
            Para { inicio: inicio.parse().ok(), fim: fim.parse().ok(), ..Para::default() }.when(JOINVILLE)
        };
        let when = When::Hours { begin: "2026-11-23T17:00:00Z".parse().unwrap(), end: "2026-11-23T18:30:00Z".parse().unwrap() };
        assert_eq!(hours("2026-11-23T14:00:00", "2026-11-23T15:30:00"), Ok(when));
        // In 2018 the clocks of Joinville leapt from midnight to one.
        assert_eq!(hours("2018-11-04T00:30:00", "2018-11-04T02:00:00"), Err(MoverRule::Hora));
        assert_eq!(hours("2026-11-23T14:00:00", ""), Err(MoverRule::Quando));
        let dia = "2026-11-23".parse().ok();
        assert_eq!(Para { dia, ..Para::default() }.when(JOINVILLE), Ok(When::Day(dia.unwrap())));
        let both = Para { dia, inicio: "2026-11-23T14:00:00".parse().ok(), ..Para::default() };
        assert_eq!(both.when(JOINVILLE), Err(MoverRule::Quando));
    }
}
