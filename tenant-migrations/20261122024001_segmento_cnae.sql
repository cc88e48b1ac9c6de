-- Which activities belong to a segmento: codes of CNAE, each with all that is a part of it. The longest that fits proposes
-- the segmento of an empresa whose CNAE is known.
ALTER TABLE segmento ADD COLUMN cnaes text[] NOT NULL DEFAULT '{}';

UPDATE segmento s SET cnaes = v.cnaes
FROM (VALUES
    ('Alimentos e bebidas', ARRAY['10', '11', '56']), ('Automotivo', ARRAY['29', '45']), ('Cerâmica', ARRAY['234']),
    ('Construção civil', ARRAY['41', '42', '43']), ('Couro e calçados', ARRAY['15']), ('Eletroeletrônico', ARRAY['26', '27']),
    ('Energia', ARRAY['06', '192', '193', '35']), ('Gráfico e editorial', ARRAY['18', '58']),
    ('Logística', ARRAY['49', '50', '51', '52', '53']), ('Metalmecânica', ARRAY['25', '28', '33']),
    ('Minerais não metálicos', ARRAY['08', '23']), ('Moveleiro', ARRAY['31']), ('Naval', ARRAY['301']),
    ('Papel e celulose', ARRAY['17']), ('Plástico e borracha', ARRAY['22']), ('Químico', ARRAY['19', '20', '21']),
    ('Serviços', ARRAY['69', '70', '71', '72', '73', '74', '77', '78', '80', '81', '82', '95', '96']),
    ('Siderurgia', ARRAY['24']), ('Tecnologia da informação', ARRAY['62', '63']), ('Têxtil e vestuário', ARRAY['13', '14'])
) AS v (nome, cnaes)
WHERE s.busca = ext.sem_acento(v.nome);
