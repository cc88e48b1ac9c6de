INSERT INTO visita (id, empresa_id, responsavel_id, responsavel_nome, inicio_at, fim_at, objetivo, local, situacao, version, created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000501', e.id, (SELECT id FROM usuario ORDER BY id LIMIT 1), 'Marina Costa', '2026-11-25T13:00:00Z',
       '2026-11-25T15:00:00Z', 'Levantar as necessidades de treinamento', 'Portaria 2', 'planejada', 1, '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z'
FROM empresa e WHERE e.cnpj = '12ABC34501DE35';
INSERT INTO visita (id, empresa_id, responsavel_nome, inicio_at, fim_at, objetivo, situacao, resumo, proximos_passos, chegada_at, latitude,
                    longitude, precisao, version, created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000502', e.id, 'Alguém de antes', '2019-03-01T11:00:00Z', '2019-03-01T12:00:00Z', 'Apresentar o SENAI',
       'realizada', 'Conversa com a direção', 'Enviar o catálogo', '2019-03-01T11:02:00Z', -26.3, -48.84, 12, 3, '2026-11-22T12:00:00Z',
       '2026-11-22T12:00:00Z'
FROM empresa e WHERE e.cnpj = '12ABC34501DE35';
INSERT INTO visita (id, empresa_id, responsavel_nome, inicio_at, fim_at, objetivo, situacao, motivo, version, created_at, updated_at, deleted_at)
SELECT '01900000-0000-7000-8000-000000000503', e.id, 'Marina Costa', '2026-10-01T11:00:00Z', '2026-10-01T12:00:00Z', 'Propor consultoria',
       'cancelada', 'A empresa pediu outra data', 2, '2026-09-22T12:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z'
FROM empresa e WHERE e.cnpj = '12ABC34501DE35';
INSERT INTO visita_participante (id, visita_id, contato_id)
VALUES ('01900000-0000-7000-8000-000000000504', '01900000-0000-7000-8000-000000000501', '01900000-0000-7000-8000-000000000210');
INSERT INTO visita_participante (id, visita_id, usuario_id)
SELECT '01900000-0000-7000-8000-000000000505', '01900000-0000-7000-8000-000000000502', id FROM usuario ORDER BY id LIMIT 1;
