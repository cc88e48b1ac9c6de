INSERT INTO aparencia (usuario_id, lista, ocultas, compacta, updated_at)
SELECT id, '/empresas', '{porte,responsavel}', true, '2026-11-22T12:00:00Z' FROM usuario ORDER BY id LIMIT 1;
