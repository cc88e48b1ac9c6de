//! The stream of a page. One tab of a browser listens for all (`assets/src/ts/news.ts`), since a browser has few connections
//! to a host.

use std::{sync::Arc, time::Duration};

use axum::response::{Response, sse::Event};
use futures::stream;
use kernel::{Fault, Lang};
use messaging::notificacao::{self, Filtro, TOPIC, UNREAD_MAX};
use serde::Serialize;
use tenancy::{TenantTx, Tenants, Unidade};
use uuid::Uuid;
use web::{
    Ctx, Error, Result,
    live::{self, News, Subscription},
};

use super::pages::{Abrir, NotificacaoEvents};

/// After a lost connection every stream reads again; each waits its own share of this, lest all do so at once.
const SPREAD: Duration = Duration::from_secs(2);

/// What the bell shows. The latest unread one comes along, for whoever has just been told.
#[derive(Debug, Serialize)]
struct Bell {
    /// What stands on the badge, nothing when all is read.
    badge: String,
    /// The bell's name for those who hear it.
    label: String,
    latest: Option<Latest>,
}

#[derive(Debug, Serialize)]
struct Latest {
    id: Uuid,
    text: String,
    /// What it is about; a page that is about that itself need not be told.
    about: String,
    /// Opens it and marks it as read.
    open: String,
}

pub(super) async fn events(_: NotificacaoEvents, ctx: Ctx) -> Result<Response> {
    let usuario = ctx.actor.usuario().ok_or_else(Error::not_found)?;
    // Before the count is read, so that no news fall between.
    let news = ctx.app.live.subscribe(&ctx)?;
    let listener = Listener {
        tenants: ctx.app.tenants.clone(),
        unidade: Arc::clone(&ctx.unidade),
        usuario,
        lang: ctx.lang,
        news,
        begun: false,
    };
    // It lives for a minute; a transaction does not.
    ctx.release().await?;
    Ok(live::stream(stream::unfold(listener, |mut listener| async { listener.next().await.map(|event| (event, listener)) })))
}

struct Listener {
    tenants: Tenants,
    unidade: Arc<Unidade>,
    usuario: Uuid,
    lang: Lang,
    news: Subscription,
    begun: bool,
}

impl Listener {
    /// How it stands now, then whenever it has changed.
    async fn next(&mut self) -> Option<Event> {
        if self.begun {
            self.wait().await?;
        }
        self.begun = true;
        match self.bell().await {
            // A page reads it as a whole: one line.
            Ok(bell) => Event::default().event("bell").json_data(bell).ok(),
            Err(fault) => {
                // The browser comes back and tries again.
                tracing::warn!(%fault, "A person's notificações could not be read.");
                None
            }
        }
    }

    async fn wait(&mut self) -> Option<()> {
        let me = self.usuario.to_string();
        loop {
            match self.news.next().await? {
                News::Told(told) if told.topic == TOPIC && told.id == me => return Some(()),
                News::Told(_) => {}
                News::Resync => {
                    let share = u32::from(self.usuario.as_bytes()[15]);
                    tokio::time::sleep(SPREAD * share / 255).await;
                    return Some(());
                }
            }
        }
    }

    async fn bell(&self) -> Result<Bell, Fault> {
        let (usuario, lang) = (self.usuario, self.lang);
        self.tenants
            .read(&self.unidade, async |tx: &mut TenantTx| {
                let unread = notificacao::unread(tx, usuario).await?;
                let latest = notificacao::list(tx, usuario, &Filtro::unread(), 0, 1).await?.into_iter().next();
                Ok(Bell {
                    badge: badge(unread),
                    label: label(lang, unread),
                    latest: latest.map(|latest| Latest {
                        text: latest.text(lang),
                        open: Abrir { id: latest.id }.to_string(),
                        id: latest.id.uuid(),
                        about: latest.href,
                    }),
                })
            })
            .await
    }
}

fn badge(unread: i64) -> String {
    match unread {
        0 => String::new(),
        UNREAD_MAX.. => format!("{}+", UNREAD_MAX - 1),
        some => some.to_string(),
    }
}

fn label(lang: Lang, unread: i64) -> String {
    idioma::t_args(lang, "bell-label", [("n", unread.into())])
}
