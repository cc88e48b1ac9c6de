//! All SQL of a demonstration. Whatever is chosen follows from the seed (`$1`), the kind and a number, by MD5: twice the same, and no two
//! alike. Days are those on which the unidade works, half as many of them in December and January.

use kernel::Fault;
use tenancy::TenantTx;

use super::Plano;

/// When somebody visits, on the unidade's wall.
const HOURS: [&str; 6] = ["08:00", "09:30", "11:00", "13:30", "15:00", "16:30"];
const OBJETIVOS: [&str; 8] = [
    "Apresentar o portfólio de cursos técnicos",
    "Diagnóstico de eficiência energética da linha",
    "Levantar necessidades de capacitação da equipe de produção",
    "Acompanhar o projeto de manutenção preditiva",
    "Conhecer o novo setor de montagem",
    "Apresentar a proposta de consultoria em lean",
    "Renovar o contrato de aprendizagem industrial",
    "Avaliar ensaios e calibração dos instrumentos",
];
const RESUMOS: [&str; 6] = [
    "Recebidos pela gerência industrial; percorremos a fábrica e registramos três pontos de melhoria.",
    "A empresa confirmou interesse e pediu proposta com cronograma e valores até o fim do mês.",
    "Equipe de RH apresentou o plano de treinamento do ano; há verba para duas turmas no primeiro semestre.",
    "Reunião rápida: o gestor estava em auditoria. Combinado novo contato em trinta dias.",
    "Validamos o diagnóstico com a produção. A parada de manutenção acontece em julho, e a consultoria deve terminar antes.",
    "Conversamos sobre aprendizagem industrial: a cota está aberta para oito aprendizes.",
];
const PASSOS: [&str; 4] =
    ["Enviar proposta", "Agendar visita técnica com o laboratório", "Mandar o calendário de turmas", "Retornar ao RH"];
const MOTIVOS: [&str; 4] =
    ["A empresa pediu para remarcar", "Gestor em viagem", "Sem orçamento neste ano", "Contratou outro fornecedor"];
const TITULOS: [&str; 8] = [
    "Curso de solda MIG/MAG",
    "Consultoria em eficiência energética",
    "Calibração de instrumentos de medição",
    "Treinamento NR-10 e NR-12",
    "Automação da linha de embalagem",
    "Programa de aprendizagem industrial",
    "Ensaios de resistência dos materiais",
    "Implantação de manutenção preditiva",
];
const DESCRICOES: [&str; 5] = [
    "Para uma turma de doze pessoas, no turno da tarde, na própria empresa.",
    "Há urgência: a auditoria do cliente é no próximo trimestre.",
    "Querem começar por um diagnóstico e decidir depois o tamanho do projeto.",
    "Pedem proposta com duas opções de carga horária e de pagamento.",
    "Continuação do que foi feito no ano passado, agora para a segunda unidade fabril.",
];
const TAREFAS: [&str; 4] = [
    "Enviar a proposta combinada",
    "Confirmar a data com o RH",
    "Pedir a ficha técnica ao laboratório",
    "Atualizar o cadastro da empresa",
];

fn owned(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

/// Whether there is anything that a demonstration would stand among.
pub(super) async fn any(tx: &mut TenantTx) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM visita) OR EXISTS (SELECT FROM demanda) OR EXISTS (SELECT FROM projeto) OR EXISTS (SELECT FROM tarefa) AS "any!""#
    );
    Ok(found.fetch_one(tx.db()).await?)
}

pub(super) async fn any_empresa(tx: &mut TenantTx) -> Result<bool, Fault> {
    let found = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM empresa WHERE deleted_at IS NULL) AS "any!""#);
    Ok(found.fetch_one(tx.db()).await?)
}

/// How many visitas these people can make: each at six hours of each day.
pub(super) async fn room(tx: &mut TenantTx, plano: &Plano<'_>) -> Result<u32, Fault> {
    let days = sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM generate_series($1::date, $2::date, interval '1 day') AS d (day)
           WHERE extract(isodow FROM day) < 6 AND (extract(month FROM day) NOT IN (1, 12) OR extract(day FROM day)::integer % 2 = 0)
             AND day::date NOT IN (SELECT data_feriado FROM feriado)"#,
        plano.first,
        plano.last
    );
    let days = u32::try_from(days.fetch_one(tx.db()).await?).unwrap_or(u32::MAX);
    let people = u32::try_from(plano.tecnicos.len()).unwrap_or(u32::MAX);
    Ok(days.saturating_mul(people).saturating_mul(6))
}

/// No técnico is in two places: each visita has an hour of its own.
pub(super) async fn visitas(tx: &mut TenantTx, plano: &Plano<'_>, step: u32) -> Result<u64, Fault> {
    let done = sqlx::query!(
        r#"WITH day AS (
               SELECT row_number() OVER (ORDER BY d.day) - 1 AS n, d.day::date AS day
               FROM generate_series($3::date, $4::date, interval '1 day') AS d (day)
               WHERE extract(isodow FROM d.day) < 6 AND (extract(month FROM d.day) NOT IN (1, 12) OR extract(day FROM d.day)::integer % 2 = 0)
                 AND d.day::date NOT IN (SELECT data_feriado FROM feriado)
           ), room AS (
               SELECT count(*)::bigint AS days, count(*)::bigint * cardinality($5::uuid[]) * 6 AS slots FROM day
           ), place AS (
               SELECT row_number() OVER (ORDER BY e.cnpj) - 1 AS n, e.id FROM empresa e WHERE e.deleted_at IS NULL
           ), places AS (
               SELECT count(*) AS total FROM place
           ), made AS (
               SELECT i, (i::bigint * $13::bigint + $1::integer) % room.slots AS slot, h
               FROM generate_series(1, $2::integer) AS i CROSS JOIN room
               CROSS JOIN LATERAL (SELECT ('x' || substr(md5($1::integer || ':visita:' || i), 1, 7))::bit(28)::integer AS h) AS hash
           ), timed AS (
               SELECT made.i, made.h, day.day, $5::uuid[] AS people, (made.slot % cardinality($5::uuid[]))::integer + 1 AS who,
                      (day.day + ($6::text[])[(made.slot / cardinality($5::uuid[]) % 6)::integer + 1]::time) AT TIME ZONE $7::text AS inicio_at
               FROM made JOIN day ON day.n = made.slot / (cardinality($5::uuid[]) * 6)
           ), stood AS (
               SELECT timed.i, timed.h, timed.inicio_at, timed.inicio_at + interval '1 minute' * (60 + timed.h % 2 * 30) AS fim_at, timed.people[timed.who] AS usuario_id,
                      CASE WHEN timed.h % 11 = 3 THEN 'cancelada'
                           WHEN timed.inicio_at > $8::timestamptz OR timed.inicio_at > $8::timestamptz - interval '5 days' AND timed.h % 6 = 0 THEN 'planejada'
                           ELSE 'realizada' END AS situacao
               FROM timed
           )
           INSERT INTO visita (id, empresa_id, responsavel_id, responsavel_nome, inicio_at, fim_at, objetivo, situacao, resumo, proximos_passos, motivo,
                               chegada_at, version, created_at, updated_at)
           SELECT md5($1::integer || ':visita:' || s.i)::uuid, p.id, u.id, u.nome, s.inicio_at, s.fim_at, ($9::text[])[s.h % cardinality($9::text[]) + 1],
                  s.situacao,
                  CASE s.situacao WHEN 'realizada' THEN ($10::text[])[s.h / 8 % cardinality($10::text[]) + 1] END,
                  CASE WHEN s.situacao = 'realizada' AND s.h % 3 = 0 THEN ($11::text[])[s.h / 16 % cardinality($11::text[]) + 1] END,
                  CASE s.situacao WHEN 'cancelada' THEN ($12::text[])[s.h % 2 + 1] END,
                  CASE WHEN s.situacao = 'realizada' AND s.h % 4 = 1 THEN s.inicio_at + interval '1 minute' * (s.h % 9) END,
                  CASE s.situacao WHEN 'planejada' THEN 1 ELSE 2 END,
                  least(s.inicio_at, $8::timestamptz) - interval '1 hour' * (20 + s.h % 300),
                  CASE s.situacao WHEN 'realizada' THEN least(s.fim_at + interval '1 hour', $8::timestamptz)
                                  ELSE least(s.inicio_at, $8::timestamptz) - interval '1 hour' * (10 + s.h % 10) END
           FROM stood s CROSS JOIN places JOIN usuario u ON u.id = s.usuario_id
           -- Some empresas are visited more often than others.
           JOIN place p ON p.n = s.h % (1 + s.h / 1024 % places.total)"#,
        i32::try_from(plano.tamanho.semente).unwrap_or_default(),
        i32::try_from(plano.tamanho.visitas).unwrap_or(i32::MAX),
        plano.first,
        plano.last,
        plano.tecnicos,
        &owned(&HOURS),
        plano.zone.name(),
        plano.now,
        &owned(&OBJETIVOS),
        &owned(&RESUMOS),
        &owned(&PASSOS),
        &owned(&MOTIVOS),
        i64::from(step)
    );
    Ok(done.execute(tx.db()).await?.rows_affected())
}

/// Of every eighth visita that took place, what was to be done after it.
pub(super) async fn tarefas(tx: &mut TenantTx, plano: &Plano<'_>) -> Result<u64, Fault> {
    let done = sqlx::query!(
        r#"INSERT INTO tarefa (id, titulo, responsavel_id, entity, entity_id, empresa_id, data_prazo, concluida_at, criada_por_id, criada_por_nome, version,
                               created_at, updated_at)
           SELECT md5('tarefa:' || v.id)::uuid, ($2::text[])[h.h % cardinality($2::text[]) + 1], v.responsavel_id, 'visita', v.id, v.empresa_id,
                  v.fim_at::date + 7, ended.at, v.responsavel_id, v.responsavel_nome, CASE WHEN ended.at IS NULL THEN 1 ELSE 2 END, v.fim_at,
                  coalesce(ended.at, v.fim_at)
           FROM visita v
           CROSS JOIN LATERAL (SELECT ('x' || substr(md5('tarefa:' || v.id), 1, 7))::bit(28)::integer AS h) AS h
           CROSS JOIN LATERAL (SELECT CASE WHEN h.h % 16 <> 0 AND v.fim_at + interval '1 hour' * (h.h / 16 % 200) < $1
                                           THEN v.fim_at + interval '1 hour' * (h.h / 16 % 200) END AS at) AS ended
           WHERE v.situacao = 'realizada' AND h.h % 8 = 0"#,
        plano.now,
        &owned(&TAREFAS)
    );
    Ok(done.execute(tx.db()).await?.rows_affected())
}

/// Each comes at an hour of work, is taken up within days, and ends within weeks, or is open still.
pub(super) async fn demandas(tx: &mut TenantTx, plano: &Plano<'_>) -> Result<u64, Fault> {
    let done = sqlx::query!(
        r#"WITH util AS (
               SELECT row_number() OVER (ORDER BY d.day) - 1 AS n, d.day::date AS day, d.day::date <= $7::date AS past
               FROM generate_series($3::date, $7::date + 200, interval '1 day') AS d (day)
               WHERE extract(isodow FROM d.day) < 6 AND d.day::date NOT IN (SELECT data_feriado FROM feriado)
           ), past AS (
               SELECT count(*)::integer AS days FROM util WHERE past
           ), place AS (
               SELECT row_number() OVER (ORDER BY e.cnpj) - 1 AS n, e.id FROM empresa e WHERE e.deleted_at IS NULL
           ), places AS (
               SELECT count(*) AS total FROM place
           ), tipo AS (
               SELECT row_number() OVER (ORDER BY t.nome) - 1 AS n, count(*) OVER () AS total, t.id, t.prazo_dias FROM demanda_tipo t
           ), area AS (
               SELECT row_number() OVER (ORDER BY s.nome) - 1 AS n, count(*) OVER () AS total, s.id FROM setor s
           ), made AS (
               SELECT i, h, k, least((util.day + time '08:00' + interval '1 minute' * (k % 540)) AT TIME ZONE $5::text, $4::timestamptz) AS created_at, util.n
               FROM generate_series(1, $2::integer) AS i CROSS JOIN past
               CROSS JOIN LATERAL (SELECT ('x' || substr(md5($1::integer || ':demanda:' || i), 1, 7))::bit(28)::integer AS h,
                                          ('x' || substr(md5($1::integer || ':demanda:' || i), 9, 7))::bit(28)::integer AS k) AS hash
               JOIN util ON util.n = h % past.days
           ), lived AS (
               SELECT made.i, made.h, made.k, made.n, made.created_at, made.created_at + interval '1 hour' * (1 + k / 8 % 70) AS begun_at,
                      made.created_at + interval '1 hour' * (80 + h / 32 % 1000) AS sent_at,
                      made.created_at + interval '1 hour' * (300 + k / 16 % 900) AS ended_at
               FROM made
           ), stood AS (
               SELECT lived.i, lived.h, lived.k, lived.n, lived.created_at, lived.begun_at, lived.sent_at, lived.ended_at,
                      CASE WHEN begun_at > $4::timestamptz THEN 'nova'
                           WHEN ended_at > $4::timestamptz OR h % 40 = 7 THEN 'em_andamento'
                           WHEN k % 6 = 1 THEN 'cancelada' ELSE 'concluida' END AS situacao,
                      h % 5 < 2 AND sent_at < $4::timestamptz AS sent
               FROM lived
           ), named AS (
               SELECT stood.i, stood.h, stood.k, stood.n, stood.created_at, stood.begun_at, stood.ended_at, stood.situacao, a.id AS etapa_id, CASE WHEN stood.situacao = 'nova' THEN stood.created_at WHEN stood.situacao <> 'em_andamento' THEN stood.ended_at
                                                      WHEN a.padrao THEN stood.begun_at ELSE stood.sent_at END AS etapa_at
               FROM stood
               CROSS JOIN LATERAL (SELECT e.id, e.padrao FROM demanda_etapa e WHERE e.situacao = stood.situacao
                                   ORDER BY (e.padrao <> (stood.situacao = 'em_andamento' AND stood.sent)) DESC, e.posicao LIMIT 1) AS a
           )
           INSERT INTO demanda (id, empresa_id, titulo, descricao, tipo_id, setor_id, etapa_id, situacao, valor_estimado, responsavel_id, responsavel_nome,
                                data_prazo, iniciada_at, concluida_at, motivo, etapa_at, version, created_at, updated_at)
           SELECT md5($1::integer || ':demanda:' || s.i)::uuid, p.id, ($8::text[])[s.h % cardinality($8::text[]) + 1],
                  ($9::text[])[s.k % cardinality($9::text[]) + 1], t.id, area.id, s.etapa_id, s.situacao,
                  CASE WHEN s.k % 5 > 0 THEN round((1500 * power(120, (s.h % 1000) / 1000.0))::numeric, -2) END,
                  CASE WHEN s.situacao <> 'nova' OR s.h % 2 = 0 THEN u.id END, CASE WHEN s.situacao <> 'nova' OR s.h % 2 = 0 THEN u.nome END,
                  due.day, CASE WHEN s.situacao <> 'nova' THEN s.begun_at END, CASE s.situacao WHEN 'concluida' THEN s.ended_at END,
                  CASE s.situacao WHEN 'cancelada' THEN ($10::text[])[s.h % 2 + 3] END, s.etapa_at,
                  CASE s.situacao WHEN 'nova' THEN 1 WHEN 'em_andamento' THEN 2 ELSE 3 END, s.created_at, s.etapa_at
           FROM named s CROSS JOIN places
           JOIN usuario u ON u.id = ($6::uuid[])[s.k % cardinality($6::uuid[]) + 1]
           JOIN place p ON p.n = s.k % (1 + s.h / 1024 % places.total)
           JOIN tipo t ON t.n = s.h / 8 % t.total
           LEFT JOIN area ON area.n = s.k / 4 % area.total AND s.k % 7 > 0
           LEFT JOIN util due ON due.n = s.n + t.prazo_dias"#,
        i32::try_from(plano.tamanho.semente).unwrap_or_default(),
        i32::try_from(plano.tamanho.demandas).unwrap_or(i32::MAX),
        plano.first,
        plano.now,
        plano.zone.name(),
        plano.tecnicos,
        plano.today(),
        &owned(&TITULOS),
        &owned(&DESCRICOES),
        &owned(&MOTIVOS)
    );
    Ok(done.execute(tx.db()).await?.rows_affected())
}

/// Where each demanda stood, from what it says of itself.
pub(super) async fn passagens(tx: &mut TenantTx, plano: &Plano<'_>) -> Result<(), Fault> {
    sqlx::query!(
        r#"INSERT INTO demanda_passagem (id, demanda_id, etapa_id, situacao, inicio_at, fim_at)
           SELECT md5(d.id || ':' || pass.n)::uuid, d.id, pass.etapa_id, pass.situacao, pass.inicio_at, pass.fim_at
           FROM demanda d
           JOIN demanda_etapa nova ON nova.situacao = 'nova' AND nova.padrao
           JOIN demanda_etapa begun ON begun.situacao = 'em_andamento' AND begun.padrao
           JOIN demanda_etapa now ON now.id = d.etapa_id
           CROSS JOIN LATERAL (
               SELECT 1 AS n, nova.id AS etapa_id, nova.situacao, d.created_at AS inicio_at, d.iniciada_at AS fim_at
               UNION ALL
               SELECT 2, begun.id, begun.situacao, d.iniciada_at, CASE WHEN now.id <> begun.id THEN d.etapa_at END WHERE d.iniciada_at IS NOT NULL
               UNION ALL
               SELECT 3, now.id, now.situacao, d.etapa_at, NULL WHERE now.id NOT IN (nova.id, begun.id)
           ) AS pass
           WHERE d.created_at <= $1"#,
        plano.now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Every fourth demanda that was concluída was contracted.
pub(super) async fn projetos(tx: &mut TenantTx, plano: &Plano<'_>) -> Result<u64, Fault> {
    let done = sqlx::query!(
        r#"INSERT INTO projeto (id, demanda_id, empresa_id, titulo, valor, data_inicio, data_fim, responsavel_id, responsavel_nome, situacao, concluido_at,
                                version, created_at, updated_at)
           SELECT md5('projeto:' || d.id)::uuid, d.id, d.empresa_id, d.titulo, d.valor_estimado, began.day, began.day + length.days, d.responsavel_id,
                  d.responsavel_nome, CASE WHEN ended.at IS NULL THEN 'em_execucao' ELSE 'concluido' END, ended.at,
                  CASE WHEN ended.at IS NULL THEN 1 ELSE 2 END, d.concluida_at, coalesce(ended.at, d.concluida_at)
           FROM demanda d
           CROSS JOIN LATERAL (SELECT ('x' || substr(md5('projeto:' || d.id), 1, 7))::bit(28)::integer AS h) AS h
           CROSS JOIN LATERAL (SELECT d.concluida_at::date + 5 + h.h % 20 AS day) AS began
           CROSS JOIN LATERAL (SELECT 20 + h.h / 32 % 160 AS days) AS length
           CROSS JOIN LATERAL (SELECT CASE WHEN began.day + length.days < $1 THEN (began.day + length.days + time '17:00') AT TIME ZONE $2::text END AS at) AS ended
           WHERE d.situacao = 'concluida' AND h.h % 4 = 0"#,
        plano.today(),
        plano.zone.name()
    );
    Ok(done.execute(tx.db()).await?.rows_affected())
}
