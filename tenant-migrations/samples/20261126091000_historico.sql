INSERT INTO historico_importacao (id, especie, file_name, hash, headers, lines, mapping, state, actor_id, actor_nome, created_at)
SELECT '01900000-0000-7000-8000-000000000950', 'visita', 'visitas.csv', '\x01', '{Empresa,Data}', '[{"n": 2, "c": ["Aurora", "10/02/2024"]}]',
       '{empresa,inicio}', 'previa', id, nome, '2026-11-26T12:00:00Z' FROM usuario ORDER BY id LIMIT 1;
