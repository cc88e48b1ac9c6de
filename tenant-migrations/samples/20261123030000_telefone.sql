INSERT INTO gateway (id, url, segredo, updated_at)
VALUES ('01900000-0000-7000-8000-000000030001', 'https://n8n.senai.example/webhook/sri', '\x00', now());
UPDATE usuario SET telefone = '+5547999990000' WHERE id = '01900000-0000-7000-8000-000000000101';
INSERT INTO entrada_telefone (id, token_hash, telefone, usuario_id, codigo_hash, created_at, expires_at)
VALUES ('01900000-0000-7000-8000-000000030002', '\x07', '+5547999990000', '01900000-0000-7000-8000-000000000101', '\x08', now(),
        now() + interval '10 minutes');
