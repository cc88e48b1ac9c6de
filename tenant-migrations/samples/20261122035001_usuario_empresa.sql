INSERT INTO usuario_empresa (usuario_id, empresa_id, created_at)
SELECT u.id, e.id, '2026-11-22T12:00:00Z' FROM usuario u, empresa e ORDER BY u.id, e.id LIMIT 1;
