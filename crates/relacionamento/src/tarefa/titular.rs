//! What tarefas keep of people: who is to do what, and what was written of whom.

use futures::FutureExt;
use web::titular::Acervo;

use super::{ENTITY, sql};

pub(crate) const ACERVO: Acervo = Acervo {
    name: ENTITY,
    label: "acervo-tarefa",
    guarda: None,
    reunir: |ground, alvo| async move { sql::gather(ground, alvo).await }.boxed(),
    apagar: |ground, alvo| async move { sql::erase(ground, alvo).await }.boxed(),
};
