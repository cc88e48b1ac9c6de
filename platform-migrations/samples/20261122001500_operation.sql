INSERT INTO platform.backup (id, unidade_id, kind, nome, bytes, sha256, tables, rows, schema_version, started_at, finished_at)
VALUES ('01900000-0000-7000-8000-0000000000a4', '01900000-0000-7000-8000-0000000000a1', 'archive', 'amostra.sri', 1, sha256('x'), 1, 1, 1,
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:01Z');
INSERT INTO platform.move (unidade_id, source, target, step, status_before, started_at, updated_at)
VALUES ('01900000-0000-7000-8000-0000000000a1', 'principal', 'segundo', 'done', 'active', '2026-11-22T12:00:00Z', '2026-11-22T12:00:01Z');
INSERT INTO platform.scratch (id, placement, purpose, created_at)
VALUES ('01900000-0000-7000-8000-0000000000a5', 'principal', 'spare', '2026-11-22T12:00:00Z');
