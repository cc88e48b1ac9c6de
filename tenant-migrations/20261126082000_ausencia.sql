-- Days on which somebody is not there: the calendar shows them, and whoever plans something with them is told.
CREATE TABLE ausencia (
    id uuid CONSTRAINT ausencia_pkey PRIMARY KEY,
    usuario_id uuid NOT NULL CONSTRAINT ausencia_usuario_id_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- Nothing about anybody's health: why somebody is ill is nobody's affair here.
    motivo text NOT NULL CONSTRAINT ausencia_motivo CHECK (motivo IN ('ferias', 'treinamento', 'folga', 'outro')),
    data_inicio date NOT NULL,
    data_fim date NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ausencia_fim CHECK (data_fim >= data_inicio)
);
CREATE INDEX ausencia_usuario_id_idx ON ausencia (usuario_id, data_inicio);
CREATE INDEX ausencia_data_fim_idx ON ausencia (data_fim, data_inicio);

-- Whoever sees the calendar sees in it who is away; whoever coordinates writes it down for others.
INSERT INTO perfil_permissao (perfil_id, permissao, escopo)
SELECT perfil_id, 'acesso.ausencia.ver', 'todas' FROM perfil_permissao WHERE permissao = 'agenda.agenda.ver'
UNION ALL
SELECT id, 'acesso.ausencia.gerir', 'todas' FROM perfil WHERE key = 'coordenador'
ON CONFLICT ON CONSTRAINT perfil_permissao_pkey DO NOTHING;
