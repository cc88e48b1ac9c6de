INSERT INTO ref.municipio (codigo, nome, uf, fuso) VALUES (1, 'Amostra', 'SC', 'America/Sao_Paulo');
