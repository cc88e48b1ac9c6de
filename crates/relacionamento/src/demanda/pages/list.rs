use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use chrono::{Days, NaiveDate};
use empresas::empresa::EmpresaId;
use kernel::{Actor, Reais};
use uuid::Uuid;
use web::{
    Ctx, CtxInner, Error, Page, filters,
    forms::Choice,
    frame::{Frame, Toast, Tone},
    list::{Chip, Direction, Layout, ListState, Pager, Sort, View},
    redirect,
};

use super::{DemandaRestore, DemandaShow, Demandas};
use crate::{
    demanda::{
        DemandaId, EXCLUIR, EXPORTAR, Pessoa, REGISTRAR, Situacao,
        lista::{self, Filtro, Ordem, Resumo},
    },
    etapa::{self, Etapa},
    setor::{self, Setor},
    tipo::{self, Tipo},
    visita,
};

const SORTS: &[&str] = &["criada", "empresa", "titulo", "prazo", "valor", "etapa"];

/// In the place of a person: nobody.
pub(super) const NOBODY: &str = "ninguem";

/// Ids of which each narrows.
fn ids<T: std::str::FromStr>(list: &ListState, name: &str) -> Vec<T> {
    list.all(name).filter_map(|id| id.parse().ok()).take(100).collect()
}

/// Reads a list of demandas out of its address. Values that mean nothing narrow nothing: old bookmarks must open.
pub(crate) struct Asked {
    pub list: ListState,
    pub filtro: Filtro,
    ordem: Ordem,
    /// Just put into the lixeira, for the undo in the toast.
    deleted: Option<DemandaId>,
}

impl Asked {
    pub(crate) fn of(ctx: &CtxInner, path: &str) -> Self {
        let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
        let today = ctx.now.with_timezone(&ctx.fuso()).date_naive();
        Self::read(path, query, ctx.fuso(), today)
    }

    fn read(path: &str, query: &str, zone: chrono_tz::Tz, today: NaiveDate) -> Self {
        let (taken, kept): (Vec<&str>, Vec<&str>) = query.split('&').partition(|pair| pair.starts_with("excluida="));
        let deleted = taken.first().and_then(|pair| pair.strip_prefix("excluida=")?.parse().ok());
        let list = ListState::read(path, &kept.join("&"), SORTS, Sort::down("criada"));
        let day = |name: &str| list.filter(name).and_then(|text| text.parse::<NaiveDate>().ok());
        let filtro = Filtro {
            busca: list.search().chars().take(200).collect(),
            situacoes: list.all("situacao").filter_map(Situacao::from_code).collect(),
            etapas: ids(&list, "etapa"),
            tipos: ids(&list, "tipo"),
            setores: ids(&list, "setor"),
            responsaveis: ids::<Uuid>(&list, "responsavel"),
            unassigned: list.all("responsavel").any(|value| value == NOBODY),
            empresa: list.filter("empresa").and_then(|id| id.parse().ok()),
            from: day("de").map(|day| idioma::day_begins(zone, day)),
            until: day("ate").and_then(|day| day.checked_add_days(Days::new(1))).map(|day| idioma::day_begins(zone, day)),
            late: (list.filter("vencidas") == Some("sim")).then_some(today),
            concluded_since: None,
        };
        let down = list.sort.direction == Direction::Down;
        let ordem = match list.sort.key {
            "empresa" => [Ordem::Empresa, Ordem::EmpresaDown],
            "titulo" => [Ordem::Titulo, Ordem::TituloDown],
            "prazo" => [Ordem::Prazo, Ordem::PrazoDown],
            "valor" => [Ordem::Valor, Ordem::ValorDown],
            "etapa" => [Ordem::Etapa, Ordem::EtapaDown],
            _ => [Ordem::Earliest, Ordem::Latest],
        };
        Self { ordem: ordem[usize::from(down)], list, filtro, deleted }
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
    pub etapas: Vec<Choice>,
    pub tipos: Vec<Choice>,
    pub setores: Vec<Choice>,
    pub responsaveis: Vec<Choice>,
}

/// What a unidade has to choose from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub etapas: Vec<Etapa>,
    pub tipos: Vec<Tipo>,
    pub setores: Vec<Setor>,
    pub pessoas: Vec<Pessoa>,
}

impl Known {
    pub(crate) async fn load(ctx: &mut CtxInner) -> Result<Self, Error> {
        Ok(Self {
            etapas: etapa::sql::list(&mut ctx.tx).await?,
            tipos: tipo::sql::list(&mut ctx.tx).await?,
            setores: setor::sql::list(&mut ctx.tx).await?,
            pessoas: visita::lista::pessoas(&mut ctx.tx).await?,
        })
    }
}

impl Choices {
    pub(crate) fn new(frame: &Frame, known: &Known) -> Self {
        let mut responsaveis = vec![Choice::new(NOBODY, frame.t("demanda-nobody"))];
        responsaveis.extend(known.pessoas.iter().map(|pessoa| Choice::new(pessoa.id.to_string(), &pessoa.nome)));
        Self {
            situacoes: Situacao::ALL.iter().map(|situacao| Choice::new(situacao.code(), frame.t(situacao.label()))).collect(),
            etapas: known.etapas.iter().map(|etapa| Choice::new(etapa.id.to_string(), &etapa.nome)).collect(),
            tipos: known.tipos.iter().map(|tipo| Choice::new(tipo.id.to_string(), &tipo.nome)).collect(),
            setores: known.setores.iter().map(|setor| Choice::new(setor.id.to_string(), &setor.nome)).collect(),
            responsaveis,
        }
    }

    /// The filters that have no menu of their own.
    pub(crate) fn beside(&self, frame: &Frame, list: &ListState, empresa: Option<&str>) -> Vec<Chip> {
        let name = |id: &str| empresa.map_or_else(|| id.to_owned(), str::to_owned);
        [
            list.chip("empresa", frame.t("demanda-empresa"), name),
            list.chip("situacao", frame.t("demanda-situacao"), |value| named(&self.situacoes, value)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// All in force, in words.
    pub(crate) fn all(&self, frame: &Frame, list: &ListState, empresa: Option<&str>) -> Vec<Chip> {
        let day = |text: &str| text.parse().map_or_else(|_| text.to_owned(), |day| frame.date(day));
        let mut chips: Vec<Chip> = [
            list.chip("q", frame.t("visita-busca"), str::to_owned),
            list.chip("de", frame.t("visitas-de"), day),
            list.chip("ate", frame.t("visitas-ate"), day),
            list.chip("vencidas", frame.t("demandas-late"), |_| frame.t("demandas-late-yes").to_owned()),
            list.chip("etapa", frame.t("demanda-etapa"), |value| named(&self.etapas, value)),
            list.chip("tipo", frame.t("demanda-tipo"), |value| named(&self.tipos, value)),
            list.chip("setor", frame.t("demanda-setor"), |value| named(&self.setores, value)),
            list.chip("responsavel", frame.t("demanda-responsavel"), |value| named(&self.responsaveis, value)),
        ]
        .into_iter()
        .flatten()
        .collect();
        chips.extend(self.beside(frame, list, empresa));
        chips
    }
}

fn named(choices: &[Choice], value: &str) -> String {
    choices.iter().find(|choice| choice.value == value).map_or(value, |choice| choice.label.as_str()).to_owned()
}

/// A row as printed, and a card of the board.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub id: DemandaId,
    pub href: String,
    pub titulo: String,
    pub empresa: String,
    pub tipo: String,
    pub tipo_cor: String,
    pub etapa: String,
    pub etapa_cor: String,
    pub responsavel: String,
    pub valor: String,
    /// And how it is coloured.
    pub prazo: Option<(String, &'static str)>,
    pub criada: String,
    pub version: i32,
}

impl Row {
    pub(crate) fn new(frame: &Frame, resumo: Resumo) -> Self {
        let today = frame.now.with_timezone(&frame.zone).date_naive();
        let open = Situacao::from_code(&resumo.situacao).is_some_and(Situacao::is_open);
        let tone = |prazo: NaiveDate| match (prazo - today).num_days() {
            _ if !open => "quiet",
            ..0 => "danger",
            0..=1 => "warn",
            _ => "quiet",
        };
        Self {
            id: resumo.id,
            href: DemandaShow { id: resumo.id }.to_string(),
            titulo: resumo.titulo,
            empresa: resumo.empresa,
            tipo: resumo.tipo,
            tipo_cor: resumo.tipo_cor,
            etapa: resumo.etapa,
            etapa_cor: resumo.etapa_cor,
            responsavel: resumo.responsavel.unwrap_or_default(),
            valor: resumo
                .valor_estimado
                .and_then(|valor| Reais::try_from(valor).ok())
                .map(|valor| valor.to_string())
                .unwrap_or_default(),
            prazo: resumo.data_prazo.map(|prazo| (frame.date(prazo), tone(prazo))),
            criada: frame.date(resumo.created_at.with_timezone(&frame.zone).date_naive()),
            version: resumo.version,
        }
    }
}

/// What may be drawn.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct May {
    pub registrar: bool,
    pub exportar: bool,
    pub excluir: bool,
}

impl May {
    pub(crate) fn of(actor: &Actor) -> Self {
        Self { registrar: actor.may(&REGISTRAR), exportar: actor.may(&EXPORTAR), excluir: actor.may(&EXCLUIR) }
    }
}

#[derive(Template)]
#[template(path = "relacionamento/demanda/list.html")]
pub struct DemandaListPage {
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

pub(crate) async fn list(_: Demandas, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let lista = acesso::lista::of(&mut ctx.tx, &ctx.actor, Demandas::PATH).await?;
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query);
    if let Some(opening) = lista.opening(query) {
        return Ok(redirect(opening, None));
    }
    let mut asked = Asked::of(ctx, Demandas::PATH);
    asked.list = asked.list.narrower(lista.views.iter().any(|view| view.default));
    let pagina = lista::list(&mut ctx.tx, &ctx.actor, &asked.filtro, asked.ordem, asked.list.page).await?;
    let any =
        pagina.total > 0 || asked.list.is_filtered() && lista::count(&mut ctx.tx, &ctx.actor, &Filtro::default()).await? > 0;
    let mut frame = ctx.frame().titled("demandas-title");
    if let Some(toast) = undo(ctx, &frame, asked.deleted).await? {
        frame = frame.toast(Some(toast));
    }
    let empresa = asked.empresa_nome(ctx).await?;
    let choices = Choices::new(&frame, &Known::load(ctx).await?);
    let page = DemandaListPage {
        chips: choices.beside(&frame, &asked.list, empresa.as_deref()),
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

/// Columns that may be hidden; the título and where it stands say which demanda it is.
fn columns(frame: &Frame) -> Vec<Choice> {
    [
        ("tipo", "demanda-tipo"),
        ("responsavel", "demanda-responsavel"),
        ("valor", "demanda-valor"),
        ("prazo", "demanda-prazo"),
        ("criada", "demanda-criada"),
    ]
    .map(|(key, label)| Choice::new(key, frame.t(label)))
    .into()
}

/// The message after a deletion, with its way back, if the demanda still lies in the lixeira and the actor may restore it.
async fn undo(ctx: &mut CtxInner, frame: &Frame, deleted: Option<DemandaId>) -> Result<Option<Toast>, Error> {
    let Some(id) = deleted.filter(|_| ctx.actor.may(&EXCLUIR)) else { return Ok(None) };
    let Some(demanda) = lista::find_trashed(&mut ctx.tx, &ctx.actor, id).await? else { return Ok(None) };
    let text = frame.t_with("demanda-moved-to-trash", &[("titulo", demanda.titulo.as_str().into())]);
    Ok(Some(Toast { tone: Tone::Success, text, undo: Some(DemandaRestore { id }.to_string()) }))
}

/// Made-up ones of each, for samples of pages.
pub(super) fn known() -> Known {
    Known {
        etapas: crate::demanda::samples::etapas(),
        tipos: Vec::new(),
        setores: Vec::new(),
        pessoas: vec![Pessoa { id: Uuid::nil(), nome: "Marina <b>Aurora</b>".to_owned() }],
    }
}

impl DemandaListPage {
    /// For the test that renders every page: nothing yet, nothing found, one, many, the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |query: &str, rows: Vec<Resumo>, total: i64| {
            let asked = Asked::read(Demandas::PATH, query, frame.zone, frame.now.date_naive());
            let frame = frame.clone().titled("demandas-title");
            let choices = Choices::new(&frame, &known());
            Self {
                chips: choices.beside(&frame, &asked.list, Some("Metalúrgica <b>Aurora</b>")),
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
        let resumo = |i: usize, long: bool| crate::demanda::samples::resumo(i, long, frame.now);
        let empresa = format!("empresa={}&situacao=nova", EmpresaId::new(Uuid::nil()));
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
        let (zone, today) = (chrono_tz::America::Sao_Paulo, "2026-11-23".parse().unwrap());
        let read = |query: &str| Asked::read(Demandas::PATH, query, zone, today);
        let asked = read(
            "q=a%C3%A7o&situacao=nova&situacao=x&tipo=x&responsavel=ninguem&vencidas=sim&ate=2026-11-30&ordem=-prazo&excluida=01900000-0000-7000-8000-000000000501",
        );
        assert_eq!((asked.filtro.situacoes.as_slice(), asked.filtro.tipos.len()), ([Situacao::Nova].as_slice(), 0));
        assert!(asked.filtro.unassigned && asked.filtro.responsaveis.is_empty());
        assert_eq!((asked.filtro.late, asked.ordem), (Some(today), Ordem::PrazoDown));
        // Both ends are within it.
        assert_eq!(asked.filtro.until.unwrap().to_rfc3339(), "2026-12-01T03:00:00+00:00");
        assert!(asked.deleted.is_some() && !asked.list.link().contains("excluida"));
        assert_eq!((read("").filtro, read("").ordem), (Filtro::default(), Ordem::Latest));
    }
}
