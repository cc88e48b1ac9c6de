INSERT INTO chave (id, usuario_id, nome, credencial_id, content, created_at)
VALUES ('01900000-0000-7000-8000-000000000405', '01900000-0000-7000-8000-000000000101', 'Celular', '\x09', '{}', '2026-11-22T12:00:00Z');
INSERT INTO desafio (token_hash, usuario_id, kind, state, created_at, expires_at)
VALUES ('\x0a', '01900000-0000-7000-8000-000000000101', 'fator', '{}', '2026-11-22T12:00:00Z', '2026-11-22T12:05:00Z');
