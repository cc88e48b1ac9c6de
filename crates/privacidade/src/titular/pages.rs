//! `/configuracoes/privacidade`: looking for a person, and what there is of them.

use askama::Template;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use sheets::Format;
use web::{Access, Ctx, CtxInner, Page, Query, Route, filters, frame::Frame, pecas::Tab, titular::Titular};

use super::{Dossie, TitularRef, file, find, kinds, reunir};
use crate::{
    APAGAR, Aba, VER, apagamento, below, consentimento,
    pedido::{
        self, PedidoId,
        pages::{LigarPath, PedidoPath},
    },
};

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade")]
pub(crate) struct PrivacidadePath;

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/titulares/{titular}", rejection(web::BadPath))]
pub(crate) struct DossiePath {
    pub titular: TitularRef,
}

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/titulares/{titular}/dossie.json", rejection(web::BadPath))]
struct JsonPath {
    titular: TitularRef,
}

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/titulares/{titular}/dossie.xlsx", rejection(web::BadPath))]
struct XlsxPath {
    titular: TitularRef,
}

#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/configuracoes/privacidade/titulares/{titular}/dossie.pdf", rejection(web::BadPath))]
struct PdfPath {
    titular: TitularRef,
}

pub(crate) fn routes() -> Vec<Route> {
    const ONE: &str = "/configuracoes/privacidade/titulares/contato-{contato}";
    let ids: &'static [&'static str] = &["contato"];
    vec![
        Route::get(search, Access::Needs(VER)).sample("/configuracoes/privacidade?q=sueli", ""),
        Route::get(show, Access::Needs(VER)).audited().ids(ids).sample(ONE, ""),
        Route::get(as_json, Access::Needs(VER))
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/titulares/contato-{contato}/dossie.json", ""),
        Route::get(as_xlsx, Access::Needs(VER))
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/titulares/contato-{contato}/dossie.xlsx", ""),
        Route::get(as_pdf, Access::Needs(VER))
            .audited()
            .ids(ids)
            .sample("/configuracoes/privacidade/titulares/contato-{contato}/dossie.pdf", ""),
    ]
}

/// People of one kind that are shown; more are told by a sharper question.
const SHOWN: i64 = 20;
/// Fewer letters find everybody.
const LETTERS: usize = 3;
/// Nobody types more.
const LONGEST: usize = 200;

/// A person as printed.
struct Pessoa {
    href: String,
    kind: &'static str,
    nome: String,
    sub: String,
    email: String,
    telefone: String,
}

#[derive(Template)]
#[template(path = "privacidade/titulares.html")]
pub(crate) struct TitularesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    asked: String,
    /// Too few letters to look for.
    short: bool,
    rows: Vec<Pessoa>,
    /// On account of which pedido somebody is looked for.
    pedido: Option<PedidoId>,
}

impl TitularesPage {
    pub(crate) fn new(
        frame: Frame,
        asked: String,
        found: Vec<Titular>,
        pedido: Option<PedidoId>,
        label: impl Fn(&str) -> &'static str,
    ) -> Self {
        let frame = below(frame).titled("privacidade-title");
        let row = |titular: Titular| Pessoa {
            href: with_pedido(&DossiePath { titular: (&titular).into() }.to_string(), pedido),
            telefone: titular.telefone().unwrap_or_default(),
            kind: frame.t(label(titular.kind)),
            nome: titular.nome,
            sub: titular.sub,
            email: titular.email.unwrap_or_default(),
        };
        Self {
            tabs: Aba::Titulares.tabs(&frame),
            short: !asked.is_empty() && asked.chars().count() < LETTERS,
            rows: found.into_iter().map(row).collect(),
            asked,
            pedido,
            frame,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    pedido: Option<PedidoId>,
}

async fn search(_: PrivacidadePath, mut ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page<TitularesPage>> {
    let ctx = &mut *ctx;
    let text: String = asked.q.trim().chars().take(LONGEST).collect();
    let found = if text.chars().count() < LETTERS {
        Vec::new()
    } else {
        find(&mut ctx.tx, &ctx.actor, &ctx.app.modules, &text, SHOWN).await?
    };
    let label = |kind: &str| kinds(&ctx.app.modules).find(|people| people.kind == kind).map_or("", |people| people.label);
    Ok(Page(TitularesPage::new(ctx.frame(), text, found, asked.pedido, label)))
}

/// What one place has, as printed.
struct Parte {
    label: &'static str,
    guarda: Option<&'static str>,
    total: String,
    /// The first of them.
    registros: Vec<Vec<(String, String)>>,
    /// How many more the files have.
    more: Option<String>,
}

/// Records of one place on the page.
const RECORDS: usize = 30;

#[derive(Template)]
#[template(path = "privacidade/dossie.html")]
pub(crate) struct DossiePage {
    frame: Frame,
    path: String,
    sub: String,
    partes: Vec<Parte>,
    /// Where they can be erased, for whoever may.
    apagar: Option<String>,
    /// Where something that they allow is noted or asked, for whoever may.
    consentimentos: Option<String>,
    pedido: Option<DoPedido>,
}

/// The pedido on account of which somebody looks.
pub(crate) struct DoPedido {
    id: PedidoId,
    protocolo: String,
    href: String,
    /// Where the person is tied to it, and by which name; nothing where they are.
    ligar: Option<(String, String)>,
}

impl DossiePage {
    pub(crate) fn new(frame: Frame, dossie: &Dossie, (apagar, gerir): (bool, bool), pedido: Option<DoPedido>) -> Self {
        let titular = TitularRef::from(&dossie.titular);
        let label = frame.t("privacidade-title");
        let frame = below(frame).crumb(label, PrivacidadePath::PATH).title(dossie.titular.nome.clone());
        let parte = |parte: &super::Parte| {
            let n = parte.registros.len();
            Parte {
                label: frame.t(parte.acervo.label),
                guarda: parte.acervo.guarda.map(|key| frame.t(key)),
                total: frame.t_n("dossie-registros", n),
                registros: parte.registros.iter().take(RECORDS).map(|record| file::fields(&frame, record)).collect(),
                more: (n > RECORDS).then(|| frame.t_n("dossie-more", n - RECORDS)),
            }
        };
        Self {
            path: DossiePath { titular: titular.clone() }.to_string(),
            sub: dossie.titular.sub.clone(),
            partes: dossie.partes.iter().map(parte).collect(),
            consentimentos: gerir.then(|| consentimento::pages::of_titular(&titular)),
            apagar: apagar.then(|| {
                let path = apagamento::pages::ApagarPath { titular }.to_string();
                with_pedido(&path, pedido.as_ref().map(|one| one.id))
            }),
            pedido,
            frame,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Why {
    pedido: Option<PedidoId>,
}

async fn show(path: DossiePath, mut ctx: Ctx, Query(why): Query<Why>) -> web::Result<Page<DossiePage>> {
    let ctx = &mut *ctx;
    let pedido = do_pedido(ctx, &path.titular, why.pedido).await?;
    let dossie = reunir(&mut ctx.tx, &ctx.actor, &ctx.app.modules, &path.titular, "tela").await?;
    let may = (ctx.actor.may(&APAGAR), ctx.actor.may(&consentimento::GERIR));
    Ok(Page(DossiePage::new(ctx.frame(), &dossie, may, pedido)))
}

/// An open pedido that the actor may answer.
async fn do_pedido(ctx: &mut CtxInner, which: &TitularRef, id: Option<PedidoId>) -> web::Result<Option<DoPedido>> {
    let Some(id) = id.filter(|_| ctx.actor.may(&pedido::ATENDER)) else { return Ok(None) };
    let Some(found) = pedido::find(&mut ctx.tx, id).await?.filter(|one| one.situacao.is_open()) else { return Ok(None) };
    let tied = found.titular.is_some_and(|(kind, id)| kind == which.kind && id == which.id);
    let ligar = (!tied).then(|| (LigarPath { pedido: id }.to_string(), which.to_string()));
    Ok(Some(DoPedido { id, protocolo: found.protocolo, href: PedidoPath { pedido: id }.to_string(), ligar }))
}

/// A path that remembers on account of which pedido it is followed.
fn with_pedido(path: &str, pedido: Option<PedidoId>) -> String {
    pedido.map_or_else(|| path.to_owned(), |pedido| format!("{path}?pedido={pedido}"))
}

async fn as_json(path: JsonPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let dossie = reunir(&mut ctx.tx, &ctx.actor, &ctx.app.modules, &path.titular, "json").await?;
    file::json(ctx, &dossie)
}

async fn as_xlsx(path: XlsxPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let dossie = reunir(&mut ctx.tx, &ctx.actor, &ctx.app.modules, &path.titular, "xlsx").await?;
    file::sheet(ctx, &dossie, Format::Xlsx).await
}

async fn as_pdf(path: PdfPath, mut ctx: Ctx) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let dossie = reunir(&mut ctx.tx, &ctx.actor, &ctx.app.modules, &path.titular, "pdf").await?;
    file::sheet(ctx, &dossie, Format::Pdf).await
}
