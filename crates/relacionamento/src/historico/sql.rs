//! All SQL on spreadsheets of the past and of what they brought.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use empresas::empresa::EmpresaId;
use kernel::{Actor, Fault, PageRequest, Texto};
use rust_decimal::Decimal;
use sheets::import::{Intake, Line};
use sqlx::types::Json;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;
use web::titular::{Alvo, Efeito, TARJA};

use super::{
    Contas, Especie, Fora, Importacao, ImportacaoId, KEPT, Registro, State,
    demandas::{self, Registrada},
    desfazer::Ficou,
    judge::{Alguem, Chave, Lugar},
    visitas::{self, Feita},
};
use crate::{tipo::TipoId, visita::Reach};

pub(super) struct Nova<'a> {
    pub especie: Especie,
    pub file_name: String,
    pub hash: &'a [u8],
    pub intake: &'a Intake,
    pub own: Uuid,
}

pub(super) async fn insert(tx: &mut TenantTx, actor: &Actor, nova: &Nova<'_>) -> Result<ImportacaoId, Fault> {
    let (id, now) = (ImportacaoId::new(tx.clock().uuid()), tx.clock().now());
    sqlx::query!(
        "INSERT INTO historico_importacao (id, especie, file_name, hash, headers, lines, mapping, state, actor_id, actor_nome, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'previa', $8, $9, $10)",
        id.uuid(),
        nova.especie.code(),
        nova.file_name,
        nova.hash,
        &nova.intake.headers,
        Json(&nova.intake.lines) as _,
        &nova.intake.mapping,
        nova.own,
        actor.nome,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

pub(super) async fn find(tx: &mut TenantTx, id: ImportacaoId) -> Result<Option<Importacao>, Fault> {
    let row = sqlx::query!(
        r#"SELECT especie, file_name, headers, lines AS "lines: Json<Vec<Line>>", mapping, tipo_id AS "tipo_id: TipoId", state, imported,
                  repeated, refused, undone, left_out AS "left_out: Json<Vec<Fora>>", actor_nome, created_at, finished_at
           FROM historico_importacao WHERE id = $1"#,
        id.uuid()
    );
    let Some(row) = row.fetch_optional(tx.db()).await? else { return Ok(None) };
    Ok(Some(Importacao {
        id,
        especie: especie(&row.especie)?,
        file_name: row.file_name,
        headers: row.headers,
        lines: row.lines.0,
        mapping: row.mapping,
        tipo: row.tipo_id,
        state: state(&row.state)?,
        contas: Contas { imported: row.imported, repeated: row.repeated, refused: row.refused, undone: row.undone },
        left_out: row.left_out.0,
        actor_nome: row.actor_nome,
        created_at: row.created_at,
        finished_at: row.finished_at,
    }))
}

fn especie(code: &str) -> Result<Especie, Fault> {
    Especie::from_code(code).ok_or_else(|| Fault::because("a spreadsheet of a kind that is none"))
}

fn state(code: &str) -> Result<State, Fault> {
    State::from_code(code).ok_or_else(|| Fault::because("a spreadsheet in a state that is none"))
}

/// As [`find`], and nobody else writes any spreadsheet into the register before this transaction ends: of two that bring the same, the
/// second sees what the first brought.
pub(super) async fn lock(tx: &mut TenantTx, id: ImportacaoId) -> Result<Option<Importacao>, Fault> {
    sqlx::query!("SELECT id FROM historico_importacao WHERE id = $1 OR state = 'previa' ORDER BY id FOR UPDATE", id.uuid())
        .fetch_all(tx.db())
        .await?;
    find(tx, id).await
}

/// A page of the log, the latest first, and how many there are.
pub(super) async fn list(tx: &mut TenantTx, page: PageRequest) -> Result<(Vec<Registro>, i64), Fault> {
    let total = sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM historico_importacao"#).fetch_one(tx.db()).await?;
    let rows = sqlx::query!(
        "SELECT id, especie, file_name, state, imported, repeated, refused, undone, actor_nome, created_at
         FROM historico_importacao ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2",
        page.limit(),
        page.offset()
    );
    let rows = rows.fetch_all(tx.db()).await?.into_iter().map(|row| {
        Ok(Registro {
            id: ImportacaoId::new(row.id),
            especie: especie(&row.especie)?,
            file_name: row.file_name,
            state: state(&row.state)?,
            contas: Contas { imported: row.imported, repeated: row.repeated, refused: row.refused, undone: row.undone },
            actor_nome: row.actor_nome,
            created_at: row.created_at,
        })
    });
    Ok((rows.collect::<Result<_, Fault>>()?, total))
}

/// Says what the columns are; `false` for one that is over.
///
/// # Errors
/// A fault of the database.
pub async fn set_columns(tx: &mut TenantTx, id: ImportacaoId, mapping: &[String], tipo: Option<TipoId>) -> Result<bool, Fault> {
    let done = sqlx::query!(
        "UPDATE historico_importacao SET mapping = $2, tipo_id = (SELECT t.id FROM demanda_tipo t WHERE t.id = $3)
         WHERE id = $1 AND state = 'previa'",
        id.uuid(),
        mapping,
        tipo.map(TipoId::uuid)
    );
    Ok(done.execute(tx.db()).await?.rows_affected() > 0)
}

/// What the lines said is not needed any more, except for those that did not come in.
pub(super) async fn finish(
    tx: &mut TenantTx,
    id: ImportacaoId,
    state: State,
    contas: Contas,
    left_out: &[Fora],
) -> Result<(), Fault> {
    let now = tx.clock().now();
    sqlx::query!(
        "UPDATE historico_importacao SET state = $2, imported = $3, repeated = $4, refused = $5, left_out = $6, finished_at = $7, lines = '[]'
         WHERE id = $1",
        id.uuid(),
        state.code(),
        contas.imported,
        contas.repeated,
        contas.refused,
        Json(left_out) as _,
        now
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Takes previews away that nobody confirmed in time, and the lines of those that are over for as long; how many.
pub(super) async fn forget(tx: &mut TenantTx) -> Result<u64, Fault> {
    let before = tx.clock().now() - KEPT;
    let gone = sqlx::query!("DELETE FROM historico_importacao WHERE state = 'previa' AND created_at < $1", before)
        .execute(tx.db())
        .await?
        .rows_affected();
    let emptied =
        sqlx::query!("UPDATE historico_importacao SET left_out = '[]' WHERE finished_at < $1 AND left_out <> '[]'", before)
            .execute(tx.db())
            .await?
            .rows_affected();
    Ok(gone + emptied)
}

/// Empresas within reach that have one of these CNPJs, or one of these names (folded).
pub(super) async fn lugares(tx: &mut TenantTx, reach: Reach, cnpjs: &[String], nomes: &[String]) -> Result<Vec<Lugar>, Fault> {
    Ok(sqlx::query_as!(
        Lugar,
        r#"SELECT e.id AS "id: EmpresaId", e.cnpj, e.nome, e.nome_fantasia FROM empresa e
           WHERE e.deleted_at IS NULL AND (e.cnpj = ANY($2) OR e.ordem = ANY($3) OR ext.sem_acento(e.nome_fantasia) = ANY($3))
             AND ($1::uuid[] IS NULL OR e.responsavel_id = $1[1]
                  OR e.id IN (SELECT l.empresa_id FROM usuario_empresa l WHERE l.usuario_id = $1[2]))
           ORDER BY e.ordem, e.id"#,
        reach.keys(),
        cnpjs,
        nomes
    )
    .fetch_all(tx.db())
    .await?)
}

/// Everybody who is or was of the unidade.
pub(super) async fn pessoas(tx: &mut TenantTx) -> Result<Vec<Alguem>, Fault> {
    let rows = sqlx::query_as!(Alguem, "SELECT id, nome, email, ativo FROM usuario WHERE kind = 'pessoa' ORDER BY id");
    Ok(rows.fetch_all(tx.db()).await?)
}

/// Visitas of these empresas, as they are told apart.
pub(super) async fn visitas(tx: &mut TenantTx, empresas: &[Uuid]) -> Result<HashSet<Chave>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT v.empresa_id, v.inicio_at, coalesce(u.nome, v.responsavel_nome) AS "responsavel!"
           FROM visita v LEFT JOIN usuario u ON u.id = v.responsavel_id WHERE v.empresa_id = ANY($1) AND v.deleted_at IS NULL"#,
        empresas
    );
    let rows = rows.fetch_all(tx.db()).await?;
    Ok(rows.into_iter().map(|row| visitas::chave(row.empresa_id, row.inicio_at, &row.responsavel)).collect())
}

/// As [`visitas`].
pub(super) async fn demandas(tx: &mut TenantTx, empresas: &[Uuid], zone: Tz) -> Result<HashSet<Chave>, Fault> {
    let rows = sqlx::query!(
        "SELECT empresa_id, created_at, titulo FROM demanda WHERE empresa_id = ANY($1) AND deleted_at IS NULL",
        empresas
    );
    let rows = rows.fetch_all(tx.db()).await?;
    Ok(rows.into_iter().map(|row| demandas::chave(row.empresa_id, row.created_at, &row.titulo, zone)).collect())
}

/// Holds empresas as [`empresas::empresa::hold`] does; how many of them are there.
pub(super) async fn hold(tx: &mut TenantTx, empresas: &[Uuid]) -> Result<usize, Fault> {
    let held =
        sqlx::query!("SELECT id FROM empresa WHERE id = ANY($1) AND deleted_at IS NULL ORDER BY id FOR KEY SHARE", empresas);
    Ok(held.fetch_all(tx.db()).await?.len())
}

fn text<const MAX: usize>(text: Option<&Texto<MAX>>) -> Option<String> {
    text.map(ToString::to_string)
}

pub(super) async fn insert_visitas(
    tx: &mut TenantTx,
    importacao: ImportacaoId,
    ids: &[Uuid],
    all: &[&Feita],
) -> Result<(), Fault> {
    let now = tx.clock().now();
    let empresas: Vec<Uuid> = all.iter().map(|one| one.empresa.uuid()).collect();
    let responsaveis: Vec<Option<Uuid>> = all.iter().map(|one| one.responsavel_id).collect();
    let nomes: Vec<String> = all.iter().map(|one| one.responsavel_nome.clone()).collect();
    let inicios: Vec<DateTime<Utc>> = all.iter().map(|one| one.horario.inicio_at).collect();
    let fins: Vec<DateTime<Utc>> = all.iter().map(|one| one.horario.fim_at).collect();
    let objetivos: Vec<String> = all.iter().map(|one| one.objetivo.to_string()).collect();
    let locais: Vec<Option<String>> = all.iter().map(|one| text(one.local.as_ref())).collect();
    let situacoes: Vec<String> = all.iter().map(|one| one.situacao.code().to_owned()).collect();
    let resumos: Vec<Option<String>> = all.iter().map(|one| text(one.resumo.as_ref())).collect();
    let passos: Vec<Option<String>> = all.iter().map(|one| text(one.proximos_passos.as_ref())).collect();
    let motivos: Vec<Option<String>> = all.iter().map(|one| text(one.motivo.as_ref())).collect();
    sqlx::query!(
        "INSERT INTO visita (id, empresa_id, responsavel_id, responsavel_nome, inicio_at, fim_at, objetivo, local, situacao, resumo,
                             proximos_passos, motivo, historico_id, created_at, updated_at)
         SELECT v.id, v.empresa_id, v.responsavel_id, v.responsavel_nome, v.inicio_at, v.fim_at, v.objetivo, v.local, v.situacao, v.resumo,
                v.proximos_passos, v.motivo, $12, $13, $13
         FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[], $9::text[],
                     $10::text[], $11::text[], $14::text[])
              AS v (id, empresa_id, responsavel_id, responsavel_nome, inicio_at, fim_at, objetivo, local, situacao, resumo, proximos_passos, motivo)",
        ids,
        &empresas,
        &responsaveis as &[Option<Uuid>],
        &nomes,
        &inicios,
        &fins,
        &objetivos,
        &locais as &[Option<String>],
        &situacoes,
        &resumos as &[Option<String>],
        &passos as &[Option<String>],
        importacao.uuid(),
        now,
        &motivos as &[Option<String>],
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Each with where it stood: in the etapa of what is nova until it ended, or in its own since it came.
pub(super) async fn insert_demandas(
    tx: &mut TenantTx,
    importacao: ImportacaoId,
    ids: &[Uuid],
    all: &[&Registrada],
) -> Result<(), Fault> {
    let now = tx.clock().now();
    let empresas: Vec<Uuid> = all.iter().map(|one| one.empresa.uuid()).collect();
    let titulos: Vec<String> = all.iter().map(|one| one.titulo.to_string()).collect();
    let descricoes: Vec<String> = all.iter().map(|one| one.descricao.to_string()).collect();
    let tipos: Vec<Uuid> = all.iter().map(|one| one.tipo.uuid()).collect();
    let setores: Vec<Option<Uuid>> = all.iter().map(|one| one.setor.map(crate::setor::SetorId::uuid)).collect();
    let etapas: Vec<Uuid> = all.iter().map(|one| one.etapa.uuid()).collect();
    let situacoes: Vec<String> = all.iter().map(|one| one.situacao.code().to_owned()).collect();
    let valores: Vec<Option<Decimal>> = all.iter().map(|one| one.valor.map(kernel::Reais::decimal)).collect();
    let responsaveis: Vec<Option<Uuid>> = all.iter().map(|one| one.responsavel_id).collect();
    let nomes: Vec<Option<String>> = all.iter().map(|one| one.responsavel_nome.clone()).collect();
    let prazos: Vec<Option<chrono::NaiveDate>> = all.iter().map(|one| one.data_prazo).collect();
    let registradas: Vec<DateTime<Utc>> = all.iter().map(|one| one.created_at).collect();
    let encerradas: Vec<Option<DateTime<Utc>>> = all.iter().map(|one| one.encerrada_at).collect();
    let motivos: Vec<Option<String>> = all.iter().map(|one| text(one.motivo.as_ref())).collect();
    sqlx::query!(
        "INSERT INTO demanda (id, empresa_id, titulo, descricao, tipo_id, setor_id, etapa_id, situacao, valor_estimado, responsavel_id,
                              responsavel_nome, data_prazo, concluida_at, motivo, etapa_at, historico_id, created_at, updated_at)
         SELECT d.id, d.empresa_id, d.titulo, d.descricao, d.tipo_id, d.setor_id, d.etapa_id, d.situacao, d.valor_estimado, d.responsavel_id,
                d.responsavel_nome, d.data_prazo, CASE d.situacao WHEN 'concluida' THEN d.encerrada_at END, d.motivo,
                coalesce(d.encerrada_at, d.registrada_at), $15, d.registrada_at, $16
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::numeric[], $10::uuid[],
                     $11::text[], $12::date[], $13::timestamptz[], $14::timestamptz[], $17::text[])
              AS d (id, empresa_id, titulo, descricao, tipo_id, setor_id, etapa_id, situacao, valor_estimado, responsavel_id, responsavel_nome,
                    data_prazo, registrada_at, encerrada_at, motivo)",
        ids,
        &empresas,
        &titulos,
        &descricoes,
        &tipos,
        &setores as &[Option<Uuid>],
        &etapas,
        &situacoes,
        &valores as &[Option<Decimal>],
        &responsaveis as &[Option<Uuid>],
        &nomes as &[Option<String>],
        &prazos as &[Option<chrono::NaiveDate>],
        &registradas,
        &encerradas as &[Option<DateTime<Utc>>],
        importacao.uuid(),
        now,
        &motivos as &[Option<String>],
    )
    .execute(tx.db())
    .await?;
    let (first, last): (Vec<Uuid>, Vec<Uuid>) = ids.iter().map(|_| (tx.clock().uuid(), tx.clock().uuid())).unzip();
    sqlx::query!(
        "INSERT INTO demanda_passagem (id, demanda_id, etapa_id, situacao, inicio_at, fim_at)
         SELECT p.one, d.id, a.id, a.situacao, d.created_at, d.etapa_at
         FROM unnest($1::uuid[], $2::uuid[]) AS p (demanda_id, one) JOIN demanda d ON d.id = p.demanda_id
         JOIN demanda_etapa a ON a.situacao = 'nova' AND a.padrao
         WHERE d.situacao IN ('concluida', 'cancelada')
         UNION ALL
         SELECT p.one, d.id, d.etapa_id, d.situacao, d.etapa_at, NULL
         FROM unnest($1::uuid[], $3::uuid[]) AS p (demanda_id, one) JOIN demanda d ON d.id = p.demanda_id",
        ids,
        &first,
        &last
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Puts into the lixeira what a spreadsheet brought and nobody touched since, and nothing hangs on; which.
pub(super) async fn take_back(tx: &mut TenantTx, importacao: &Importacao) -> Result<Vec<Uuid>, Fault> {
    let now = tx.clock().now();
    Ok(match importacao.especie {
        Especie::Visita => {
            sqlx::query_scalar!(
                "UPDATE visita v SET deleted_at = $2, version = version + 1, updated_at = $2
                 WHERE v.historico_id = $1 AND v.version = 1 AND v.deleted_at IS NULL
                   AND v.id NOT IN (SELECT r.visita_id FROM visita_documento r)
                   AND v.id NOT IN (SELECT t.entity_id FROM tarefa t WHERE t.entity = 'visita' AND t.deleted_at IS NULL)
                 RETURNING v.id",
                importacao.id.uuid(),
                now
            )
            .fetch_all(tx.db())
            .await?
        }
        Especie::Demanda => {
            sqlx::query_scalar!(
                "UPDATE demanda d SET deleted_at = $2, version = version + 1, updated_at = $2
                 WHERE d.historico_id = $1 AND d.version = 1 AND d.deleted_at IS NULL
                   AND d.id NOT IN (SELECT r.demanda_id FROM demanda_documento r)
                   AND d.id NOT IN (SELECT p.demanda_id FROM projeto p WHERE p.deleted_at IS NULL)
                   AND d.id NOT IN (SELECT t.entity_id FROM tarefa t WHERE t.entity = 'demanda' AND t.deleted_at IS NULL)
                 RETURNING d.id",
                importacao.id.uuid(),
                now
            )
            .fetch_all(tx.db())
            .await?
        }
    })
}

pub(super) async fn undone(tx: &mut TenantTx, id: ImportacaoId, count: i32) -> Result<(), Fault> {
    sqlx::query!("UPDATE historico_importacao SET state = 'desfeita', undone = $2 WHERE id = $1", id.uuid(), count)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// What a spreadsheet brought and is not in the lixeira, the latest first: what it is called, and whether somebody touched it.
pub(super) async fn there(tx: &mut TenantTx, importacao: &Importacao, limit: i64) -> Result<Vec<Ficou>, Fault> {
    Ok(match importacao.especie {
        Especie::Visita => {
            sqlx::query_as!(
                Ficou,
                "SELECT v.id, e.nome FROM visita v JOIN empresa e ON e.id = v.empresa_id
                 WHERE v.historico_id = $1 AND v.deleted_at IS NULL ORDER BY v.inicio_at DESC, v.id LIMIT $2",
                importacao.id.uuid(),
                limit
            )
            .fetch_all(tx.db())
            .await?
        }
        Especie::Demanda => {
            sqlx::query_as!(
                Ficou,
                "SELECT d.id, d.titulo AS nome FROM demanda d
                 WHERE d.historico_id = $1 AND d.deleted_at IS NULL ORDER BY d.created_at DESC, d.id LIMIT $2",
                importacao.id.uuid(),
                limit
            )
            .fetch_all(tx.db())
            .await?
        }
    })
}

/// Takes a person out of what the files said of them.
pub(super) async fn erase(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let done = sqlx::query!(
        "UPDATE historico_importacao SET lines = regexp_replace(lines::text, $1, $2, 'gi')::jsonb,
                left_out = regexp_replace(left_out::text, $1, $2, 'gi')::jsonb, file_name = regexp_replace(file_name, $1, $2, 'gi'),
                actor_nome = CASE WHEN actor_id = $3 THEN $2 ELSE regexp_replace(actor_nome, $1, $2, 'gi') END
         WHERE lines::text ~* $1 OR left_out::text ~* $1 OR file_name ~* $1 OR actor_nome ~* $1 OR actor_id = $3 AND actor_nome <> $2",
        alvo.pattern,
        TARJA,
        alvo.titular.id
    );
    Ok(Efeito::anonimizados(done.execute(ground.db()).await?.rows_affected()))
}

/// Lines of files that tell of a person.
pub(super) async fn gather(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Vec<serde_json::Value>, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_build_object('arquivo', i.file_name, 'created_at', i.created_at, 'linha', l.line) AS "row!"
           FROM historico_importacao i CROSS JOIN LATERAL jsonb_array_elements(i.lines || i.left_out) AS l (line)
           WHERE l.line::text ~* $1 ORDER BY i.created_at, i.id"#,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?)
}
