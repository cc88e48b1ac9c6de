INSERT INTO encarregado (id, nome, email, telefone, updated_at)
VALUES (1, 'Lia Encarregada', 'encarregada@senai.example', '+554733330000', '2026-11-23T12:00:00Z');
INSERT INTO pedido_titular (id, protocolo, tipo, origem, situacao, nome, email, texto, idioma, created_at, recebido_at, data_limite)
VALUES ('01900000-0000-7000-8000-000000000270', 'PED-20261123-00000270', 'acesso', 'formulario', 'recebido', 'Sueli Ramos',
        'sueli@aurora.example', 'O que vocês têm sobre mim?', 'pt-BR', '2026-11-23T12:00:00Z', '2026-11-23T12:05:00Z', '2026-12-08'),
       ('01900000-0000-7000-8000-000000000271', 'PED-20261123-00000271', 'confirmacao', 'formulario', 'a_confirmar', 'Outra Pessoa',
        'outra@aurora.example', NULL, 'pt-BR', '2026-11-23T12:00:00Z', NULL, NULL);
INSERT INTO pedido_link (token_hash, pedido_id, expires_at)
VALUES ('\x0b', '01900000-0000-7000-8000-000000000271', '2026-11-25T12:00:00Z');
INSERT INTO incidente (id, protocolo, titulo, descricao, conhecido_at, dados, riscos, afetados, decisao, justificativa, decidido_at,
                       registrado_por_nome, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-000000000280', 'INC-20261123-00000280', 'Planilha enviada ao endereço errado', 'Uma lista de contatos foi a outra empresa.',
        '2026-11-23T11:00:00Z', '{identificacao,contato}', '{}', 12, 'comunicar', 'Contatos expostos a um terceiro.', '2026-11-23T12:00:00Z',
        'Lia', '2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z');
INSERT INTO incidente_passo (id, incidente_id, kind, texto, actor_nome, created_at)
VALUES ('01900000-0000-7000-8000-000000000281', '01900000-0000-7000-8000-000000000280', 'registro', NULL, 'Lia', '2026-11-23T12:00:00Z');
INSERT INTO incidente_carta (id, incidente_id, assunto, texto, created_at)
VALUES ('01900000-0000-7000-8000-000000000282', '01900000-0000-7000-8000-000000000280', 'Sobre os seus dados', 'Uma planilha foi enviada por engano.',
        '2026-11-23T12:30:00Z');
INSERT INTO incidente_destinatario (carta_id, titular_kind, titular_id, written_at)
VALUES ('01900000-0000-7000-8000-000000000282', 'contato', '01900000-0000-7000-8000-000000000210', '2026-11-23T12:31:00Z');
