UPDATE perfil SET segundo_fator = 'exigido' WHERE key = 'administrador';
UPDATE regra_entrada SET attempts = 3;
INSERT INTO fator (id, usuario_id, method, secret, last_step, created_at, confirmed_at)
VALUES ('01900000-0000-7000-8000-000000000401', '01900000-0000-7000-8000-000000000101', 'totp', '\x01', 59833333,
        '2026-11-22T12:00:00Z', '2026-11-22T12:01:00Z');
INSERT INTO codigo_reserva (usuario_id, hash, created_at)
VALUES ('01900000-0000-7000-8000-000000000101', '\x04', '2026-11-22T12:00:00Z');
INSERT INTO passo (id, usuario_id, token_hash, method, created_at, expires_at, codigo_hash, codigo_expires_at, codigo_sent, ip)
VALUES ('01900000-0000-7000-8000-000000000402', '01900000-0000-7000-8000-000000000101', '\x05', 'senha', '2026-11-22T12:00:00Z',
        '2026-11-22T12:15:00Z', '\x06', '2026-11-22T12:10:00Z', 1, '203.0.113.7');
INSERT INTO aparelho (id, usuario_id, token_hash, created_at, last_used_at, expires_at, trusted_until, ip, user_agent)
VALUES ('01900000-0000-7000-8000-000000000403', '01900000-0000-7000-8000-000000000101', '\x07', '2026-11-22T12:00:00Z',
        '2026-11-22T12:00:00Z', '2027-05-22T12:00:00Z', '2026-12-22T12:00:00Z', '203.0.113.7', 'Mozilla/5.0');
