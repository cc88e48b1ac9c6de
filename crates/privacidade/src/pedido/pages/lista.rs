//! The list of pedidos: its tabs, search and filters, and the same rows as a file.

use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;
use sheets::Format;
use web::{Ctx, CtxInner, Page, Query, filters, forms::Choice, frame::Frame, pecas::Tab};

use super::{CsvPath, PdfPath, PedidoPath, PedidosPath, XlsxPath, due, status, today};
use crate::{
    Aba, below,
    pedido::{
        Pedido, Prazo, SOON, Situacao, file,
        sql::{self, Filtro, Which},
    },
};

struct Linha {
    href: String,
    nome: String,
    protocolo: String,
    tipo: &'static str,
    origem: &'static str,
    recebido_at: DateTime<Utc>,
    status: (&'static str, &'static str, &'static str),
    due: Option<(String, &'static str)>,
}

/// What the address says of the list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    quais: String,
    situacao: String,
    prazo: String,
    q: String,
}

/// Nobody types more.
const LONGEST: usize = 200;

impl Asked {
    /// Values that mean nothing, or nothing here, narrow nothing: old bookmarks must open.
    fn filtro(&self) -> Filtro {
        let which = QUAIS.iter().find(|(_, code, _)| *code == self.quais).map_or(Which::Open, |(which, _, _)| *which);
        Filtro {
            which,
            situacao: Situacao::from_code(&self.situacao).filter(|one| which.situacoes().contains(one)),
            prazo: Prazo::from_code(&self.prazo).filter(|one| which.prazos().contains(one)),
            busca: self.q.trim().chars().take(LONGEST).collect(),
        }
    }
}

/// The list, or the same rows under another path.
fn address(path: &str, filtro: &Filtro) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("quais", code(filtro.which));
    query.extend_pairs(filtro.situacao.map(|one| ("situacao", one.code())));
    query.extend_pairs(filtro.prazo.map(|one| ("prazo", one.code())));
    query.extend_pairs(Some(filtro.busca.as_str()).filter(|busca| !busca.is_empty()).map(|busca| ("q", busca)));
    format!("{path}?{}", query.finish())
}

fn code(which: Which) -> &'static str {
    QUAIS.iter().find(|(one, _, _)| *one == which).map_or("", |(_, code, _)| *code)
}

/// What narrows the list, by label and in words.
pub(in crate::pedido) fn in_words(frame: &Frame, filtro: &Filtro) -> Vec<(&'static str, String)> {
    let quais = QUAIS.iter().find(|(one, _, _)| *one == filtro.which).map_or("pedidos-abertos", |(_, _, key)| *key);
    let mut all = vec![(frame.t("pedidos-quais"), frame.t(quais).to_owned())];
    all.extend(filtro.situacao.map(|one| (frame.t("incidente-situacao"), frame.t(one.label()).to_owned())));
    all.extend(filtro.prazo.map(|one| (frame.t("pedido-prazo"), frame.t(one.label()).to_owned())));
    all.extend((!filtro.busca.is_empty()).then(|| (frame.t("pedidos-search"), filtro.busca.clone())));
    all
}

#[derive(Template)]
#[template(path = "privacidade/pedidos.html")]
pub(crate) struct PedidosPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// Which of them, as tabs of their own.
    quais: Vec<Tab>,
    /// What may be chosen in this tab.
    situacoes: Vec<Choice>,
    prazos: Vec<Choice>,
    filtro: Filtro,
    rows: Vec<Linha>,
    /// XLSX, CSV, PDF.
    files: [String; 3],
    /// This tab with everything in it.
    clear: String,
    /// There are more than are shown.
    more: bool,
    /// None was ever made.
    never: bool,
}

const QUAIS: [(Which, &str, &str); 4] = [
    (Which::Open, "abertos", "pedidos-abertos"),
    (Which::Soon, "prazo", "pedidos-prazo"),
    (Which::Answered, "respondidos", "pedidos-respondidos"),
    (Which::All, "todos", "pedidos-todos"),
];

impl PedidosPage {
    pub(crate) fn new(frame: Frame, filtro: Filtro, all: &[Pedido], counts: (i64, i64), never: bool, today: NaiveDate) -> Self {
        let frame = below(frame).titled("pedidos-title");
        let tab = |(one, _, key): (Which, &str, &'static str)| {
            // What was typed is looked for there too.
            let there = Filtro { which: one, busca: filtro.busca.clone(), ..Filtro::default() };
            let tab = Tab::new(frame.t(key), address(PedidosPath::PATH, &there)).active(one == filtro.which);
            match one {
                Which::Open => tab.count(counts.0),
                Which::Soon => tab.count(counts.1),
                _ => tab,
            }
        };
        let row = |pedido: &Pedido| Linha {
            href: PedidoPath { pedido: pedido.id }.to_string(),
            nome: pedido.nome.clone(),
            protocolo: pedido.protocolo.clone(),
            tipo: frame.t(pedido.tipo.label()),
            origem: frame.t(pedido.origem.label()),
            recebido_at: pedido.recebido_at.unwrap_or(pedido.created_at),
            status: status(&frame, pedido.situacao),
            due: due(&frame, pedido, today),
        };
        let which = filtro.which;
        Self {
            tabs: Aba::Pedidos.tabs(&frame),
            quais: QUAIS.map(tab).into(),
            situacoes: which.situacoes().iter().map(|one| Choice::new(one.code(), frame.t(one.label()))).collect(),
            prazos: which.prazos().iter().map(|one| Choice::new(one.code(), frame.t(one.label()))).collect(),
            rows: all.iter().take(SHOWN).map(row).collect(),
            clear: address(PedidosPath::PATH, &Filtro { which, ..Filtro::default() }),
            files: [XlsxPath::PATH, CsvPath::PATH, PdfPath::PATH].map(|path| address(path, &filtro)),
            more: all.len() > SHOWN,
            never,
            filtro,
            frame,
        }
    }

    /// Something besides the tab narrows the list.
    fn is_narrowed(&self) -> bool {
        self.filtro.situacao.is_some() || self.filtro.prazo.is_some() || !self.filtro.busca.is_empty()
    }

    fn code(&self) -> &'static str {
        code(self.filtro.which)
    }
}

/// On the page; the rest is found by a narrower question, or in the files.
const SHOWN: usize = 200;

/// Until when one is due soon.
fn soon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(SOON)).unwrap_or(today)
}

pub(super) async fn list(_: PedidosPath, mut ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page<PedidosPage>> {
    let ctx = &mut *ctx;
    let (filtro, today) = (asked.filtro(), today(ctx));
    let days = (today, soon(today));
    let all = sql::list(&mut ctx.tx, &filtro, days, SHOWN + 1).await?;
    let counts = sql::count(&mut ctx.tx, days.1).await?;
    let every = Filtro { which: Which::All, ..Filtro::default() };
    let never = all.is_empty() && sql::list(&mut ctx.tx, &every, days, 1).await?.is_empty();
    Ok(Page(PedidosPage::new(ctx.frame(), filtro, &all, counts, never, today)))
}

async fn export(mut ctx: Ctx, asked: Asked, format: Format) -> web::Result<Response> {
    let ctx: &mut CtxInner = &mut ctx;
    let (filtro, today) = (asked.filtro(), today(ctx));
    let all = sql::list(&mut ctx.tx, &filtro, (today, soon(today)), usize::MAX).await?;
    file::send(ctx, &filtro, &all, format).await
}

pub(super) async fn as_xlsx(_: XlsxPath, Query(asked): Query<Asked>, ctx: Ctx) -> web::Result<Response> {
    export(ctx, asked, Format::Xlsx).await
}

pub(super) async fn as_csv(_: CsvPath, Query(asked): Query<Asked>, ctx: Ctx) -> web::Result<Response> {
    export(ctx, asked, Format::Csv).await
}

pub(super) async fn as_pdf(_: PdfPath, Query(asked): Query<Asked>, ctx: Ctx) -> web::Result<Response> {
    export(ctx, asked, Format::Pdf).await
}
