INSERT INTO importacao (id, file_name, hash, bytes, content, state, inspection, sheet, mapping, mode, counts, actor_nome, created_at, finished_at)
VALUES ('01900000-0000-7000-8000-000000000304', 'antiga.csv', '\x04', 3, NULL, 'concluida', '{"kind": "csv", "sheets": [], "dialect": null}', 0,
        '["cnpj", "nome"]', 'ambos', '{"rows": 1, "novas": 1}', 'SRI', '2026-11-22T12:03:00Z', '2026-11-22T12:04:00Z');
INSERT INTO importacao_linha (importacao_id, number, situacao, problems, cells)
VALUES ('01900000-0000-7000-8000-000000000304', 2, 'nova', '[]', '["19131243000197", "Aurora"]');
