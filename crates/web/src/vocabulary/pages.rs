//! The list, and one term with what can be done to it.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Entity, ErrorKind, Invalid, Kind};

use super::{
    Field, Offer, Sentido, Stays, Term, TermError, TermId, TermRule, Use, Vocabulary, When, Words, alterar, excluir, mesclar,
    mover,
    paths::{Delete, Merge, Mover, One, Terms},
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
    let mut routes = vec![
        Route::get(list::<V>, needs()),
        Route::post(create::<V>, needs()).sample(at.list, at.adding),
        Route::get(show::<V>, needs()).ids(ids).sample(at.sample_one, ""),
        Route::post(change::<V>, needs()).ids(ids).sample(at.sample_one, at.changing),
        Route::post(merge::<V>, removes()).ids(ids).sample(at.sample_merge, at.merging),
        Route::post(delete::<V>, removes()).ids(ids).sample(at.sample_delete, ""),
    ];
    if let Some(order) = V::ORDER {
        routes.push(Route::post(shift::<V>, needs()).ids(ids).sample(order.sample, "sentido=acima"));
    }
    routes
}

/// Terms under a heading; one without a name where the list has none.
struct Group {
    heading: &'static str,
    rows: Vec<Row>,
}

/// A term as its row is printed.
struct Row {
    id: String,
    nome: String,
    chip: String,
    href: String,
    /// What counts most of what uses it.
    n: i64,
    uses_href: String,
    /// What one that stays is called.
    badge: &'static str,
    /// What moves it past a neighbour, of which there is one at least.
    moves: Option<String>,
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

    const fn chips(&self) -> bool {
        matches!(self.field.offer, Offer::Chips(_))
    }

    const fn more(&self) -> Option<(&'static str, &'static str)> {
        self.field.more
    }
}

/// The fields of the form that adds one, or of the one that changes it.
fn asked<V: Vocabulary>(frame: &Frame, new: bool) -> Vec<Asked> {
    let fields = V::FIELDS.iter().filter(|field| field.when != if new { When::Later } else { When::Once });
    let choices = |field: &Field| match field.offer {
        Offer::Typed => Vec::new(),
        Offer::Chips(choices) | Offer::Words(choices) => choices(frame),
    };
    fields.map(|field| Asked { field: *field, new, choices: choices(field) }).collect()
}

/// The terms in their order, those of one heading together.
fn grouped<V: Vocabulary>(frame: &Frame, terms: Vec<Term<V>>) -> Vec<Group> {
    let mut groups: Vec<(&'static str, Vec<Row>)> = Vec::new();
    for term in terms {
        let heading = V::heading(&term.facts);
        let most = term.uses.into_iter().next();
        let row = Row {
            id: term.id.to_string(),
            href: One::<V> { id: term.id }.to_string(),
            nome: term.nome,
            chip: term.chip,
            n: most.as_ref().map_or(0, |place| place.n),
            uses_href: most.map(|place| place.href).unwrap_or_default(),
            badge: if term.stays { frame.t(V::STAYS.badge) } else { "" },
            moves: V::ORDER.map(|_| Mover::<V> { id: term.id }.to_string()),
        };
        match groups.last_mut() {
            Some((last, rows)) if *last == heading => rows.push(row),
            _ => groups.push((heading, vec![row])),
        }
    }
    let group = |(heading, mut rows): (&'static str, Vec<Row>)| {
        if let [alone] = rows.as_mut_slice() {
            alone.moves = None;
        }
        Group { heading: if heading.is_empty() { "" } else { frame.t(heading) }, rows }
    };
    groups.into_iter().map(group).collect()
}

#[derive(Template)]
#[template(path = "layout/vocabulary/list.html")]
pub struct TermsPage {
    frame: Frame,
    words: &'static Words,
    path: &'static str,
    fields: Vec<Asked>,
    form: FormState,
    groups: Vec<Group>,
    /// Whether people give it an order.
    ordered: bool,
}

impl TermsPage {
    fn new<V: Vocabulary>(frame: Frame, form: FormState, terms: Vec<Term<V>>) -> Self {
        let frame = V::below(frame).titled(V::WORDS.title);
        Self {
            words: V::WORDS,
            path: V::ROUTES.list,
            fields: asked::<V>(&frame, true),
            form,
            groups: grouped::<V>(&frame, terms),
            ordered: V::ORDER.is_some(),
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
    // The first colour is chosen, so that a name alone is enough.
    let frame = ctx.frame();
    let mut chips = asked::<V>(&frame, true).into_iter().filter(Asked::chips);
    let chosen = chips.find_map(|asked| Some((asked.name(), asked.choices.into_iter().next()?)));
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
    /// Of its heading.
    heading: &'static str,
    /// Said of one that stays.
    stays: Option<Stays>,
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
        let heading = V::heading(&term.facts);
        let others = all.into_iter().filter(|other| other.id != term.id && V::heading(&other.facts) == heading);
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
            heading: if heading.is_empty() { "" } else { frame.t(heading) },
            stays: term.stays.then_some(V::STAYS),
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
    // What is asked once is as it was said then, whatever is sent now.
    for field in V::FIELDS.iter().filter(|field| field.when == When::Once) {
        form = form.without(field.name).with(field.name, page.form.raw(field.name));
    }
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

/// Comes back to the button that was pressed, or to its neighbour where it can do nothing more: on a list without script, and with
/// the keyboard, it is pressed again from there.
async fn shift<V: Vocabulary>(path: Mover<V>, mut ctx: Ctx, FormBody(body): FormBody) -> Result<Response> {
    let ctx = &mut *ctx;
    let mut form = FormState::from_body(&body);
    let (Some(order), Some(sentido)) = (V::ORDER, form.choice("sentido", Sentido::from_code)) else {
        return Err(Error::invalid(vec![Invalid::new("choice").at("sentido")]));
    };
    let place = mover::<V>(&mut ctx.tx, &ctx.actor, path.id, sentido).await?;
    let next = match sentido {
        Sentido::Acima if place.first => Sentido::Abaixo,
        Sentido::Abaixo if place.last => Sentido::Acima,
        same => same,
    };
    Ok(redirect(&format!("{}#{}-{}", V::ROUTES.list, next.code(), path.id), Some((Tone::Success, order.toast))))
}
