//! What to export: the list as it is filtered or all that one may see, and as which kind of file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use sheets::Format;
use url::form_urlencoded;
use web::{Access, Ctx, Error, Page, Route, filters, frame::Frame, redirect};

use super::{export::Pedido, list::query};
use crate::{empresa::EXPORTAR, exportacao};

#[derive(Debug, Clone, Copy, Deserialize, TypedPath)]
#[typed_path("/empresas/exportar")]
pub(crate) struct Exportar;

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(choose, Access::Needs(EXPORTAR))]
}

#[derive(Template)]
#[template(path = "empresas/empresa/exportar.html")]
pub struct ExportarPage {
    frame: Frame,
    /// Query of the list, and the list.
    consulta: String,
    back: String,
    /// Rows of the list as it is filtered, where it is.
    filtered: Option<i64>,
    all: i64,
}

impl ExportarPage {
    fn new(frame: Frame, consulta: String, back: String, filtered: Option<i64>, all: i64) -> Self {
        let empresas = frame.t("empresas-title");
        let frame = frame.titled("exportar-title").crumb(empresas, "/empresas");
        Self { frame, consulta, back, filtered, all }
    }

    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |filtered| Self::new(frame.clone(), "uf=SC&q=\"><script>".into(), "/empresas?uf=SC".into(), filtered, 10_248);
        vec![("filtered", page(Some(1))), ("not filtered", page(None))]
    }
}

async fn choose(_: Exportar, mut ctx: Ctx) -> Result<Response, Error> {
    let sent = query(&ctx).to_owned();
    let field =
        |name: &str| form_urlencoded::parse(sent.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    if let Some(format) = field("formato").and_then(|format| format.parse::<Format>().ok()) {
        let consulta = if field("quais").as_deref() == Some("todas") { None } else { field("consulta") };
        let consulta =
            consulta.filter(|consulta| !consulta.is_empty()).map(|consulta| format!("?{consulta}")).unwrap_or_default();
        let to = format!("/empresas/exportar.{}{consulta}", format.extension());
        // What was sent is part of an address now: nothing in it may make another one of it.
        return web::local_path(&to).map(|to| redirect(to, None)).ok_or_else(Error::not_found);
    }
    let part = &mut *ctx;
    let pedido = Pedido::read(Format::Xlsx, &sent);
    let all = Pedido::read(Format::Xlsx, "").count(&mut part.tx, &part.actor).await?;
    let filtered = if pedido.is_filtered() { Some(pedido.count(&mut part.tx, &part.actor).await?) } else { None };
    Ok(Page(ExportarPage::new(ctx.frame(), sent, pedido.list(), filtered, all)).into_response())
}

/// Rows above which a file is not waited for, of a PDF and of any other, for the page's own words.
impl ExportarPage {
    fn long(&self) -> String {
        let number = |n: i64| self.frame.number(n);
        let (rows, pdf) = (number(exportacao::ROWS), number(exportacao::PDF_ROWS));
        self.frame.t_with("exportar-long", &[("max", rows.as_str().into()), ("limit", pdf.as_str().into())])
    }
}
