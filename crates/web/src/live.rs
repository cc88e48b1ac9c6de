//! News that a page hears without asking: one listener per process, handed on to the streams of its people.
//!
//! The rule it protects: news carry ids only, and a stream lives about a minute. The browser then comes back by itself and is
//! let in anew, so that a stream ends with its session, its permission and its unidade, and no process holds one for ever.

use std::{
    collections::{HashMap, hash_map::Entry},
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt, future::join_all};
use kernel::Fault;
use tenancy::{LIVE, Listener, Platform, PlatformTx, Signal, Told, UnidadeId};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, broadcast},
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Ctx, Error};

/// Streams of one process, and of one person in it.
const STREAMS: usize = 2000;
const PER_PERSON: usize = 12;
/// After it the browser comes back and is asked who it is.
const LIFE: Duration = Duration::from_secs(60);
/// How soon it comes back, in milliseconds.
const COME_BACK: Duration = Duration::from_millis(1000);
/// Proxies cut what is silent for longer.
const SILENCE: Duration = Duration::from_secs(15);

/// Topic by which the streams of one person are told to end, in every process: a session of theirs was, or what they may see
/// changed. The browser comes back and is let in anew, or not. The id is the person's.
pub const WHO: &str = "quem";
/// In place of a person's id: everybody of the unidade.
pub const EVERYBODY: &str = "todos";

/// Something happened; whoever cares reads it with their own rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    Told(Told),
    /// Some may have been missed: read again.
    Resync,
}

/// Tells every process when `tx` commits.
///
/// # Errors
/// A fault of the database.
pub async fn tell(tx: &mut PlatformTx, unidade: Option<UnidadeId>, topic: &str, id: i64) -> Result<(), Fault> {
    tx.tell(unidade, topic, id).await
}

/// The streams of one process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    news: broadcast::Sender<News>,
    room: Arc<Semaphore>,
    people: Mutex<HashMap<(UnidadeId, Uuid), usize>>,
    stopping: CancellationToken,
}

impl Live {
    /// Streams end when `stopping` fires.
    #[must_use]
    pub fn new(stopping: CancellationToken) -> Self {
        let (news, _) = broadcast::channel(256);
        Self(Arc::new(Inner { news, room: Arc::new(Semaphore::new(STREAMS)), people: Mutex::default(), stopping }))
    }

    /// Hears the news of every placement until it is dropped. A placement that cannot be reached is tried again for ever.
    pub async fn listen(&self, platform: &Platform) {
        let places = platform.config().placements.iter().map(|placement| async {
            loop {
                if let Ok(mut listener) = Listener::connect(platform.config(), &placement.name, &[LIVE]).await {
                    self.hand_on(News::Resync);
                    loop {
                        match listener.next().await {
                            // What another release tells in another form is passed over.
                            Signal::Told { payload, .. } => {
                                payload.parse::<Told>().into_iter().for_each(|told| self.hand_on(News::Told(told)));
                            }
                            Signal::Resync => self.hand_on(News::Resync),
                            Signal::Lost => {}
                        }
                    }
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
        join_all(places).await;
    }

    fn hand_on(&self, news: News) {
        // Nobody listens: nobody misses it.
        let _ = self.0.news.send(news);
    }

    /// A seat for the person of a request; it is theirs until it is dropped.
    ///
    /// # Errors
    /// 503 when the process or the person has as many streams as it may.
    pub fn subscribe(&self, ctx: &Ctx) -> Result<Subscription, Error> {
        let full = || Error::status(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
        let permit = Arc::clone(&self.0.room).try_acquire_owned().map_err(|_| full())?;
        let unidade = ctx.unidade.id;
        let seat = Seat::take(self, (unidade, ctx.actor.id.unwrap_or_default())).ok_or_else(full)?;
        Ok(Subscription {
            news: self.0.news.subscribe(),
            unidade,
            person: ctx.actor.id.unwrap_or_default(),
            ends: Instant::now() + life(ctx),
            stopping: self.0.stopping.clone(),
            _seat: seat,
            _permit: permit,
        })
    }
}

/// No longer than the consent of whoever is here by one.
fn life(ctx: &Ctx) -> Duration {
    let left = ctx.suporte.as_ref().map(|suporte| (suporte.until - ctx.now).to_std().unwrap_or_default());
    left.map_or(LIFE, |left| left.min(LIFE))
}

/// What one stream hears.
#[derive(Debug)]
pub struct Subscription {
    news: broadcast::Receiver<News>,
    unidade: UnidadeId,
    person: Uuid,
    ends: Instant,
    stopping: CancellationToken,
    _seat: Seat,
    _permit: OwnedSemaphorePermit,
}

impl Subscription {
    /// The next news that may concern the person's unidade; `None` when the stream is over.
    pub async fn next(&mut self) -> Option<News> {
        loop {
            let news = tokio::select! {
                () = self.stopping.cancelled() => return None,
                () = tokio::time::sleep_until(self.ends) => return None,
                news = self.news.recv() => news,
            };
            match news {
                Ok(News::Told(Told { unidade: Some(other), .. })) if other != self.unidade => {}
                Ok(News::Told(Told { topic, id, .. })) if topic == WHO => {
                    if id == EVERYBODY || id == self.person.to_string() {
                        return None;
                    }
                }
                Ok(news) => return Some(news),
                Err(broadcast::error::RecvError::Lagged(_)) => return Some(News::Resync),
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

/// Events as the browser's `EventSource` reads them. The stream is over when `events` is.
pub fn stream(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let first = futures::stream::iter([Event::default().retry(COME_BACK).comment("")]);
    let events = first.chain(events).map(Ok::<_, Infallible>);
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(SILENCE)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would hold the events back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// One of a person's streams.
#[derive(Debug)]
struct Seat {
    live: Live,
    who: (UnidadeId, Uuid),
}

impl Seat {
    fn take(live: &Live, who: (UnidadeId, Uuid)) -> Option<Self> {
        let mut people = live.0.people.lock().unwrap_or_else(PoisonError::into_inner);
        let count = people.entry(who).or_default();
        if *count >= PER_PERSON {
            return None;
        }
        *count += 1;
        Some(Self { live: live.clone(), who })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut people = self.live.0.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = people.entry(self.who) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unidade(n: u128) -> UnidadeId {
        UnidadeId::new(Uuid::from_u128(n))
    }

    fn seated(live: &Live, n: u128) -> Option<Subscription> {
        Some(Subscription {
            news: live.0.news.subscribe(),
            unidade: unidade(n),
            person: Uuid::from_u128(n),
            ends: Instant::now() + LIFE,
            stopping: live.0.stopping.clone(),
            _seat: Seat::take(live, (unidade(n), Uuid::nil()))?,
            _permit: Arc::clone(&live.0.room).try_acquire_owned().ok()?,
        })
    }

    #[tokio::test]
    async fn a_stream_hears_its_own_unidade_and_ends() {
        let live = Live::new(CancellationToken::new());
        let mut alfa = seated(&live, 1).unwrap();
        let told = |unidade, id: i64| News::Told(Told { unidade, topic: "consulta".to_owned(), id: id.to_string() });
        live.hand_on(told(Some(unidade(2)), 1));
        live.hand_on(told(Some(unidade(1)), 2));
        live.hand_on(told(None, 3));
        assert_eq!(alfa.next().await, Some(told(Some(unidade(1)), 2)));
        assert_eq!(alfa.next().await, Some(told(None, 3)));
        alfa.ends = Instant::now();
        assert_eq!(alfa.next().await, None, "its minute is over");
        let mut other = seated(&live, 1).unwrap();
        live.0.stopping.cancel();
        assert_eq!(other.next().await, None, "the process stops");
    }

    #[tokio::test]
    async fn a_stream_ends_with_its_session_and_no_other_does() {
        let live = Live::new(CancellationToken::new());
        let (mut own, mut other) = (seated(&live, 1).unwrap(), seated(&live, 1).unwrap());
        other.person = Uuid::from_u128(9);
        let who = |of: u128, id: u128| {
            News::Told(Told { unidade: Some(unidade(of)), topic: WHO.to_owned(), id: Uuid::from_u128(id).to_string() })
        };
        live.hand_on(who(2, 1));
        live.hand_on(who(1, 1));
        let told = News::Told(Told { unidade: None, topic: "consulta".to_owned(), id: "1".to_owned() });
        live.hand_on(told.clone());
        assert_eq!(own.next().await, None, "their session was ended");
        assert_eq!(other.next().await, Some(told.clone()), "of another person nothing is heard");
        let mut elsewhere = seated(&live, 2).unwrap();
        live.hand_on(News::Told(Told { unidade: Some(unidade(1)), topic: WHO.to_owned(), id: EVERYBODY.to_owned() }));
        live.hand_on(told.clone());
        assert_eq!(other.next().await, None, "what everybody may do changed");
        assert_eq!(elsewhere.next().await, Some(told), "not in another unidade");
    }

    #[tokio::test]
    async fn whoever_is_too_slow_reads_again() {
        let live = Live::new(CancellationToken::new());
        let mut slow = seated(&live, 1).unwrap();
        for id in 0..300 {
            live.hand_on(News::Told(Told { unidade: None, topic: "consulta".to_owned(), id: id.to_string() }));
        }
        assert_eq!(slow.next().await, Some(News::Resync));
    }

    #[test]
    fn a_person_has_so_many_streams_and_no_more() {
        let live = Live::new(CancellationToken::new());
        let mut seats: Vec<_> = (0..PER_PERSON).map(|_| seated(&live, 1).unwrap()).collect();
        assert!(seated(&live, 1).is_none());
        assert!(seated(&live, 2).is_some(), "another person");
        seats.pop();
        assert!(seated(&live, 1).is_some());
        drop(seats);
        assert!(live.0.people.lock().unwrap().is_empty());
    }
}
