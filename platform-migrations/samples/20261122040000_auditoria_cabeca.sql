INSERT INTO platform.auditoria_cabeca (unidade_id, numero, digest, sealed_at, noted_at)
VALUES ('01900000-0000-7000-8000-0000000000a1', 1, sha256('b'), '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
