use std::sync::Arc;

use axum::response::{Response, sse::Event};
use futures::{future::BoxFuture, stream};
use kernel::Actor;
use tenancy::{TenantTx, Tenants, Unidade};
use uuid::Uuid;
use web::{
    Ctx, Error,
    frame::Frame,
    live::{self, News, Subscription},
};

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Andamento {
    pub done: i64,
    pub total: i64,
    /// Key of its state in the catalogue.
    pub label: &'static str,
    /// Whether there is more to come.
    pub open: bool,
}

/// Reads where it stands, with the rights of whoever asks; `None` when it is not theirs any more.
pub(crate) type Read = for<'a> fn(&'a mut TenantTx, &'a Actor, Uuid) -> BoxFuture<'a, Option<Andamento>>;

/// `progress` whenever news of one of `topics` and `id` change what `read` answers, then one `end`. Whether the person may see it at all
/// has been asked before, in the transaction of `ctx`.
pub(crate) async fn stream(
    ctx: Ctx,
    news: Subscription,
    topics: &'static [&'static str],
    id: Uuid,
    read: Read,
) -> Result<Response, Error> {
    let watcher = Watcher {
        tenants: ctx.app.tenants.clone(),
        unidade: Arc::clone(&ctx.unidade),
        actor: ctx.actor.clone(),
        frame: ctx.frame(),
        news,
        topics,
        id,
        read,
        told: None,
        over: false,
    };
    ctx.release().await?;
    Ok(live::stream(stream::unfold(watcher, |mut watcher| async { watcher.next().await.map(|event| (event, watcher)) })))
}

struct Watcher {
    tenants: Tenants,
    unidade: Arc<Unidade>,
    actor: Actor,
    frame: Frame,
    news: Subscription,
    topics: &'static [&'static str],
    id: Uuid,
    read: Read,
    told: Option<Andamento>,
    over: bool,
}

impl Watcher {
    async fn next(&mut self) -> Option<Event> {
        if self.over {
            return None;
        }
        let id = self.id.to_string();
        loop {
            let (actor, read, record) = (&self.actor, self.read, self.id);
            let found = self.tenants.read(&self.unidade, async |tx| Ok::<_, kernel::Fault>(read(tx, actor, record).await)).await;
            // The browser comes back and is told what is wrong.
            let now = found.ok().flatten()?;
            if !now.open {
                self.over = true;
                return Some(Event::default().event("end").data("-"));
            }
            if self.told != Some(now) {
                self.told = Some(now);
                let said = serde_json::json!({ "done": now.done, "total": now.total.max(1), "text": self.frame.t(now.label) });
                return Some(Event::default().event("progress").data(said.to_string()));
            }
            loop {
                match self.news.next().await? {
                    News::Resync => break,
                    News::Told(told) if told.id == id && self.topics.contains(&told.topic.as_str()) => break,
                    News::Told(_) => {}
                }
            }
        }
    }
}
