//! A unidade with somebody in every place where a person can be.

use acesso::usuario::UsuarioId;
use jobs::{Gates, Limits, Worker};
use kernel::Actor;
use privacidade::{
    apagamento::{Apagamento, Apagar, ApagarError, apagar, prever},
    titular::TitularRef,
};
use sqlx::{AssertSqlSafe, Row};
use tenancy::{TenantTx, Unidade};
use testkit::Base;
use uuid::Uuid;
use web::{
    Module,
    titular::{Efeito, Titular},
};

pub(crate) const NOME: &str = "Zuleica Canária Quartzo";
pub(crate) const EMAIL: &str = "zuleica.quartzo@canario.example";
/// What no row may have afterwards: the name, the address, the number however it is written; also in bytes.
const TRACES: &str = r"quartzo|99123[- .]*4567|717561[67]27[a4]7a6f|5175617274[57]a6f";

pub(crate) fn modules() -> Vec<Module> {
    vec![acesso::module(), empresas::module(), relacionamento::module(), privacidade::module()]
}

const SAMPLES: &str = concat!(
    include_str!("../../../../tenant-migrations/samples/20261122004000_empresa.sql"),
    include_str!("../../../../tenant-migrations/samples/20261122010000_contato.sql"),
    include_str!("../../../../tenant-migrations/samples/20261122012000_importacao_mudanca.sql"),
    include_str!("../../../../tenant-migrations/samples/20261122022000_mescla.sql"),
    include_str!("../../../../tenant-migrations/samples/20261122010910_documento.sql"),
    include_str!("../../../../tenant-migrations/samples/20261122013000_empresa_lote.sql"),
    include_str!("../../../../tenant-migrations/samples/20261124081000_visita.sql"),
    include_str!("../../../../tenant-migrations/samples/20261125081000_demanda.sql"),
);

/// A person who uses the unidade: Ana, who is to stay. Answers her id.
pub(crate) async fn usuario(base: &Base, nome: &str, email: &str, perfil: &str) -> Uuid {
    let schema = base.alfa.names().schema();
    let id = base.tenants.clock().uuid();
    base.execute(&format!(
        "INSERT INTO {schema}.usuario (id, nome, email, perfil_id, created_at, updated_at)
         SELECT '{id}', '{nome}', '{email}', id, now(), now() FROM {schema}.perfil WHERE nome = '{perfil}'"
    ))
    .await;
    id
}

/// A worker of this module, with its schedules.
pub(crate) fn worker(base: &Base) -> Worker {
    let gates = Gates { tenants: base.tenants.clone(), registry: base.registry.clone(), platform: base.platform.clone() };
    let schedules = (privacidade::module().schedules)().unwrap();
    Worker::new(gates, privacidade::handlers(&base.platform), schedules, Limits::default()).unwrap()
}

/// Rows of a table of alfa.
pub(crate) async fn count(base: &Base, what: &str) -> i64 {
    base.number(&format!("SELECT count(*) FROM {}.{what}", base.alfa.names().schema())).await
}

/// The contato of that name at the empresa of the samples. Answers its id.
pub(crate) async fn contato(base: &Base) -> Uuid {
    let schema = base.alfa.names().schema();
    let id = base.tenants.clock().uuid();
    base.execute(&format!(
        "SET search_path = {schema}; {SAMPLES}
         INSERT INTO contato (id, empresa_id, nome, cargo, papel, email, telefone, observacoes, created_at, updated_at)
         VALUES ('{id}', '01900000-0000-7000-8000-000000000201', '{NOME}', 'Chefe', 'rh', '{EMAIL}', '+5547991234567',
                 'Ligar de manhã', now(), now())"
    ))
    .await;
    id
}

/// Speaks of the person in every spelling.
const TEXT: &str = "Falar com ZULEICA canária  Quartzo, (47) 99123-4567 ou Zuleica.Quartzo@Canario.example.";
const JSON: &str = r#"{"a": ["linha\nZuleica Canária Quartzo", "zuleica.quartzo@canario.example"], "t": "+55 47 99123 4567"}"#;

/// Plants the person in what is done with an empresa.
async fn plant_work(base: &Base) {
    base.execute(&format!(
        "SET search_path = {schema};
         UPDATE visita SET responsavel_nome = '{NOME}', objetivo = '{TEXT}', local = '{TEXT}', resumo = '{TEXT}', proximos_passos = '{TEXT}',
                motivo = '{TEXT}';
         UPDATE demanda SET responsavel_nome = '{NOME}', titulo = 'Curso para {NOME}', descricao = '{TEXT}', motivo = '{TEXT}',
                contato_id = (SELECT id FROM contato WHERE nome = '{NOME}');
         UPDATE projeto SET responsavel_nome = '{NOME}', titulo = 'Projeto de {NOME}', motivo = '{TEXT}';
         INSERT INTO tarefa (id, titulo, detalhes, responsavel_id, criada_por_id, criada_por_nome, created_at, updated_at)
         SELECT gen_random_uuid(), 'Ligar a {NOME}', '{TEXT}', id, NULL, '{NOME}', now(), now() FROM usuario WHERE email = 'ana@senai.example';
         INSERT INTO visita_participante (id, visita_id, contato_id)
         SELECT gen_random_uuid(), '01900000-0000-7000-8000-000000000503', id FROM contato WHERE nome = '{NOME}';
         INSERT INTO historico_importacao (id, especie, file_name, hash, headers, lines, mapping, state, left_out, actor_id, actor_nome, created_at)
         SELECT gen_random_uuid(), 'visita', '{NOME}.csv', '\\x01', '{{Nome}}', '[{JSON}]', '{{empresa}}', 'previa', '[{JSON}]', id, '{NOME}', now()
         FROM usuario WHERE email = 'ana@senai.example'",
        schema = base.alfa.names().schema()
    ))
    .await;
}

/// Plants the person everywhere else, in every spelling; `id` is theirs where a row names who did something.
pub(crate) async fn plant(base: &Base, id: Uuid) {
    let schema = base.alfa.names().schema();
    let ana = usuario(base, "Ana Lima", "ana@senai.example", "Leitor").await;
    plant_work(base).await;
    base.execute(&format!(
        "SET search_path = {schema};
         UPDATE empresa SET contato_nome = '{NOME}', contato_cargo = 'Chefe', email = '{EMAIL}', telefone = '+5547991234567',
                observacoes = '{TEXT}' WHERE id = '01900000-0000-7000-8000-000000000201';
         UPDATE empresa SET responsavel_nome = '{NOME}' WHERE id = '01900000-0000-7000-8000-000000000203';
         UPDATE contato SET observacoes = '{TEXT}' WHERE id = '01900000-0000-7000-8000-000000000210';
         INSERT INTO contato (id, empresa_id, nome, email, created_at, updated_at)
         VALUES (gen_random_uuid(), '01900000-0000-7000-8000-000000000203', 'zuleica CANARIA quartzo', '{EMAIL}', now(), now());
         UPDATE empresa_mescla SET before = '{JSON}', after = '{JSON}', kept = '{JSON}', actor_id = '{id}', actor_nome = '{NOME}';
         INSERT INTO empresa_par_dispensado (first_id, last_id, actor_id, actor_nome, created_at)
         VALUES ('01900000-0000-7000-8000-000000000201', '01900000-0000-7000-8000-000000000203', '{id}', '{NOME}', now());
         UPDATE empresa_lote SET consulta = 'q={EMAIL}';
         UPDATE empresa_lote_linha SET responsavel_nome = '{NOME}';
         INSERT INTO reconsulta (id, usuario_id, consulta, state, total, created_at)
         VALUES (gen_random_uuid(), '{ana}', 'q={EMAIL}', 'concluida', 0, now());
         UPDATE importacao SET inspection = '{JSON}', problem = '{JSON}', file_name = '{NOME}.csv', actor_id = '{id}', actor_nome = '{NOME}',
                undone_actor_nome = '{NOME}';
         INSERT INTO importacao_linha (importacao_id, number, situacao, problems, cells, raw, edits)
         VALUES ('01900000-0000-7000-8000-000000000302', 2, 'nova', '{JSON}', '{JSON}', convert_to('{TEXT}', 'UTF8'), '{JSON}');
         UPDATE importacao_mudanca SET before = '{JSON}';
         INSERT INTO importacao (id, file_name, hash, bytes, content, state, inspection, sheet, mapping, mode, counts, actor_nome, created_at)
         VALUES (gen_random_uuid(), 'x.csv', '\\x07', 3, convert_to('{TEXT}', 'UTF8'), 'colunas', '{{}}', 0, '[]', 'criar', '{{}}', 'SRI', now());
         INSERT INTO exportacao (id, usuario_id, format, consulta, idioma, file_name, state, total, arquivo_id, created_at, expires_at)
         VALUES (gen_random_uuid(), '{ana}', 'csv', 'q={EMAIL}', 'pt-BR', 'empresas.csv', 'pronta', 1, gen_random_uuid(), now(), now());
         UPDATE documento SET nome = 'Carta de {NOME}.pdf', pasta = 'De {NOME}';
         UPDATE documento_versao SET nome = '{NOME}.pdf', actor_nome = '{NOME}', actor_id = '{id}';
         INSERT INTO mensagem (id, channel, recipient, recipient_nome, subject, body_text, body_html, state, last_error, created_at)
         VALUES (gen_random_uuid(), 'email', '{EMAIL}', '{NOME}', 'Olá', 'Olá, {NOME}', '<p>{NOME}</p>', 'queued', '550 {EMAIL}', now()),
                (gen_random_uuid(), 'email', 'ana@senai.example', 'Ana', 'Sobre {NOME}', '{TEXT}', '<p>{TEXT}</p>', 'sent', NULL, now());
         INSERT INTO notificacao_preferencia (usuario_id, kind, channel, wanted, updated_at)
         SELECT id, 'casa.teste', 'email', true, now() FROM usuario WHERE id IN ('{id}', '{ana}');
         INSERT INTO notificacao (id, usuario_id, key, args, href, busca, created_at)
         VALUES (gen_random_uuid(), '{ana}', 'x', '{JSON}', '/', 'zuleica canaria quartzo', now());
         INSERT INTO notificacao_horario (usuario_id, resumo_hora, updated_at) SELECT id, 8, now() FROM usuario WHERE id IN ('{id}', '{ana}');
         INSERT INTO comunicado (id, titulo, texto, todos, told, mailed, autor_nome, created_at, updated_at)
         VALUES ('{incidente}', 'De {NOME}', '{TEXT}', false, true, false, '{NOME}', now(), now());
         INSERT INTO comunicado_usuario (comunicado_id, usuario_id) SELECT '{incidente}', id FROM usuario WHERE id IN ('{id}', '{ana}');
         INSERT INTO comunicado_leitura (comunicado_id, usuario_id, told_at)
         SELECT '{incidente}', id, now() FROM usuario WHERE id IN ('{id}', '{ana}');
         INSERT INTO convite (id, nome, email, perfil_id, token_hash, created_at, expires_at)
         SELECT gen_random_uuid(), '{NOME}', '{EMAIL}', id, '\\x0a', now(), now() FROM perfil LIMIT 1;
         INSERT INTO visao (id, usuario_id, lista, nome, consulta, created_at)
         VALUES (gen_random_uuid(), '{ana}', '/empresas', 'De {NOME}', 'q={EMAIL}', now());
         INSERT INTO usuario_importacao (id, file_name, hash, headers, lines, mapping, state, created_at, created_by)
         VALUES (gen_random_uuid(), '{NOME}.csv', '\\x01', '{{Nome}}', '{JSON}', '{{nome}}', 'concluida', now(), '{ana}');
         INSERT INTO idempotencia (actor_id, key, request_hash, body, created_at) VALUES ('{ana}', 'k', '\\x01', '{JSON}', now());
         UPDATE token_chave SET created_by_nome = '{NOME}';
         INSERT INTO usuario_permissao (usuario_id, permissao, created_at, created_by_nome)
         VALUES ('{ana}', 'acesso.usuario.ver', now(), '{NOME}');
         INSERT INTO pedido_titular (id, protocolo, tipo, origem, situacao, nome, email, telefone, texto, idioma, created_at, recebido_at,
                                     data_limite, resposta, fundamento, respondido_at, respondido_por_nome, registrado_por_nome)
         VALUES (gen_random_uuid(), 'PED-1', 'acesso', 'telefone', 'atendido', '{NOME}', '{EMAIL}', '+5547991234567', '{TEXT}', 'pt-BR', now(),
                 now(), now(), '{TEXT}', '{TEXT}', now(), '{NOME}', '{NOME}'),
                (gen_random_uuid(), 'PED-2', 'acesso', 'carta', 'atendido', 'Rita Reis', NULL, NULL, NULL, 'pt-BR', now(), now(), now(), '{TEXT}',
                 '{TEXT}', now(), '{NOME}', '{NOME}'),
                (gen_random_uuid(), 'PED-3', 'acesso', 'formulario', 'a_confirmar', '{NOME}', '{EMAIL}', NULL, '{TEXT}', 'pt-BR', now(), NULL,
                 NULL, NULL, NULL, NULL, NULL, NULL);
         INSERT INTO encarregado (id, nome, email, telefone, updated_at) VALUES (1, '{NOME}', '{EMAIL}', '+5547991234567', now());
         INSERT INTO incidente (id, protocolo, titulo, descricao, conhecido_at, dados, riscos, consequencias, medidas_antes, contencao,
                                medidas_depois, decisao, justificativa, decidido_at, anpd_protocolo, titulares_meio, registrado_por_nome,
                                created_at, updated_at)
         VALUES ('{incidente}', 'INC-1', 'Carta de {NOME}', '{TEXT}', now(), '{{contato}}', '{{}}', '{TEXT}', '{TEXT}', '{TEXT}', '{TEXT}',
                 'comunicar', '{TEXT}', now(), '{NOME}', '{TEXT}', '{NOME}', now(), now());
         INSERT INTO incidente_passo (id, incidente_id, kind, texto, actor_nome, created_at)
         VALUES (gen_random_uuid(), '{incidente}', 'nota', '{TEXT}', '{NOME}', now());
         INSERT INTO incidente_carta (id, incidente_id, assunto, texto, created_at) VALUES ('{incidente}', '{incidente}', 'A {NOME}', '{TEXT}', now());
         INSERT INTO incidente_destinatario (carta_id, titular_kind, titular_id) VALUES ('{incidente}', 'contato', '{id}');
         INSERT INTO auditoria (id, at, actor_kind, actor_nome, action, entity, entity_id, before)
         VALUES ('{row}', now(), 'usuario', 'Ana', 'empresa.alterada', 'empresa', '01900000-0000-7000-8000-000000000201', '{JSON}')",
        row = base.tenants.clock().uuid(),
        incidente = base.tenants.clock().uuid(),
    ))
    .await;
    plant_consentimentos(base, id).await;
}

/// Plants the person in what people agreed to.
async fn plant_consentimentos(base: &Base, id: Uuid) {
    let (schema, finalidade) = (base.alfa.names().schema(), base.tenants.clock().uuid());
    base.execute(&format!(
        "SET search_path = {schema};
         INSERT INTO finalidade (id, versao, created_at) VALUES ('{finalidade}', 1, now());
         INSERT INTO finalidade_versao (finalidade_id, versao, titulo, texto, renovar, created_at, created_by_nome)
         VALUES ('{finalidade}', 1, 'Carta de {NOME}', '{TEXT}', false, now(), '{NOME}');
         INSERT INTO consentimento_carta (id, finalidade_id, versao, nome, email, token_hash, created_at, created_by_nome, expires_at)
         VALUES ('{finalidade}', '{finalidade}', 1, '{NOME}', '{EMAIL}', '\\x0d', now(), 'Lia', now()),
                (gen_random_uuid(), '{finalidade}', 1, 'Rita Reis', 'rita@fora.example', '\\x0e', now(), '{NOME}', now());
         INSERT INTO consentimento (id, protocolo, finalidade_id, versao, titular_kind, titular_id, nome, email, meio, evidencia, dado_at,
                                    registrado_por_nome, carta_id, created_at, retirado_at, retirado_meio, retirado_evidencia, retirado_por_nome)
         VALUES (gen_random_uuid(), 'CON-1', '{finalidade}', 1, 'contato', '{id}', '{NOME}', '{EMAIL}', 'anotado', '{TEXT}', now(), '{NOME}',
                 '{finalidade}', now(), NULL, NULL, NULL, NULL),
                (gen_random_uuid(), 'CON-2', '{finalidade}', 1, NULL, NULL, 'Zuleica', '{EMAIL}', 'conta', NULL, now(), NULL, NULL, now(),
                 now(), 'anotado', '{TEXT}', '{NOME}'),
                (gen_random_uuid(), 'CON-3', '{finalidade}', 1, NULL, NULL, 'Rita Reis', 'rita@fora.example', 'anotado', 'Com {NOME}', now(),
                 '{NOME}', NULL, now(), NULL, NULL, NULL, NULL)"
    ))
    .await;
}

/// Tables of alfa that still know the person, with how many rows of each.
pub(crate) async fn traces(base: &Base, unidade: &Unidade) -> Vec<String> {
    traces_of(base, unidade, TRACES).await
}

#[expect(clippy::disallowed_methods, reason = "tests look from outside")]
pub(crate) async fn traces_of(base: &Base, unidade: &Unidade, pattern: &str) -> Vec<String> {
    let schema = unidade.names().schema();
    let mut admin = base.admin().await;
    let tables = sqlx::query("SELECT tablename::text FROM pg_tables WHERE schemaname = $1 ORDER BY 1").bind(&schema);
    let mut found = Vec::new();
    for table in tables.fetch_all(&mut admin).await.unwrap() {
        let table: String = table.get(0);
        let sql = format!("SELECT count(*) FROM {schema}.{table} t WHERE t::text ~* '{pattern}'");
        let rows: i64 = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut admin).await.unwrap().get(0);
        if rows > 0 {
            found.push(format!("{table}: {rows}"));
        }
    }
    found
}

pub(crate) fn who(kind: &str, id: Uuid) -> TitularRef {
    TitularRef { kind: kind.to_owned(), id }
}

/// Erases with what is typed; the full name counts.
pub(crate) async fn erase(base: &Base, actor: &Actor, which: &TitularRef, typed: &str) -> Result<Apagamento, ApagarError> {
    let modules = modules();
    base.tenants
        .write(&base.alfa, async |tx: &mut TenantTx| {
            let cmd = Apagar { titular: which, por_nome: true, confirmacao: typed };
            apagar(tx, actor, &modules, cmd).await
        })
        .await
}

pub(crate) async fn preview(base: &Base, which: &TitularRef, por_nome: bool) -> (Titular, Vec<(String, Efeito)>) {
    let modules = modules();
    base.alfa(async |tx: &mut TenantTx| prever(tx, &Actor::sistema(), &modules, which, por_nome).await.unwrap()).await
}

/// A usuario as an actor who may do everything.
pub(crate) fn acting(id: Uuid, nome: &str) -> Actor {
    let mut actor = Actor::sistema();
    actor.kind = kernel::ActorKind::Usuario;
    actor.id = Some(UsuarioId::new(id).uuid());
    nome.clone_into(&mut actor.nome);
    actor
}
