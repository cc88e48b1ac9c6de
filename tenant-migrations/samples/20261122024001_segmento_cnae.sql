INSERT INTO segmento (id, nome, cnaes, created_at) VALUES ('01900000-0000-7000-8000-000000000240', 'Aeroespacial', '{304}', '2026-11-22T12:00:00Z');
