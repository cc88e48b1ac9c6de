//! What spreadsheets of the past say of a person.

use futures::FutureExt;
use web::titular::Acervo;

use super::{ENTITY, sql};

pub(crate) const ACERVO: Acervo = Acervo {
    name: ENTITY,
    label: "acervo-historico",
    guarda: None,
    reunir: |ground, alvo| async move { sql::gather(ground, alvo).await }.boxed(),
    apagar: |ground, alvo| async move { sql::erase(ground, alvo).await }.boxed(),
};
