//! One field of an empresa, changed by itself: in place on its page, or on a small page of its own without script. The command is
//! the form's; what another person did meanwhile to other fields is none of this one's business.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use axum_extra::routing::TypedPath;
use serde::Deserialize;
use web::{
    Ctx, CtxInner, Error, FormBody, Page, filters,
    forms::{Choice, FormState},
    frame::{Frame, Tone},
    redirect,
};

use super::{
    EmpresaEdit, EmpresaShow,
    form::{Choices, Clash, filled, form_value, resolved, said_already, tells_otherwise},
    header, typed,
};
use crate::duplicada::pages::{Aviso, CIENTE, about_form};
use crate::empresa::{
    ADMINISTRAR, ALTERAR, Campo, Empresa, EmpresaId, Known, Reach,
    alterar::{AlterarError, Conflict, alterar},
    check, lista,
};

#[derive(Debug, Clone, Deserialize, TypedPath)]
#[typed_path("/empresas/{id}/editar/{campo}", rejection(web::BadPath))]
pub struct EmpresaCampo {
    pub id: EmpresaId,
    pub campo: String,
}

impl EmpresaCampo {
    /// The fields that are changed together: a município and its UF say one thing.
    fn campos(&self) -> Result<&'static [Campo], Error> {
        const PLACE: &[Campo] = &[Campo::Municipio, Campo::Uf];
        match Campo::by_key(&self.campo) {
            Some(Campo::Municipio | Campo::Uf) => Ok(PLACE),
            None | Some(Campo::MunicipioId) => Err(Error::not_found()),
            Some(campo) => {
                let at = Campo::ALL.iter().position(|one| *one == campo).unwrap_or_default();
                Ok(&Campo::ALL[at..=at])
            }
        }
    }
}

#[derive(Template)]
#[template(path = "empresas/empresa/campo.html")]
pub struct CampoPage {
    frame: Frame,
    form: FormState,
    action: String,
    cancel: String,
    /// The form with all fields.
    whole: String,
    version: i32,
    campos: Vec<Field>,
    conflicts: Vec<Clash>,
    /// Empresas that may be this one, when it says this.
    aviso: Aviso,
    /// What the box of these is asked with while somebody types, where the field is one that tells an empresa by.
    semelhantes: Option<String>,
}

/// A field to be filled in.
#[derive(Debug)]
struct Field {
    key: &'static str,
    label: &'static str,
    /// What it said when it was opened, as the form sends it.
    seen: String,
    /// Of a select.
    choices: Vec<Choice>,
    required: bool,
}

impl Field {
    fn new(empresa: &Empresa, campo: Campo, choices: &Choices) -> Self {
        let choices = match campo {
            Campo::Segmento => choices.segmentos.clone(),
            Campo::Responsavel => choices.responsaveis.clone(),
            Campo::Porte => choices.portes.clone(),
            Campo::Situacao => choices.situacoes.clone(),
            Campo::Uf => choices.ufs.clone(),
            _ => Vec::new(),
        };
        Self {
            key: campo.key(),
            label: campo.label(),
            seen: form_value(empresa, campo),
            choices,
            required: matches!(campo, Campo::Cnpj | Campo::Nome | Campo::Situacao),
        }
    }
}

impl CampoPage {
    fn new(frame: Frame, path: &EmpresaCampo, campos: &[Campo], empresa: &Empresa, known: &Known, form: FormState) -> Self {
        let label = campos.first().map_or("", |campo| campo.label());
        let frame = header::framed(frame, empresa, Some(label));
        let choices = Choices::new(&frame, known);
        let id = empresa.id;
        Self {
            action: path.to_string(),
            cancel: back(id, campos),
            whole: EmpresaEdit { id }.to_string(),
            version: empresa.version,
            campos: campos.iter().map(|campo| Field::new(empresa, *campo, &choices)).collect(),
            conflicts: Vec::new(),
            aviso: Aviso::default(),
            semelhantes: tells_by(campos).then(|| serde_json::json!({ "id": id, "campo": path.campo }).to_string()),
            form,
            frame,
        }
    }

    fn clashing(mut self, conflict: &Conflict, campos: &[Campo]) -> Self {
        let mut own = conflict.clone();
        own.fields.retain(|field| campos.contains(&field.campo));
        self.conflicts = Clash::all(&self.frame, &own);
        self.version = conflict.current.version;
        for field in &mut self.campos {
            if let Some(campo) = Campo::by_key(field.key) {
                field.seen = form_value(&conflict.current, campo);
            }
        }
        let text = self.frame.t("empresa-conflict");
        self.form.fail_form(text);
        self
    }

    /// For the test that renders every page: each kind of field, one that is wrong, one in conflict.
    #[must_use]
    pub fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let known = Known::new(std::sync::Arc::default(), Vec::new(), Vec::new(), frame.now.date_naive());
        let empresa = crate::empresa::samples::empresa(true, false, frame.now);
        let made = |campo: Campo| {
            let path = EmpresaCampo { id: empresa.id, campo: campo.key().to_owned() };
            let campos = path.campos().unwrap_or_default();
            Self::new(frame.clone(), &path, campos, &empresa, &known, filled(&empresa))
        };
        let mut wrong = made(Campo::Telefone);
        wrong.form = FormState::typed([("telefone", "\"><script>")]);
        wrong.form.fail("telefone", kernel::Invalid::new("telefone-invalid"));
        let long = crate::empresa::samples::empresa(true, true, frame.now);
        let fields = [Campo::Nome, Campo::Porte].map(|campo| crate::empresa::alterar::FieldConflict {
            campo,
            current: empresa.cadastro.text(campo),
            wanted: long.cadastro.text(campo),
        });
        let conflict = Conflict { current: empresa.clone(), fields: fields.into() };
        let mut all: Vec<_> =
            Campo::ALL.into_iter().filter(|campo| *campo != Campo::MunicipioId).map(|campo| ("field", made(campo))).collect();
        all.push(("wrong", wrong));
        all.push(("similar", Self { aviso: Aviso::sample(), ..made(Campo::Nome) }));
        all.push(("conflict", made(Campo::Nome).clashing(&conflict, &[Campo::Nome])));
        all
    }
}

/// Whether these fields tell an empresa from another.
fn tells_by(campos: &[Campo]) -> bool {
    campos.iter().any(|campo| matches!(campo, Campo::Cnpj | Campo::Nome | Campo::NomeFantasia | Campo::Municipio))
}

/// Where the field stands on the empresa's page.
fn back(id: EmpresaId, campos: &[Campo]) -> String {
    let key = campos.first().map_or("", |campo| campo.key());
    format!("{}#campo-{key}", EmpresaShow { id })
}

/// One that the actor sees and may change.
async fn within(ctx: &mut CtxInner, path: &EmpresaCampo, campos: &[Campo]) -> Result<Empresa, Error> {
    if campos == [Campo::DataCadastro] {
        ctx.actor.require(&ADMINISTRAR)?;
    }
    let reach = Reach::of(&ctx.actor, &ALTERAR)?;
    let empresa = lista::find(&mut ctx.tx, &ctx.actor, path.id).await?;
    empresa.filter(|empresa| reach.covers(empresa)).ok_or_else(Error::not_found)
}

pub(crate) async fn edit(path: EmpresaCampo, mut ctx: Ctx) -> Result<Page<CampoPage>, Error> {
    let ctx = &mut *ctx;
    let campos = path.campos()?;
    let empresa = within(ctx, &path, campos).await?;
    let known = Known::load(&mut ctx.tx).await?.keeping(empresa.cadastro.responsavel.clone());
    Ok(Page(CampoPage::new(ctx.frame(), &path, campos, &empresa, &known, filled(&empresa))))
}

pub(crate) async fn save(path: EmpresaCampo, mut ctx: Ctx, body: FormBody) -> Result<Response, Error> {
    let ctx = &mut *ctx;
    let campos = path.campos()?;
    let sent = FormState::from_body(&body.0);
    let empresa = within(ctx, &path, campos).await?;
    let known = Known::load(&mut ctx.tx).await?.keeping(empresa.cadastro.responsavel.clone());
    let seen: i32 = sent.raw("version").parse().map_err(|_| Error::status(StatusCode::BAD_REQUEST, "body"))?;
    // What somebody else did to other fields is no conflict about this one.
    let untouched = campos.iter().all(|campo| sent.value(&format!("visto_{}", campo.key())) == form_value(&empresa, *campo));
    let seen = if untouched { empresa.version } else { seen };
    let ciente = sent.raw(CIENTE).to_owned();
    let mut form = laid_over(filled(&empresa), &resolved(sent), campos).with(CIENTE, ciente);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut conflict = None;
    let aviso = if tells_by(campos) && tells_otherwise(&empresa, &form) {
        about_form(ctx, &form, &known.municipios, Some(path.id)).await?
    } else {
        Aviso::default()
    };
    match check(|campo| typed(&form, campo), &known) {
        Err(errors) => {
            for error in errors {
                if campos.iter().any(|campo| campo.key() == error.field) {
                    form.fail(error.field, error.invalid);
                } else {
                    // Another field is at fault, which is not on this page.
                    let label = Campo::by_key(error.field).map_or(error.field, |campo| idioma::t(ctx.lang, campo.label()));
                    form.fail_form(format!("{label}: {}", idioma::invalid(ctx.lang, &error.invalid)));
                }
            }
        }
        Ok(_) if aviso.asks() => form.fail_form(idioma::t(ctx.lang, "semelhantes-confirm")),
        Ok(cadastro) => match alterar(&mut ctx.tx, &ctx.actor, path.id, seen, cadastro).await {
            Ok(_) => {
                if campos == [Campo::Cnpj] {
                    said_already(ctx, path.id, &form).await?;
                }
                return Ok(redirect(&back(path.id, campos), Some((Tone::Success, "toast-empresa-alterada"))));
            }
            Err(AlterarError::Conflict(found)) => {
                status = StatusCode::CONFLICT;
                conflict = Some(found);
            }
            Err(error @ (AlterarError::CnpjTaken | AlterarError::SegmentoGone)) => form.refuse(ctx.lang, &error),
            Err(error) => return Err(error.into()),
        },
    }
    let page = CampoPage::new(ctx.frame(), &path, campos, &empresa, &known, form);
    let page = match conflict {
        Some(conflict) => page.clashing(&conflict, campos),
        // Refused for another reason, the form is still based on what the person saw.
        None => CampoPage { version: seen, ..page },
    };
    Ok((status, Page(CampoPage { aviso, ..page })).into_response())
}

/// The register's values with those of the fields that were sent.
pub(crate) fn laid_over(register: FormState, sent: &FormState, campos: &[Campo]) -> FormState {
    campos.iter().fold(register, |form, campo| form.without(campo.key()).with(campo.key(), sent.value(campo.key())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_changed_by_itself_but_a_place_is_one_thing() {
        let campos = |key: &str| {
            let path = EmpresaCampo { id: EmpresaId::new(uuid::Uuid::nil()), campo: key.to_owned() };
            path.campos().map(<[Campo]>::to_vec)
        };
        assert_eq!(campos("telefone").unwrap(), [Campo::Telefone]);
        for key in ["municipio", "uf"] {
            assert_eq!(campos(key).unwrap(), [Campo::Municipio, Campo::Uf]);
        }
        for key in ["municipio_id", "id", "", "version"] {
            assert!(campos(key).is_err(), "{key}");
        }
    }

    #[test]
    fn what_was_not_asked_about_stays_as_the_register_has_it() {
        let sent = FormState::typed([("telefone", "(47) 1"), ("nome", "Outro nome"), ("situacao", "")]);
        let register = FormState::new().with("nome", "Aurora").with("telefone", "").with("situacao", "ativo");
        let form = laid_over(register, &resolved(sent), &[Campo::Telefone]);
        assert_eq!((form.raw("telefone"), form.raw("nome"), form.raw("situacao")), ("(47) 1", "Aurora", "ativo"));
    }
}
