//! `/_pecas`: every shared piece with its states, in the current theme and language. Mounted in development only; it is the
//! manual of `templates/pecas` for whoever writes a page, and the page that is looked at before a shared piece is changed.

use askama::Template;
use chrono::{DateTime, Utc};
use kernel::{Cnpj, Invalid, Reais, Uf};

use crate::{
    filters,
    forms::{Choice, FormState},
    frame::{Action, Frame, Toast, Tone},
    list::{Chip, Layout, ListState, Pager, Sort, View},
    timeline::Told,
};

/// A tab of a page; its address is its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub count: Option<i64>,
    pub active: bool,
}

impl Tab {
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), count: None, active: false }
    }

    #[must_use]
    pub const fn count(mut self, count: i64) -> Self {
        self.count = Some(count);
        self
    }

    #[must_use]
    pub const fn active(mut self, active: bool) -> Self {
        self.active = active;
        self
    }
}

/// A row of the sample list.
struct Row {
    nome: &'static str,
    fantasia: &'static str,
    cnpj: Option<Cnpj>,
    segmento: &'static str,
    cidade: &'static str,
    status: (&'static str, &'static str, &'static str),
    responsavel: &'static str,
    contato_at: Option<DateTime<Utc>>,
    valor: Option<Reais>,
}

/// Every piece with its states.
#[derive(Template)]
#[template(path = "pecas/_pecas.html")]
pub struct PecasPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    layout: Layout,
    columns: Vec<Choice>,
    orders: Vec<Choice>,
    views: Vec<View>,
    /// Texts of the panel, the first of them unread.
    notices: Vec<&'static str>,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    actions: Vec<Action>,
    tabs: Vec<Tab>,
    status: Vec<Choice>,
    ufs: Vec<Choice>,
    portes: Vec<Choice>,
    fresh: FormState,
    refused: FormState,
    toasts: Vec<Toast>,
    steps: Vec<&'static str>,
    told: Told,
    trail: Vec<Trail>,
    cores: Vec<Choice>,
    refused_field: FormState,
}

/// A row of the trail, as far as its piece reads it.
struct Trail {
    at: DateTime<Utc>,
    actor: &'static str,
    action: &'static str,
    ip: &'static str,
    fields: Vec<TrailField>,
    user_agent: &'static str,
    request_id: &'static str,
}

#[derive(Clone, Copy)]
struct TrailField {
    name: &'static str,
    before: &'static str,
    after: &'static str,
}

fn trail(now: DateTime<Utc>) -> Vec<Trail> {
    let porte = TrailField { name: "Porte", before: "Médio", after: "Grande" };
    let site = TrailField { name: "Site", before: "", after: "https://aurora.example" };
    let row = |action, fields, user_agent| Trail {
        at: now,
        actor: "Marina Costa",
        action,
        ip: "203.0.113.7",
        fields,
        user_agent,
        request_id: "",
    };
    vec![
        row("Cadastro alterado", vec![porte, site], "Mozilla/5.0 (Android 15; Mobile)"),
        row("Empresa cadastrada", vec![site; 12], ""),
        row("Abriu um documento", Vec::new(), ""),
    ]
}

/// As `assets/src/styles/_etiquetas.scss` has them.
fn cores() -> Vec<Choice> {
    ["cinza", "azul", "turquesa", "verde", "ambar", "laranja", "vermelho", "rosa", "roxo"].map(|cor| Choice::new(cor, cor)).into()
}

impl PecasPage {
    /// `query` is the page's own query string: the sample list obeys it.
    #[must_use]
    pub fn new(frame: Frame, query: &str) -> Self {
        let list = sample_list("/_pecas", query);
        let mut refused = FormState::typed([
            ("razao", "Metalúrgica Aurora Ltda"),
            ("cnpj", "12.ABC.345/01DE-99"),
            ("email", "contato@"),
            ("uf", "SC"),
            ("porte", "medio"),
            ("obs", "Prefere contato pela manhã."),
        ])
        .secret("senha");
        refused.fail("cnpj", Invalid::new("cnpj-check-digits"));
        refused.fail("email", Invalid::new("email-invalid"));
        refused.fail("senha", Invalid::new("required"));
        let mut refused_field = FormState::new().with("email_aqui", "contato@");
        refused_field.fail("email_aqui", Invalid::new("email-invalid"));
        let chips =
            list.chip("segmento", "Segmento", |code| if code == "metal" { "Metalmecânica".to_owned() } else { code.to_owned() });
        Self {
            pager: Pager::new(list.page, 6912),
            layout: Layout { hidden: vec!["valor".to_owned()], compact: false },
            columns: vec![Choice::new("segmento", "Segmento"), Choice::new("valor", "Em aberto")],
            orders: vec![
                Choice::new("nome", "Empresa"),
                Choice::new("uf", "UF"),
                Choice::new("cidade", "Cidade"),
                Choice::new("contato", "Último contato"),
            ],
            views: vec![
                view("Minhas prospects", false, true),
                view("Grandes de SC", false, false),
                view("Estratégicas de toda a unidade, como combinado na reunião", true, false),
            ],
            notices: vec![
                "Importação de “empresas_2026.xlsx” terminou: 480 criadas, 0 atualizadas, 20 recusadas.",
                "Marina Costa passou Metalúrgica Aurora Ltda para você.",
                "Exportação de “Empresas” está pronta.",
            ],
            chips: chips.into_iter().collect(),
            rows: rows(frame.now),
            actions: actions(),
            tabs: vec![
                Tab::new("Linha do tempo", "?aba=tempo").active(true),
                Tab::new("Visitas", "?aba=visitas").count(14),
                Tab::new("Documentos", "?aba=documentos").count(1021),
                Tab::new("Auditoria", "?aba=auditoria"),
            ],
            status: vec![
                Choice::new("ativo", "Ativo"),
                Choice::new("estrategico", "Estratégico"),
                Choice::new("inativo", "Inativo"),
            ],
            ufs: Uf::ALL.iter().map(|uf| Choice::new(uf.to_string(), uf.to_string())).collect(),
            portes: vec![Choice::new("pequeno", "Pequeno"), Choice::new("medio", "Médio"), Choice::new("grande", "Grande")],
            fresh: FormState::new().with("porte", "pequeno").with("cor", "azul"),
            refused,
            toasts: [
                (Tone::Success, "Empresa movida para a lixeira.", Some("/desfazer")),
                (Tone::Info, "A importação começou. Avisamos quando terminar.", None),
                (Tone::Warning, "O arquivo tem 12 linhas com problemas.", None),
                (Tone::Danger, "Sem resposta do servidor.", None),
            ]
            .map(|(tone, text, undo)| Toast { tone, text: text.into(), undo: undo.map(Into::into) })
            .into(),
            steps: vec!["Arquivo", "Colunas", "Prévia", "Confirmar", "Resultado"],
            told: Told::sample(&frame),
            trail: trail(frame.now),
            cores: cores(),
            refused_field,
            frame: frame.title("Peças"),
            list,
        }
    }
}

fn view(label: &str, shared: bool, default: bool) -> View {
    View {
        label: label.into(),
        href: "/_pecas?status=prospect".into(),
        shared,
        remove: (!shared).then(|| "/visoes/7/excluir".into()),
        default,
        prefer: "/visoes/7/padrao".into(),
    }
}

fn sample_list(path: &str, query: &str) -> ListState {
    let query =
        if query.is_empty() { "status=ativo&status=estrategico&uf=SC&uf=RS&segmento=metal&ordem=cidade,-nome" } else { query };
    ListState::read_many(path, query, &["nome", "uf", "cidade", "contato"], Sort::up("nome"))
}

fn actions() -> Vec<Action> {
    vec![
        Action::link("Editar", "/empresas/7/editar", "pencil"),
        Action::post("Mover para a lixeira", "/empresas/7/lixeira", "trash3")
            .confirm("Mover Metalúrgica Aurora Ltda para a lixeira? As 14 visitas e 2 demandas dela vão junto e voltam com ela."),
    ]
}

/// Nome, fantasia, CNPJ, segmento, cidade, status, responsável, days since the last contact, value in negotiation.
const ROWS: &str = "\
Metalúrgica Aurora Ltda|Aurora Metais|12ABC34501DE35|Metalmecânica|Joinville · SC|estrategico|Marina Costa|3|184500.00
Têxtil Vale do Itajaí S.A.|Vale Têxtil|19131243000197|Têxtil|Blumenau · SC|ativo|Rafael Nunes|8|42000.00
Plásticos Nova Era Indústria|Nova Era|45993400000183|Plástico|Caxias do Sul · RS|ativo|Marina Costa|12|97350.00
Cerâmica São Bento|São Bento|07526557000100|Cerâmica|Criciúma · SC|prospect|Bruna Alves||
Frigorífico Campo Alegre|Campo Alegre|02916265000160|Alimentos|Chapecó · SC|estrategico|Marina Costa|1|312000.00
Indústria e Comércio de Componentes Eletroeletrônicos do Vale do Itapocu Ltda|Componentes do Vale|33041260065290|Eletroeletrônico|Jaraguá do Sul · SC|ativo|Bruna Alves|34|
Papel & Celulose Rio Negro|Rio Negro|76500180000132|Papel e celulose|Rio Negrinho · SC|inativo|Diego Prado|270|";

fn rows(now: DateTime<Utc>) -> Vec<Row> {
    ROWS.lines().filter_map(|line| row(now, line)).collect()
}

fn row(now: DateTime<Utc>, line: &'static str) -> Option<Row> {
    let mut cells = line.split('|');
    let mut next = || cells.next();
    Some(Row {
        nome: next()?,
        fantasia: next()?,
        cnpj: next()?.parse().ok(),
        segmento: next()?,
        cidade: next()?,
        status: match next()? {
            "ativo" => ("Ativo", "ok", "check-circle-fill"),
            "estrategico" => ("Estratégico", "warn", "star-fill"),
            "prospect" => ("Prospect", "info", "eye-fill"),
            _ => ("Inativo", "quiet", "pause-circle-fill"),
        },
        responsavel: next()?,
        contato_at: next()?.parse().ok().map(|days| now - chrono::Duration::days(days)),
        valor: next()?.to_owned().try_into().ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_renders_in_every_frame() {
        for frame in Frame::samples() {
            let (title, lang) = (frame.brand().to_owned(), frame.lang.tag());
            let page = PecasPage::new(frame, "").render().unwrap();
            assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{title}");
            assert!(!page.contains("<b>Serviço"), "names are text, not markup");
            assert!(!page.contains(" style=") && !page.contains(" onclick="), "the content security policy forbids them");
            assert!(!page.contains("/assets/missing"));
            assert_eq!(page.matches("<tr data-row>").count(), ROWS.lines().count());
        }
    }

    /// A piece that nobody looks at is changed blindly.
    #[test]
    fn every_piece_is_shown() {
        let page = include_str!("../../../templates/pecas/_pecas.html");
        let pieces = [
            include_str!("../../../templates/pecas/bits.html"),
            include_str!("../../../templates/pecas/form.html"),
            include_str!("../../../templates/pecas/list.html"),
            include_str!("../../../templates/pecas/page.html"),
            include_str!("../../../templates/pecas/timeline.html"),
            include_str!("../../../templates/pecas/trail.html"),
            include_str!("../../../templates/layout/base.html"),
        ]
        .concat();
        let shown = |name: &str| page.contains(&format!("::{name}(")) || pieces.matches(&format!("{name}(")).count() > 1;
        let names = pieces.split("{% macro ").skip(1).filter_map(|rest| rest.split('(').next());
        // Declared fields are shown by the pages of the lists that declare them.
        let missing: Vec<_> = names.filter(|name| !shown(name) && *name != "asked").collect();
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn what_was_typed_is_kept_and_what_is_wrong_is_told_by_the_field() {
        let page = PecasPage::new(Frame::sample(), "").render().unwrap();
        let page = scraper::Html::parse_document(&page);
        let select = |css: &str| page.select(&scraper::Selector::parse(css).unwrap()).next();
        let cnpj = select("#refused [name=cnpj]").unwrap();
        assert_eq!((cnpj.attr("value"), cnpj.attr("aria-invalid")), (Some("12.ABC.345/01DE-99"), Some("true")));
        let told = select(&format!("#{}", cnpj.attr("aria-describedby").unwrap().split(' ').next().unwrap())).unwrap();
        assert_eq!(told.text().collect::<String>().trim(), "Este CNPJ não existe: confira os dois últimos números.");
        assert_eq!(select("#refused [name=senha]").unwrap().attr("value"), Some(""));
    }
}
