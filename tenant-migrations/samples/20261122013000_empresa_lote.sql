INSERT INTO empresa_lote (id, action, consulta, changed, unchanged, created_at)
VALUES ('01900000-0000-7000-8000-000000000230', 'situacao', 'uf=SC', 1, 2, '2026-11-22T12:00:00Z');
INSERT INTO empresa_lote_linha (lote_id, empresa_id, version, situacao)
VALUES ('01900000-0000-7000-8000-000000000230', '01900000-0000-7000-8000-000000000201', 1, 'prospect');
