//! A backup of before an erasure has the person in it: whoever restores it erases them again before anybody sees it (R8).

use futures::{FutureExt, future::BoxFuture};
use kernel::Fault;
use serde_json::{Value, json};
use tenancy::{Erased, Platform, Restoration, RestoreParticipant, all_erased, trail};
use web::{
    Module,
    titular::{Acervo, Alvo, Titulares},
};

use super::{Apagamento, sql, walk};
use crate::{
    protocolo,
    titular::{acervos, kinds},
};

/// Keeps erased people erased when a unidade is restored; for [`tenancy::RestoreOptions`].
///
/// It goes by the receipts of the schema that is replaced, and by what the register was told, which outlives the schema.
#[derive(Debug)]
pub struct Apagados {
    known: Vec<Erased>,
    titulares: Vec<&'static Titulares>,
    acervos: Vec<&'static Acervo>,
}

impl Apagados {
    /// With what the register knows now.
    ///
    /// # Errors
    /// A fault of the central database.
    pub async fn load(platform: &Platform, modules: &[Module]) -> Result<Self, Fault> {
        let known = all_erased(platform).await?;
        Ok(Self { known, titulares: kinds(modules).collect(), acervos: acervos(modules).collect() })
    }

    async fn again(&self, restored: &mut Restoration<'_>, erased: &Erased) -> Result<(), Fault> {
        let Some(people) = self.titulares.iter().find(|people| people.kind == erased.kind) else { return Ok(()) };
        let Some(titular) = (people.get)(&mut restored.ground(), erased.id).await? else { return Ok(()) };
        let alvo = Alvo::new(titular, erased.por_nome);
        let linhas = trail::mentions(&mut restored.ground(), erased.id, &alvo.pattern).await?.about;
        let efeitos = walk(&mut restored.ground(), self.acervos.iter().copied(), &alvo).await?;
        let (id, now) = (restored.clock().uuid(), restored.clock().now());
        let done = Apagamento {
            id,
            protocolo: protocolo("LGPD", id, erased.at.date_naive()),
            titular_kind: erased.kind.clone(),
            titular_id: erased.id,
            por_nome: erased.por_nome,
            efeitos,
            actor_nome: "SRI".to_owned(),
            created_at: erased.at,
            reapplied_at: Some(now),
        };
        sql::reapplied(restored, &done, &linhas).await
    }
}

impl RestoreParticipant for Apagados {
    fn name(&self) -> &'static str {
        "privacidade"
    }

    fn remember<'a>(&'a self, present: &'a mut Restoration<'_>) -> BoxFuture<'a, Result<Value, Fault>> {
        sql::remember(present).boxed()
    }

    fn settle<'a>(&'a self, restored: &'a mut Restoration<'_>, remembered: Option<Value>) -> BoxFuture<'a, Result<(), Fault>> {
        async move {
            sql::bring_back(restored, &remembered.unwrap_or_else(|| json!([]))).await?;
            let mut all = sql::all(restored).await?;
            all.extend(self.known.iter().filter(|known| !all.iter().any(|one| one.id == known.id)).cloned().collect::<Vec<_>>());
            for erased in &all {
                self.again(restored, erased).await?;
            }
            Ok(())
        }
        .boxed()
    }
}
