use kernel::Fault;
use messaging::{Brand, Letter, Line, MensagemId};
use tenancy::TenantTx;

use super::CODE_VALID;
use crate::{aviso, fator::Digits, usuario::UsuarioId};

/// The code, and who must not have it. Its text is forgotten once it was sent.
pub(super) async fn send(tx: &mut TenantTx, usuario: UsuarioId, code: &Digits) -> Result<MensagemId, Fault> {
    let reader = aviso::reader(tx, usuario).await?;
    let unidade = tx.unidade().clone();
    let lang = unidade.lang(reader.idioma.as_deref());
    let letter = Letter {
        lang,
        // Not in the subject: that is shown on locked screens.
        subject: Line::of(&idioma::t_args(lang, "passo-mail-subject", [("unidade", unidade.nome.as_str().into())])),
        heading: code.reveal(),
        paragraphs: vec![idioma::t_args(lang, "passo-mail-what", [("n", CODE_VALID.num_minutes().into())])],
        action: None,
        note: Some(idioma::t(lang, "passo-mail-note").to_owned()),
    };
    aviso::post_as(tx, reader, letter.render(&Brand::of(&unidade))?, true).await
}
