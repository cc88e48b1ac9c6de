INSERT INTO ref.cnae (codigo, nome) VALUES ('Z', 'Amostra');
