INSERT INTO platform.job (unidade_id, name, payload, key, lane, run_at, attempts, state, last_error, dead_at)
VALUES
    ('01900000-0000-7000-8000-0000000000a1', 'amostra.ready', '{"id": 1}', 'amostra', NULL, '2026-11-22T12:00:00Z', 0, 'ready', NULL, NULL),
    (NULL, 'amostra.dead', '{}', NULL, 'fila', '2026-11-22T12:00:00Z', 25, 'dead', 'given up', '2026-11-22T13:00:00Z');
INSERT INTO platform.schedule (name, share, due_at)
VALUES ('amostra', '00000000-0000-0000-0000-000000000000', '2026-11-22T03:00:00Z');
