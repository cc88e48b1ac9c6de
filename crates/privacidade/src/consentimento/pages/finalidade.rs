//! What the unidade asks people to allow, one of it with whoever allowed it, and that register as a file.

use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Utc};
use sheets::Format;
use web::{Ctx, CtxInner, FormBody, Page, Query, filters, forms::FormState, frame::Frame, pecas::Tab, titular::Titular};

use super::{
    AnotarPath, Asked, ConsentimentoPath, CsvPath, FinalidadePath, FinalidadesPath, PdfPath, PedirPath, XlsxPath, again, back,
    found, known, status, with_titular,
};
use crate::{
    Aba, below,
    consentimento::{
        Consentimento, Finalidade, FinalidadeId, Versao, encerrar, file, pedir_de_novo,
        publico::paragraphs,
        reabrir,
        sql::{self, Contagem, Which},
    },
    titular::TitularRef,
};

struct Linha {
    href: String,
    titulo: String,
    counts: String,
    encerrado: bool,
}

#[derive(Template)]
#[template(path = "privacidade/finalidades.html")]
pub(crate) struct FinalidadesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Linha>,
    /// For whom something is to be noted or asked.
    titular: Option<Titular>,
}

impl FinalidadesPage {
    pub(crate) fn new(frame: Frame, all: &[(Finalidade, Contagem)], titular: Option<Titular>) -> Self {
        let frame = below(frame).titled("finalidades-title");
        let which = titular.as_ref().map(TitularRef::from);
        let row = |(one, counts): &(Finalidade, Contagem)| Linha {
            href: with_titular(&FinalidadePath { finalidade: one.id }.to_string(), which.as_ref()),
            titulo: one.titulo.clone(),
            counts: frame.t_with(
                "finalidade-counts",
                &[("vale", counts.vale.into()), ("anterior", counts.anterior.into()), ("retirado", counts.retirado.into())],
            ),
            encerrado: one.encerrado_at.is_some(),
        };
        Self { tabs: Aba::Consentimentos.tabs(&frame), rows: all.iter().map(row).collect(), titular, frame }
    }
}

pub(super) async fn list(_: FinalidadesPath, mut ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page<FinalidadesPage>> {
    let ctx = &mut *ctx;
    let titular = known(ctx, asked.titular.as_ref()).await?;
    let all = sql::list(&mut ctx.tx).await?;
    Ok(Page(FinalidadesPage::new(ctx.frame(), &all, titular)))
}

/// A consentimento in a list.
struct Registro {
    href: String,
    nome: String,
    email: String,
    versao: i32,
    meio: &'static str,
    dado_at: DateTime<Utc>,
    status: (&'static str, &'static str, &'static str),
}

impl Registro {
    fn new(frame: &Frame, one: &Consentimento) -> Self {
        Self {
            href: ConsentimentoPath { consentimento: one.id }.to_string(),
            nome: one.nome.clone(),
            email: one.email.clone().unwrap_or_default(),
            versao: one.versao,
            meio: frame.t(one.meio.label()),
            dado_at: one.dado_at,
            status: status(frame, one.situacao),
        }
    }
}

const QUAIS: [(Which, &str, &str); 4] = [
    (Which::All, "todos", "consentimentos-todos"),
    (Which::Current, "atuais", "consentimentos-atuais"),
    (Which::Earlier, "anteriores", "consentimentos-anteriores"),
    (Which::TakenBack, "retirados", "consentimentos-retirados"),
];

/// What a page of a finalidade shows.
pub(crate) struct Visto {
    pub finalidade: Finalidade,
    pub versoes: Vec<Versao>,
    pub registros: Vec<Consentimento>,
    pub counts: Contagem,
    pub which: Which,
    pub asked: String,
    pub titular: Option<Titular>,
    /// How many agreed to an earlier text and can be written to.
    pub de_antes: usize,
}

#[derive(Template)]
#[template(path = "privacidade/finalidade.html")]
pub(crate) struct FinalidadePage {
    frame: Frame,
    form: FormState,
    path: String,
    anotar: String,
    pedir: String,
    quais: Vec<Tab>,
    rows: Vec<Registro>,
    visto: Visto,
    /// Texts with their paragraphs, the latest first.
    textos: Vec<(Versao, Vec<String>)>,
    /// Which of them are shown, as the address says it.
    quais_code: &'static str,
    de_novo: String,
    never: bool,
}

impl FinalidadePage {
    pub(crate) fn new(frame: Frame, form: FormState, mut visto: Visto) -> Self {
        let label = frame.t("finalidades-title");
        let frame = below(frame).crumb(label, FinalidadesPath::PATH).title(visto.finalidade.titulo.clone());
        let finalidade = visto.finalidade.id;
        let path = FinalidadePath { finalidade }.to_string();
        let which = visto.titular.as_ref().map(TitularRef::from);
        let counts = visto.counts;
        let tab = |(one, code, key): (Which, &str, &'static str)| {
            let tab = Tab::new(frame.t(key), format!("{path}?quais={code}")).active(one == visto.which);
            match one {
                Which::Current => tab.count(counts.vale),
                Which::Earlier => tab.count(counts.anterior),
                Which::TakenBack => tab.count(counts.retirado),
                Which::All => tab,
            }
        };
        let quais_code = QUAIS.iter().find(|(one, _, _)| *one == visto.which).map_or("", |(_, code, _)| *code);
        Self {
            quais: QUAIS.map(tab).into(),
            quais_code,
            rows: visto.registros.iter().map(|one| Registro::new(&frame, one)).collect(),
            anotar: with_titular(&AnotarPath { finalidade }.to_string(), which.as_ref()),
            pedir: with_titular(&PedirPath { finalidade }.to_string(), which.as_ref()),
            textos: visto.versoes.drain(..).map(|one| (paragraphs(&one.texto), one)).map(|(text, one)| (one, text)).collect(),
            de_novo: frame.t_n("finalidade-pedir-de-novo", visto.de_antes),
            never: counts == Contagem::default(),
            path,
            form,
            visto,
            frame,
        }
    }
}

/// On the page; the rest is found by a narrower question, or in the files.
const SHOWN: i64 = 200;
/// Nobody types more.
const LONGEST: usize = 200;

async fn load(ctx: &mut CtxInner, id: FinalidadeId, asked: Asked, form: FormState) -> web::Result<FinalidadePage> {
    let finalidade = found(ctx, id).await?;
    let which = QUAIS.iter().find(|(_, code, _)| *code == asked.quais).map_or(Which::All, |(which, _, _)| *which);
    let text: String = asked.q.trim().chars().take(LONGEST).collect();
    let visto = Visto {
        versoes: sql::versoes(&mut ctx.tx, id).await?,
        registros: sql::of_finalidade(&mut ctx.tx, id, which, &text, SHOWN).await?,
        counts: sql::count(&mut ctx.tx, id).await?,
        de_antes: sql::de_antes(&mut ctx.tx, id, i64::MAX).await?.len(),
        titular: known(ctx, asked.titular.as_ref()).await?,
        finalidade,
        which,
        asked: text,
    };
    Ok(FinalidadePage::new(ctx.frame(), form, visto))
}

pub(super) async fn show(path: FinalidadePath, mut ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page<FinalidadePage>> {
    Ok(Page(load(&mut ctx, path.finalidade, asked, FormState::new()).await?))
}

pub(super) async fn step(path: FinalidadePath, mut ctx: Ctx, FormBody(body): FormBody) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let (tx, actor, id) = (&mut ctx.tx, &ctx.actor, path.finalidade);
    let done = match form.raw("passo") {
        "encerrar" => encerrar(tx, actor, id).await.map(|()| "toast-finalidade-encerrada"),
        "reabrir" => reabrir(tx, actor, id).await.map(|()| "toast-finalidade-reaberta"),
        "pedir-de-novo" => {
            let shown = form.raw("n").parse().unwrap_or_default();
            pedir_de_novo(tx, actor, ctx.app.config.base.as_str(), id, shown).await.map(|()| "toast-consentimento-pedidos")
        }
        _ => return Err(web::Error::not_found()),
    };
    match done {
        Ok(toast) => Ok(back(&path, toast)),
        Err(error) => {
            let status = again(&mut form, ctx.lang, error)?;
            let asked = Asked { titular: None, quais: String::new(), q: String::new() };
            Ok((status, Page(load(ctx, id, asked, form).await?)).into_response())
        }
    }
}

async fn export(mut ctx: Ctx, id: FinalidadeId, format: Format) -> web::Result<Response> {
    let ctx = &mut *ctx;
    let of = found(ctx, id).await?;
    let all = sql::of_finalidade(&mut ctx.tx, id, Which::All, "", i64::MAX).await?;
    file::register(ctx, &of, &all, format).await
}

pub(super) async fn as_xlsx(path: XlsxPath, ctx: Ctx) -> web::Result<Response> {
    export(ctx, path.finalidade, Format::Xlsx).await
}

pub(super) async fn as_csv(path: CsvPath, ctx: Ctx) -> web::Result<Response> {
    export(ctx, path.finalidade, Format::Csv).await
}

pub(super) async fn as_pdf(path: PdfPath, ctx: Ctx) -> web::Result<Response> {
    export(ctx, path.finalidade, Format::Pdf).await
}
