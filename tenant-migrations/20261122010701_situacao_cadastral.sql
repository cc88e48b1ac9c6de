-- Where the CNPJ stands with the Receita Federal, as somebody outside said it; NULL: never asked.
ALTER TABLE empresa ADD COLUMN situacao_cadastral text
    CONSTRAINT empresa_situacao_cadastral CHECK (situacao_cadastral IN ('ativa', 'suspensa', 'inapta', 'baixada', 'nula'));
-- Since when it stands so.
ALTER TABLE empresa ADD COLUMN data_situacao_cadastral date;
-- When somebody was asked and said so.
ALTER TABLE empresa ADD COLUMN situacao_cadastral_at timestamptz;
