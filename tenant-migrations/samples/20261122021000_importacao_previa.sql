INSERT INTO importacao (id, file_name, hash, bytes, content, state, inspection, sheet, mapping, mode, counts, actor_nome, created_at, escolha)
VALUES ('01900000-0000-7000-8000-000000000303', 'previa.csv', '\x03', 3, '\x413b42', 'previa', '{"kind": "csv", "sheets": [], "dialect": null}', 0,
        '["cnpj", "nome"]', 'ambos', '{"rows": 1, "recusadas": 1}', 'SRI', '2026-11-22T12:02:00Z', 'preencher');
INSERT INTO importacao_linha (importacao_id, number, situacao, problems, cells, raw, edits, escolha, preferida, cnpj, segmento)
VALUES ('01900000-0000-7000-8000-000000000303', 2, 'recusada', '[{"field": "nome", "code": "required", "args": []}]', '[]',
        '\x02000000000000000100000000', '{"1": ""}', 'pular', true, '19131243000197', 'Couro');
