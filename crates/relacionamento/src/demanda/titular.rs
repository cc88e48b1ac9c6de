//! What demandas keep of people: who answers for them, who asked, and what was told of whom.

use futures::FutureExt;
use web::titular::Acervo;

use super::{ENTITY, sql};

pub(crate) const ACERVO: Acervo = Acervo {
    name: ENTITY,
    label: "acervo-demanda",
    guarda: None,
    reunir: |ground, alvo| async move { sql::pessoas::gather(ground, alvo).await }.boxed(),
    apagar: |ground, alvo| async move { sql::pessoas::erase(ground, alvo).await }.boxed(),
};
