INSERT INTO visao (id, usuario_id, lista, nome, consulta, compartilhada, created_at)
SELECT '01900000-0000-7000-8000-000000000220', id, '/empresas', 'Prospects de SC', 'situacao=prospect&uf=SC', true, '2026-11-22T12:00:00Z'
FROM usuario ORDER BY id LIMIT 1;
