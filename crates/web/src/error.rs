//! One error for every handler, answered once: as a page for people, as problem+json (RFC 9457) for programs.

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{ErrorKind, FieldError, Kind, Lang, Permission};
use serde_json::{Value, json};
use uuid::Uuid;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a command refused, or what went wrong, ready to be answered. Made from any [`ErrorKind`] by `?`.
#[derive(Debug, Clone)]
pub struct Error {
    status: StatusCode,
    code: Cow<'static, str>,
    fields: Box<[FieldError]>,
    missing: Option<Permission>,
    /// Names of those who could give it.
    grantors: Box<[String]>,
    /// What a person wrote for whoever is refused.
    note: Option<Box<str>>,
    /// The whole source chain of a fault; for the log only.
    fault: Option<Box<str>>,
}

impl Error {
    /// Unknown or not visible: the same answer.
    #[must_use]
    pub fn not_found() -> Self {
        Self::status(StatusCode::NOT_FOUND, "not-found")
    }

    #[must_use]
    pub fn status(status: StatusCode, code: &'static str) -> Self {
        Self {
            status,
            code: Cow::Borrowed(code),
            fields: Box::default(),
            missing: None,
            grantors: Box::default(),
            note: None,
            fault: None,
        }
    }

    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self { fields: fields.into(), ..Self::status(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
    }

    /// The same refusal under a status that says more.
    #[must_use]
    pub const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    #[must_use]
    pub const fn status_code(&self) -> StatusCode {
        self.status
    }

    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }

    #[must_use]
    pub const fn missing(&self) -> Option<&Permission> {
        self.missing.as_ref()
    }

    /// Who could give the permission that is missing.
    pub(crate) fn granted_by(&mut self, names: Vec<String>) {
        self.grantors = names.into();
    }

    pub(crate) fn grantors(&self) -> &[String] {
        &self.grantors
    }

    pub(crate) fn noted(mut self, note: Option<String>) -> Self {
        self.note = note.map(String::into_boxed_str);
        self
    }

    pub(crate) fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    pub(crate) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// One sentence that says what happened, in the reader's language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> String {
        idioma::find(lang, &format!("error-{}", self.code)).unwrap_or_else(|| idioma::t(lang, generic(self.status))).to_owned()
    }

    /// RFC 9457 document; `errors` names each field at fault.
    #[must_use]
    pub fn problem(&self, lang: Lang, request: Option<Uuid>) -> Value {
        let errors: Vec<Value> = self
            .fields
            .iter()
            .map(|f| json!({ "code": f.invalid.code, "field": f.field, "detail": idioma::invalid(lang, &f.invalid) }))
            .collect();
        let mut problem = json!({
            "type": "about:blank",
            "title": self.title(lang),
            "status": self.status.as_u16(),
            "code": self.code,
        });
        if let Some(request) = request {
            problem["instance"] = json!(format!("urn:uuid:{request}"));
        }
        if let Some(missing) = &self.missing {
            problem["permission"] = json!(missing.code());
        }
        if !errors.is_empty() {
            problem["errors"] = json!(errors);
        }
        problem
    }
}

/// Key of the sentence for a status that has no more exact one.
const fn generic(status: StatusCode) -> &'static str {
    match status.as_u16() {
        404 => "error-not-found",
        401 => "error-unauthenticated",
        403 => "error-denied",
        409 | 412 => "error-conflict",
        413 => "error-too-large",
        503 => "error-unavailable",
        400..500 => "error-invalid",
        _ => "error-fault",
    }
}

impl<E: ErrorKind> From<E> for Error {
    fn from(error: E) -> Self {
        let status = match error.kind() {
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Denied => StatusCode::FORBIDDEN,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let fault = matches!(error.kind(), Kind::Fault | Kind::Unavailable).then(|| error.to_string().into_boxed_str());
        Self {
            status,
            code: Cow::Borrowed(error.code()),
            fields: error.fields().into(),
            missing: error.missing().cloned(),
            grantors: Box::default(),
            note: None,
            fault,
        }
    }
}

impl IntoResponse for Error {
    /// Bare; `edge` writes the body, because only it knows the language and who reads.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response.extensions_mut().insert(self);
        response
    }
}
