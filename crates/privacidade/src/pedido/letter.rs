//! Letters to whoever asked.

use acesso::Segredo;
use kernel::{Email, Fault, Lang, Texto};
use messaging::{Action, Brand, Letter, Line, Links};
use tenancy::TenantTx;

use super::{CONFIRMED_WITHIN, Pedido, SHOWN_FOR, Situacao, publico::LinkPath, sql};
use crate::encarregado;

/// Asks for a confirmation. Whoever typed the address is unknown: nothing of what they typed is in it.
pub(super) async fn confirm(tx: &mut TenantTx, links: &Links, lang: Lang, to: &Email, token: &Segredo) -> Result<(), Fault> {
    let unidade = tx.unidade().clone();
    let nome = || [("unidade", unidade.nome.as_str().into())];
    let letter = Letter {
        lang,
        subject: Line::of(&idioma::t_args(lang, "pedido-mail-confirm-subject", nome())),
        heading: idioma::t(lang, "pedido-mail-heading").to_owned(),
        paragraphs: vec![
            idioma::t_args(lang, "pedido-mail-confirm-what", nome()),
            idioma::t(lang, "pedido-mail-confirm-not-you").to_owned(),
        ],
        action: Some(Action {
            label: idioma::t(lang, "pedido-mail-confirm-action").to_owned(),
            link: links.unidade(&unidade, &LinkPath { token: token.reveal() }.to_string()),
        }),
        note: Some(idioma::t_args(lang, "pedido-mail-confirm-note", [("n", CONFIRMED_WITHIN.num_hours().into())])),
    };
    let mail = letter.render(&Brand::of(&unidade))?;
    messaging::send_email(tx, messaging::Email { to: to.clone(), nome: None, secret: true }, mail).await?;
    Ok(())
}

/// The answer, with a link to how it stands. Nothing where there is no e-mail: it was given in another way.
pub(super) async fn answered(
    tx: &mut TenantTx,
    links: &Links,
    pedido: &Pedido,
    resposta: &str,
    fundamento: Option<&str>,
) -> Result<(), Fault> {
    let Some(to) = pedido.email.as_deref().and_then(|email| email.parse::<Email>().ok()) else { return Ok(()) };
    let (lang, unidade) = (pedido.lang, tx.unidade().clone());
    let token = Segredo::draw();
    let until = tx.clock().now() + SHOWN_FOR;
    sql::insert_link(tx, pedido.id, &token, until).await?;
    let intro = match pedido.situacao {
        Situacao::Recusado => "pedido-mail-recusado",
        Situacao::Duplicado => "pedido-mail-duplicado",
        _ => "pedido-mail-atendido",
    };
    let tipo = idioma::t(lang, pedido.tipo.label());
    let mut paragraphs =
        vec![idioma::t_args(lang, intro, [("protocolo", pedido.protocolo.as_str().into()), ("tipo", tipo.into())])];
    paragraphs.extend(resposta.split("\n\n").map(str::to_owned));
    paragraphs.extend(fundamento.map(|ground| idioma::t_args(lang, "pedido-mail-fundamento", [("fundamento", ground.into())])));
    if pedido.situacao == Situacao::Recusado {
        paragraphs.push(idioma::t(lang, "pedido-mail-anpd").to_owned());
    }
    let reach = encarregado::find(tx).await?;
    let letter = Letter {
        lang,
        subject: Line::of(&idioma::t_args(lang, "pedido-mail-subject", [("protocolo", pedido.protocolo.as_str().into())])),
        heading: idioma::t_args(lang, "aviso-heading", [("nome", pedido.nome.as_str().into())]),
        paragraphs,
        action: Some(Action {
            label: idioma::t(lang, "pedido-mail-action").to_owned(),
            link: links.unidade(&unidade, &LinkPath { token: token.reveal() }.to_string()),
        }),
        note: reach.map(|one| one.said(lang)),
    };
    let mail = letter.render(&Brand::of(&unidade))?;
    let nome = pedido.nome.parse::<Texto<120>>().ok();
    // It says what somebody is told of their own data: its text is forgotten once it was sent.
    messaging::send_email(tx, messaging::Email { to, nome, secret: true }, mail).await?;
    Ok(())
}
