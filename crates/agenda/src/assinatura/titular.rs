//! What assinaturas keep of people: who reads the calendar elsewhere. Without its owner an address leads nowhere, and goes.

use futures::FutureExt;
use web::titular::{Acervo, Efeito};

use super::sql;

pub(crate) const ACERVO: Acervo = Acervo {
    name: "agenda",
    label: "acervo-agenda",
    guarda: None,
    reunir: |ground, alvo| async move { sql::gather(ground, alvo.titular.id).await }.boxed(),
    apagar: |ground, alvo| async move { Ok(Efeito::apagados(sql::erase(ground, alvo.titular.id).await?)) }.boxed(),
};
