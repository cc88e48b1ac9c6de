use kernel::Fault;
use tenancy::{Ground, TenantTx};
use uuid::Uuid;
use web::titular::{Alvo, Efeito, TARJA, Titular};

use super::{Rows, USUARIO, own};
use crate::like;

struct Row {
    id: Uuid,
    nome: String,
    email: String,
    telefone: Option<String>,
    perfil: String,
}

impl From<Row> for Titular {
    fn from(row: Row) -> Self {
        Self { kind: USUARIO, id: row.id, nome: row.nome, email: Some(row.email), telefone: row.telefone, sub: row.perfil }
    }
}

/// People by nome or e-mail, those who were erased left out.
pub(super) async fn find(tx: &mut TenantTx, text: &str, limit: i64) -> Result<Vec<Titular>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT u.id, u.nome, u.email, u.telefone, p.nome AS perfil
         FROM usuario u JOIN perfil p ON p.id = u.perfil_id
         WHERE u.kind = 'pessoa' AND u.email NOT LIKE 'apagado-%@invalid'
           AND (ext.sem_acento(u.nome) LIKE $1 OR u.email LIKE $1)
         ORDER BY ext.sem_acento(u.nome), u.id LIMIT $2",
        like(&kernel::fold(text)),
        limit
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(Titular::from).collect())
}

pub(super) async fn get(ground: &mut Ground<'_>, id: Uuid) -> Result<Option<Titular>, Fault> {
    let row = sqlx::query_as!(
        Row,
        "SELECT u.id, u.nome, u.email, u.telefone, p.nome AS perfil
         FROM usuario u JOIN perfil p ON p.id = u.perfil_id
         WHERE u.id = $1 AND u.kind = 'pessoa' AND u.email NOT LIKE 'apagado-%@invalid'",
        id
    )
    .fetch_optional(ground.db())
    .await?;
    Ok(row.map(Titular::from))
}

pub(super) async fn conta(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Rows, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object(
                      'nome', u.nome, 'email', u.email, 'telefone', u.telefone, 'perfil', p.nome, 'setor', u.setor, 'idioma', u.idioma, 'fuso', u.fuso,
                      'foto', (SELECT f.created_at FROM usuario_foto f WHERE f.usuario_id = u.id),
                      'ativo', u.ativo, 'unidades_vinculadas', u.conta_id IS NOT NULL, 'created_at', u.created_at, 'last_seen_at', u.last_seen_at,
                      'permissoes', (SELECT jsonb_agg(x.permissao ORDER BY x.permissao) FROM usuario_permissao x WHERE x.usuario_id = u.id),
                      'empresas', (SELECT jsonb_agg(e.nome ORDER BY e.nome) FROM usuario_empresa v JOIN empresa e ON e.id = v.empresa_id
                                   WHERE v.usuario_id = u.id),
                      'tokens', (SELECT jsonb_agg(t.nome ORDER BY t.nome) FROM token_api t WHERE t.created_by = u.id))) AS "row!"
           FROM usuario u JOIN perfil p ON p.id = u.perfil_id WHERE u.id = $1"#,
        own(alvo)
    )
    .fetch_all(ground.db())
    .await?)
}

/// The row stays, as that of nobody; what it granted and what stood beside it goes.
pub(super) async fn erase_conta(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let (id, now) = (own(alvo), ground.now());
    let usuario = sqlx::query!(
        "UPDATE usuario SET nome = $2, email = 'apagado-' || id || '@invalid', setor = NULL, descricao = NULL, telefone = NULL, idioma = NULL,
                fuso = NULL, foto = NULL, conta_id = NULL, passagem = false,
                last_seen_at = NULL, ativo = false, deleted_at = coalesce(deleted_at, $3), updated_at = $3, version = version + 1
         WHERE id = $1 AND email NOT LIKE 'apagado-%@invalid'",
        id,
        TARJA,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    sqlx::query!("DELETE FROM usuario_foto WHERE usuario_id = $1", id).execute(ground.db()).await?;
    let permissoes =
        sqlx::query!("DELETE FROM usuario_permissao WHERE usuario_id = $1", id).execute(ground.db()).await?.rows_affected();
    let empresas =
        sqlx::query!("DELETE FROM usuario_empresa WHERE usuario_id = $1", id).execute(ground.db()).await?.rows_affected();
    let servicos =
        sqlx::query!("DELETE FROM servico_responsavel WHERE usuario_id = $1", id).execute(ground.db()).await?.rows_affected();
    // What a token of theirs let in is shut; the token stays as what programs did by it.
    let tokens = sqlx::query!(
        "UPDATE token_api SET created_by_nome = $2, revoked_at = coalesce(revoked_at, $3)
         WHERE created_by = $1 AND created_by_nome <> $2",
        id,
        TARJA,
        now
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    let granted = by_name(ground, alvo).await?;
    let lists = sqlx::query!(
        "UPDATE usuario_importacao SET lines = regexp_replace(lines::text, $1, $2, 'gi')::jsonb,
                file_name = regexp_replace(file_name, $1, $2, 'gi')
         WHERE lines::text ~* $1 OR file_name ~* $1",
        alvo.pattern,
        TARJA
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    Ok(Efeito::apagados(permissoes + empresas + servicos) + Efeito::anonimizados(usuario + tokens + granted + lists))
}

/// Where only a name stands.
async fn by_name(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<u64, Fault> {
    let keys = sqlx::query!("UPDATE token_chave SET created_by_nome = $2 WHERE created_by_nome ~* $1", alvo.pattern, TARJA)
        .execute(ground.db())
        .await?
        .rows_affected();
    let grants =
        sqlx::query!("UPDATE usuario_permissao SET created_by_nome = $2 WHERE created_by_nome ~* $1", alvo.pattern, TARJA)
            .execute(ground.db())
            .await?
            .rows_affected();
    let visoes = sqlx::query!(
        "UPDATE visao SET nome = left(id::text, 60), consulta = 'q=' WHERE nome ~* $1 OR consulta ~* $1",
        alvo.pattern
    )
    .execute(ground.db())
    .await?
    .rows_affected();
    // A mail server's account that bears the address of a person is the unidade's to change: it would send no letter any more.
    Ok(keys + grants + visoes)
}

pub(super) async fn acessos(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Rows, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('created_at', created_at, 'last_used_at', last_used_at, 'ended_at', ended_at,
                                                       'method', method, 'ip', host(ip), 'user_agent', user_agent)) AS "row!"
           FROM (SELECT created_at, last_used_at, ended_at, method, ip, user_agent FROM sessao WHERE usuario_id = $1
                 UNION ALL
                 SELECT created_at, last_used_at, NULL, 'aparelho', ip, user_agent FROM aparelho WHERE usuario_id = $1
                 UNION ALL
                 SELECT created_at, last_used_at, NULL, method, NULL, NULL FROM fator WHERE usuario_id = $1
                 UNION ALL
                 SELECT created_at, last_used_at, NULL, nome, NULL, NULL FROM chave WHERE usuario_id = $1
                 UNION ALL
                 SELECT v.created_at, v.last_used_at, NULL, concat_ws(' ', p.nome, v.email, v.subject), NULL, NULL
                 FROM usuario_provedor v JOIN provedor p ON p.id = v.provedor_id WHERE v.usuario_id = $1) AS all_of_them
           ORDER BY created_at DESC"#,
        own(alvo)
    )
    .fetch_all(ground.db())
    .await?)
}

pub(super) async fn erase_acessos(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let gone = sqlx::query_scalar!(
        r#"WITH a AS (DELETE FROM sessao WHERE usuario_id = $1 RETURNING 1),
                b AS (DELETE FROM aparelho WHERE usuario_id = $1 RETURNING 1),
                c AS (DELETE FROM credencial WHERE usuario_id = $1 RETURNING 1),
                d AS (DELETE FROM fator WHERE usuario_id = $1 RETURNING 1),
                e AS (DELETE FROM codigo_reserva WHERE usuario_id = $1 RETURNING 1),
                f AS (DELETE FROM chave WHERE usuario_id = $1 RETURNING 1),
                g AS (DELETE FROM passo WHERE usuario_id = $1 RETURNING 1),
                h AS (DELETE FROM desafio WHERE usuario_id = $1 RETURNING 1),
                i AS (DELETE FROM entrada WHERE usuario_id = $1 RETURNING 1),
                j AS (DELETE FROM recuperacao WHERE usuario_id = $1 RETURNING 1),
                k AS (DELETE FROM entrada_telefone WHERE usuario_id = $1 OR telefone = $2 RETURNING 1),
                l AS (DELETE FROM usuario_provedor WHERE usuario_id = $1 OR email = lower($3) RETURNING 1),
                m AS (DELETE FROM entrada_provedor WHERE usuario_id = $1 RETURNING 1)
           SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b) + (SELECT count(*) FROM c) + (SELECT count(*) FROM d)
                + (SELECT count(*) FROM e) + (SELECT count(*) FROM f) + (SELECT count(*) FROM g) + (SELECT count(*) FROM h)
                + (SELECT count(*) FROM i) + (SELECT count(*) FROM j) + (SELECT count(*) FROM k) + (SELECT count(*) FROM l)
                + (SELECT count(*) FROM m) AS "n!""#,
        own(alvo),
        alvo.titular.telefone,
        alvo.titular.email,
    )
    .fetch_one(ground.db())
    .await?;
    Ok(Efeito { apagados: gone, ..Efeito::default() })
}

pub(super) async fn preferencias(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Rows, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_build_object('lista', lista, 'nome', nome, 'consulta', consulta, 'created_at', created_at) AS "row!"
           FROM visao WHERE usuario_id = $1 ORDER BY created_at"#,
        own(alvo)
    )
    .fetch_all(ground.db())
    .await?)
}

pub(super) async fn erase_preferencias(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let gone = sqlx::query_scalar!(
        r#"WITH a AS (DELETE FROM visao WHERE usuario_id = $1 RETURNING 1),
                b AS (DELETE FROM aparencia WHERE usuario_id = $1 RETURNING 1),
                c AS (DELETE FROM visao_padrao WHERE usuario_id = $1 RETURNING 1),
                d AS (DELETE FROM dispensa WHERE usuario_id = $1 RETURNING 1),
                e AS (DELETE FROM usuario_importacao WHERE created_by = $1 RETURNING 1),
                f AS (DELETE FROM idempotencia WHERE actor_id = $1 RETURNING 1)
           SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b) + (SELECT count(*) FROM c) + (SELECT count(*) FROM d)
                + (SELECT count(*) FROM e) + (SELECT count(*) FROM f) AS "n!""#,
        own(alvo)
    )
    .fetch_one(ground.db())
    .await?;
    let answers =
        sqlx::query!("DELETE FROM idempotencia WHERE body::text ~* $1", alvo.pattern).execute(ground.db()).await?.rows_affected();
    Ok(Efeito { apagados: gone, ..Efeito::default() } + Efeito::apagados(answers))
}

pub(super) async fn convites(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Rows, Fault> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_strip_nulls(jsonb_build_object('nome', nome, 'email', email, 'setor', setor, 'created_at', created_at,
                                                       'expires_at', expires_at, 'used_at', used_at, 'revoked_at', revoked_at)) AS "row!"
           FROM convite WHERE email = lower($1) OR nome ~* $2 ORDER BY created_at"#,
        alvo.titular.email,
        alvo.pattern
    )
    .fetch_all(ground.db())
    .await?)
}

pub(super) async fn erase_convites(ground: &mut Ground<'_>, alvo: &Alvo) -> Result<Efeito, Fault> {
    let done = sqlx::query!("DELETE FROM convite WHERE email = lower($1) OR nome ~* $2", alvo.titular.email, alvo.pattern);
    Ok(Efeito::apagados(done.execute(ground.db()).await?.rows_affected()))
}
