INSERT INTO importacao (id, file_name, hash, bytes, content, state, inspection, sheet, mapping, mode, counts, actor_nome, created_at)
VALUES ('01900000-0000-7000-8000-000000000304', 'espera.csv', '\x04', 3, '\x413b42', 'fila', '{"kind": "csv", "sheets": [], "dialect": null}', 0,
        '[]', 'criar', '{}', 'SRI', '2026-11-22T12:03:00Z');
INSERT INTO importacao (id, file_name, hash, bytes, state, inspection, sheet, mapping, mode, counts, actor_nome, created_at, finished_at, problem)
VALUES ('01900000-0000-7000-8000-000000000305', 'foto.csv', '\x05', 3, 'ilegivel', '{"kind": "csv", "sheets": [], "dialect": null}', 0,
        '[]', 'criar', '{}', 'SRI', '2026-11-22T12:03:00Z', '2026-11-22T12:04:00Z', '{"field": "arquivo", "code": "sheet-not-a-sheet", "args": []}');
