INSERT INTO provedor (id, tipo, nome, emissor, client_id, segredo, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-000000060001', 'oidc', 'FIESC', 'https://login.fiesc.example', 'sri', '\x00', now(), now());
INSERT INTO usuario_provedor (provedor_id, subject, usuario_id, email, created_at)
VALUES ('01900000-0000-7000-8000-000000060001', 'a1b2', '01900000-0000-7000-8000-000000000101', 'ana@fiesc.example', now());
INSERT INTO entrada_provedor (id, token_hash, provedor_id, usuario_id, path, created_at, expires_at)
VALUES ('01900000-0000-7000-8000-000000060002', '\x09', '01900000-0000-7000-8000-000000060001',
        '01900000-0000-7000-8000-000000000101', '/', now(), now() + interval '10 minutes');
