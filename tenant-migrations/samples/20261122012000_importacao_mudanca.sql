INSERT INTO importacao (id, file_name, hash, bytes, state, inspection, sheet, mapping, mode, counts, actor_nome, created_at, finished_at, segmentos)
VALUES ('01900000-0000-7000-8000-000000000302', 'correcoes.csv', '\x02', 3, 'concluida', '{"kind": "csv", "sheets": [], "dialect": null}', 0,
        '["cnpj", "nome"]', 'atualizar', '{"rows": 1, "existentes": 1, "updated": 1}', 'SRI', '2026-11-22T12:00:00Z', '2026-11-22T12:01:00Z', '{}');
INSERT INTO importacao_mudanca (importacao_id, empresa_id, created, version_before, version_after, before)
VALUES ('01900000-0000-7000-8000-000000000302', '01900000-0000-7000-8000-000000000201', false, 0, 1,
        '{"nome": "Metalúrgica Aurora S.A.", "nome_fantasia": "Aurora", "situacao": "estrategico", "uf": "SC"}');
