//! What is told to the open pages of every process, on one channel that each process listens to.

use std::{fmt, str::FromStr};

use kernel::Fault;

use crate::{PlatformTx, TenantTx, UnidadeId};

/// The channel on which [`Told`] travels.
pub const LIVE: &str = "sri_live";

/// Something happened. It carries ids only; whoever cares reads the rest with their own rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// `None`: it may concern any unidade.
    pub unidade: Option<UnidadeId>,
    /// What it is about, e.g. `consulta`: one word.
    pub topic: String,
    /// Of what, or for whom.
    pub id: String,
}

#[derive(Debug, thiserror::Error)]
#[error("this was not told by us")]
pub struct NotTold;

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unidade {
            Some(unidade) => write!(f, "{unidade}")?,
            None => f.write_str("-")?,
        }
        write!(f, " {} {}", self.topic, self.id)
    }
}

impl FromStr for Told {
    type Err = NotTold;

    fn from_str(text: &str) -> Result<Self, NotTold> {
        let mut parts = text.split(' ').filter(|part| !part.is_empty());
        let (Some(unidade), Some(topic), Some(id), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(NotTold);
        };
        let unidade = match unidade {
            "-" => None,
            id => Some(id.parse().map_err(|_| NotTold)?),
        };
        Ok(Self { unidade, topic: topic.to_owned(), id: id.to_owned() })
    }
}

impl TenantTx {
    /// Tells every process when this transaction commits; of the unidade it runs in and of no other.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tell(&mut self, topic: &str, id: impl fmt::Display + Send) -> Result<(), Fault> {
        let told = Told { unidade: Some(self.unidade_id()), topic: topic.to_owned(), id: id.to_string() };
        // A statement of its own: inside a query on a unidade's tables it could be lost where those are elsewhere.
        sqlx::query!("SELECT pg_notify($1, $2)", LIVE, told.to_string()).execute(self.db()).await?;
        Ok(())
    }

    /// As [`TenantTx::tell`] about many, in one statement.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tell_all(&mut self, topic: &str, ids: impl IntoIterator<Item: fmt::Display>) -> Result<(), Fault> {
        let unidade = Some(self.unidade_id());
        let one = |id: &dyn fmt::Display| Told { unidade, topic: topic.to_owned(), id: id.to_string() }.to_string();
        let all: Vec<String> = ids.into_iter().map(|id| one(&id)).collect();
        sqlx::query!("SELECT pg_notify($1, told) FROM unnest($2::text[]) AS told", LIVE, &all).fetch_all(self.db()).await?;
        Ok(())
    }
}

impl PlatformTx {
    /// As [`TenantTx::tell`], to one unidade or to all.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tell(&mut self, unidade: Option<UnidadeId>, topic: &str, id: impl fmt::Display + Send) -> Result<(), Fault> {
        let told = Told { unidade, topic: topic.to_owned(), id: id.to_string() };
        self.notify(LIVE, &told.to_string()).await
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_told_survives_its_way_and_nonsense_is_none() {
        for (unidade, topic, id) in [(None, "consulta", "0"), (Some(UnidadeId::new(Uuid::from_u128(7))), "importacao", "a-b")] {
            let told = Told { unidade, topic: topic.to_owned(), id: id.to_owned() };
            assert_eq!(told.to_string().parse::<Told>().unwrap(), told);
        }
        for nonsense in ["", "- consulta", "x consulta 1", "- consulta 1 2", "-  1"] {
            assert!(nonsense.parse::<Told>().is_err(), "{nonsense}");
        }
    }
}
