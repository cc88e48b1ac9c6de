INSERT INTO contato (id, empresa_id, nome, cargo, papel, email, telefone, created_at, updated_at)
SELECT '01900000-0000-7000-8000-000000000210', id, 'Sueli Ramos', 'Gerente de RH', 'rh', 'sueli@aurora.example', '+5547999990001',
       '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z'
FROM empresa WHERE cnpj = '12ABC34501DE35';
INSERT INTO contato (id, empresa_id, nome, created_at, updated_at, deleted_at, version)
SELECT '01900000-0000-7000-8000-000000000211', id, 'Nilo Prado', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z', 2
FROM empresa WHERE cnpj = '12ABC34501DE35';
