INSERT INTO importacao (id, file_name, hash, bytes, content, state, inspection, sheet, mapping, mode, counts, actor_nome, created_at)
VALUES ('01900000-0000-7000-8000-000000000301', 'empresas.csv', '\x01', 3, '\x413b42', 'previa', '{}', 0, '["nome", null]', 'criar', '{}', 'SRI',
        '2026-11-22T12:00:00Z');
INSERT INTO importacao_linha (importacao_id, number, situacao, problems, cells)
VALUES ('01900000-0000-7000-8000-000000000301', 2, 'recusada', '[{"column": 0, "code": "required", "args": {}}]', '["", "B"]');
INSERT INTO importacao_mapping (key, mapping, used_at) VALUES ('shape', '["nome", null]', '2026-11-22T12:00:00Z');
UPDATE empresa SET importacao_id = '01900000-0000-7000-8000-000000000301' WHERE id = '01900000-0000-7000-8000-000000000201';
