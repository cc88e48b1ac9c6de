//! Etapas and feriados of the unidade's own and a tarefa that is done, for the routes that ask about one.

use super::{Ids, World};

impl World {
    /// An etapa that goes into another, one that nothing uses, and a day off: not the same in both unidades, as a day is its own id.
    pub(super) async fn cadastros(&self, schema: &str, mark: &str, ids: &mut Ids) {
        for (key, n, nome) in [("demanda_etapa", 621, "Aguardando empresa"), ("demanda_etapa.livre", 622, "Em revisão")] {
            let id = format!("0190000{mark}-0000-7000-8000-000000000{n}");
            self.base
                .execute(&format!(
                    "INSERT INTO {schema}.demanda_etapa (id, nome, situacao, cor, posicao, padrao, created_at)
                     VALUES ('{id}', '{nome}', 'em_andamento', 'rosa', {n} % 10 + 1, false, '{now}')",
                    now = testkit::NOW
                ))
                .await;
            ids.insert(key, id);
        }
        let dia = if mark == "a" { "2027-03-09" } else { "2027-03-10" };
        self.base.execute(&format!("INSERT INTO {schema}.feriado (data_feriado, nome) VALUES ('{dia}', 'Padroeira')")).await;
        ids.insert("feriado", dia.to_owned());
        let done = format!("0190000{mark}-0000-7000-8000-000000000623");
        let own = format!(
            "INSERT INTO {schema}.tarefa (id, titulo, responsavel_id, concluida_at, criada_por_nome, created_at, updated_at)
             VALUES ('{done}', 'Ligar', '{}', '{now}', 'Marina', '{now}', '{now}')",
            ids["usuario.outro"],
            now = testkit::NOW
        );
        self.base.execute(&own).await;
        ids.insert("tarefa.concluida", done);
    }
}
