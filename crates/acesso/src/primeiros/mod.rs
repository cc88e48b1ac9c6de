//! The first steps of a new unidade, as the modules declare them: shown to whoever may take them when they come in, until all
//! are done or the person does not want to see them any more. What is done is read from how the unidade is.

pub(crate) mod pages;
mod sql;

use axum_extra::routing::TypedPath;
use web::Step;

use crate::{identidade, usuario};

pub(crate) const STEPS: &[Step] = &[
    Step {
        title: "step-identidade",
        text: "step-identidade-text",
        icon: "building",
        href: identidade::pages::IdentidadePath::PATH,
        permission: identidade::ALTERAR,
        done: |tx| {
            Box::pin(async move {
                let tema = &tx.unidade().tema;
                Ok(tema.logo.is_some() || tema.primaria.is_some() || tema.destaque.is_some())
            })
        },
    },
    Step {
        title: "step-pessoas",
        text: "step-pessoas-text",
        icon: "person-plus",
        href: usuario::admin_pages::UsuariosPath::PATH,
        permission: usuario::GERIR,
        done: |tx| Box::pin(sql::has_company(tx)),
    },
];
