INSERT INTO ausencia (id, usuario_id, motivo, data_inicio, data_fim, created_at)
SELECT '01900000-0000-7000-8000-000000000940', id, 'ferias', '2026-12-21', '2027-01-08', '2026-11-26T12:00:00Z' FROM usuario ORDER BY id LIMIT 1;
