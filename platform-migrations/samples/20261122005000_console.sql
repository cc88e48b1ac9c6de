INSERT INTO platform.admin (id, nome, email, senha, totp_secret, created_at)
VALUES ('01900000-0000-7000-8000-0000000000b1', 'Ana', 'ana@senai.example', '$argon2id$x', '\x00', '2026-11-22T12:00:00Z');
INSERT INTO platform.admin_convite (token_hash, email, totp_secret, expires_at)
VALUES ('\x01', 'bia@senai.example', '\x00', '2026-11-23T12:00:00Z');
INSERT INTO platform.admin_sessao (id, admin_id, token_hash, complete, created_at, last_used_at, expires_at)
VALUES ('01900000-0000-7000-8000-0000000000b2', '01900000-0000-7000-8000-0000000000b1', '\x02', true, '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T20:00:00Z');
INSERT INTO platform.admin_tentativa (key, failures, started_at) VALUES ('endereco:127.0.0.1', 1, '2026-11-22T12:00:00Z');
INSERT INTO platform.uso (unidade_id, rows, bytes, usuarios, measured_at)
VALUES ('01900000-0000-7000-8000-0000000000a1', 1, 1, 1, '2026-11-22T12:00:00Z');
