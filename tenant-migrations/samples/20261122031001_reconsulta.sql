INSERT INTO reconsulta (id, usuario_id, consulta, state, total, alteradas, created_at, finished_at)
SELECT '01900000-0000-7000-8000-000000000320', id, 'uf=SC', 'concluida', 1, 1, '2026-11-22T12:00:00Z', '2026-11-22T12:05:00Z'
FROM usuario ORDER BY created_at LIMIT 1;
INSERT INTO reconsulta_linha (reconsulta_id, empresa_id, position, resultado, before, after, answered_at)
SELECT r.id, e.id, 1, 'alterada', 'ativa', 'baixada', '2026-11-22T12:04:00Z'
FROM reconsulta r CROSS JOIN (SELECT id FROM empresa ORDER BY id LIMIT 1) e;
