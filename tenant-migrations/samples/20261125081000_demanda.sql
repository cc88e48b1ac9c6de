INSERT INTO demanda_tipo (id, nome, cor, prazo_dias, created_at)
VALUES ('01900000-0000-7000-8000-000000000801', 'Ensaio de laboratório', 'verde', NULL, '2026-11-22T12:00:00Z');
INSERT INTO setor (id, nome, created_at) VALUES ('01900000-0000-7000-8000-000000000802', 'Metrologia', '2026-11-22T12:00:00Z');
INSERT INTO demanda_etapa (id, nome, situacao, cor, posicao, padrao, created_at)
VALUES ('01900000-0000-7000-8000-000000000803', 'Aguardando empresa', 'em_andamento', 'vermelho', 7, false, '2026-11-22T12:00:00Z');
INSERT INTO feriado (data_feriado, nome) VALUES ('2026-03-09', 'Aniversário de Joinville');
INSERT INTO demanda (id, empresa_id, titulo, descricao, tipo_id, setor_id, etapa_id, situacao, valor_estimado, responsavel_id, responsavel_nome,
                     contato_id, data_prazo, iniciada_at, etapa_at, version, created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000804', e.id, 'Calibração de paquímetros', 'Quarenta paquímetros por ano', '01900000-0000-7000-8000-000000000801',
       '01900000-0000-7000-8000-000000000802', '01900000-0000-7000-8000-000000000803', 'em_andamento', 12345.67,
       (SELECT id FROM usuario ORDER BY id LIMIT 1), 'Marina Costa', '01900000-0000-7000-8000-000000000210', '2026-12-04',
       '2026-11-22T13:00:00Z', '2026-11-22T13:00:00Z', 2, '2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z'
FROM empresa e WHERE e.cnpj = '12ABC34501DE35';
INSERT INTO demanda (id, empresa_id, titulo, descricao, tipo_id, etapa_id, situacao, motivo, etapa_at, version, created_at, updated_at, deleted_at)
SELECT '01900000-0000-7000-8000-000000000805', e.id, 'Curso de solda', 'Para doze pessoas', t.id, s.id, 'cancelada', 'Sem orçamento',
       '2026-10-02T12:00:00Z', 3, '2026-10-01T12:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z'
FROM empresa e, demanda_tipo t, demanda_etapa s WHERE e.cnpj = '12ABC34501DE35' AND t.nome = 'Curso' AND s.situacao = 'cancelada' AND s.padrao;
INSERT INTO demanda (id, empresa_id, titulo, descricao, tipo_id, etapa_id, situacao, valor_estimado, responsavel_nome, concluida_at, etapa_at, version,
                     created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000806', e.id, 'Linha de pintura', 'Automação da linha', t.id, s.id, 'concluida', 900000.00, 'Alguém de antes',
       '2019-05-01T12:00:00Z', '2019-05-01T12:00:00Z', 1, '2019-03-01T12:00:00Z', '2026-11-22T12:00:00Z'
FROM empresa e, demanda_tipo t, demanda_etapa s WHERE e.cnpj = '12ABC34501DE35' AND t.nome = 'Tecnologia' AND s.situacao = 'concluida' AND s.padrao;
INSERT INTO demanda_passagem (id, demanda_id, etapa_id, situacao, inicio_at, fim_at)
SELECT '01900000-0000-7000-8000-000000000807', '01900000-0000-7000-8000-000000000804', id, 'nova', '2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z'
FROM demanda_etapa WHERE situacao = 'nova' AND padrao;
INSERT INTO demanda_passagem (id, demanda_id, etapa_id, situacao, inicio_at)
VALUES ('01900000-0000-7000-8000-000000000808', '01900000-0000-7000-8000-000000000804', '01900000-0000-7000-8000-000000000803', 'em_andamento',
        '2026-11-22T13:00:00Z');
INSERT INTO projeto (id, demanda_id, empresa_id, titulo, valor, data_inicio, data_fim, responsavel_nome, situacao, version, created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000809', '01900000-0000-7000-8000-000000000806', e.id, 'Linha de pintura', 870000.00, '2019-05-02', '2019-12-20',
       'Alguém de antes', 'em_execucao', 1, '2019-05-01T12:00:00Z', '2026-11-22T12:00:00Z'
FROM empresa e WHERE e.cnpj = '12ABC34501DE35';
INSERT INTO demanda_documento (demanda_id, documento_id, anexo)
VALUES ('01900000-0000-7000-8000-000000000804', '01900000-0000-7000-8000-000000000911', 'proposta');
