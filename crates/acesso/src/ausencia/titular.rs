//! What absences keep of people.

use futures::FutureExt;
use web::titular::{Acervo, Efeito};

use super::sql;

pub(crate) const ACERVO: Acervo = Acervo {
    name: "ausencia",
    label: "ausencias-title",
    guarda: None,
    reunir: |ground, alvo| async move { sql::gather(ground, alvo.titular.id).await }.boxed(),
    apagar: |ground, alvo| async move { Ok(Efeito::apagados(sql::erase(ground, alvo.titular.id).await?)) }.boxed(),
};
