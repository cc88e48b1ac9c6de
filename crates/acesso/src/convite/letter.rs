use kernel::{Email, Fault};
use messaging::{Action, Brand, Letter, Line, Links};
use tenancy::TenantTx;

use super::{VALID, pages::ConvitePath};
use crate::{segredo::Segredo, usuario::Nome};

/// Puts the convite's mail into the outbox. It lets its reader in, so its text is forgotten once it was sent.
pub(super) async fn send(
    tx: &mut TenantTx,
    links: &Links,
    nome: &Nome,
    email: &Email,
    token: &Segredo,
    inviter: Option<&str>,
) -> Result<(), Fault> {
    let unidade = tx.unidade().clone();
    // Nobody knows yet which language the reader speaks.
    let lang = unidade.lang(None);
    let path = ConvitePath { token: token.reveal() }.to_string();
    let by = match inviter {
        Some(inviter) => {
            idioma::t_args(lang, "convite-mail-by", [("nome", inviter.into()), ("unidade", unidade.nome.as_str().into())])
        }
        None => idioma::t_args(lang, "convite-mail-first", [("unidade", unidade.nome.as_str().into())]),
    };
    let letter = Letter {
        lang,
        subject: Line::of(&idioma::t_args(lang, "convite-mail-subject", [("unidade", unidade.nome.as_str().into())])),
        heading: idioma::t_args(lang, "convite-mail-heading", [("nome", nome.as_str().into())]),
        paragraphs: vec![by, idioma::t(lang, "convite-mail-what").to_owned()],
        action: Some(Action { label: idioma::t(lang, "convite-mail-action").to_owned(), link: links.unidade(&unidade, &path) }),
        note: Some(idioma::t_args(lang, "convite-mail-note", [("n", VALID.num_days().into())])),
    };
    let mail = letter.render(&Brand::of(&unidade))?;
    let to = messaging::Email { to: email.clone(), nome: Some(nome.clone()), secret: true };
    messaging::send_email(tx, to, mail).await?;
    Ok(())
}
