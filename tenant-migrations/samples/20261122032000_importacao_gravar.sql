INSERT INTO importacao (id, file_name, hash, bytes, content, state, inspection, sheet, mapping, mode, counts, actor_nome, created_at, confirmada_por)
VALUES ('01900000-0000-7000-8000-000000000306', 'grande.csv', '\x06', 3, '\x413b42', 'gravando', '{"kind": "csv", "sheets": [], "dialect": null}', 0,
        '["cnpj", "nome"]', 'criar', '{"rows": 20000, "novas": 20000}', 'SRI', '2026-11-22T12:05:00Z', '01900000-0000-7000-8000-000000000101');
INSERT INTO importacao_andamento (importacao_id, done, total, cancelled)
VALUES ('01900000-0000-7000-8000-000000000306', 1000, 20000, false);
