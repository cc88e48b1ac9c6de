use kernel::{Email, Fault};
use tenancy::TenantTx;
use uuid::Uuid;

use super::{NovoUsuario, by_email, insert};
use crate::perfil;

/// People for a demonstration, with the perfil Atendente. They have no senha, and their addresses are nobody's: none of them enters.
///
/// # Errors
/// A fault where the unidade has given the perfil up.
pub async fn ficticios(tx: &mut TenantTx, nomes: &[&str]) -> Result<Vec<Uuid>, Fault> {
    let perfis = perfil::list(tx).await?;
    let atendente = perfis.iter().find(|perfil| perfil.key.as_deref() == Some("atendente"));
    let perfil = atendente.ok_or_else(|| Fault::because("the unidade has no perfil Atendente any more"))?.id;
    let mut ids = Vec::with_capacity(nomes.len());
    for nome in nomes {
        let email: Email = format!("{}@demonstracao.example", kernel::fold(nome).replace(' ', "."))
            .parse()
            .map_err(|_| Fault::because("a name that makes no address"))?;
        let id = match insert(tx, NovoUsuario { nome, email: email.as_str(), perfil, idioma: None }).await? {
            Some(id) => id,
            None => by_email(tx, &email).await?.ok_or_else(|| Fault::because("a taken address is nobody's"))?.id,
        };
        ids.push(id.uuid());
    }
    Ok(ids)
}
