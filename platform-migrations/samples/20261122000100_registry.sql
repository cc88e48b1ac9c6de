INSERT INTO platform.unidade (id, slug, codigo, nome, placement, status, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-0000000000a1', 'amostra', '9.99', 'SENAI Amostra', 'principal', 'active', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
INSERT INTO platform.provisioning (unidade_id, step, admin_nome, admin_email, requested_at, updated_at)
VALUES ('01900000-0000-7000-8000-0000000000a1', 'done', 'Ana', 'ana@senai.example', '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z');
INSERT INTO platform.spare (id, placement, schema_version, login_secret, ready_at)
VALUES ('01900000-0000-7000-8000-0000000000a2', 'principal', 1, '\x00', '2026-11-22T12:00:00Z');
INSERT INTO platform.auditoria (id, at, actor_kind, actor_nome, action)
VALUES ('01900000-0000-7000-8000-0000000000a3', '2026-11-22T12:00:00Z', 'sistema', 'SRI', 'unidade.provisionada');
