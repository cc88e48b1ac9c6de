INSERT INTO arquivo (id, kind, bytes, hash, miniatura, created_at)
VALUES ('01900000-0000-7000-8000-000000000901', 'pdf', 44, '\x01', false, '2026-11-22T12:00:00Z'),
       ('01900000-0000-7000-8000-000000000902', 'png', 70, '\x02', true, '2026-11-22T12:00:00Z');
UPDATE arquivo_uso SET bytes = 114;
INSERT INTO documento (id, entity, entity_id, pasta, nome, versao, created_at, updated_at, deleted_at)
VALUES ('01900000-0000-7000-8000-000000000911', 'empresa', '01900000-0000-7000-8000-000000000201', 'Contratos', 'contrato.pdf', 1,
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z', NULL),
       ('01900000-0000-7000-8000-000000000912', 'empresa', '01900000-0000-7000-8000-000000000201', '', 'fachada.png', 1,
        '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z');
INSERT INTO documento_versao (documento_id, number, arquivo_id, nome, actor_nome, created_at)
VALUES ('01900000-0000-7000-8000-000000000911', 1, '01900000-0000-7000-8000-000000000901', 'contrato.pdf', 'SRI', '2026-11-22T12:00:00Z'),
       ('01900000-0000-7000-8000-000000000912', 1, '01900000-0000-7000-8000-000000000902', 'fachada.png', 'SRI', '2026-11-22T12:00:00Z');
