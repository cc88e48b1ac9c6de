INSERT INTO usuario (id, nome, email, idioma, perfil_id, ativo, last_seen_at, created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000101', 'Marina Costa', 'marina.costa@senai.example', 'pt-BR', id, true, '2026-11-22T12:00:00Z',
       '2026-11-20T12:00:00Z', '2026-11-20T12:00:00Z'
FROM perfil WHERE key = 'administrador';
INSERT INTO credencial (id, usuario_id, method, secret, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-000000000102', '01900000-0000-7000-8000-000000000101', 'senha',
        '$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$u5J1mwfZkdPBn0vBLJ3u4JIhSm4uXq0OQ2P2o8Q1cD4',
        '2026-11-20T12:00:00Z', '2026-11-20T12:00:00Z');
INSERT INTO sessao (id, usuario_id, token_hash, method, created_at, last_used_at, idle_until, expires_at, ip, user_agent)
VALUES ('01900000-0000-7000-8000-000000000103', '01900000-0000-7000-8000-000000000101', '\x01', 'senha', '2026-11-22T12:00:00Z',
        '2026-11-22T12:05:00Z', '2026-11-22T12:35:00Z', '2026-11-23T00:00:00Z', '203.0.113.7', 'Mozilla/5.0');
INSERT INTO convite (id, nome, email, perfil_id, token_hash, created_at, created_by, expires_at)
SELECT '01900000-0000-7000-8000-000000000104', 'Diego Prado', 'diego.prado@senai.example', id, '\x02', '2026-11-22T12:00:00Z',
       '01900000-0000-7000-8000-000000000101', '2026-11-29T12:00:00Z'
FROM perfil WHERE key = 'atendente';
INSERT INTO entrada (id, usuario_id, token_hash, created_at, expires_at, used_at)
VALUES ('01900000-0000-7000-8000-000000000105', '01900000-0000-7000-8000-000000000101', '\x03', '2026-11-22T12:00:00Z',
        '2026-11-22T13:00:00Z', '2026-11-22T12:01:00Z');
INSERT INTO tentativa (key, count, expires_at) VALUES ('par:00', 2, '2026-11-22T12:15:00Z');
INSERT INTO token_api (id, nome, permissoes, created_at, created_by, created_by_nome, expires_at)
VALUES ('01900000-0000-7000-8000-000000000106', 'Integração ERP', '{empresas.empresa.ver}', '2026-11-22T12:00:00Z',
        '01900000-0000-7000-8000-000000000101', 'Marina Costa', '2027-11-22T12:00:00Z');
INSERT INTO logo (hash, type, bytes, created_at) VALUES ('00112233445566778899aabbccddeeff', 'image/png', '\x89504e47', '2026-11-22T12:00:00Z');
