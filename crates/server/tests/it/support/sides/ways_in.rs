//! Ways into a unidade besides a senha: what each of them needs to be asked about.

use acesso::Segredo;
use tenancy::Unidade;

use crate::support::{Ids, World};

impl World {
    /// Another's sessão and second factor, an own passkey, a link for a forgotten senha.
    pub(super) async fn ways_in(&self, unidade: &Unidade, marina: &str, ids: &mut Ids) {
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
        // Dialled by nobody: it is no address of the public Internet.
        let provedor = format!("0190000{mark}-0000-7000-8000-000000000414");
        self.base
            .execute(&format!(
                "INSERT INTO {schema}.provedor (id, tipo, nome, emissor, client_id, created_at, updated_at)
                 VALUES ('{provedor}', 'oidc', 'FIESC', 'https://127.0.0.1', 'sri', '{now}', '{now}');
                 INSERT INTO {schema}.usuario_provedor (provedor_id, subject, usuario_id, created_at)
                 SELECT '{provedor}', 'a', id, '{now}' FROM {schema}.usuario WHERE email = '{marina}'",
                now = testkit::NOW,
            ))
            .await;
        ids.insert("provedor", provedor);
        ids.insert("sessao.outra", other);
        ids.insert("chave", chave);
        ids.insert("recuperacao", link.reveal());
    }

    /// An access that the unidade granted to an admin of the platform, and the way over to it.
    pub(super) async fn suporte(&self, unidade: &Unidade, ids: &mut Ids) {
        let (id, link) = (unidade.id, Segredo::draw());
        let mark = if unidade.slug.as_str() == "alfa" { "a" } else { "b" };
        let hex: String = link.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        let (admin, sessao) = ("01900000-0000-7000-8000-0000000004a1", "01900000-0000-7000-8000-0000000004a2");
        self.base
            .execute(&format!(
                "INSERT INTO platform.admin (id, nome, email, senha, totp_secret, created_at)
                 VALUES ('{admin}', 'Sara', 'sara@senai.example', '$argon2id$x', '\\x00', '{now}') ON CONFLICT DO NOTHING;
                 INSERT INTO platform.admin_sessao (id, admin_id, token_hash, complete, created_at, last_used_at, expires_at)
                 VALUES ('{sessao}', '{admin}', '\\x4a', true, '{now}', '{now}', timestamptz '{now}' + interval '1 day') ON CONFLICT DO NOTHING;
                 INSERT INTO platform.suporte (id, unidade_id, admin_id, motivo, minutos_pedidos, escrita_pedida, situacao, asked_at, expires_at)
                 VALUES ('0190000{mark}-0000-7000-8000-0000000004a3', '{id}', '{admin}', 'Amostra', 60, false, 'concedido', '{now}',
                         timestamptz '{now}' + interval '1 day');
                 INSERT INTO platform.passagem (token_hash, unidade_id, suporte_id, admin_sessao_id, created_at, expires_at)
                 VALUES ('\\x{hex}', '{id}', '0190000{mark}-0000-7000-8000-0000000004a3', '{sessao}', '{now}',
                         timestamptz '{now}' + interval '1 day')",
                now = testkit::NOW,
            ))
            .await;
        ids.insert("passagem", link.reveal());
    }

    /// Somebody with a sessão in the other unidade, who has an account here and comes over by it, and who would be linked to others.
    pub(super) async fn vizinha(&self, unidade: &Unidade, ids: &mut Ids) {
        let other = if unidade.id == self.base.alfa.id { &self.base.beta } else { &self.base.alfa };
        let mark = if unidade.slug.as_str() == "alfa" { "a" } else { "b" };
        let (browser, enters, links) = (Segredo::draw(), Segredo::draw(), Segredo::draw());
        let hex = |secret: &Segredo| secret.hash().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let [there, here, far, near, pessoa] =
            [430, 431, 432, 433, 434].map(|n| format!("0190000{mark}-0000-7000-8000-000000000{n}"));
        let sessao = format!("fffffff{mark}-0000-7000-8000-000000000435");
        let account = |unidade: &Unidade, id: &str, conta: &str| {
            format!(
                "INSERT INTO {schema}.usuario (id, nome, email, perfil_id, conta_id, passagem, created_at, updated_at)
                 SELECT '{id}', 'Vera', 'vera.{mark}@fora.example', id, '{conta}', true, now(), now()
                 FROM {schema}.perfil WHERE nome = 'Leitor';
                 INSERT INTO platform.conta (id, pessoa_id, circulo_id, unidade_id, usuario_id, linked_at, last_used_at)
                 VALUES ('{conta}', '{pessoa}', '{pessoa}', '{unidade}', '{id}', '{now}', '{now}');",
                schema = unidade.names().schema(),
                unidade = unidade.id,
                now = testkit::NOW,
            )
        };
        let way = |token: &Segredo, links: bool| {
            format!(
                "INSERT INTO platform.passagem (token_hash, unidade_id, created_at, expires_at, de_unidade_id, de_usuario_id, de_sessao_id,
                                                navegador_hash, vincula)
                 VALUES ('\\x{}', '{}', '{now}', timestamptz '{now}' + interval '1 day', '{}', '{there}', '{sessao}', '\\x{}', {links});",
                hex(token),
                unidade.id,
                other.id,
                hex(&browser),
                now = testkit::NOW,
            )
        };
        self.base
            .execute(&format!(
                "INSERT INTO platform.pessoa (id, created_at) VALUES ('{pessoa}', '{now}'); {} {}
                 INSERT INTO {schema}.sessao (id, usuario_id, token_hash, method, created_at, last_used_at, idle_until, expires_at)
                 VALUES ('{sessao}', '{there}', '\\x{mark}0', 'senha', '{now}', '{now}', timestamptz '{now}' + interval '1 day',
                         timestamptz '{now}' + interval '1 day'); {} {}",
                account(other, &there, &far),
                account(unidade, &here, &near),
                way(&enters, false),
                way(&links, true),
                schema = other.names().schema(),
                now = testkit::NOW,
            ))
            .await;
        ids.insert("vizinha", other.slug.to_string());
        ids.insert("navegador", hex(&browser));
        ids.insert("passagem.navegador", browser.reveal());
        ids.insert("passagem.entrar", enters.reveal());
        ids.insert("passagem.vincular", links.reveal());
    }
}
