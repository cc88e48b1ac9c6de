//! The whole house over a database of its own, with people and records in both unidades.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use acesso::{
    Segredo, Senha,
    aparelho::Aparelhos,
    convite::{self, Convidar},
    entrada::{Entrada, one_time_entry},
    perfil::{self, Perfil},
    token::{CriarToken, criar_token},
};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use chrono::TimeDelta;
use http_body_util::BodyExt;
use kernel::{Actor, Clock, RequestMeta};
use messaging::Links;
use server::{house::House, settings::Settings};
use sqlx::{AssertSqlSafe, Row};
use tenancy::{TenantTx, Unidade};
use testkit::Base;
use tower::ServiceExt;
use web::{Access, App, AppParts, RouteInfo};

pub(crate) const SENHA: &str = "cavalo-bateria-grampo";
const BASE: &str = "https://sri.example";
const CSV: &str = "CNPJ;Nome\n45.723.174/0001-10;Fiação do Vale\n";
/// One transparent pixel.
pub(crate) const PNG: &[u8] = include_bytes!("../pixel.png");
const SAMPLES: &str = concat!(
    include_str!("../../../../tenant-migrations/samples/20261122004000_empresa.sql"),
    include_str!("../../../../tenant-migrations/samples/20261122010000_contato.sql"),
    include_str!("../../../../tenant-migrations/samples/20261122012000_importacao_mudanca.sql"),
    include_str!("../../../../tenant-migrations/samples/20261122022000_mescla.sql"),
    include_str!("../../../../tenant-migrations/samples/20261122022001_etiqueta.sql"),
    "INSERT INTO logo (hash, type, bytes, created_at) VALUES ('{logo}', 'image/png', '\\x89504e47', '2026-11-22T12:00:00Z');"
);

/// What stands for `{…}` in the samples of routes.
pub(crate) type Ids = BTreeMap<&'static str, String>;

/// One unidade with its people: the administrador's session and API token, and an id of every kind.
pub(crate) struct Side {
    pub unidade: Arc<Unidade>,
    pub cookie: String,
    pub bearer: String,
    pub ids: Ids,
}

pub(crate) struct World {
    pub base: Base,
    pub house: House,
    router: Router,
    /// Documents, as long as the world lasts.
    _files: tempfile::TempDir,
}

pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text: String = self.body.split_once("<main").map_or(self.body.as_str(), |(_, main)| main).chars().take(900).collect();
        write!(f, "{} {:?} {text}", self.status, self.headers.get(header::LOCATION))
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A cookie as the browser would send it back.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let all = self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        let set = all.into_iter().find(|set| set.starts_with(&format!("{name}=")))?;
        Some(set.split(';').next().unwrap().to_owned()).filter(|pair| !pair.ends_with('='))
    }
}

/// How a request says who it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who<'a> {
    Nobody,
    Cookie(&'a str),
    Bearer(&'a str),
}

/// The settings of a process on `base` that keeps documents in `files`.
fn settings(base: &Base, files: &std::path::Path) -> Settings {
    Settings::read(|name| match name {
        "DATABASE_URL" => Some(base.url().to_owned()),
        "SRI_SECRET_KEY" => Some("ab".repeat(32)),
        "SRI_BASE_URL" => Some(BASE.to_owned()),
        "SRI_MAIL_URL" => Some("smtp://127.0.0.1:9".to_owned()),
        "SRI_FILES_DIR" => Some(files.display().to_string()),
        // A test that wants them brings its own.
        "SRI_CNPJ_PROVIDERS" | "SRI_CEP_PROVIDERS" => Some("off".to_owned()),
        _ => None,
    })
    .unwrap()
}

/// What a stream says at once; it would go on for a minute.
async fn opening(mut body: Body) -> Vec<u8> {
    let mut said = Vec::new();
    while let Ok(Some(frame)) = tokio::time::timeout(Duration::from_millis(200), body.frame()).await {
        said.extend(frame.unwrap().into_data().unwrap_or_default());
    }
    said
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::over(Base::new().await)
    }

    /// With the clock of the processes that a test starts.
    pub(crate) async fn present() -> Self {
        Self::over(Base::present().await)
    }

    /// In an empty database on a server of the test's own.
    pub(crate) async fn on(url: String) -> Self {
        Self::over(Base::furnished(url).await)
    }

    fn over(base: Base) -> Self {
        // The program of the tests cannot parse for itself; the product's can.
        empresas::importacao::parse_with(env!("CARGO_BIN_EXE_sri").into());
        let files = tempfile::tempdir().unwrap();
        let house = House::new(&settings(&base, files.path()), Clock::fixed(base.clock.clone()));
        Self { router: house.router(), house, base, _files: files }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let is_stream = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_stream { opening(body).await } else { body.collect().await.unwrap().to_bytes().to_vec() };
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// A request as a browser on that host sends it, or as a program does when it has a bearer token.
    pub(crate) async fn ask(&self, host: &str, who: Who<'_>, method: &Method, target: &str, body: &str) -> Answer {
        let mut request =
            Request::builder().method(method).uri(target).header(header::HOST, host).header(header::IF_MATCH, "\"1\"");
        request = match who {
            Who::Bearer(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            Who::Nobody => request.header("sec-fetch-site", "same-origin").header(header::ACCEPT, "text/html"),
            Who::Cookie(cookie) => {
                request.header("sec-fetch-site", "same-origin").header(header::ACCEPT, "text/html").header(header::COOKIE, cookie)
            }
        };
        let (mime, body) = encoded(body);
        self.send(request.header(header::CONTENT_TYPE, mime).body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn get(&self, host: &str, who: Who<'_>, target: &str) -> Answer {
        self.ask(host, who, &Method::GET, target, "").await
    }

    pub(crate) async fn post(&self, host: &str, who: Who<'_>, target: &str, form: &str) -> Answer {
        self.ask(host, who, &Method::POST, target, form).await
    }

    /// The declared sample of a route with `ids` in it, sent to `host`.
    pub(crate) async fn sample(&self, host: &str, who: Who<'_>, info: &RouteInfo, ids: &Ids) -> Answer {
        self.ask(host, who, &info.method, &filled(info.sample.target, ids), &filled(info.sample.body, ids)).await
    }

    /// The same house with other modules.
    pub(crate) fn with_modules(mut self, modules: Vec<web::Module>) -> Self {
        let app = &self.house.app;
        self.router = web::edge(
            &App::new(AppParts {
                config: app.config.clone(),
                tenants: app.tenants.clone(),
                platform: app.platform.clone(),
                registry: app.registry.clone(),
                identity: Box::new(acesso::Porteiro::new(self.base.config.master_key.clone())),
                modules,
                clock: app.clock.clone(),
                files: app.files.clone(),
                stopping: app.stopping.clone(),
                live: app.live.clone(),
                values: app.values.clone(),
            }),
            Router::new(),
        );
        self
    }

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

    /// Another's sessão and second factor, an own passkey, a link for a forgotten senha.
    async fn ways_in(&self, unidade: &Unidade, marina: &str, ids: &mut Ids) {
        let (schema, slug) = (unidade.names().schema(), unidade.slug.as_str());
        let mark = if slug == "alfa" { "a" } else { "b" };
        let (other, link) = (format!("0190000{mark}-0000-7000-8000-000000000410"), Segredo::draw());
        let chave = format!("0190000{mark}-0000-7000-8000-000000000413");
        let hex: String = link.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        self.base
            .execute(&format!(
                "INSERT INTO {schema}.sessao (id, usuario_id, token_hash, method, created_at, last_used_at, idle_until, expires_at)
                 SELECT '{other}', id, '\\x10', 'senha', '{now}', '{now}', timestamptz '{now}' + interval '1 day',
                        timestamptz '{now}' + interval '1 day' FROM {schema}.usuario WHERE email = 'outro@{slug}.example';
                 INSERT INTO {schema}.fator (id, usuario_id, method, created_at, confirmed_at)
                 SELECT '0190000{mark}-0000-7000-8000-000000000411', id, 'email', '{now}', '{now}'
                 FROM {schema}.usuario WHERE email = 'outro@{slug}.example';
                 INSERT INTO {schema}.chave (id, usuario_id, nome, credencial_id, content, created_at)
                 SELECT '{chave}', id, 'Celular', '\\x20', '{{}}', '{now}' FROM {schema}.usuario WHERE email = '{marina}';
                 INSERT INTO {schema}.recuperacao (id, usuario_id, token_hash, created_at, expires_at)
                 SELECT '0190000{mark}-0000-7000-8000-000000000412', id, '\\x{hex}', '{now}', timestamptz '{now}' + interval '1 hour'
                 FROM {schema}.usuario WHERE email = 'outro@{slug}.example'",
                now = testkit::NOW,
            ))
            .await;
        ids.insert("sessao.outra", other);
        ids.insert("chave", chave);
        ids.insert("recuperacao", link.reveal());
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
        let own = format!("SELECT id::text FROM {schema}.sessao WHERE id <> '{}' ORDER BY id LIMIT 1", ids["sessao.outra"]);
        ids.insert("sessao", self.text(&own).await);
        self.sheets_of_people(unidade, &marina, &mut ids).await;
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

    /// One text, asked as the superuser.
    #[expect(clippy::disallowed_methods, reason = "tests look from outside")]
    pub(crate) async fn text(&self, sql: &str) -> String {
        sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_one(&mut self.base.admin().await).await.unwrap().get(0)
    }

    /// What a unidade holds, without what is noted about a visit: the trail, attempts at signing in, the last use.
    pub(crate) async fn contents(&self, unidade: &Unidade) -> String {
        let prints = self.base.fingerprint(unidade).await;
        let noted = ["auditoria:", "tentativa:", "sessao:", "token_api:", "usuario:"];
        prints.split(';').filter(|print| !noted.iter().any(|table| print.starts_with(table))).collect::<Vec<_>>().join(";")
    }
}

/// Host of a unidade.
pub(crate) fn host(unidade: &Unidade) -> String {
    format!("{}.sri.example", unidade.slug)
}

pub(crate) fn links() -> Links {
    Links::new(BASE, "console").unwrap()
}

/// Every route of the unidades, with the name of its module.
pub(crate) fn routes() -> Vec<RouteInfo> {
    server::house::modules().iter().flat_map(web::Module::route_infos).collect()
}

/// Codes of all permissões that the modules declare.
pub(crate) fn permissions() -> Vec<String> {
    server::house::modules().iter().flat_map(|module| module.permissions).map(|info| info.permission.code().to_owned()).collect()
}

pub(crate) fn is_api(info: &RouteInfo) -> bool {
    info.path.starts_with("/api/")
}

/// Whether somebody has to be signed in.
pub(crate) fn is_closed(info: &RouteInfo) -> bool {
    info.access != Access::Public
}

/// `text` with the ids in their places.
pub(crate) fn filled(text: &str, ids: &Ids) -> String {
    ids.iter().fold(text.to_owned(), |text, (key, id)| text.replace(&format!("{{{key}}}"), id))
}

/// A sample's body and its type: JSON, `multipart a=b&file=@name`, or a form.
fn encoded(body: &str) -> (&'static str, Vec<u8>) {
    if body.starts_with('{') {
        return ("application/json", body.as_bytes().to_vec());
    }
    let Some(fields) = body.strip_prefix("multipart ") else {
        return ("application/x-www-form-urlencoded", body.as_bytes().to_vec());
    };
    let mut out = Vec::new();
    for (name, value) in url::form_urlencoded::parse(fields.as_bytes()) {
        out.extend_from_slice(format!("--limit\r\nContent-Disposition: form-data; name=\"{name}").as_bytes());
        match value.strip_prefix('@') {
            Some(file) => {
                let head = format!("\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n");
                out.extend_from_slice(head.as_bytes());
                out.extend_from_slice(if file.contains(".png") { PNG } else { CSV.as_bytes() });
            }
            None => out.extend_from_slice(format!("\"\r\n\r\n{value}").as_bytes()),
        }
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"--limit--\r\n");
    ("multipart/form-data; boundary=limit", out)
}
