-- A page of a search, or in the order of cidades, comes out of its index alone, like one by name: with 100 000 empresas the words and the filters are
-- compared in the order of the page, and most of the rows that do not fit would otherwise be fetched one by one.
DROP INDEX empresa_lista_idx;
CREATE INDEX empresa_lista_idx ON empresa (ordem, id)
    INCLUDE (situacao, uf, porte, segmento_id, municipio_id, responsavel_id, cnpj, cnae, busca) WHERE deleted_at IS NULL;
DROP INDEX empresa_cidade_idx;
CREATE INDEX empresa_cidade_idx ON empresa (cidade COLLATE "C", id)
    INCLUDE (situacao, uf, porte, segmento_id, municipio_id, responsavel_id) WHERE deleted_at IS NULL;
