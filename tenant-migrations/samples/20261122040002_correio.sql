INSERT INTO correio (id, ativo, host, port, tls, conta, senha, remetente, updated_at)
VALUES ('01900000-0000-7000-8000-0000000000c0', true, 'mail.senai.example', 465, 'imediato', 'sri', '\x00', 'sri@senai.example', '2026-11-22T12:00:00Z');
