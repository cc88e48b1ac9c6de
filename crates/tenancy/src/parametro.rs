//! Numbers that a unidade sets for itself. Declared by whoever goes by them; read in the transaction in which they count, so
//! that a change acts at once in every process.

use kernel::Fault;

use crate::TenantTx;

/// A number with its bounds and what it is where nothing was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parametro {
    /// Key in the table, and of its texts: `parametro-<nome>` and `parametro-<nome>-help`, with `-` for `_`.
    pub nome: &'static str,
    pub default: i64,
    pub min: i64,
    pub max: i64,
}

impl Parametro {
    #[must_use]
    pub const fn accepts(&self, valor: i64) -> bool {
        self.min <= valor && valor <= self.max
    }
}

impl TenantTx {
    /// What counts now.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn parametro(&mut self, parametro: &Parametro) -> Result<i64, Fault> {
        Ok(self.parametro_set(parametro).await?.unwrap_or(parametro.default))
    }

    /// What was set, if anything was. A value that another release allowed counts as the nearest that this one does.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn parametro_set(&mut self, parametro: &Parametro) -> Result<Option<i64>, Fault> {
        let valor =
            sqlx::query_scalar!("SELECT valor FROM parametro WHERE nome = $1", parametro.nome).fetch_optional(self.db()).await?;
        Ok(valor.map(|valor| valor.clamp(parametro.min, parametro.max)))
    }
}
