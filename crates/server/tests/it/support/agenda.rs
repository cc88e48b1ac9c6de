//! Addresses of the calendar and an absence, for the routes that ask about one.

use acesso::Segredo;

use super::{Ids, World};

impl World {
    /// One of the administrador's, with its secret; a colleague who is away over Christmas.
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
        let away = format!("0190000{mark}-0000-7000-8000-000000000632");
        let own = format!(
            "INSERT INTO {schema}.ausencia (id, usuario_id, motivo, data_inicio, data_fim, created_at)
             VALUES ('{away}', '{outro}', 'ferias', '2026-12-21', '2027-01-08', '{now}')",
            outro = ids["usuario.outro"],
            now = testkit::NOW
        );
        self.base.execute(&own).await;
        ids.insert("ausencia", away);
        ids.insert("agenda_assinatura", id);
        ids.insert("calendario", format!("{}.ics", segredo.reveal()));
    }
}
