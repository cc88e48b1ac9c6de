//! What this crate itself keeps of people, for their dossier and for their erasure.

use futures::FutureExt;
use web::titular::Acervo;

use crate::{consentimento, encarregado, incidente, pedido};

pub(crate) static ACERVOS: &[Acervo] = &[
    Acervo {
        name: "pedido",
        label: "acervo-pedido",
        guarda: Some("acervo-pedido-guarda"),
        reunir: |ground, alvo| async move { pedido::sql::of(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { pedido::sql::erase(ground, alvo).await }.boxed(),
    },
    Acervo {
        name: "consentimento",
        label: "acervo-consentimento",
        guarda: Some("acervo-consentimento-guarda"),
        reunir: |ground, alvo| async move { consentimento::sql::of(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { consentimento::sql::erase(ground, alvo).await }.boxed(),
    },
    Acervo {
        name: "incidente",
        label: "acervo-incidente",
        guarda: Some("acervo-incidente-guarda"),
        reunir: |ground, alvo| async move { incidente::sql::of(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { incidente::sql::erase(ground, alvo).await }.boxed(),
    },
    Acervo {
        name: "encarregado",
        label: "acervo-encarregado",
        guarda: None,
        reunir: |ground, alvo| async move { encarregado::of(ground, alvo).await }.boxed(),
        apagar: |ground, alvo| async move { encarregado::erase(ground, alvo).await }.boxed(),
    },
];
