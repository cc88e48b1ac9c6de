//! Demandas and projetos in every state, for the routes that ask about one.

use super::{Ids, World};

impl World {
    /// One that is nova, one called off, one that became a projeto, one whose projeto has ended, and one in the lixeira.
    pub(super) async fn demandas(&self, schema: &str, mark: &str, ids: &mut Ids) {
        let id = |n: u32| format!("0190000{mark}-0000-7000-8000-000000000{n}");
        for (key, n, situacao, gone) in [
            ("demanda", 601, "nova", "NULL"),
            ("demanda.cancelada", 602, "cancelada", "NULL"),
            ("demanda.convertida", 603, "concluida", "NULL"),
            ("demanda.encerrada", 604, "concluida", "NULL"),
            ("demanda_excluida", 605, "nova", "now()"),
            ("demanda.desfeita", 606, "concluida", "NULL"),
        ] {
            let own = format!(
                "INSERT INTO {schema}.demanda (id, empresa_id, titulo, descricao, tipo_id, etapa_id, situacao, motivo, responsavel_id,
                                               responsavel_nome, concluida_at, etapa_at, created_at, updated_at, deleted_at)
                 SELECT '{id}', '{empresa}', 'Curso de solda', 'Para doze', (SELECT id FROM {schema}.demanda_tipo WHERE nome = 'Curso'), a.id,
                        '{situacao}', CASE a.situacao WHEN 'cancelada' THEN 'Sem orçamento' END, '{outro}', 'Marina',
                        CASE a.situacao WHEN 'concluida' THEN timestamptz '{now}' END, '{now}', '{now}', '{now}', {gone}
                 FROM {schema}.demanda_etapa a WHERE a.situacao = '{situacao}' AND a.padrao;
                 INSERT INTO {schema}.demanda_passagem (id, demanda_id, etapa_id, situacao, inicio_at)
                 SELECT gen_random_uuid(), id, etapa_id, situacao, '{now}' FROM {schema}.demanda WHERE id = '{id}'",
                id = id(n),
                empresa = ids["empresa"],
                outro = ids["usuario.outro"],
                now = testkit::NOW
            );
            self.base.execute(&own).await;
            ids.insert(key, id(n));
        }
        for (key, n, demanda, situacao, gone) in [
            ("projeto", 611, 603, "em_execucao", "NULL"),
            ("projeto.encerrado", 612, 604, "concluido", "NULL"),
            ("projeto_excluido", 613, 606, "em_execucao", "now()"),
        ] {
            let own = format!(
                "INSERT INTO {schema}.projeto (id, demanda_id, empresa_id, titulo, valor, data_inicio, situacao, concluido_at, created_at,
                                               updated_at, deleted_at)
                 SELECT '{id}', d.id, d.empresa_id, 'Curso contratado', 1234.56, '2026-11-22', '{situacao}',
                        CASE '{situacao}' WHEN 'concluido' THEN timestamptz '{now}' END, '{now}', '{now}', {gone}
                 FROM {schema}.demanda d WHERE d.id = '{demanda}'",
                id = id(n),
                demanda = id(demanda),
                now = testkit::NOW
            );
            self.base.execute(&own).await;
            ids.insert(key, id(n));
        }
        for (key, query) in [
            ("demanda_tipo", "demanda_tipo WHERE nome = 'Curso'"),
            ("demanda_tipo.outro", "demanda_tipo WHERE nome = 'Outro'"),
            ("demanda_tipo.livre", "demanda_tipo WHERE nome = 'Inovação'"),
            ("setor.outro", "setor WHERE nome = 'Relacionamento com a Indústria'"),
            ("setor.livre", "setor WHERE nome = 'Consultoria e Tecnologia'"),
            ("setor", "setor WHERE nome = 'Educação Profissional'"),
            ("etapa.andamento", "demanda_etapa WHERE situacao = 'em_andamento' AND padrao"),
        ] {
            ids.insert(key, self.base.id(&format!("SELECT id FROM {schema}.{query}")).await.to_string());
        }
    }
}
