INSERT INTO etiqueta (id, nome, cor, created_at)
VALUES ('01900000-0000-7000-8000-000000000240', 'Feira 2026', 'azul', '2026-11-22T12:00:00Z'),
       ('01900000-0000-7000-8000-000000000241', 'Inovação', 'verde', '2026-11-22T12:00:00Z'),
       ('01900000-0000-7000-8000-000000000242', 'Sem uso', 'cinza', '2026-11-22T12:00:00Z');
INSERT INTO empresa_etiqueta (empresa_id, etiqueta_id)
VALUES ('01900000-0000-7000-8000-000000000201', '01900000-0000-7000-8000-000000000240');
INSERT INTO empresa_lote (id, action, consulta, changed, unchanged, created_at, etiqueta_id)
VALUES ('01900000-0000-7000-8000-000000000231', 'etiquetar', 'uf=SC', 1, 0, '2026-11-22T12:00:00Z', '01900000-0000-7000-8000-000000000240');
