use kernel::Fault;
use messaging::{Action, Brand, Letter, Line, Links};
use tenancy::TenantTx;

use super::{VALID, pages::RecuperacaoPath};
use crate::{aviso, segredo::Segredo, usuario::UsuarioId};

/// Puts the link's letter into the outbox. It lets its reader choose a senha, so its text is forgotten once it was sent.
pub(super) async fn send(tx: &mut TenantTx, links: &Links, usuario: UsuarioId, token: &Segredo) -> Result<(), Fault> {
    let reader = aviso::reader(tx, usuario).await?;
    let unidade = tx.unidade().clone();
    let lang = unidade.lang(reader.idioma.as_deref());
    let path = RecuperacaoPath { token: token.reveal() }.to_string();
    let letter = Letter {
        lang,
        subject: Line::of(&idioma::t_args(lang, "recuperacao-mail-subject", [("unidade", unidade.nome.as_str().into())])),
        heading: idioma::t_args(lang, "aviso-heading", [("nome", reader.nome.as_str().into())]),
        paragraphs: vec![idioma::t(lang, "recuperacao-mail-what").to_owned()],
        action: Some(Action {
            label: idioma::t(lang, "recuperacao-mail-action").to_owned(),
            link: links.unidade(&unidade, &path),
        }),
        note: Some(idioma::t_args(lang, "recuperacao-mail-note", [("n", VALID.num_minutes().into())])),
    };
    aviso::post(tx, reader, letter.render(&Brand::of(&unidade))?, true).await
}
