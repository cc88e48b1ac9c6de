INSERT INTO dispensa (usuario_id, created_at) SELECT id, '2026-11-22T12:00:00Z' FROM usuario ORDER BY id LIMIT 1;
