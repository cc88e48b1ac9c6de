//! The list, and one term with what can be done to it.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Entity, ErrorKind, Kind};

use super::{
    Field, Term, TermError, TermId, TermRule, Use, Vocabulary, Words, alterar, excluir, mesclar,
    paths::{Delete, Merge, One, Terms},
    registrar,
};
use crate::{
    Access, Ctx, CtxInner, Error, FormBody, Page, Result, Route, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

/// Its routes, for the routes of the module.
#[must_use]
pub fn routes<V: Vocabulary>() -> Vec<Route> {
    let needs = || Access::Needs(V::GERIR);
    let removes = || Access::Needs(V::EXCLUIR);
    let at = V::ROUTES;
    let ids: &[&str] = const { &[V::Entity::NAME] };
    vec![
        Route::get(list::<V>, needs()),
        Route::post(create::<V>, needs()).sample(at.list, at.adding),
        Route::get(show::<V>, needs()).ids(ids).sample(at.sample_one, ""),
        Route::post(change::<V>, needs()).ids(ids).sample(at.sample_one, at.changing),
        Route::post(merge::<V>, removes()).ids(ids).sample(at.sample_merge, at.merging),
        Route::post(delete::<V>, removes()).ids(ids).sample(at.sample_delete, ""),
    ]
}

/// A term as its row is printed.
struct Row {
    nome: String,
    chip: String,
    href: String,
    /// What counts most of what uses it.
    n: i64,
    uses_href: String,
}

/// A field as the form prints it.
struct Asked {
    field: Field,
    new: bool,
    choices: Vec<Choice>,
}

impl Asked {
    const fn name(&self) -> &'static str {
        self.field.name
    }

    const fn label(&self) -> &'static str {
        if self.new { self.field.label_new } else { self.field.label }
    }

    const fn help(&self) -> &'static str {
        self.field.help
    }

    const fn required(&self) -> bool {
        self.field.required
    }

    const fn max(&self) -> usize {
        self.field.max
    }

    fn choices(&self) -> &[Choice] {
        &self.choices
    }

    const fn more(&self) -> Option<(&'static str, &'static str)> {
        self.field.more
    }
}

/// The fields of the form that adds one, or of the one that changes it.
fn asked<V: Vocabulary>(frame: &Frame, new: bool) -> Vec<Asked> {
    let fields = V::FIELDS.iter().filter(|field| field.first || !new);
    fields.map(|field| Asked { field: *field, new, choices: field.chips.map(|chips| chips(frame)).unwrap_or_default() }).collect()
}

#[derive(Template)]
#[template(path = "layout/vocabulary/list.html")]
pub struct TermsPage {
    frame: Frame,
    words: &'static Words,
    path: &'static str,
    fields: Vec<Asked>,
    form: FormState,
    rows: Vec<Row>,
}

impl TermsPage {
    fn new<V: Vocabulary>(frame: Frame, form: FormState, terms: Vec<Term<V>>) -> Self {
        let row = |term: Term<V>| {
            let most = term.uses.into_iter().next();
            Row {
                href: One::<V> { id: term.id }.to_string(),
                nome: term.nome,
                chip: term.chip,
                n: most.as_ref().map_or(0, |place| place.n),
                uses_href: most.map(|place| place.href).unwrap_or_default(),
            }
        };
        let frame = V::below(frame).titled(V::WORDS.title);
        Self {
            words: V::WORDS,
            path: V::ROUTES.list,
            fields: asked::<V>(&frame, true),
            form,
            rows: terms.into_iter().map(row).collect(),
            frame,
        }
    }

    /// For the test that renders every page.
    #[must_use]
    pub fn samples<V: Vocabulary>(frame: &Frame) -> Vec<(&'static str, Self)> {
        let mut refused = FormState::new().with("nome", "x");
        refused.refuse(frame.lang, &TermError::from(TermRule::Taken));
        vec![
            ("empty", Self::new::<V>(frame.clone(), FormState::new(), Vec::new())),
            ("many", Self::new::<V>(frame.clone(), refused, (0..60).map(V::sample).collect())),
        ]
    }
}

async fn list<V: Vocabulary>(_: Terms<V>, mut ctx: Ctx) -> Result<Page<TermsPage>> {
    let terms = V::all(&mut ctx.tx).await?;
    // The first of what may be chosen is chosen, so that a name alone is enough.
    let frame = ctx.frame();
    let chosen = asked::<V>(&frame, true).into_iter().find_map(|asked| Some((asked.name(), asked.choices.into_iter().next()?)));
    let form = chosen.map_or_else(FormState::new, |(name, first)| FormState::new().with(name, first.value));
    Ok(Page(TermsPage::new::<V>(frame, form, terms)))
}

async fn create<V: Vocabulary>(_: Terms<V>, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(dados) = V::read(&mut ctx.tx, &mut form).await? {
        match registrar::<V>(&mut ctx.tx, &ctx.actor, &dados).await {
            Ok(_) => return Ok(redirect(V::ROUTES.list, Some((Tone::Success, V::WORDS.toast_added)))),
            Err(error) => shown(ctx, &mut form, error)?,
        }
    }
    let terms = V::all(&mut ctx.tx).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(TermsPage::new::<V>(ctx.frame(), form, terms))).into_response())
}

/// What the form can say; anything else is answered for itself.
fn shown(ctx: &CtxInner, form: &mut FormState, error: TermError) -> Result<()> {
    if !matches!(error.kind(), Kind::Invalid | Kind::Conflict) || error.fields().is_empty() {
        return Err(error.into());
    }
    form.refuse(ctx.lang, &error);
    Ok(())
}

#[derive(Template)]
#[template(path = "layout/vocabulary/show.html")]
pub struct TermPage {
    frame: Frame,
    words: &'static Words,
    fields: Vec<Asked>,
    form: FormState,
    /// Into which one it goes.
    merge: FormState,
    chip: String,
    nome: String,
    uses: Vec<Use>,
    used: i64,
    /// Whether it may go now.
    free: bool,
    /// Whether whoever looks may take it off the list.
    removes: bool,
    path: String,
    merge_path: String,
    delete_path: String,
    /// The others.
    others: Vec<Choice>,
}

impl TermPage {
    fn new<V: Vocabulary>(frame: Frame, form: FormState, merge: FormState, term: Term<V>, all: Vec<Term<V>>) -> Self {
        let frame = V::below(frame);
        let title = frame.t(V::WORDS.title);
        let used = term.used();
        let frame = frame.crumb(title, V::ROUTES.list).title(term.nome.as_str());
        let others = all.into_iter().filter(|other| other.id != term.id);
        Self {
            words: V::WORDS,
            fields: asked::<V>(&frame, false),
            form,
            merge,
            path: One::<V> { id: term.id }.to_string(),
            merge_path: Merge::<V> { id: term.id }.to_string(),
            delete_path: Delete::<V> { id: term.id }.to_string(),
            others: others.map(|other| Choice::new(other.id.to_string(), other.nome)).collect(),
            free: used == 0 || V::COMES_OFF,
            removes: true,
            used,
            chip: term.chip,
            nome: term.nome,
            uses: term.uses.into_iter().filter(|place| place.n > 0).collect(),
            frame,
        }
    }

    /// The page of a term that is still there; a form that was not touched shows what is in force.
    async fn load<V: Vocabulary>(ctx: &mut CtxInner, id: TermId<V>, form: Option<FormState>, merge: FormState) -> Result<Self> {
        let term = V::one(&mut ctx.tx, id).await?.ok_or_else(Error::not_found)?;
        let all = V::all(&mut ctx.tx).await?;
        let form = match form {
            Some(form) => form,
            None => V::fill(&mut ctx.tx, &term.facts).await?,
        };
        let removes = ctx.actor.may(&V::EXCLUIR);
        Ok(Self { removes, ..Self::new(ctx.frame(), form, merge, term, all) })
    }

    /// For the test that renders every page.
    #[must_use]
    pub fn samples<V: Vocabulary>(frame: &Frame) -> Vec<(&'static str, Self)> {
        let form = || FormState::new().with("nome", "x");
        let others = |n| (0..n).map(V::sample).collect();
        let mut refused = FormState::new();
        refused.refuse(frame.lang, &TermError::from(TermRule::Same));
        vec![
            ("free", Self::new::<V>(frame.clone(), form(), FormState::new(), V::sample(0), Vec::new())),
            ("in-use", Self::new::<V>(frame.clone(), form(), refused, V::sample(2), others(3))),
        ]
    }
}

async fn show<V: Vocabulary>(path: One<V>, mut ctx: Ctx) -> Result<Page<TermPage>> {
    Ok(Page(TermPage::load::<V>(&mut ctx, path.id, None, FormState::new()).await?))
}

async fn change<V: Vocabulary>(path: One<V>, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    // Read before the attempt: a name that is taken ends the transaction.
    let page = TermPage::load::<V>(ctx, path.id, None, FormState::new()).await?;
    if let Some(dados) = V::read(&mut ctx.tx, &mut form).await? {
        match alterar::<V>(&mut ctx.tx, &ctx.actor, path.id, &dados).await {
            Ok(()) => return Ok(redirect(V::ROUTES.list, Some((Tone::Success, V::WORDS.toast_changed)))),
            Err(error) => shown(ctx, &mut form, error)?,
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(TermPage { form, ..page })).into_response())
}

async fn merge<V: Vocabulary>(path: Merge<V>, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    if let Some(em) = form.choice("em", |id| id.parse::<TermId<V>>().ok()) {
        match mesclar::<V>(&mut ctx.tx, &ctx.actor, path.id, em).await {
            Ok(_) => return Ok(redirect(V::ROUTES.list, Some((Tone::Success, V::WORDS.toast_merged)))),
            Err(error) => shown(ctx, &mut form, error)?,
        }
    }
    let page = TermPage::load::<V>(ctx, path.id, None, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

async fn delete<V: Vocabulary>(path: Delete<V>, mut ctx: Ctx) -> Result<Response> {
    let ctx = &mut *ctx;
    excluir::<V>(&mut ctx.tx, &ctx.actor, path.id).await?;
    Ok(redirect(V::ROUTES.list, Some((Tone::Success, V::WORDS.toast_deleted))))
}
