use askama::Template;
use chrono_tz::America::Sao_Paulo;
use kernel::Clock;
use uuid::Uuid;

use crate::{
    Error, filters,
    frame::{Frame, Place, Preferences},
};

/// What a person sees instead of the page: what happened, why and what to do next, and the number to tell the support.
#[derive(Template)]
#[template(path = "layout/error.html")]
pub(crate) struct ErrorPage {
    pub frame: Frame,
    pub status: u16,
    pub title: String,
    /// Permission that is missing, by its name in the catalogue.
    pub permission: Option<String>,
    /// Who could give it; empty when nobody is to be named.
    pub grantors: String,
    pub incident: Option<String>,
    /// The unidade lets nobody in: there is no other page to go to.
    pub closed: bool,
    /// Why, in the words of whoever closed it.
    pub note: Option<String>,
}

pub(crate) fn render(error: &Error, preferences: Preferences, id: Uuid, nonce: &str) -> String {
    let lang = preferences.lang;
    let status = error.status_code();
    let permission = error.missing().map(|permission| {
        idioma::find(lang, &format!("permission-{}", permission.code().replace('.', "-"))).unwrap_or(permission.code()).to_owned()
    });
    // Which unidade it was is not told: the error may be that there is none.
    let frame = Frame::new(Place::Nowhere, preferences, Sao_Paulo, Clock::system().now()).nonce(nonce);
    let title = error.title(lang);
    let page = ErrorPage {
        frame,
        status: status.as_u16(),
        title,
        permission,
        grantors: error.grantors().join(", "),
        closed: matches!(error.code(), "unidade-suspended" | "unidade-closed"),
        note: error.note().map(str::to_owned),
        incident: status.is_server_error().then(|| id.to_string()),
    };
    // A page of constants that fails to render leaves the sentence itself.
    page.render().unwrap_or(page.title)
}
