INSERT INTO empresa (id, cnpj, nome, situacao, uf, data_cadastro, created_at, updated_at, version)
VALUES ('01900000-0000-7000-8000-000000000203', '98XYZ123000158', 'Tornearia Boreal', 'prospect', 'SC', '2026-11-22', '2026-11-22T12:00:00Z',
        '2026-11-22T12:00:00Z', 1);
INSERT INTO empresa (id, cnpj, nome, situacao, uf, data_cadastro, created_at, updated_at, deleted_at, version)
VALUES ('01900000-0000-7000-8000-000000000204', '12ABC345000340', 'Metalúrgica Aurora ME', 'prospect', 'SC', '2026-11-22', '2026-11-22T12:00:00Z',
        '2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z', 2);
INSERT INTO empresa_par (first_id, last_id, raiz, nome, email, telefone, score)
VALUES ('01900000-0000-7000-8000-000000000201', '01900000-0000-7000-8000-000000000203', false, 0, true, false, 25);
INSERT INTO empresa_mescla (id, empresa_id, mesclada_id, actor_nome, created_at, before, after, moved)
VALUES ('01900000-0000-7000-8000-000000000250', '01900000-0000-7000-8000-000000000201', '01900000-0000-7000-8000-000000000204', 'SRI',
        '2026-11-22T13:00:00Z', '{}', '{}', '{}');
