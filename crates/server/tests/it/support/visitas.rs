//! Visitas in every state, for the routes that ask about one.

use super::{Ids, World};

impl World {
    /// One to come, one that is over and not told of, one that was called off, and one in the lixeira.
    pub(super) async fn visitas(&self, schema: &str, mark: &str, ids: &mut Ids) {
        let [planned, over, off, trashed] = [501, 502, 503, 504].map(|n| format!("0190000{mark}-0000-7000-8000-000000000{n}"));
        let own = format!(
            "INSERT INTO {schema}.visita (id, empresa_id, responsavel_id, responsavel_nome, inicio_at, fim_at, objetivo, situacao, motivo, created_at, updated_at,
                                          deleted_at)
             SELECT v.id::uuid, '{empresa}', '{outro}', 'Marina', timestamptz '{now}' + v.begins, timestamptz '{now}' + v.begins + interval '2 hours',
                    'Conhecer a fábrica', v.situacao, v.motivo, '{now}', '{now}', v.gone
             FROM (VALUES ('{planned}', interval '2 days', 'planejada', NULL, NULL::timestamptz),
                          ('{over}', interval '-2 days', 'planejada', NULL, NULL),
                          ('{off}', interval '3 days', 'cancelada', 'Pediram', NULL),
                          ('{trashed}', interval '4 days', 'planejada', NULL, '{now}')) AS v (id, begins, situacao, motivo, gone)",
            empresa = ids["empresa"],
            outro = ids["usuario.outro"],
            now = testkit::NOW
        );
        self.base.execute(&own).await;
        let [open, done_with] = [511, 512].map(|n| format!("0190000{mark}-0000-7000-8000-000000000{n}"));
        let own = format!(
            "INSERT INTO {schema}.tarefa (id, titulo, responsavel_id, entity, entity_id, empresa_id, criada_por_nome, created_at, updated_at, deleted_at)
             SELECT t.id::uuid, 'Enviar proposta', '{}', 'visita', '{planned}', '{}', 'Marina', '{now}', '{now}', t.gone
             FROM (VALUES ('{open}', NULL::timestamptz), ('{done_with}', '{now}')) AS t (id, gone)",
            ids["usuario.outro"],
            ids["empresa"],
            now = testkit::NOW
        );
        self.base.execute(&own).await;
        ids.insert("tarefa", open);
        ids.insert("tarefa_excluida", done_with);
        for (key, id) in [("visita", planned), ("visita.passada", over), ("visita.cancelada", off), ("visita_excluida", trashed)]
        {
            ids.insert(key, id);
        }
    }
}
