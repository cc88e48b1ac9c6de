INSERT INTO agenda_assinatura (id, usuario_id, alcance, hash, created_at)
SELECT '01900000-0000-7000-8000-000000000930', id, 'minha', '\x0a', '2026-11-26T12:00:00Z' FROM usuario ORDER BY id LIMIT 1;
