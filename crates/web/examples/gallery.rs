//! Renders the shared pieces and a page of each kind to files, to be looked at in a browser without a database:
//! `cargo run -p web --example gallery -- <dir>`, then serve `<dir>` on loopback.

use std::{fs, path::Path};

use askama::Template;
use kernel::{Invalid, Lang};
use web::{
    filters,
    forms::FormState,
    frame::{Frame, Place, Preferences, Sidebar, Theme},
    pecas::PecasPage,
};

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "layout/bare.html" %}{% import "pecas/form.html" as form %}{% block content %}
<section class="bare-card"><h1>{{ frame.title }}</h1><p class="sub">SENAI Joinville Norte</p>
<form method="post" action="/entrar" novalidate>{{ form::problems(state) }}
{{ form::email(state, "email", "sample-email", required=true, autocomplete="username") }}
{{ form::password(state, "senha", "sample-senha", "current-password") }}
<button class="btn btn-primary" type="submit">{{ "box-arrow-right"|icon }}Entrar</button></form></section>
{% endblock %}"#
)]
struct LoginPage {
    frame: Frame,
    state: FormState,
}

#[derive(Template)]
#[template(path = "layout/error.html")]
struct ErrorPage {
    frame: Frame,
    status: u16,
    title: String,
    permission: Option<String>,
    grantors: String,
    incident: Option<String>,
    closed: bool,
    note: Option<String>,
}

fn write(dir: &Path, name: &str, page: &impl Template) -> Result<(), Box<dyn std::error::Error>> {
    fs::write(dir.join(format!("{name}.html")), page.render()?)?;
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args().nth(1).ok_or("usage: gallery <dir>")?;
    let dir = Path::new(&dir);
    fs::create_dir_all(dir.join("assets"))?;
    for (name, asset) in assets::all() {
        fs::write(dir.join("assets").join(name), asset.bytes)?;
    }
    for theme in [Theme::Claro, Theme::Escuro] {
        for (lang, tag) in [(Lang::PtBr, "pt"), (Lang::En, "en")] {
            let preferences = Preferences { lang, theme, sidebar: Sidebar::Aberta };
            let frame = || Frame::sample_in(preferences).crumb("Empresas", "/empresas").at("/empresas");
            let suffix = format!("{tag}-{}", theme.code());
            write(dir, &format!("pecas-{suffix}"), &PecasPage::new(frame(), ""))?;
            let mut state = FormState::typed([("email", "marina@")]).secret("senha");
            state.fail("email", Invalid::new("email-invalid"));
            write(dir, &format!("login-{suffix}"), &LoginPage { frame: frame().title("Entrar"), state })?;
            let frame = Frame::new(Place::Nowhere, preferences, frame().zone, frame().now).nonce(frame().nonce);
            let error = ErrorPage {
                title: frame.t("error-fault").into(),
                frame: frame.title(""),
                status: 500,
                permission: None,
                grantors: String::new(),
                closed: false,
                note: None,
                incident: Some("0193f2c4-7be1".into()),
            };
            write(dir, &format!("error-{suffix}"), &error)?;
        }
        let console = Preferences { theme, ..Preferences::default() };
        let mut frame = Frame::sample_in(console).at("/visitas");
        frame.place = Place::Console;
        frame.sidebar = Sidebar::Recolhida;
        write(dir, &format!("console-{}", theme.code()), &PecasPage::new(frame, ""))?;
    }
    for (at, frame) in Frame::samples().into_iter().enumerate() {
        write(dir, &format!("sample-{at}"), &PecasPage::new(frame, ""))?;
    }
    Ok(())
}
