INSERT INTO visao_padrao (usuario_id, lista, visao_id, created_at)
SELECT usuario_id, lista, id, '2026-11-22T12:00:00Z' FROM visao WHERE id = '01900000-0000-7000-8000-000000000220';
