use askama::Template;
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use kernel::{Actor, Lang, Permission, Uf};
use tenancy::TenantTx;
use uuid::Uuid;
use web::{
    Ctx, CtxInner, Error, Page, filters,
    forms::Choice,
    frame::{Frame, Toast, Tone},
    list::{Chip, Direction, Layout, ListState, Pager, Sort, View},
    redirect,
};

use super::{EmpresaRestore, Empresas, lote};
use crate::{
    cnae::Atividades,
    consulta::SituacaoCadastral,
    empresa::{
        ALTERAR, CONSULTAR, EXCLUIR, EXPORTAR, EmpresaId, Known, Porte, REGISTRAR, Reach, Situacao,
        lista::{self, Coluna, Filtro, Ordem, Ordens, Pagina, Resumo},
        lote::LoteId,
    },
    etiqueta::pages::Chip as EtiquetaChip,
    importacao::IMPORTAR,
    municipio::Municipios,
};

const SORTS: &[&str] = &["nome", "cidade", "uf", "porte", "situacao", "cadastro"];
/// Value of the filter by responsável for those without one.
pub(super) const NOBODY: &str = "nenhum";

/// Reads a list of empresas out of its address. Values that mean nothing narrow nothing: old bookmarks must open.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub list: ListState,
    pub filtro: Filtro,
    pub ordem: Ordem,
    /// The empresa that was just put into the lixeira, for the undo in the toast.
    pub deleted: Option<EmpresaId>,
    /// The change of many that was just made or undone, to tell what came of it.
    pub lote: Option<LoteId>,
}

impl Asked {
    pub(crate) fn read(query: &str) -> Self {
        let (kept, deleted) = take(query, "excluida=");
        let (kept, lote) = take(&kept, "lote=");
        let list = ListState::read_many("/empresas", &kept, SORTS, Sort::up("nome"));
        let filtro = Filtro {
            busca: list.search().chars().take(200).collect(),
            situacoes: values(&list, "situacao"),
            ufs: values(&list, "uf"),
            segmentos: values(&list, "segmento"),
            portes: values(&list, "porte"),
            responsaveis: values::<Uuid>(&list, "responsavel"),
            sem_responsavel: list.has("responsavel", NOBODY),
            municipios: values(&list, "municipio"),
            cnaes: list.all("cnae").take(100).map(Into::into).collect(),
            etiquetas: values(&list, "etiqueta"),
        };
        let ordem = ordem(&list);
        Self { list, filtro, ordem, deleted, lote }
    }
}

/// Indexes know the orders of one column; anything else is one of several.
fn ordem(list: &ListState) -> Ordem {
    let alone = list.sorts().count() == 1;
    match (list.sort.key, list.sort.direction) {
        ("nome", Direction::Up) if alone => Ordem::Nome,
        ("nome", Direction::Down) if alone => Ordem::NomeDesc,
        ("cidade", Direction::Up) if alone => Ordem::Cidade,
        ("cidade", Direction::Down) if alone => Ordem::CidadeDesc,
        ("cadastro", Direction::Up) if alone => Ordem::Cadastro,
        ("cadastro", Direction::Down) if alone => Ordem::CadastroDesc,
        _ => Ordem::Varias(Ordens::new(list.sorts().map(|sort| (coluna(sort.key), sort.direction == Direction::Down)))),
    }
}

fn coluna(key: &str) -> Coluna {
    match key {
        "cidade" => Coluna::Cidade,
        "uf" => Coluna::Uf,
        "porte" => Coluna::Porte,
        "situacao" => Coluna::Situacao,
        "cadastro" => Coluna::Cadastro,
        _ => Coluna::Nome,
    }
}

/// What the list can be sorted by, by its names.
fn orders(frame: &Frame) -> Vec<Choice> {
    [
        ("nome", "empresas-column-empresa"),
        ("cidade", "empresa-municipio"),
        ("uf", "empresa-uf"),
        ("porte", "empresa-porte"),
        ("situacao", "empresa-situacao"),
        ("cadastro", "empresas-column-updated"),
    ]
    .map(|(key, label)| Choice::new(key, frame.t(label)))
    .into()
}

fn values<T: std::str::FromStr>(list: &ListState, name: &str) -> Vec<T> {
    list.all(name).filter_map(|value| value.parse().ok()).take(100).collect()
}

/// Of the request, without the question mark.
pub(crate) fn query(ctx: &CtxInner) -> &str {
    ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query)
}

/// The undo belongs to this one showing of the list, not to its address.
fn take<T: std::str::FromStr>(query: &str, name: &str) -> (String, Option<T>) {
    let (taken, kept): (Vec<&str>, Vec<&str>) = query.split('&').partition(|pair| pair.starts_with(name));
    let id = taken.first().and_then(|pair| pair.strip_prefix(name)?.parse().ok());
    (kept.join("&"), id)
}

#[derive(Template)]
#[template(path = "empresas/empresa/list.html")]
pub struct EmpresaListPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    views: Vec<View>,
    layout: Layout,
    /// The columns that may be hidden.
    columns: Vec<Choice>,
    orders: Vec<Choice>,
    /// Whether the actor may see any at all, whatever the filters.
    any: bool,
    similar: bool,
    choices: Choices,
    may: May,
    /// What picks every row of the list, as it is filtered; empty where they all stand on this page.
    pick_all: String,
}

/// What may be drawn.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for one permission")]
pub(super) struct May {
    pub registrar: bool,
    pub alterar: bool,
    pub excluir: bool,
    pub exportar: bool,
    pub importar: bool,
    pub consultar: bool,
    /// To make anybody the responsável: whoever reaches their own empresas only stays theirs.
    pub atribuir: bool,
}

impl May {
    /// Everything: for samples of pages.
    pub(super) const ALL: Self =
        Self { registrar: true, alterar: true, excluir: true, exportar: true, importar: true, consultar: true, atribuir: true };

    pub(super) fn of(actor: &Actor) -> Self {
        let may = |permission: &Permission| actor.may(permission);
        Self {
            registrar: may(&REGISTRAR),
            alterar: may(&ALTERAR),
            excluir: may(&EXCLUIR),
            exportar: may(&EXPORTAR),
            importar: may(&IMPORTAR),
            consultar: may(&CONSULTAR),
            atribuir: Reach::of_both(actor, &crate::empresa::VER, &ALTERAR).is_ok_and(|reach| reach.responsavel().is_none()),
        }
    }

    /// Whether anything may be done with many at once.
    pub(super) const fn many(self) -> bool {
        self.alterar || self.excluir || self.exportar || self.consultar
    }
}

/// What the filters offer.
#[derive(Debug, Clone, Default)]
struct Choices {
    situacoes: Vec<Choice>,
    ufs: Vec<Choice>,
    segmentos: Vec<Choice>,
    portes: Vec<Choice>,
    responsaveis: Vec<Choice>,
    etiquetas: Vec<Choice>,
}

impl Choices {
    fn new(frame: &Frame, known: &Known) -> Self {
        let mut responsaveis = vec![Choice::new(NOBODY, frame.t("empresa-sem-responsavel"))];
        responsaveis.extend(known.pessoas.iter().map(|pessoa| Choice::new(pessoa.id.to_string(), &pessoa.nome)));
        Self {
            situacoes: Situacao::ALL.iter().map(|situacao| Choice::new(situacao.code(), frame.t(situacao.label()))).collect(),
            ufs: Uf::ALL.iter().map(|uf| Choice::new(uf.as_str(), uf.as_str())).collect(),
            segmentos: known.segmentos.iter().map(|segmento| Choice::new(segmento.id.to_string(), &segmento.nome)).collect(),
            portes: Porte::ALL.iter().map(|porte| Choice::new(porte.code(), frame.t(porte.label()))).collect(),
            responsaveis,
            etiquetas: known.etiquetas.iter().map(|etiqueta| Choice::new(etiqueta.id.to_string(), &etiqueta.nome)).collect(),
        }
    }

    fn name(choices: &[Choice], value: &str) -> String {
        choices.iter().find(|choice| choice.value == value).map_or(value, |choice| choice.label.as_str()).to_owned()
    }

    /// The filter by município, which has no menu: a cell of the list sets it.
    fn place(frame: &Frame, list: &ListState, municipios: &Municipios) -> Option<Chip> {
        list.chip("municipio", frame.t("empresa-municipio"), |codigo| {
            let found = codigo.parse().ok().and_then(|codigo| municipios.by_codigo(codigo));
            found.map_or_else(|| codigo.to_owned(), |municipio| format!("{} · {}", municipio.nome, municipio.uf))
        })
    }

    /// The filter by atividade, which has no menu either: the classification sets it.
    fn activity(frame: &Frame, list: &ListState, atividades: &Atividades) -> Option<Chip> {
        list.chip("cnae", frame.t("empresa-cnae"), |codigo| {
            let found = atividades.read(codigo);
            found.map_or_else(|| codigo.to_owned(), |atividade| format!("{} {}", atividade.written(), atividade.nome))
        })
    }

    /// Those that no menu shows.
    fn beside(frame: &Frame, list: &ListState, known: &Known) -> Vec<Chip> {
        let both = [Self::place(frame, list, &known.municipios), Self::activity(frame, list, &known.atividades)];
        both.into_iter().flatten().collect()
    }

    /// The filters in force, in words.
    fn all(&self, frame: &Frame, list: &ListState, known: &Known) -> Vec<Chip> {
        [
            list.chip("q", frame.t("empresa-busca"), str::to_owned),
            list.chip("situacao", frame.t("empresa-situacao"), |value| Self::name(&self.situacoes, value)),
            list.chip("uf", frame.t("empresa-uf"), |value| Self::name(&self.ufs, value)),
            Self::place(frame, list, &known.municipios),
            Self::activity(frame, list, &known.atividades),
            list.chip("segmento", frame.t("empresa-segmento"), |value| Self::name(&self.segmentos, value)),
            list.chip("porte", frame.t("empresa-porte"), |value| Self::name(&self.portes, value)),
            list.chip("responsavel", frame.t("empresa-responsavel"), |value| Self::name(&self.responsaveis, value)),
            list.chip("etiqueta", frame.t("etiquetas-title"), |value| Self::name(&self.etiquetas, value)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The filters of an address in words.
pub(in crate::empresa) fn in_words(frame: &Frame, known: &Known, list: &ListState) -> Vec<Chip> {
    Choices::new(frame, known).all(frame, list, known)
}

/// A row as printed.
#[derive(Debug, Clone)]
struct Row {
    id: EmpresaId,
    href: String,
    edit: String,
    delete: String,
    nome: String,
    fantasia: String,
    cnpj: String,
    segmento: String,
    porte: String,
    /// Where the cidade leads: the same list, narrowed to it.
    place: String,
    place_href: Option<String>,
    situacao: Option<Situacao>,
    /// With the Receita Federal, when it is not ativa.
    receita: Option<SituacaoCadastral>,
    etiquetas: Vec<EtiquetaChip>,
    responsavel: String,
    updated_at: chrono::DateTime<chrono::Utc>,
}

impl Row {
    fn new(frame: &Frame, list: &ListState, resumo: Resumo) -> Self {
        let porte = resumo.porte.as_deref().and_then(|porte| porte.parse::<Porte>().ok());
        let place = [resumo.cidade, resumo.uf].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Self {
            id: resumo.id,
            href: format!("/empresas/{}", resumo.id),
            edit: format!("/empresas/{}/editar", resumo.id),
            delete: format!("/empresas/{}/excluir", resumo.id),
            nome: resumo.nome,
            fantasia: resumo.nome_fantasia.unwrap_or_default(),
            cnpj: resumo.cnpj.parse().map_or(resumo.cnpj, |cnpj: kernel::Cnpj| cnpj.to_string()),
            segmento: resumo.segmento.unwrap_or_default(),
            porte: porte.map(|porte| frame.t(porte.label()).to_owned()).unwrap_or_default(),
            place,
            place_href: resumo.municipio_id.map(|codigo| list.with("municipio", &codigo.to_string())),
            situacao: resumo.situacao.parse().ok(),
            receita: resumo.receita.filter(|receita| *receita != SituacaoCadastral::Ativa),
            etiquetas: resumo.etiquetas.iter().map(|etiqueta| EtiquetaChip::new(resumo.id, etiqueta)).collect(),
            responsavel: resumo.responsavel.unwrap_or_default(),
            updated_at: resumo.updated_at,
        }
    }
}

pub(crate) async fn list(_: Empresas, mut ctx: Ctx) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let lista = acesso::lista::of(&mut ctx.tx, &ctx.actor, Empresas::PATH).await?;
    if let Some(opening) = lista.opening(query(ctx)) {
        return Ok(redirect(opening, None));
    }
    let mut asked = Asked::read(query(ctx));
    asked.list = asked.list.narrower(lista.views.iter().any(|view| view.default));
    let known = Known::load(&mut ctx.tx).await?;
    let mut pagina = lista::list(&mut ctx.tx, &ctx.actor, &known, &asked.filtro, asked.ordem, asked.list.page).await?;
    if asked.lote.is_some() && pagina.linhas.is_empty() && pagina.total > 0 {
        // What was changed may not belong to the list any more: the last page that there still is.
        asked.list.page.number = asked.list.page.last(pagina.total);
        pagina = lista::list(&mut ctx.tx, &ctx.actor, &known, &asked.filtro, asked.ordem, asked.list.page).await?;
    }
    let any = pagina.total > 0 || asked.list.is_filtered() && lista::total(&mut ctx.tx, &ctx.actor).await? > 0;
    let undo = undo(&mut ctx.tx, &ctx.actor, asked.deleted, ctx.lang).await?;
    let may = May::of(&ctx.actor);
    let mut frame = ctx.frame().titled("empresas-title");
    if undo.is_some() {
        frame = frame.toast(undo);
    }
    if let Some(id) = asked.lote
        && let Some(told) = lote::told(&mut ctx.tx, &ctx.actor, &frame, id).await?
    {
        frame = frame.toast(Some(told));
    }
    let choices = Choices::new(&frame, &known);
    let pick_all = pick_all(&frame, &asked.list, &pagina);
    let page = EmpresaListPage {
        chips: Choices::beside(&frame, &asked.list, &known),
        rows: pagina.linhas.into_iter().map(|resumo| Row::new(&frame, &asked.list, resumo)).collect(),
        pick_all,
        pager: Pager::new(asked.list.page, pagina.total),
        similar: pagina.similar,
        list: asked.list,
        columns: columns(&frame),
        orders: orders(&frame),
        layout: lista.layout,
        views: lista.views,
        any,
        choices,
        may,
        frame,
    };
    Ok(Page(page).into_response())
}

/// Columns that may be hidden; the name says which empresa it is.
fn columns(frame: &Frame) -> Vec<Choice> {
    [
        ("cnpj", "empresa-cnpj"),
        ("segmento", "empresa-segmento"),
        ("porte", "empresa-porte"),
        ("municipio", "empresa-municipio"),
        ("situacao", "empresa-situacao"),
        ("responsavel", "empresa-responsavel"),
        ("etiquetas", "etiquetas-title"),
        ("atualizacao", "empresas-column-updated"),
    ]
    .map(|(key, label)| Choice::new(key, frame.t(label)))
    .into()
}

/// Rows that are only like what was looked for are no list to be changed as a whole.
fn pick_all(frame: &Frame, list: &ListState, pagina: &Pagina) -> String {
    match (pagina.similar || pagina.total <= list.page.limit(), list.is_filtered()) {
        (true, _) => String::new(),
        (false, true) => frame.t_n("empresas-pick-filter", pagina.total),
        (false, false) => frame.t_n("empresas-pick-all", pagina.total),
    }
}

/// The message after a deletion, with its way back, if the empresa still lies in the lixeira and the actor may restore it.
async fn undo(tx: &mut TenantTx, actor: &Actor, deleted: Option<EmpresaId>, lang: Lang) -> Result<Option<Toast>, Error> {
    let Some(id) = deleted.filter(|_| actor.may(&EXCLUIR)) else { return Ok(None) };
    let Some(empresa) = lista::find_trashed(tx, actor, id).await? else { return Ok(None) };
    let text = idioma::t_args(lang, "empresa-moved-to-trash", [("nome", empresa.cadastro.nome.as_str().into())]);
    Ok(Some(Toast { tone: Tone::Success, text, undo: Some(EmpresaRestore { id }.to_string()) }))
}

impl EmpresaListPage {
    /// For the test that renders every page: nothing yet, nothing found, one, many, the longest.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        use kernel::{Cnpj, PageRequest};

        let resumo = |i: usize, nome: &str| Resumo {
            id: EmpresaId::new(Uuid::from_u128(i as u128)),
            nome: nome.to_owned(),
            nome_fantasia: (!i.is_multiple_of(3)).then(|| nome.split(' ').next().unwrap_or_default().to_owned()),
            cnpj: Cnpj::from_base(&format!("{:08}0001", 10_000_000 + i)).map(String::from).unwrap_or_default(),
            receita: Some(SituacaoCadastral::Baixada),
            etiquetas: Vec::new(),
            segmento: (i % 2 == 1).then(|| "Metalmecânica".to_owned()),
            porte: Porte::ALL.get(i % 6).map(|porte| porte.code().to_owned()),
            cidade: (!i.is_multiple_of(4)).then(|| "Joinville".to_owned()),
            uf: Some("SC".to_owned()),
            municipio_id: (!i.is_multiple_of(4)).then_some(4209102),
            situacao: Situacao::ALL[i % 4].code().to_owned(),
            responsavel: i.is_multiple_of(2).then(|| "Marina Costa".to_owned()),
            updated_at: frame.now,
        };
        let view = |label: &str, shared: bool| View {
            label: label.to_owned(),
            href: "/empresas?uf=SC".to_owned(),
            shared,
            remove: (!shared).then(|| "/visoes/1/excluir".to_owned()),
            default: shared,
            prefer: "/visoes/1/padrao".to_owned(),
        };
        let page = |query: &str, rows: Vec<Resumo>, total: i64| {
            let asked = Asked::read(query);
            let known = Known::new(std::sync::Arc::default(), Vec::new(), Vec::new(), frame.now.date_naive());
            let frame = frame.clone().titled("empresas-title");
            let choices = Choices::new(&frame, &known);
            Self {
                chips: Choices::beside(&frame, &asked.list, &known),
                rows: rows.into_iter().map(|row| Row::new(&frame, &asked.list, row)).collect(),
                pager: Pager::new(PageRequest::default(), total),
                views: if query.is_empty() {
                    Vec::new()
                } else {
                    vec![view("Minha", false), view("De todos <b>Aurora</b>", true)]
                },
                layout: Layout { hidden: if total > 25 { vec!["porte".to_owned()] } else { Vec::new() }, compact: total > 25 },
                columns: columns(&frame),
                orders: orders(&frame),
                any: total > 0 || !query.is_empty(),
                similar: query.contains("similar"),
                may: May::ALL,
                pick_all: if total > 25 { frame.t_n("empresas-pick-all", total) } else { String::new() },
                list: asked.list,
                choices,
                frame,
            }
        };
        let long = "Indústria e Comércio de Estruturas Metálicas Pré-Fabricadas Nossa Senhora da Conceição Aparecida do Norte "
            .repeat(2);
        vec![
            ("empty", page("", Vec::new(), 0)),
            ("nothing-found", page("q=xyz&uf=SC", Vec::new(), 0)),
            ("one", page("", vec![resumo(1, "Metalúrgica Aurora Ltda")], 1)),
            ("similar", page("q=similar", vec![resumo(2, "Têxtil Vale")], 1)),
            (
                "many",
                page(
                    "situacao=ativo&situacao=prospect&ordem=-cidade",
                    (0..25).map(|i| resumo(i, "Metalúrgica <b>Aurora</b>")).collect(),
                    6912,
                ),
            ),
            ("longest", page("", vec![resumo(3, long.trim())], 1)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_nonsense_in_it_passed_over() {
        let asked = Asked::read(
            "q=a%C3%A7o&uf=SC&uf=XX&situacao=ativo&porte=medio&responsavel=nenhum&municipio=4209102&municipio=x&ordem=-cidade&excluida=01900000-0000-7000-8000-000000000201&lote=01900000-0000-7000-8000-000000000230",
        );
        assert_eq!(asked.filtro.busca, "aço");
        assert_eq!(asked.filtro.ufs.len(), 1);
        assert_eq!((asked.filtro.sem_responsavel, asked.filtro.municipios.as_slice()), (true, &[4209102][..]));
        assert_eq!(asked.ordem, Ordem::CidadeDesc);
        assert!(asked.deleted.is_some() && asked.lote.is_some());
        assert!(!asked.list.link().contains("excluida") && !asked.list.link().contains("lote"));
    }
}
