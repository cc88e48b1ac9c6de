//! What projetos keep of people: who answers for them.

use futures::FutureExt;
use web::titular::Acervo;

use super::{ENTITY, sql};

pub(crate) const ACERVO: Acervo = Acervo {
    name: ENTITY,
    label: "acervo-projeto",
    guarda: None,
    reunir: |ground, alvo| async move { sql::gather(ground, alvo).await }.boxed(),
    apagar: |ground, alvo| async move { sql::erase(ground, alvo).await }.boxed(),
};
