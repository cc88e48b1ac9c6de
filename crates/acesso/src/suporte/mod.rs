//! Support access as the unidade sees it: who of the platform asks, who let them in, what they did (decision 0017).
//!
//! The rule it protects: an administrador of the unidade says yes, in the unidade, and can take it back at any moment; whoever
//! is let in acts under their own name, never as a person of the unidade, and the unidade's trail tells every step.

pub mod pages;
mod sql;

use axum_extra::routing::TypedPath;
use chrono::TimeDelta;
use kernel::{Actor, ActorKind, Fault, Grants, Permission, RequestMeta};
use messaging::{Action, Brand, Letter, Line, Links, Notice, NoticeKind, NoticeRule};
use serde_json::json;
use tenancy::{
    Change, Entry, Platform, PlatformTx, TenantTx, UnidadeId,
    suporte::{self, Suporte, Viva},
};
use web::SignedIn;

use crate::{aviso, segredo::Segredo};

/// May let somebody of the platform in.
pub const AUTORIZAR: Permission = Permission::new("acesso.suporte.autorizar");

/// How the cookie of such a session begins.
pub(crate) const COOKIE_MARK: &str = "suporte.";

/// The admin in the unidade's trail.
pub(crate) fn trail_actor(admin: &Viva, meta: RequestMeta) -> Actor {
    named(Some(admin.admin_id), &admin.admin_nome, meta)
}

fn named(id: Option<uuid::Uuid>, nome: &str, meta: RequestMeta) -> Actor {
    let nome = format!("Suporte: {nome} (admin da plataforma)");
    Actor { kind: ActorKind::Plataforma, id, nome, grants: Grants::default(), meta }
}

/// Who is behind the rest of such a cookie.
pub(crate) async fn signed_in(
    platform: &Platform,
    unidade: UnidadeId,
    secret: &str,
    note_after: TimeDelta,
) -> Result<Option<SignedIn>, Fault> {
    let Ok(secret) = secret.parse::<Segredo>() else { return Ok(None) };
    let mut tx = platform.begin().await?;
    let now = tx.clock().now();
    let viva = suporte::viva(&mut tx, unidade, secret.hash()).await?;
    tx.rollback().await?;
    Ok(viva.map(|viva| SignedIn {
        actor: trail_actor(&viva, RequestMeta::default()),
        email: String::new(),
        foto: None,
        lang: None,
        zone: None,
        session: None,
        vizinhas: false,
        unread: None,
        pace: None,
        touch: viva.last_used_at.is_none_or(|last| now - last >= note_after),
        suporte: Some(web::Suporte { id: viva.suporte_id, nome: viva.admin_nome, until: viva.expires_at, escrita: viva.escrita }),
    }))
}

/// What happened to a pedido, in the unidade's own trail.
///
/// # Errors
/// A fault of the database.
pub async fn trail(tx: &mut TenantTx, actor: &Actor, action: &'static str, suporte: &Suporte) -> Result<(), Fault> {
    let after = json!({
        "admin": suporte.admin_nome,
        "motivo": suporte.motivo,
        "escrita": if suporte.decided_at.is_some() { suporte.escrita } else { suporte.escrita_pedida },
        "expires_at": suporte.expires_at,
    });
    let change = Change { before: None, after: Some(after) };
    tx.audit(actor, Entry { action, entity: "suporte", entity_id: Some(suporte.id), change }).await?;
    // Pages that are open say who they are again.
    tx.tell(web::live::WHO, suporte.admin_id).await
}

/// As [`trail`], of an admin on the console.
///
/// # Errors
/// A fault of the database.
pub async fn trail_of_admin(tx: &mut TenantTx, admin: &Actor, action: &'static str, suporte: &Suporte) -> Result<(), Fault> {
    trail(tx, &named(admin.id, &admin.nome, admin.meta.clone()), action, suporte).await
}

/// Somebody of the platform asks to come in.
pub static NOTICE: NoticeKind = NoticeKind {
    code: "acesso.suporte",
    label: "notice-suporte",
    help: "notice-suporte-help",
    needs: Some(AUTORIZAR),
    panel: NoticeRule::Always,
    email: NoticeRule::Letter,
};

/// Tells the administradores that somebody asks: on the panel and by letter.
///
/// # Errors
/// A fault of the database.
pub async fn announce(tx: &mut TenantTx, links: &Links, suporte: &Suporte) -> Result<(), Fault> {
    let unidade = tx.unidade().clone();
    let href = pages::SuportePath::PATH;
    for reader in sql::administradores(tx).await? {
        let notice = Notice { kind: &NOTICE, key: "suporte-notice", args: &[("nome", &suporte.admin_nome)], href };
        messaging::notify(tx, reader.id, &notice).await?;
        let lang = unidade.lang(reader.reader.idioma.as_deref());
        let asked = if suporte.escrita_pedida { "suporte-kind-escrita" } else { "suporte-kind-leitura" };
        let letter = Letter {
            lang,
            subject: Line::of(&idioma::t_args(lang, "suporte-mail-subject", [("unidade", unidade.nome.as_str().into())])),
            heading: idioma::t_args(lang, "aviso-heading", [("nome", reader.reader.nome.as_str().into())]),
            paragraphs: vec![
                idioma::t_args(
                    lang,
                    "suporte-mail-what",
                    [
                        ("nome", suporte.admin_nome.as_str().into()),
                        ("kind", idioma::t(lang, asked).into()),
                        ("n", i64::from(suporte.minutos_pedidos).into()),
                    ],
                ),
                idioma::t_args(lang, "suporte-mail-motivo", [("motivo", suporte.motivo.as_str().into())]),
            ],
            action: Some(Action {
                label: idioma::t(lang, "suporte-mail-action").to_owned(),
                link: links.unidade(&unidade, href),
            }),
            note: Some(idioma::t(lang, "suporte-mail-note").to_owned()),
        };
        aviso::post(tx, reader.reader, letter.render(&Brand::of(&unidade))?, false).await?;
    }
    Ok(())
}

/// Comes over from the console; answers the cookie of the session in this unidade.
async fn entrar(
    tx: &mut PlatformTx,
    unidade: UnidadeId,
    meta: &RequestMeta,
    passagem: &Segredo,
) -> Result<Option<(Viva, String)>, Fault> {
    let cookie = Segredo::draw();
    let actor = |viva: &Viva| trail_actor(viva, meta.clone());
    let viva = suporte::entrar(tx, actor, unidade, passagem.hash(), cookie.hash()).await?;
    Ok(viva.map(|viva| (viva, format!("{COOKIE_MARK}{}", cookie.reveal()))))
}
