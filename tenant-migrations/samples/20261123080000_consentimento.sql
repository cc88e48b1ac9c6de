INSERT INTO finalidade (id, versao, created_at)
VALUES ('01900000-0000-7000-8000-000000000290', 2, '2026-11-23T12:00:00Z');
INSERT INTO finalidade_versao (finalidade_id, versao, titulo, texto, renovar, created_at, created_by_nome)
VALUES ('01900000-0000-7000-8000-000000000290', 1, 'Boletim da unidade', 'Enviar notícias e cursos por e-mail.', false, '2026-11-23T12:00:00Z', 'Lia'),
       ('01900000-0000-7000-8000-000000000290', 2, 'Boletim da unidade', 'Enviar notícias, cursos e convites por e-mail.', true, '2026-11-23T13:00:00Z', 'Lia');
INSERT INTO consentimento_carta (id, finalidade_id, versao, nome, email, token_hash, created_at, created_by_nome, expires_at, resposta, respondido_at)
VALUES ('01900000-0000-7000-8000-000000000291', '01900000-0000-7000-8000-000000000290', 1, 'Rita Reis', 'rita@fora.example', '\x0c',
        '2026-11-23T12:10:00Z', 'Lia', '2026-12-23T12:10:00Z', 'dado', '2026-11-23T12:20:00Z');
INSERT INTO consentimento (id, protocolo, finalidade_id, versao, nome, email, meio, dado_at, carta_id, created_at)
VALUES ('01900000-0000-7000-8000-000000000292', 'CON-20261123-00000292', '01900000-0000-7000-8000-000000000290', 1, 'Rita Reis', 'rita@fora.example',
        'link', '2026-11-23T12:20:00Z', '01900000-0000-7000-8000-000000000291', '2026-11-23T12:20:00Z');
INSERT INTO consentimento (id, protocolo, finalidade_id, versao, titular_kind, titular_id, nome, email, meio, evidencia, dado_at,
                           registrado_por_nome, created_at, retirado_at, retirado_meio, retirado_evidencia, retirado_por_nome)
VALUES ('01900000-0000-7000-8000-000000000293', 'CON-20261123-00000293', '01900000-0000-7000-8000-000000000290', 1, 'contato',
        '01900000-0000-7000-8000-000000000210', 'Sueli Ramos', 'sueli@aurora.example', 'anotado', 'Ficha assinada na feira de 20/11, pasta 7',
        '2026-11-20T12:00:00Z', 'Lia', '2026-11-23T12:30:00Z', '2026-11-23T14:00:00Z', 'anotado', 'Pediu por telefone', 'Lia');
