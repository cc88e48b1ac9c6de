INSERT INTO auditoria_selo (numero, kind, sealed_at, ids, hashes, previous, digest, horizon, loaded_tx)
VALUES (1, 'selo', '2026-11-22T12:00:00Z', '{01900000-0000-7000-8000-000000000001}', sha256('a'), sha256(''), sha256('b'), 1, NULL);
