//! The paths of a vocabulary: types like every other's, whose text the vocabulary says.

use std::{fmt, marker::PhantomData};

use axum::{extract::FromRequestParts, http::request::Parts};
use axum_extra::routing::TypedPath;

use super::{TermId, Vocabulary};
use crate::{App, Error};

/// The list.
pub struct Terms<V>(PhantomData<fn() -> V>);

/// A place of one term: [`One`], or what is done to it.
pub struct Below<V: Vocabulary, const PLACE: u8> {
    pub id: TermId<V>,
}

/// The page of one term.
pub type One<V> = Below<V, 0>;
pub(super) type Merge<V> = Below<V, 1>;
pub(super) type Delete<V> = Below<V, 2>;
pub(super) type Mover<V> = Below<V, 3>;

impl<V: Vocabulary> fmt::Display for Terms<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::PATH)
    }
}

impl<V: Vocabulary> TypedPath for Terms<V> {
    const PATH: &'static str = V::ROUTES.list;
}

impl<V: Vocabulary> FromRequestParts<App> for Terms<V> {
    type Rejection = Error;

    async fn from_request_parts(_: &mut Parts, _: &App) -> Result<Self, Error> {
        Ok(Self(PhantomData))
    }
}

/// The id in a path below the list. A text that is none is not found, as an unknown one is.
fn id<V: Vocabulary>(parts: &Parts) -> Result<TermId<V>, Error> {
    let below = parts.uri.path().strip_prefix(V::ROUTES.list).unwrap_or_default().trim_start_matches('/');
    below.split('/').next().unwrap_or_default().parse().map_err(|_| Error::not_found())
}

impl<V: Vocabulary, const PLACE: u8> fmt::Display for Below<V, PLACE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Self::PATH.replace("{id}", &self.id.to_string()))
    }
}

impl<V: Vocabulary, const PLACE: u8> TypedPath for Below<V, PLACE> {
    const PATH: &'static str = match PLACE {
        0 => V::ROUTES.one,
        1 => V::ROUTES.merge,
        2 => V::ROUTES.delete,
        // Mounted only where there is an order.
        _ => match V::ORDER {
            Some(order) => order.path,
            None => "",
        },
    };
}

impl<V: Vocabulary, const PLACE: u8> FromRequestParts<App> for Below<V, PLACE> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        id::<V>(parts).map(|id| Self { id })
    }
}
