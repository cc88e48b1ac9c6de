INSERT INTO recuperacao (id, usuario_id, token_hash, created_at, expires_at)
VALUES ('01900000-0000-7000-8000-000000000404', '01900000-0000-7000-8000-000000000101', '\x08', '2026-11-22T12:00:00Z',
        '2026-11-22T12:30:00Z');
