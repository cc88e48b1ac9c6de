//! Filling a unidade with people and one of every kind, so that each declared route has something to be asked about.

mod ways_in;

use std::sync::Arc;

use acesso::{
    Segredo, Senha,
    aparelho::Aparelhos,
    convite::{self, Convidar},
    entrada::{Entrada, one_time_entry},
    perfil::{self, Perfil},
    token::{CriarToken, criar_token},
};
use axum::http::StatusCode;
use chrono::TimeDelta;
use kernel::{Actor, RequestMeta};
use tenancy::{TenantTx, Unidade};

use super::{Ids, SENHA, Side, Who, World, filled, host, links, permissions};

pub(crate) const CSV: &str = "CNPJ;Nome\n45.723.174/0001-10;Fiação do Vale\n";
const SAMPLES: &str = concat!(
    include_str!("../../../../../tenant-migrations/samples/20261122004000_empresa.sql"),
    include_str!("../../../../../tenant-migrations/samples/20261122010000_contato.sql"),
    include_str!("../../../../../tenant-migrations/samples/20261122012000_importacao_mudanca.sql"),
    include_str!("../../../../../tenant-migrations/samples/20261122022000_mescla.sql"),
    include_str!("../../../../../tenant-migrations/samples/20261122022001_etiqueta.sql"),
    "INSERT INTO logo (hash, type, bytes, created_at) VALUES ('{logo}', 'image/png', '\\x89504e47', '2026-11-22T12:00:00Z');",
    "INSERT INTO usuario_foto (usuario_id, hash, bytes, created_at)
     SELECT id, '{foto}', '\\xffd8', '2026-11-22T12:00:00Z' FROM usuario;
     UPDATE usuario SET foto = '{foto}';",
    // Dialled by nobody: it is no address of the public Internet.
    "INSERT INTO gateway (id, url, updated_at) VALUES (gen_random_uuid(), 'https://127.0.0.1/webhook', now());"
);

impl World {
    /// Fills a unidade and signs its administrador in.
    pub(crate) async fn side(&self, unidade: &Arc<Unidade>) -> Side {
        let mut side = self.side_without_empresas(unidade).await;
        let (host, cookie) = (host(unidade), &side.cookie);
        let sent = self.post(&host, Who::Cookie(cookie), "/empresas/importar", "multipart arquivo=@empresas.csv").await;
        let importacao = sent.header("location").split('/').nth(3).unwrap_or_else(|| panic!("{sent:?}")).to_owned();
        let columns = format!("/empresas/importacoes/{importacao}/colunas");
        let judged = self.post(&host, Who::Cookie(cookie), &columns, "planilha=0&coluna=cnpj&coluna=nome&mode=criar").await;
        assert_eq!(judged.status, StatusCode::SEE_OTHER, "{judged:?}");
        side.ids.insert("importacao", importacao);
        for (key, file) in [("documento", "fachada.png"), ("documento_excluido", "antigo.csv")] {
            let id = self.documento(&side, file).await;
            side.ids.insert(key, id);
        }
        let trashed = format!("/empresas/{}/documentos/{}/excluir", side.ids["empresa"], side.ids["documento_excluido"]);
        let trashed = self.post(&host, Who::Cookie(&side.cookie), &trashed, "x=1").await;
        assert_eq!(trashed.status, StatusCode::SEE_OTHER, "{trashed:?}");
        side
    }

    /// Sends a file to the empresa of the samples, as a person does; answers the id of the documento.
    pub(crate) async fn documento(&self, side: &Side, file: &str) -> String {
        let path = format!("/empresas/{}/documentos", side.ids["empresa"]);
        let body = format!("multipart pasta=Contratos&arquivo=@{file}");
        let sent = self.post(&host(&side.unidade), Who::Cookie(&side.cookie), &path, &body).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{sent:?}");
        let schema = side.unidade.names().schema();
        self.text(&format!("SELECT id::text FROM {schema}.documento WHERE nome = '{file}'")).await
    }

    /// As [`World::side`] where the pages of empresas may be missing.
    pub(crate) async fn side_without_empresas(&self, unidade: &Arc<Unidade>) -> Side {
        let schema = unidade.names().schema();
        let mut ids = self.people(unidade).await;
        let mark = if unidade.slug.as_str() == "alfa" { "a" } else { "b" };
        ids.insert("logo", mark.repeat(32));
        ids.insert("foto", if mark == "a" { "c" } else { "d" }.repeat(32));
        ids.insert("empresa", format!("0190000{mark}-0000-7000-8000-000000000201"));
        ids.insert("empresa_excluida", format!("0190000{mark}-0000-7000-8000-000000000202"));
        ids.insert("empresa.outra", format!("0190000{mark}-0000-7000-8000-000000000203"));
        ids.insert("mescla", format!("0190000{mark}-0000-7000-8000-000000000250"));
        ids.insert("etiqueta", format!("0190000{mark}-0000-7000-8000-000000000240"));
        ids.insert("etiqueta.outra", format!("0190000{mark}-0000-7000-8000-000000000241"));
        let samples = filled(SAMPLES, &ids).replace("01900000-", &format!("0190000{mark}-"));
        self.base.execute(&format!("SET search_path = {schema}; {samples}")).await;

        let linked = format!(
            "INSERT INTO {schema}.usuario_empresa (usuario_id, empresa_id, created_at) VALUES ('{}', '{}', now())",
            ids["usuario.outro"], ids["empresa.outra"]
        );
        self.base.execute(&linked).await;
        ids.insert("importacao.concluida", format!("0190000{mark}-0000-7000-8000-000000000302"));
        let unread = format!("0190000{mark}-0000-7000-8000-000000000305");
        let own = format!(
            "INSERT INTO {schema}.importacao (id, file_name, hash, bytes, content, state, inspection, sheet, mapping, mode, counts, actor_nome,
                                              created_at, finished_at, problem)
             VALUES ('{unread}', 'espera.csv', '\\x05', 3, '\\x413b42', 'ilegivel',
                     '{{\"kind\": \"csv\", \"sheets\": [], \"dialect\": null}}', 0, '[]', 'criar', '{{}}', 'SRI', '{now}', '{now}',
                     '{{\"field\": \"arquivo\", \"code\": \"sheet-unread\", \"args\": []}}')",
            now = testkit::NOW
        );
        self.base.execute(&own).await;
        ids.insert("importacao.ilegivel", unread);
        ids.insert("contato", format!("0190000{mark}-0000-7000-8000-000000000210"));
        ids.insert("contato.excluido", format!("0190000{mark}-0000-7000-8000-000000000211"));
        let visao = format!("0190000{mark}-0000-7000-8000-000000000220");
        let own = format!(
            "INSERT INTO {schema}.visao (id, usuario_id, lista, nome, consulta, created_at)
             SELECT '{visao}', id, '/empresas', 'Minha', 'uf=SC', now() FROM {schema}.usuario WHERE email = '{}'",
            ids["usuario.email"]
        );
        self.base.execute(&own).await;
        ids.insert("visao", visao);
        self.visitas(&schema, mark, &mut ids).await;
        self.demandas(&schema, mark, &mut ids).await;
        self.cadastros(&schema, mark, &mut ids).await;
        self.agenda(&schema, mark, &mut ids).await;
        self.notices(&schema, mark, &mut ids).await;
        let lote = format!("0190000{mark}-0000-7000-8000-000000000230");
        let own = format!(
            "INSERT INTO {schema}.empresa_lote (id, action, actor_id, consulta, changed, unchanged, created_at)
             SELECT '{lote}', 'situacao', id, 'uf=SC', 1, 0, '{}' FROM {schema}.usuario WHERE email = '{}';
             INSERT INTO {schema}.empresa_lote_linha (lote_id, empresa_id, version, situacao)
             VALUES ('{lote}', '{}', 1, 'prospect')",
            testkit::NOW,
            ids["usuario.email"],
            ids["empresa"]
        );
        self.base.execute(&own).await;
        ids.insert("lote", lote);
        ids.insert("exportacao", self.exportacao(unidade, mark, &ids["usuario.email"]).await);
        ids.insert("reconsulta", self.reconsulta(unidade, mark, &ids).await);
        self.privacidade(unidade, mark, &mut ids).await;
        ids.insert("segmento", format!("0190000{mark}-0000-7000-8000-000000000200"));
        // Of the list that a unidade begins with; nobody has them yet.
        for (key, nome) in [("segmento.outro", "Siderurgia"), ("segmento.livre", "Naval")] {
            let id = format!("SELECT id::text FROM {schema}.segmento WHERE nome = '{nome}'");
            ids.insert(key, self.text(&id).await);
        }

        let cookie = ids.remove("cookie").expect("the administrador is in");
        let bearer = self.bearer(unidade, &mut ids).await;
        Side { unidade: Arc::clone(unidade), cookie, bearer, ids }
    }

    /// The receipt of an erasure; pedidos that wait for an answer, to be confirmed, to take something back; an incidente that was decided;
    /// a finalidade, what somebody agreed to, and a letter that asks somebody else.
    async fn privacidade(&self, unidade: &Unidade, mark: &str, ids: &mut Ids) {
        let schema = unidade.names().schema();
        let (link, asked) = (Segredo::draw(), Segredo::draw());
        let [hex, asked_hex]: [String; 2] =
            [&link, &asked].map(|one| one.hash().iter().map(|byte| format!("{byte:02x}")).collect());
        let [apagamento, pedido, unconfirmed, incidente, revogacao, finalidade, consentimento, carta] =
            [260, 270, 271, 280, 272, 290, 291, 292].map(|n| format!("0190000{mark}-0000-7000-8000-000000000{n}"));
        let own = format!(
            "INSERT INTO {schema}.apagamento (id, protocolo, titular_kind, titular_id, por_nome, efeitos, linhas, actor_nome, created_at)
             VALUES ('{apagamento}', 'LGPD-{mark}', 'contato', gen_random_uuid(), false, '{{}}', '{{}}', 'SRI', now());
             INSERT INTO {schema}.pedido_titular (id, protocolo, tipo, origem, situacao, nome, email, idioma, created_at, recebido_at, data_limite)
             VALUES ('{pedido}', 'PED-1', 'acesso', 'formulario', 'recebido', 'Rita', 'rita@fora.example', 'pt-BR', '{now}', '{now}', '{now}'),
                    ('{unconfirmed}', 'PED-2', 'acesso', 'formulario', 'a_confirmar', 'Rita', 'rita@fora.example', 'pt-BR', '{now}', NULL, NULL);
             INSERT INTO {schema}.pedido_titular (id, protocolo, tipo, origem, situacao, nome, email, idioma, created_at, recebido_at, data_limite)
             VALUES ('{revogacao}', 'PED-3', 'revogacao', 'formulario', 'recebido', 'Rita', 'rita@consente.example', 'pt-BR', '{now}', '{now}', '{now}');
             INSERT INTO {schema}.finalidade (id, versao, created_at) VALUES ('{finalidade}', 1, '{now}');
             INSERT INTO {schema}.finalidade_versao (finalidade_id, versao, titulo, texto, renovar, created_at, created_by_nome)
             VALUES ('{finalidade}', 1, 'Boletim', 'Enviar o boletim.', false, '{now}', 'Lia');
             INSERT INTO {schema}.consentimento (id, protocolo, finalidade_id, versao, nome, email, meio, dado_at, created_at)
             VALUES ('{consentimento}', 'CON-1', '{finalidade}', 1, 'Rita', 'rita@consente.example', 'conta', '{now}', '{now}');
             INSERT INTO {schema}.consentimento_carta (id, finalidade_id, versao, nome, email, token_hash, created_at, created_by_nome, expires_at)
             VALUES ('{carta}', '{finalidade}', 1, 'Ana', 'ana@consente.example', '\\x{asked_hex}', '{now}', 'Lia',
                     timestamptz '{now}' + interval '30 days');
             INSERT INTO {schema}.pedido_link (token_hash, pedido_id, expires_at)
             VALUES ('\\x{hex}', '{unconfirmed}', timestamptz '{now}' + interval '1 day');
             INSERT INTO {schema}.incidente (id, protocolo, titulo, descricao, conhecido_at, dados, riscos, decisao, justificativa, decidido_at,
                                             registrado_por_nome, created_at, updated_at)
             VALUES ('{incidente}', 'INC-1', 'Notebook', 'Furtado', '{now}', '{{contato}}', '{{}}', 'comunicar', 'Contatos', '{now}', 'Lia',
                     '{now}', '{now}')",
            now = testkit::NOW
        );
        self.base.execute(&own).await;
        ids.insert("apagamento", apagamento);
        ids.insert("pedido", pedido);
        ids.insert("pedido_link", link.reveal());
        ids.insert("pedido.revogacao", revogacao);
        ids.insert("finalidade", finalidade);
        ids.insert("consentimento", consentimento);
        ids.insert("consentimento_carta", asked.reveal());
        ids.insert("incidente", incidente);
    }

    /// A file that was made for somebody, and lies in the store.
    async fn exportacao(&self, unidade: &Unidade, mark: &str, email: &str) -> String {
        use std::io::Write;

        let (schema, id) = (unidade.names().schema(), format!("0190000{mark}-0000-7000-8000-000000000240"));
        let arquivo = format!("0190000{mark}-0000-7000-8000-000000000241");
        let own = format!(
            "INSERT INTO {schema}.exportacao (id, usuario_id, format, consulta, idioma, file_name, state, done, total, bytes, arquivo_id,
                                              created_at, finished_at, expires_at)
             SELECT '{id}', id, 'csv', '', 'pt-BR', 'empresas.csv', 'pronta', 1, 1, 4, '{arquivo}', '{now}', '{now}',
                    timestamptz '{now}' + interval '7 days' FROM {schema}.usuario WHERE email = '{email}'",
            now = testkit::NOW
        );
        self.base.execute(&own).await;
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"nome").unwrap();
        self.house.app.files.exports(unidade.id).keep(arquivo.parse().unwrap(), file, 4).await.unwrap();
        id
    }

    /// A question about many that one answer is missing of.
    async fn reconsulta(&self, unidade: &Unidade, mark: &str, ids: &Ids) -> String {
        let schema = unidade.names().schema();
        let reconsulta = format!("0190000{mark}-0000-7000-8000-000000000250");
        let own = format!(
            "INSERT INTO {schema}.reconsulta (id, usuario_id, consulta, state, total, falhas, created_at, finished_at)
             SELECT '{reconsulta}', id, 'uf=SC', 'concluida', 1, 1, '{now}', '{now}' FROM {schema}.usuario WHERE email = '{}';
             INSERT INTO {schema}.reconsulta_linha (reconsulta_id, empresa_id, position, resultado, answered_at)
             VALUES ('{reconsulta}', '{}', 1, 'falhou', '{now}');
             INSERT INTO ref.cnpj (cnpj, dados, provedor, asked_at, dated_at)
             VALUES ('11222333000181', '{{\"nome\": \"Tecelagem Serra\"}}', 'receitaws', '{now}', '{now}') ON CONFLICT DO NOTHING",
            ids["usuario.email"],
            ids["empresa"],
            now = testkit::NOW
        );
        self.base.execute(&own).await;
        reconsulta
    }

    /// What somebody was told, on the panel and by letter.
    async fn notices(&self, schema: &str, mark: &str, ids: &mut Ids) {
        let notificacao = format!("0190000{mark}-0000-7000-8000-000000000240");
        let own = format!(
            "INSERT INTO {schema}.notificacao (id, usuario_id, key, args, href, created_at)
             SELECT '{notificacao}', id, 'importacao-notice',
                    '{{\"file\": \"x.csv\", \"n_created\": \"1\", \"n_updated\": \"0\", \"n_refused\": \"0\"}}', '/empresas', now()
             FROM {schema}.usuario WHERE email = '{}'",
            ids["usuario.email"]
        );
        self.base.execute(&own).await;
        ids.insert("notificacao", notificacao);
        let descadastro = format!("0190000{mark}-0000-7000-8000-000000000242");
        let own = format!(
            "INSERT INTO {schema}.mensagem (id, channel, recipient, subject, body_text, state, created_at, usuario_id, kind, href, descadastro)
             SELECT '0190000{mark}-0000-7000-8000-000000000241', 'email', email, 'Aviso', 'Aviso', 'sent', now(), id,
                    'empresas.exportacao', '/empresas', '{descadastro}'
             FROM {schema}.usuario WHERE email = '{}'",
            ids["usuario.email"]
        );
        self.base.execute(&own).await;
        ids.insert("descadastro", descadastro);
        // Told, never shown: nobody is stopped on their way in.
        let comunicado = format!("0190000{mark}-0000-7000-8000-000000000243");
        let own = format!(
            "INSERT INTO {schema}.comunicado (id, titulo, texto, todos, told, mailed, autor_nome, created_at, updated_at)
             VALUES ('{comunicado}', 'Reforma', 'Amanhã', false, true, false, 'SRI', now(), now());
             INSERT INTO {schema}.comunicado_leitura (comunicado_id, usuario_id, told_at)
             SELECT '{comunicado}', id, now() FROM {schema}.usuario WHERE email = '{}'",
            ids["usuario.email"]
        );
        self.base.execute(&own).await;
        ids.insert("comunicado", comunicado);
        for (key, n) in [("devolvida", 244), ("devolvida.outra", 245)] {
            let id = format!("0190000{mark}-0000-7000-8000-000000000{n}");
            let own = format!(
                "INSERT INTO {schema}.mensagem (id, channel, recipient, subject, body_text, body_html, state, last_error, created_at)
                 VALUES ('{id}', 'email', 'ninguem@fora.example', 'Aviso', 'Aviso', '<p>Aviso</p>', 'dead', 'permanent error (550)', now())"
            );
            self.base.execute(&own).await;
            ids.insert(key, id);
        }
    }

    /// A spreadsheet of people that waits for its word, and one that had it.
    async fn sheets_of_people(&self, unidade: &Unidade, marina: &str, ids: &mut Ids) {
        let (schema, slug) = (unidade.names().schema(), unidade.slug.as_str());
        for (key, n, state) in [("usuario_importacao", 420, "previa"), ("usuario_importacao.concluida", 421, "concluida")] {
            let id = format!("0190000{}-0000-7000-8000-000000000{n}", if slug == "alfa" { "a" } else { "b" });
            self.base
                .execute(&format!(
                    "INSERT INTO {schema}.usuario_importacao (id, file_name, hash, headers, lines, mapping, state, created_at, created_by)
                     SELECT '{id}', 'equipe.csv', '\\x01', '{{Nome,E-mail}}', '[{{\"n\": 2, \"c\": [\"Ana\", \"ana.{slug}@senai.example\"]}}]',
                            '{{nome,email}}', '{state}', '{now}', id FROM {schema}.usuario WHERE email = '{marina}'",
                    now = testkit::NOW,
                ))
                .await;
            ids.insert(key, id);
        }
    }

    /// Rules of whom demandas go to, one of them to be taken away.
    async fn rules(&self, unidade: &Unidade, ids: &mut Ids) {
        let (schema, slug) = (unidade.names().schema(), unidade.slug.as_str());
        for (key, n) in [("distribuicao", 440), ("distribuicao.outra", 441)] {
            let id = format!("0190000{}-0000-7000-8000-000000000{n}", if slug == "alfa" { "a" } else { "b" });
            self.base
                .execute(&format!(
                    "INSERT INTO {schema}.distribuicao
                         (id, nome, posicao, ativa, tipos, setores, segmentos, municipios, modo, created_at, updated_at)
                     VALUES ('{id}', 'Regra {n} {slug}', {n}, false, '{{}}', '{{}}', '{{}}', '{{}}', 'empresa', now(), now())"
                ))
                .await;
            ids.insert(key, id);
        }
    }

    /// A spreadsheet of the past that waits for its word, and one that had it.
    async fn sheets_of_the_past(&self, unidade: &Unidade, marina: &str, ids: &mut Ids) {
        let (schema, slug) = (unidade.names().schema(), unidade.slug.as_str());
        for (key, n, state) in [("historico_importacao", 430, "previa"), ("historico_importacao.concluida", 431, "concluida")] {
            let id = format!("0190000{}-0000-7000-8000-000000000{n}", if slug == "alfa" { "a" } else { "b" });
            self.base
                .execute(&format!(
                    "INSERT INTO {schema}.historico_importacao
                         (id, especie, file_name, hash, headers, lines, mapping, state, actor_id, actor_nome, created_at)
                     SELECT '{id}', 'visita', 'antigas.csv', '\\x01', '{{Empresa,Data}}', '[{{\"n\": 2, \"c\": [\"Aurora {slug}\", \"10/02/2024\"]}}]',
                            '{{empresa,inicio}}', '{state}', id, nome, '{now}' FROM {schema}.usuario WHERE email = '{marina}'",
                    now = testkit::NOW,
                ))
                .await;
            ids.insert(key, id);
        }
    }

    async fn people(&self, unidade: &Arc<Unidade>) -> Ids {
        let schema = unidade.names().schema();
        let slug = unidade.slug.as_str();
        let mut ids = Ids::new();
        let marina = format!("marina@{slug}.example");
        self.person(unidade, "Administrador", &marina).await;
        // A second session, to end from the first.
        let second = self.post(&host(unidade), Who::Nobody, "/entrar", &format!("email={marina}&senha={SENHA}")).await;
        ids.insert("cookie", second.cookie("__Host-sessao").expect("the administrador comes in"));
        for (nome, ativo) in [("inativo", false), ("outro", true)] {
            self.base
                .execute(&format!(
                    "INSERT INTO {schema}.usuario (id, nome, email, ativo, perfil_id, created_at, updated_at)
                     SELECT gen_random_uuid(), '{nome}', '{nome}@{slug}.example', {ativo}, id, now(), now()
                     FROM {schema}.perfil WHERE nome = 'Atendente'"
                ))
                .await;
        }
        ids.insert("perfil", self.text(&format!("SELECT id::text FROM {schema}.perfil WHERE nome = 'Atendente'")).await);
        // Something to take back, and a perfil that nobody has.
        self.base
            .execute(&format!(
                "INSERT INTO {schema}.usuario_permissao (usuario_id, permissao, escopo, created_at, created_by_nome)
                 SELECT id, 'acesso.auditoria.ver', 'todas', now(), 'Marina' FROM {schema}.usuario WHERE nome = 'outro'"
            ))
            .await;
        let free = self.text(&format!("SELECT id::text FROM {schema}.perfil WHERE key = 'supervisor'")).await;
        ids.insert("perfil.livre", free);
        self.base
            .execute(&format!(
                "INSERT INTO {schema}.usuario (id, nome, email, kind, perfil_id, created_at, updated_at)
                 SELECT gen_random_uuid(), 'carga', 'servico-{slug}@invalid', 'servico', id, now(), now()
                 FROM {schema}.perfil WHERE nome = 'Leitor'"
            ))
            .await;
        ids.insert("servico", self.text(&format!("SELECT id::text FROM {schema}.usuario WHERE kind = 'servico'")).await);
        for (key, email) in [("usuario.outro", "outro"), ("usuario.inativo", "inativo")] {
            ids.insert(
                key,
                self.text(&format!("SELECT id::text FROM {schema}.usuario WHERE email = '{email}@{slug}.example'")).await,
            );
        }
        ids.insert(
            "usuario.version",
            self.text(&format!("SELECT version::text FROM {schema}.usuario WHERE email = '{marina}'")).await,
        );
        self.ways_in(unidade, &marina, &mut ids).await;
        self.suporte(unidade, &mut ids).await;
        self.vizinha(unidade, &mut ids).await;
        let own = format!("SELECT id::text FROM {schema}.sessao WHERE id <> '{}' ORDER BY id LIMIT 1", ids["sessao.outra"]);
        ids.insert("sessao", self.text(&own).await);
        self.sheets_of_people(unidade, &marina, &mut ids).await;
        self.sheets_of_the_past(unidade, &marina, &mut ids).await;
        self.rules(unidade, &mut ids).await;
        ids.insert("usuario.email", marina);
        ids.insert("usuario.senha", SENHA.to_owned());
        ids.insert(
            "unidade.version",
            self.text(&format!("SELECT version::text FROM platform.unidade WHERE slug = '{slug}'")).await,
        );

        ids.insert("convite", self.invited(unidade, "Leitor", &format!("convidado@{slug}.example")).await.reveal());
        ids.insert(
            "convite.id",
            self.text(&format!("SELECT id::text FROM {schema}.convite WHERE email = 'convidado@{slug}.example'")).await,
        );
        let entrada = Entrada {
            nome: "Nova".parse().unwrap(),
            email: format!("nova@{slug}.example").parse().unwrap(),
            valid: TimeDelta::hours(1),
        };
        let link = self
            .base
            .tenants
            .write(unidade, async |tx: &mut TenantTx| one_time_entry(tx, &Actor::sistema(), &links(), entrada).await)
            .await
            .unwrap();
        ids.insert("entrada", link.as_str().rsplit('/').next().unwrap().to_owned());
        ids
    }

    /// A token with everything an administrador holds.
    async fn bearer(&self, unidade: &Arc<Unidade>, ids: &mut Ids) -> String {
        let cmd = CriarToken {
            nome: "ERP".parse().unwrap(),
            permissoes: permissions(),
            days: 30,
            servico: None,
            limite: "60000".parse().unwrap(),
        };
        let key = self.base.config.master_key.clone();
        let made = self
            .base
            .tenants
            .write(unidade, async |tx: &mut TenantTx| criar_token(tx, &Actor::sistema(), &key, cmd).await)
            .await
            .unwrap();
        ids.insert("token", made.id.to_string());
        made.text
    }

    async fn invited(&self, unidade: &Arc<Unidade>, perfil: &str, email: &str) -> Segredo {
        let (perfil, to) = (perfil.to_owned(), email.to_owned());
        self.base
            .tenants
            .write(unidade, async |tx: &mut TenantTx| {
                let perfil = perfil::list(tx).await?.into_iter().find(|p: &Perfil| p.nome == perfil).unwrap().id;
                let cmd = Convidar { nome: "Ana Lima".parse().unwrap(), email: to.parse().unwrap(), perfil };
                convite::convidar(tx, &Actor::sistema(), &links(), cmd).await
            })
            .await
            .unwrap();
        let schema = unidade.names().schema();
        let text = self
            .text(&format!("SELECT body_text FROM {schema}.mensagem WHERE recipient = '{email}' ORDER BY id DESC LIMIT 1"))
            .await;
        let link = text.lines().find(|line| line.contains("/convite/")).unwrap();
        link.rsplit('/').next().unwrap().parse().unwrap()
    }

    /// Somebody of that perfil with the password [`SENHA`]; the cookie of their first session.
    pub(crate) async fn person(&self, unidade: &Arc<Unidade>, perfil: &str, email: &str) -> String {
        let segredo = self.invited(unidade, perfil, email).await;
        let (meta, new) = (RequestMeta::default(), (None, Aparelhos::default()));
        let sessao = convite::aceitar(&self.base.tenants, unidade, &meta, &segredo, Senha::typed(SENHA), new).await.unwrap();
        let sessao = sessao.sessao().expect("no second factor is asked");
        format!("__Host-sessao={}", sessao.cookie.reveal())
    }
}
