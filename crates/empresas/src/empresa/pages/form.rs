use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Actor, Cep, Cnpj, Uf};
use web::{
    Ctx, CtxInner, Error, FormBody, Page, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{EmpresaEdit, EmpresaNew, EmpresaShow, Empresas, show::shown, typed};
use crate::consulta::{
    Consultas, FRESH, Urgency,
    preencher::{Filled, Preenchimento},
    situacao,
};
use crate::duplicada::pages::{Aviso, CIENTE, about_form};
use crate::empresa::{
    ADMINISTRAR, CONSULTAR, Campo, Cnae, Empresa, EmpresaId, Known, Porte, Responsavel, SegmentoRef, Situacao,
    alterar::{AlterarError, Conflict, FieldConflict, alterar},
    check, lista,
    registrar::{RegistrarError, registrar},
};
use crate::segmento;

#[derive(Template)]
#[template(path = "empresas/empresa/form.html")]
pub struct EmpresaFormPage {
    frame: Frame,
    form: FormState,
    /// Where the form is sent, and where "Cancelar" leads.
    action: String,
    cancel: String,
    /// The version that was seen; `None` for a new one.
    version: Option<i32>,
    conflicts: Vec<Clash>,
    segmentos: Vec<Choice>,
    responsaveis: Vec<Choice>,
    portes: Vec<Choice>,
    situacoes: Vec<Choice>,
    ufs: Vec<Choice>,
    /// Whether the data de cadastro may be changed.
    administrar: bool,
    /// Whether somebody outside may be asked, and what came of it when the form itself asked.
    consultar: bool,
    filled: Option<Filled>,
    /// What the CNAE in the form means.
    atividade: String,
    /// Empresas that may be this one; of one that exists, its id, so that it is not among them.
    aviso: Aviso,
    own: Option<EmpresaId>,
}

/// A field that somebody else changed meanwhile, with both values.
#[derive(Debug)]
pub(super) struct Clash {
    pub key: &'static str,
    pub label: &'static str,
    /// As the form would send it, and as people read it.
    pub current: String,
    pub current_shown: String,
    pub mine_shown: String,
}

impl Clash {
    /// All of a conflict, in the reader's words.
    pub(super) fn all(frame: &Frame, conflict: &Conflict) -> Vec<Self> {
        let clash = |field: &FieldConflict| Self {
            key: field.campo.key(),
            label: field.campo.label(),
            current: form_value(&conflict.current, field.campo),
            current_shown: shown(frame, field.campo, &field.current),
            mine_shown: shown(frame, field.campo, &field.wanted),
        };
        conflict.fields.iter().map(clash).collect()
    }
}

/// What the selects offer.
#[derive(Debug, Clone)]
pub(super) struct Choices {
    pub segmentos: Vec<Choice>,
    pub responsaveis: Vec<Choice>,
    pub portes: Vec<Choice>,
    pub situacoes: Vec<Choice>,
    pub ufs: Vec<Choice>,
}

impl Choices {
    pub(super) fn new(frame: &Frame, known: &Known) -> Self {
        let mut responsaveis: Vec<Choice> =
            known.pessoas.iter().map(|pessoa| Choice::new(pessoa.id.to_string(), &pessoa.nome)).collect();
        // Who is responsável now stays on offer, though no longer active or never a usuario.
        if let Some(kept) = &known.kept {
            let value = responsavel_value(kept);
            if !responsaveis.iter().any(|choice| choice.value == value) {
                responsaveis.push(Choice::new(value, kept.nome()));
            }
        }
        let choice = |code: &str, label: &str| Choice::new(code, frame.t(label));
        Self {
            segmentos: known.segmentos.iter().map(|segmento| Choice::new(segmento.id.to_string(), &segmento.nome)).collect(),
            responsaveis,
            portes: Porte::ALL.iter().map(|porte| choice(porte.code(), porte.label())).collect(),
            situacoes: Situacao::ALL.iter().map(|situacao| choice(situacao.code(), situacao.label())).collect(),
            ufs: Uf::ALL.iter().map(|uf| Choice::new(uf.as_str(), uf.as_str())).collect(),
        }
    }
}

impl EmpresaFormPage {
    fn new(frame: Frame, form: FormState, known: &Known, empresa: Option<&Empresa>, administrar: bool) -> Self {
        let Choices { segmentos, responsaveis, portes, situacoes, ufs } = Choices::new(&frame, known);
        let atividade = meaning(known, &form);
        let (action, cancel) = empresa.map_or_else(
            || (Empresas.to_string(), Empresas.to_string()),
            |empresa| (EmpresaEdit { id: empresa.id }.to_string(), EmpresaShow { id: empresa.id }.to_string()),
        );
        Self {
            form,
            action,
            cancel,
            version: empresa.map(|empresa| empresa.version),
            conflicts: Vec::new(),
            segmentos,
            responsaveis,
            portes,
            situacoes,
            ufs,
            administrar,
            consultar: true,
            filled: None,
            aviso: Aviso::default(),
            own: empresa.map(|empresa| empresa.id),
            atividade,
            frame,
        }
    }

    fn for_new(frame: Frame, form: FormState, known: &Known, administrar: bool) -> Self {
        let frame = frame.titled("empresa-new-title");
        let empresas = frame.t("empresas-title");
        Self::new(frame.crumb(empresas, "/empresas"), form, known, None, administrar)
    }

    fn for_edit(frame: Frame, form: FormState, known: &Known, empresa: &Empresa, administrar: bool) -> Self {
        let frame = frame.titled("empresa-edit-title");
        let empresas = frame.t("empresas-title");
        let show = EmpresaShow { id: empresa.id }.to_string();
        let frame = frame.crumb(empresas, "/empresas").crumb(empresa.cadastro.nome.to_string(), show);
        Self::new(frame, form, known, Some(empresa), administrar)
    }

    /// What else the actor may do with the form.
    fn may(mut self, actor: &Actor) -> Self {
        self.consultar = actor.may(&CONSULTAR);
        self
    }

    /// The form again with what was found outside in its empty fields.
    fn filled(mut self, preenchimento: Preenchimento) -> Self {
        let (form, filled) = preenchimento.fill(std::mem::take(&mut self.form));
        self.form = form;
        self.filled = Some(filled);
        self
    }

    /// The segmento that goes with a CNAE which was just filled in.
    fn proposing(mut self, known: &Known) -> Self {
        let Some(filled) = self.filled.as_mut().filter(|filled| filled.fields.contains(&Campo::Cnae)) else { return self };
        self.atividade = meaning(known, &self.form);
        let cnae = self.form.raw(Campo::Cnae.key()).parse::<Cnae>().ok();
        let proposed = cnae.and_then(|cnae| segmento::proposed(&known.segmentos, cnae.as_str()));
        if let Some(segmento) = proposed.filter(|_| self.form.raw(Campo::Segmento.key()).is_empty()) {
            filled.fields.push(Campo::Segmento);
            self.form = self.form.without(Campo::Segmento.key()).with(Campo::Segmento.key(), segmento.id);
        }
        self
    }

    /// The form again with both values of each field in doubt, based on what is in the register now.
    fn clashing(mut self, conflict: &Conflict) -> Self {
        self.conflicts = Clash::all(&self.frame, conflict);
        self.version = Some(conflict.current.version);
        let text = self.frame.t("empresa-conflict");
        self.form.fail_form(text);
        self
    }

    /// For the test that renders every page: fresh, refused, edited, in conflict.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let known = Known::new(std::sync::Arc::default(), Vec::new(), Vec::new(), frame.now.date_naive());
        let full = crate::empresa::samples::empresa(true, false, frame.now);
        let long = crate::empresa::samples::empresa(true, true, frame.now);
        let mut refused = FormState::typed([("cnpj", "12.345"), ("nome", "\"><script>"), ("uf", "XX")]);
        if let Err(errors) = check(|campo| typed(&refused, campo), &known) {
            for error in errors {
                refused.fail(error.field, error.invalid);
            }
        }
        let fields = [Campo::Nome, Campo::Porte, Campo::Faturamento, Campo::Responsavel].map(|campo| FieldConflict {
            campo,
            current: full.cadastro.text(campo),
            wanted: long.cadastro.text(campo),
        });
        let found = Preenchimento {
            text: frame.t("consulta-asking").to_owned(),
            fields: vec![(Campo::Nome, "<b>Aurora</b>".to_owned()), (Campo::Cnae, "2511-0/00".to_owned())],
        };
        let conflict = Conflict { current: full.clone(), fields: fields.into() };
        vec![
            ("fresh", Self::for_new(frame.clone(), fresh(), &known, false)),
            ("found", Self::for_new(frame.clone(), fresh().with("nome", "Outra"), &known, false).filled(found)),
            ("similar", Self { aviso: Aviso::sample(), ..Self::for_new(frame.clone(), fresh(), &known, false) }),
            ("refused", Self::for_new(frame.clone(), refused, &known, true)),
            (
                "edited",
                Self::for_edit(
                    frame.clone(),
                    filled(&full),
                    &known.clone().keeping(full.cadastro.responsavel.clone()),
                    &full,
                    true,
                ),
            ),
            ("longest", Self::for_edit(frame.clone(), filled(&long), &known, &long, false)),
            ("conflict", Self::for_edit(frame.clone(), filled(&long), &known, &full, false).clashing(&conflict)),
        ]
    }
}

fn responsavel_value(responsavel: &Responsavel) -> String {
    responsavel.id().map_or_else(|| responsavel.nome().to_owned(), |id| id.to_string())
}

/// What the form holds in a field: ids where it offers a choice.
pub(super) fn form_value(empresa: &Empresa, campo: Campo) -> String {
    let c = &empresa.cadastro;
    match campo {
        Campo::Segmento => c.segmento.as_ref().and_then(SegmentoRef::id).map(|id| id.to_string()).unwrap_or_default(),
        Campo::Responsavel => c.responsavel.as_ref().map(responsavel_value).unwrap_or_default(),
        Campo::Faturamento => c.faturamento.map(|reais| reais.to_string()).unwrap_or_default(),
        // The name says it, and may be typed over.
        Campo::MunicipioId => String::new(),
        _ => c.text(campo),
    }
}

fn fresh() -> FormState {
    FormState::new().with(Campo::Situacao.key(), Situacao::Prospect.code())
}

pub(crate) fn filled(empresa: &Empresa) -> FormState {
    Campo::ALL.into_iter().fold(FormState::new(), |form, campo| form.with(campo.key(), form_value(empresa, campo)))
}

pub(crate) async fn new(_: EmpresaNew, mut ctx: Ctx) -> Result<Page<EmpresaFormPage>, Error> {
    let known = Known::load(&mut ctx.tx).await?;
    Ok(Page(EmpresaFormPage::for_new(ctx.frame(), fresh(), &known, ctx.actor.may(&ADMINISTRAR)).may(&ctx.actor)))
}

pub(crate) async fn create(_: Empresas, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let mut form = FormState::from_body(&body.0);
    let known = Known::load(&mut ctx.tx).await?;
    let administrar = ctx.actor.may(&ADMINISTRAR);
    if let Some(about) = About::asked(&form) {
        let page = EmpresaFormPage::for_new(ctx.frame(), form, &known, administrar);
        return consulted(ctx, page, about, &known).await;
    }
    let ctx = &mut *ctx;
    let aviso = about_form(ctx, &form, &known.municipios, None).await?;
    match check(|campo| typed(&form, campo), &known) {
        Err(errors) => errors.into_iter().for_each(|error| form.fail(error.field, error.invalid)),
        Ok(_) if aviso.asks() => form.fail_form(idioma::t(ctx.lang, "semelhantes-confirm")),
        Ok(cadastro) => match registrar(&mut ctx.tx, &ctx.actor, cadastro).await {
            Ok(id) => {
                said_already(ctx, id, &form).await?;
                return Ok(redirect(&EmpresaShow { id }.to_string(), Some((Tone::Success, "toast-empresa-registrada"))));
            }
            Err(error @ (RegistrarError::CnpjTaken | RegistrarError::SegmentoGone)) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        },
    }
    let page = EmpresaFormPage::for_new(ctx.frame(), form, &known, administrar).may(&ctx.actor);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(EmpresaFormPage { aviso, ..page })).into_response())
}

pub(crate) async fn edit(path: EmpresaEdit, mut ctx: Ctx) -> Result<Page<EmpresaFormPage>, Error> {
    let ctx = &mut *ctx;
    let empresa = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let known = Known::load(&mut ctx.tx).await?.keeping(empresa.cadastro.responsavel.clone());
    let page = EmpresaFormPage::for_edit(ctx.frame(), filled(&empresa), &known, &empresa, ctx.actor.may(&ADMINISTRAR));
    Ok(Page(page.may(&ctx.actor)))
}

pub(crate) async fn save(path: EmpresaEdit, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let sent = FormState::from_body(&body.0);
    let about = About::asked(&sent);
    let ciente = sent.raw(CIENTE).to_owned();
    let mut form = resolved(sent).with(CIENTE, ciente);
    let inner = &mut *ctx;
    let empresa = lista::find(&mut inner.tx, &inner.actor, path.id).await?.ok_or_else(Error::not_found)?;
    let known = Known::load(&mut ctx.tx).await?.keeping(empresa.cadastro.responsavel.clone());
    let seen = form.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    let administrar = ctx.actor.may(&ADMINISTRAR);
    if let Some(about) = about {
        let page = EmpresaFormPage::for_edit(ctx.frame(), form, &known, &empresa, administrar);
        return consulted(ctx, EmpresaFormPage { version: Some(seen), ..page }, about, &known).await;
    }
    let ctx = &mut *ctx;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut conflict = None;
    let aviso = if tells_otherwise(&empresa, &form) {
        about_form(ctx, &form, &known.municipios, Some(path.id)).await?
    } else {
        Aviso::default()
    };
    match check(|campo| typed(&form, campo), &known) {
        Err(errors) => errors.into_iter().for_each(|error| form.fail(error.field, error.invalid)),
        Ok(_) if aviso.asks() => form.fail_form(idioma::t(ctx.lang, "semelhantes-confirm")),
        Ok(cadastro) => match alterar(&mut ctx.tx, &ctx.actor, path.id, seen, cadastro).await {
            Ok(_) => {
                said_already(ctx, path.id, &form).await?;
                return Ok(redirect(&EmpresaShow { id: path.id }.to_string(), Some((Tone::Success, "toast-empresa-alterada"))));
            }
            Err(AlterarError::Conflict(found)) => {
                status = StatusCode::CONFLICT;
                conflict = Some(found);
            }
            Err(error @ (AlterarError::CnpjTaken | AlterarError::SegmentoGone)) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        },
    }
    let page = EmpresaFormPage::for_edit(ctx.frame(), form, &known, &empresa, administrar);
    // Refused for another reason, the form is still based on what the person saw.
    let page = match conflict {
        Some(conflict) => page.clashing(&conflict),
        None => EmpresaFormPage { version: Some(seen), ..page },
    };
    let page = EmpresaFormPage { aviso, ..page.may(&ctx.actor) };
    Ok((status, Page(page)).into_response())
}

/// Whether what the form says makes another empresa of it: one that is changed otherwise is not asked about again.
pub(crate) fn tells_otherwise(empresa: &Empresa, form: &FormState) -> bool {
    let bare = |text: &str| text.parse::<Cnpj>().map_or_else(|_| text.to_owned(), |cnpj| cnpj.to_string());
    let differs = |campo: Campo| bare(form.raw(campo.key())) != bare(&empresa.cadastro.text(campo));
    [Campo::Cnpj, Campo::Nome, Campo::NomeFantasia, Campo::Municipio].into_iter().any(differs)
}

/// What the form asks about, when its button "Buscar" was pressed and no script took care of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Cnpj,
    Cep,
}

impl About {
    fn asked(form: &FormState) -> Option<Self> {
        match form.raw("consultar") {
            "cnpj" => Some(Self::Cnpj),
            "cep" => Some(Self::Cep),
            _ => None,
        }
    }
}

/// The form again, filled with what is known outside; nothing is saved.
async fn consulted(ctx: Ctx, mut page: EmpresaFormPage, about: About, known: &Known) -> Result<Response, Error> {
    ctx.actor.require(&CONSULTAR)?;
    let (consultas, unidade, frame) = (ctx.app.value::<Consultas>()?.clone(), ctx.unidade.id, ctx.frame());
    let (cnpj, cep) = match about {
        About::Cnpj => (page.form.required::<Cnpj>(Campo::Cnpj.key()), None),
        About::Cep => (None, page.form.required::<Cep>(Campo::Cep.key())),
    };
    // Somebody outside may take seconds: nothing of ours is held meanwhile.
    ctx.release().await?;
    let preenchimento = match (cnpj, cep) {
        (Some(cnpj), _) => {
            let resposta = consultas.cnpj(unidade, cnpj, FRESH, Urgency::Person).await?;
            Preenchimento::of_cnpj(&frame, &resposta, &known.municipios)
        }
        (_, Some(cep)) => Preenchimento::of_cep(&frame, &consultas.cep(cep).await, &known.municipios),
        (None, None) => return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()),
    };
    Ok(Page(page.filled(preenchimento).proposing(known)).into_response())
}

/// What the CNAE in the form means; nothing when it means nothing.
fn meaning(known: &Known, form: &FormState) -> String {
    let atividade = known.atividades.read(form.raw(Campo::Cnae.key()));
    atividade.map(|atividade| atividade.nome.to_string()).unwrap_or_default()
}

/// Where the CNPJ stands is often known by now, because the form asked; nobody is asked for it here.
pub(super) async fn said_already(ctx: &mut CtxInner, id: EmpresaId, form: &FormState) -> Result<(), Error> {
    let Ok(cnpj) = form.raw(Campo::Cnpj.key()).parse() else { return Ok(()) };
    if let Some(said) = ctx.app.value::<Consultas>()?.known(cnpj).await? {
        situacao::anotar(&mut ctx.tx, &ctx.actor, id, cnpj, &said).await?;
    }
    Ok(())
}

/// Of each field in conflict the person chose the register's value or their own.
pub(super) fn resolved(form: FormState) -> FormState {
    let mut resolved = FormState::new().with("version", form.raw("version"));
    for campo in Campo::ALL {
        let key = campo.key();
        let theirs = form.raw(&format!("escolha_{key}")) == "atual";
        let value = if theirs { form.raw(&format!("atual_{key}")) } else { form.value(key) };
        resolved = resolved.with(key, value);
    }
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::empresa::Input;

    #[test]
    fn a_conflict_is_resolved_field_by_field() {
        let form = resolved(FormState::typed([
            ("version", "3"),
            ("nome", "Minha"),
            ("escolha_nome", "atual"),
            ("atual_nome", "Do registro"),
            ("porte", "me"),
            ("escolha_porte", "meu"),
            ("atual_porte", "epp"),
        ]));
        assert_eq!((form.raw("nome"), form.raw("porte"), form.raw("version")), ("Do registro", "me", "3"));
        assert_eq!(typed(&form, Campo::Porte), Input::text("me"));
    }
}
