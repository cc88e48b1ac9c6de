//! A restore brings back what people wrote, and no way in that was closed since: a backup from before a theft must not
//! let the thief in again.

mod sql;

use futures::{FutureExt, future::BoxFuture};
use kernel::Fault;
use serde_json::{Value, json};
use tenancy::{Restoration, RestoreParticipant};

/// Keeps shut what was shut when a unidade is restored; for [`tenancy::RestoreOptions`].
///
/// Every sessão, entrada and convite ends. A token that does not count now is revoked, and a key that was changed stays changed. A usuario who is deactivated now
/// stays so. Those who are in both states keep the senha and the second factor of now, and whoever's word is taken for them is who it is now. Where there is no state of now to go by, all tokens are
/// revoked and the usuarios are those of the archive.
#[derive(Debug, Clone, Copy, Default)]
pub struct WaysIn;

impl RestoreParticipant for WaysIn {
    fn name(&self) -> &'static str {
        "acesso"
    }

    fn remember<'a>(&'a self, present: &'a mut Restoration<'_>) -> BoxFuture<'a, Result<Value, Fault>> {
        sql::remember(present).boxed()
    }

    fn settle<'a>(&'a self, restored: &'a mut Restoration<'_>, remembered: Option<Value>) -> BoxFuture<'a, Result<(), Fault>> {
        async move {
            let present = remembered.unwrap_or_else(|| json!({ "tokens": [], "usuarios": [], "assinaturas": [] }));
            sql::end_everything(restored).await?;
            sql::keep_token_chaves(restored, &present).await?;
            sql::revoke_tokens_but(restored, &present).await?;
            sql::deactivate_again(restored, &present).await?;
            sql::keep_credenciais(restored, &present).await?;
            sql::keep_telefones(restored, &present).await?;
            sql::keep_provedores(restored, &present).await?;
            sql::keep_fatores(restored, &present).await
        }
        .boxed()
    }
}
