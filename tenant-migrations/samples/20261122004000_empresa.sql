INSERT INTO segmento (id, nome, created_at) VALUES ('01900000-0000-7000-8000-000000000200', 'Indústria espacial', '2026-11-22T12:00:00Z');
INSERT INTO empresa (id, nome, nome_fantasia, cnpj, segmento_id, porte, situacao, uf, data_cadastro, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-000000000201', 'Metalúrgica Aurora Ltda', 'Aurora', '12ABC34501DE35', '01900000-0000-7000-8000-000000000200',
        'medio', 'estrategico', 'SC', '2026-11-22', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
INSERT INTO empresa (id, nome, cnpj, situacao, data_cadastro, version, created_at, updated_at, deleted_at)
VALUES ('01900000-0000-7000-8000-000000000202', 'Na lixeira S.A.', '19131243000197', 'inativo', '2026-11-22', 2, '2026-11-22T12:00:00Z',
        '2026-11-22T13:00:00Z', '2026-11-22T13:00:00Z');
