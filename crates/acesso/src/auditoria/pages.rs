use askama::Template;
use axum_extra::routing::TypedPath;
use chrono::{Days, NaiveDate};
use kernel::{ActorKind, Fault};
use serde::Deserialize;
use tenancy::TenantTx;
use uuid::Uuid;
use web::{
    Access, Ctx, CtxInner, Page, Route, filters,
    forms::Choice,
    frame::Frame,
    list::{Chip, ListState, Pager, Sort},
};

use super::{Filtro, Linha, Row, VER, kind_of_record, of_family, sql, sql::Selo, word};
use crate::configuracoes;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/configuracoes/auditoria")]
pub struct AuditoriaPath;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(show, Access::Needs(VER))]
}

/// What the list can be narrowed to, in words.
#[derive(Default)]
pub(super) struct Choices {
    kinds: Vec<Choice>,
    actions: Vec<Choice>,
    entities: Vec<Choice>,
    /// Whom `pessoa` names.
    person: Option<String>,
}

const KINDS: [ActorKind; 5] =
    [ActorKind::Usuario, ActorKind::Token, ActorKind::Sistema, ActorKind::Plataforma, ActorKind::Anonimo];

impl Choices {
    pub(super) async fn load(tx: &mut TenantTx, frame: &Frame, list: &ListState) -> Result<Self, Fault> {
        let person = match list.filter("pessoa") {
            None => None,
            Some(id) => Some(match id.parse().ok() {
                Some(id) => sql::name(tx, id).await?.unwrap_or_else(|| "—".to_owned()),
                None => "—".to_owned(),
            }),
        };
        Ok(Self::new(frame, sql::actions(tx).await?, sql::entities(tx).await?, person))
    }

    fn new(frame: &Frame, actions: Vec<String>, entities: Vec<String>, person: Option<String>) -> Self {
        let in_words = |codes: Vec<String>, words: fn(&Frame, &str) -> String| {
            let mut choices: Vec<Choice> = codes.into_iter().map(|code| Choice::new(code.clone(), words(frame, &code))).collect();
            choices.sort_by_cached_key(|choice| kernel::fold(&choice.label));
            choices
        };
        Self {
            kinds: KINDS.map(|kind| Choice::new(kind.code(), of_family(frame, "actor-", kind.code()))).into(),
            actions: in_words(actions, word),
            entities: in_words(entities, kind_of_record),
            person,
        }
    }

    /// Every filter in force, in words.
    pub(super) fn chips(&self, frame: &Frame, list: &ListState) -> Vec<Chip> {
        let among = |choices: &[Choice], code: &str| {
            choices.iter().find(|choice| choice.value == code).map_or_else(|| code.to_owned(), |choice| choice.label.clone())
        };
        let day = |text: &str| text.parse::<NaiveDate>().map_or_else(|_| text.to_owned(), |day| frame.date(day));
        let all = [
            list.chip("q", frame.t("audit-search"), str::to_owned),
            list.chip("de", frame.t("audit-from"), day),
            list.chip("ate", frame.t("audit-until"), day),
            list.chip("quem", frame.t("audit-who"), |code| among(&self.kinds, code)),
            self.person_chip(frame, list),
            list.chip("acao", frame.t("audit-what"), |code| among(&self.actions, code)),
            list.chip("sobre", frame.t("audit-about"), |code| among(&self.entities, code)),
        ];
        all.into_iter().flatten().collect()
    }

    fn person_chip(&self, frame: &Frame, list: &ListState) -> Option<Chip> {
        list.chip("pessoa", frame.t("audit-who"), |_| self.person.clone().unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "acesso/auditoria.html")]
pub(crate) struct AuditoriaPage {
    frame: Frame,
    list: ListState,
    pager: Pager,
    choices: Choices,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    total: String,
    /// What the last seal says, for whoever notes it down.
    sealed: Option<String>,
}

impl AuditoriaPage {
    fn new(frame: Frame, list: ListState, choices: Choices, (linhas, total): (Vec<Linha>, i64), selo: Option<&Selo>) -> Self {
        let frame = configuracoes::below(frame).titled("auditoria-title");
        let sealed = selo.map(|selo| {
            frame.t_with(
                "auditoria-selo",
                &[
                    ("numero", frame.number(selo.numero).into()),
                    ("at", frame.datetime(selo.sealed_at).into()),
                    ("digest", selo.digest.chars().take(16).collect::<String>().into()),
                ],
            )
        });
        Self {
            pager: Pager::new(list.page, total),
            rows: linhas.into_iter().map(|linha| Row::new(&frame, linha)).collect(),
            total: frame.t_n("list-total", total),
            chips: choices.person_chip(&frame, &list).into_iter().collect(),
            sealed,
            choices,
            list,
            frame,
        }
    }
}

/// The list as the address says.
pub(super) fn asked(ctx: &CtxInner) -> ListState {
    let query = ctx.visit().path_and_query.split_once('?').map_or("", |(_, query)| query).to_owned();
    ListState::read(AuditoriaPath::PATH, &query, &[], Sort::down("at"))
}

pub(super) fn narrowed<'l>(ctx: &CtxInner, list: &'l ListState) -> Filtro<'l> {
    let day = |name: &str| list.filter(name).and_then(|text| text.parse::<NaiveDate>().ok());
    let zone = ctx.fuso();
    let codes = |name| list.all(name).map(str::to_owned).collect();
    Filtro {
        busca: list.search(),
        kinds: codes("quem"),
        actions: codes("acao"),
        entities: codes("sobre"),
        // Nobody has the id of nonsense, so nothing is found rather than everything.
        actor: list.filter("pessoa").map(|id| id.parse().unwrap_or(Uuid::max())),
        from: day("de").map(|day| idioma::day_begins(zone, day)),
        until: day("ate").and_then(|day| day.checked_add_days(Days::new(1))).map(|day| idioma::day_begins(zone, day)),
    }
}

async fn show(_: AuditoriaPath, mut ctx: Ctx) -> web::Result<Page<AuditoriaPage>> {
    let ctx = &mut *ctx;
    let list = asked(ctx);
    let filtro = narrowed(ctx, &list);
    let found = sql::list(&mut ctx.tx, &filtro, list.page).await?;
    let frame = ctx.frame();
    let choices = Choices::load(&mut ctx.tx, &frame, &list).await?;
    let selo = sql::selo(&mut ctx.tx).await?;
    Ok(Page(AuditoriaPage::new(frame, list.clone(), choices, found, selo.as_ref())))
}

#[cfg(test)]
impl AuditoriaPage {
    pub(crate) fn samples(frame: Frame) -> Vec<Self> {
        use serde_json::{Value, json};

        let clock = kernel::Clock::system();
        let linha = |action: &str, before: Option<Value>, after: Option<Value>| Linha {
            id: clock.uuid(),
            at: frame.now,
            actor_kind: "usuario".into(),
            actor_nome: if before.is_some() { "Marina <b>Costa</b>".into() } else { String::new() },
            ip: "203.0.113.7".parse().ok(),
            user_agent: Some("<script>alert(1)</script>".into()),
            request_id: Some(clock.uuid()),
            action: action.into(),
            entity: "usuario".into(),
            entity_id: None,
            before,
            after,
        };
        let many = vec![
            linha("acesso.entrou", None, None),
            linha("usuario.alterado", Some(json!({ "nome": "A", "uf": null })), Some(json!({ "nome": "<b>senai", "x": [1, 2] }))),
            linha("modulo.que_ninguem_conhece", None, Some(json!("texto"))),
        ];
        let list = |query| ListState::read(AuditoriaPath::PATH, query, &[], Sort::down("at"));
        let choices = || {
            let codes = |all: &[&str]| all.iter().map(|code| (*code).to_owned()).collect();
            Choices::new(
                &frame,
                codes(&["acesso.entrou", "modulo.x<b>senai"]),
                codes(&["usuario", "coisa"]),
                Some("Marina <b>Costa</b>".into()),
            )
        };
        let selo = Selo { numero: 1_234, sealed_at: frame.now, digest: "ab".repeat(32) };
        vec![
            Self::new(frame.clone(), list("acao=acesso.entrou&sobre=coisa"), choices(), (many, 3), Some(&selo)),
            Self::new(
                frame.clone(),
                list("q=x&de=2026-11-01&ate=ontem&quem=token&quem=nada&pessoa=1"),
                choices(),
                (vec![], 0),
                None,
            ),
            Self::new(frame.clone(), list(""), Choices::default(), (vec![], 0), None),
        ]
    }
}
