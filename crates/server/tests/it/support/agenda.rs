//! Addresses of the calendar, for the routes that ask about one.

use acesso::Segredo;

use super::{Ids, World};

impl World {
    /// One of the administrador's, with its secret.
    pub(super) async fn agenda(&self, schema: &str, mark: &str, ids: &mut Ids) {
        let (id, segredo) = (format!("0190000{mark}-0000-7000-8000-000000000631"), Segredo::draw());
        let hash: String = segredo.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        let own = format!(
            "INSERT INTO {schema}.agenda_assinatura (id, usuario_id, alcance, hash, created_at)
             SELECT '{id}', id, 'unidade', '\\x{hash}', '{now}' FROM {schema}.usuario WHERE email = '{email}'",
            now = testkit::NOW,
            email = ids["usuario.email"]
        );
        self.base.execute(&own).await;
        ids.insert("agenda_assinatura", id);
        ids.insert("calendario", format!("{}.ics", segredo.reveal()));
    }
}
