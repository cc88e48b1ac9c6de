use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use chrono::{DateTime, Days, NaiveDate, Utc};
use empresas::empresa::EmpresaId;
use kernel::Actor;
use uuid::Uuid;
use web::{
    Ctx, CtxInner, Error, Page, filters,
    forms::Choice,
    frame::{Frame, Toast, Tone},
    list::{Chip, Direction, Layout, ListState, Pager, Sort, View},
    redirect,
};

use super::{VisitaRestore, VisitaShow, Visitas};
use crate::visita::{
    EXCLUIR, EXPORTAR, Pessoa, REGISTRAR, Situacao, VisitaId,
    lista::{self, Filtro, Ordem, Resumo},
};

const SORTS: &[&str] = &["inicio", "empresa", "responsavel", "situacao"];

/// Reads a list of visitas out of its address. Values that mean nothing narrow nothing: old bookmarks must open.
pub(crate) struct Asked {
    pub list: ListState,
    pub filtro: Filtro,
    ordem: Ordem,
    /// Just put into the lixeira, for the undo in the toast.
    deleted: Option<VisitaId>,
}

impl Asked {
    pub(crate) fn of(ctx: &CtxInner) -> Self {
        let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
        Self::read(query, ctx.fuso())
    }

    fn read(query: &str, zone: chrono_tz::Tz) -> Self {
        let (taken, kept): (Vec<&str>, Vec<&str>) = query.split('&').partition(|pair| pair.starts_with("excluida="));
        let deleted = taken.first().and_then(|pair| pair.strip_prefix("excluida=")?.parse().ok());
        let list = ListState::read(Visitas::PATH, &kept.join("&"), SORTS, Sort::down("inicio"));
        let day = |name: &str| list.filter(name).and_then(|text| text.parse::<NaiveDate>().ok());
        let filtro = Filtro {
            busca: list.search().chars().take(200).collect(),
            situacoes: list.all("situacao").filter_map(Situacao::from_code).collect(),
            responsaveis: list.all("responsavel").filter_map(|id| id.parse::<Uuid>().ok()).take(100).collect(),
            empresa: list.filter("empresa").and_then(|id| id.parse().ok()),
            from: day("de").map(|day| idioma::day_begins(zone, day)),
            until: day("ate").and_then(|day| day.checked_add_days(Days::new(1))).map(|day| idioma::day_begins(zone, day)),
        };
        let ordem = match (list.sort.key, list.sort.direction) {
            ("empresa", Direction::Up) => Ordem::Empresa,
            ("empresa", Direction::Down) => Ordem::EmpresaDown,
            ("responsavel", Direction::Up) => Ordem::Responsavel,
            ("responsavel", Direction::Down) => Ordem::ResponsavelDown,
            ("situacao", Direction::Up) => Ordem::Situacao,
            ("situacao", Direction::Down) => Ordem::SituacaoDown,
            (_, Direction::Up) => Ordem::Earliest,
            (_, Direction::Down) => Ordem::Latest,
        };
        Self { list, filtro, ordem, deleted }
    }

    /// What the empresa is called that the list is narrowed to; none where it is not the reader's.
    pub(crate) async fn empresa_nome(&self, ctx: &mut CtxInner) -> Result<Option<String>, Error> {
        let Some(id) = self.filtro.empresa else { return Ok(None) };
        if !ctx.actor.may(&empresas::empresa::VER) {
            return Ok(None);
        }
        let empresa = empresas::empresa::lista::find(&mut ctx.tx, &ctx.actor, id).await?;
        Ok(empresa.map(|empresa| empresa.cadastro.nome.to_string()))
    }
}

/// What the filters offer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choices {
    situacoes: Vec<Choice>,
    responsaveis: Vec<Choice>,
}

impl Choices {
    pub(crate) fn new(frame: &Frame, pessoas: &[Pessoa]) -> Self {
        Self {
            situacoes: Situacao::ALL.iter().map(|situacao| Choice::new(situacao.code(), frame.t(situacao.label()))).collect(),
            responsaveis: pessoas.iter().map(|pessoa| Choice::new(pessoa.id.to_string(), &pessoa.nome)).collect(),
        }
    }

    /// The filters that have no menu of their own.
    fn beside(frame: &Frame, list: &ListState, empresa: Option<&str>) -> Vec<Chip> {
        let name = |id: &str| empresa.map_or_else(|| id.to_owned(), str::to_owned);
        list.chip("empresa", frame.t("visita-empresa"), name).into_iter().collect()
    }

    /// All in force, in words.
    pub(crate) fn all(&self, frame: &Frame, list: &ListState, empresa: Option<&str>) -> Vec<Chip> {
        let name = |choices: &[Choice], value: &str| {
            choices.iter().find(|choice| choice.value == value).map_or(value, |choice| choice.label.as_str()).to_owned()
        };
        let day = |text: &str| text.parse().map_or_else(|_| text.to_owned(), |day| frame.date(day));
        let mut chips: Vec<Chip> = [
            list.chip("q", frame.t("visita-busca"), str::to_owned),
            list.chip("de", frame.t("visitas-de"), day),
            list.chip("ate", frame.t("visitas-ate"), day),
            list.chip("situacao", frame.t("visita-situacao"), |value| name(&self.situacoes, value)),
            list.chip("responsavel", frame.t("visita-responsavel"), |value| name(&self.responsaveis, value)),
        ]
        .into_iter()
        .flatten()
        .collect();
        chips.extend(Self::beside(frame, list, empresa));
        chips
    }
}

/// A row as printed.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub href: String,
    pub empresa: String,
    pub place: String,
    pub objetivo: String,
    pub responsavel: String,
    pub inicio_at: DateTime<Utc>,
    pub until: String,
    pub situacao: Option<Situacao>,
    /// Planned, and over: somebody has to tell what came of it.
    pub late: bool,
}

impl Row {
    pub(crate) fn new(frame: &Frame, resumo: Resumo) -> Self {
        let situacao = Situacao::from_code(&resumo.situacao);
        let first = resumo.objetivo.lines().next().unwrap_or_default();
        Self {
            href: VisitaShow { id: resumo.id }.to_string(),
            empresa: resumo.empresa,
            place: [resumo.cidade, resumo.uf].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            objetivo: first.chars().take(160).collect(),
            responsavel: resumo.responsavel,
            inicio_at: resumo.inicio_at,
            until: idioma::time_of_day(frame.zone, resumo.fim_at),
            situacao,
            late: situacao == Some(Situacao::Planejada) && resumo.fim_at < frame.now,
        }
    }
}

/// What may be drawn.
#[derive(Debug, Clone, Copy, Default)]
struct May {
    registrar: bool,
    exportar: bool,
    excluir: bool,
}

impl May {
    fn of(actor: &Actor) -> Self {
        Self { registrar: actor.may(&REGISTRAR), exportar: actor.may(&EXPORTAR), excluir: actor.may(&EXCLUIR) }
    }
}

#[derive(Template)]
#[template(path = "relacionamento/visita/list.html")]
pub struct VisitaListPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    views: Vec<View>,
    layout: Layout,
    /// The columns that may be hidden.
    columns: Vec<Choice>,
    /// Whether the actor may see any at all, whatever the filters.
    any: bool,
    choices: Choices,
    may: May,
    /// What was before this program may be brought in.
    importar: bool,
}

pub(crate) async fn list(_: Visitas, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let lista = acesso::lista::of(&mut ctx.tx, &ctx.actor, Visitas::PATH).await?;
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    if let Some(opening) = lista.opening(query) {
        return Ok(redirect(opening, None));
    }
    let mut asked = Asked::of(ctx);
    asked.list = asked.list.narrower(lista.views.iter().any(|view| view.default));
    let pagina = lista::list(&mut ctx.tx, &ctx.actor, &asked.filtro, asked.ordem, asked.list.page).await?;
    let any =
        pagina.total > 0 || asked.list.is_filtered() && lista::count(&mut ctx.tx, &ctx.actor, &Filtro::default()).await? > 0;
    let mut frame = ctx.frame().titled("visitas-title");
    if let Some(toast) = undo(ctx, &frame, asked.deleted).await? {
        frame = frame.toast(Some(toast));
    }
    let empresa = asked.empresa_nome(ctx).await?;
    let choices = Choices::new(&frame, &lista::pessoas(&mut ctx.tx).await?);
    let page = VisitaListPage {
        chips: Choices::beside(&frame, &asked.list, empresa.as_deref()),
        rows: pagina.linhas.into_iter().map(|resumo| Row::new(&frame, resumo)).collect(),
        pager: Pager::new(asked.list.page, pagina.total),
        list: asked.list,
        columns: columns(&frame),
        layout: lista.layout,
        views: lista.views,
        any,
        choices,
        may: May::of(&ctx.actor),
        importar: ctx.actor.may(&crate::historico::IMPORTAR),
        frame,
    };
    Ok(Page(page).into_response())
}

/// Columns that may be hidden; when and where says which visita it is.
fn columns(frame: &Frame) -> Vec<Choice> {
    [("objetivo", "visita-objetivo"), ("responsavel", "visita-responsavel"), ("situacao", "visita-situacao")]
        .map(|(key, label)| Choice::new(key, frame.t(label)))
        .into()
}

/// The message after a deletion, with its way back, if the visita still lies in the lixeira and the actor may restore it.
async fn undo(ctx: &mut CtxInner, frame: &Frame, deleted: Option<VisitaId>) -> Result<Option<Toast>, Error> {
    let Some(id) = deleted.filter(|_| ctx.actor.may(&EXCLUIR)) else { return Ok(None) };
    let Some(visita) = lista::find_trashed(&mut ctx.tx, &ctx.actor, id).await? else { return Ok(None) };
    let at = frame.datetime(visita.horario.inicio_at);
    let args = [("empresa", visita.empresa_nome.as_str().into()), ("at", at.as_str().into())];
    let text = frame.t_with("visita-moved-to-trash", &args);
    Ok(Some(Toast { tone: Tone::Success, text, undo: Some(VisitaRestore { id }.to_string()) }))
}

impl VisitaListPage {
    /// For the test that renders every page: nothing yet, nothing found, one, many, the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |query: &str, rows: Vec<Resumo>, total: i64| {
            let asked = Asked::read(query, frame.zone);
            let frame = frame.clone().titled("visitas-title");
            let choices = Choices::new(&frame, &[Pessoa { id: Uuid::nil(), nome: "Marina <b>Aurora</b>".to_owned() }]);
            Self {
                chips: Choices::beside(&frame, &asked.list, Some("Metalúrgica <b>Aurora</b>")),
                rows: rows.into_iter().map(|resumo| Row::new(&frame, resumo)).collect(),
                pager: Pager::new(asked.list.page, total),
                views: Vec::new(),
                layout: Layout::default(),
                columns: columns(&frame),
                any: total > 0 || !query.is_empty(),
                may: May { registrar: true, exportar: true, excluir: true },
                importar: true,
                list: asked.list,
                choices,
                frame,
            }
        };
        let resumo = |i: usize, long: bool| crate::visita::samples::resumo(i, long, frame.now);
        let empresa = format!("empresa={}&situacao=planejada", EmpresaId::new(Uuid::nil()));
        vec![
            ("empty", page("", Vec::new(), 0)),
            ("nothing found", page("q=xyz&de=2026-01-01", Vec::new(), 0)),
            ("one", page("", vec![resumo(0, false)], 1)),
            ("many", page(&empresa, (0..25).map(|i| resumo(i, false)).collect(), 6912)),
            ("longest", page("", vec![resumo(1, true)], 1)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_nonsense_in_it_passed_over() {
        let zone = chrono_tz::America::Sao_Paulo;
        let asked = Asked::read(
            "q=a%C3%A7o&situacao=planejada&situacao=x&de=2026-11-01&ate=2026-11-30&empresa=x&ordem=empresa&excluida=01900000-0000-7000-8000-000000000501",
            zone,
        );
        assert_eq!(asked.filtro.situacoes, [Situacao::Planejada]);
        // Both ends are within it (S0-4.14).
        assert_eq!(asked.filtro.from.unwrap().to_rfc3339(), "2026-11-01T03:00:00+00:00");
        assert_eq!(asked.filtro.until.unwrap().to_rfc3339(), "2026-12-01T03:00:00+00:00");
        assert_eq!((asked.filtro.empresa, asked.ordem), (None, Ordem::Empresa));
        assert!(asked.deleted.is_some() && !asked.list.link().contains("excluida"));
        assert_eq!(Asked::read("", zone).filtro, Filtro::default());
    }
}
