-- When e-mails that can wait may reach a person. No row: at any time, each by itself.
CREATE TABLE notificacao_horario (
    usuario_id uuid CONSTRAINT notificacao_horario_pkey PRIMARY KEY
        CONSTRAINT notificacao_horario_usuario_fkey REFERENCES usuario (id) ON DELETE CASCADE,
    -- As the clocks show it where they are; over midnight when it ends earlier than it begins.
    silencio_inicio time,
    silencio_fim time,
    -- All in one letter at this hour.
    resumo_hora smallint CONSTRAINT notificacao_horario_resumo CHECK (resumo_hora BETWEEN 0 AND 23),
    updated_at timestamptz NOT NULL,
    CONSTRAINT notificacao_horario_silencio CHECK
        ((silencio_inicio IS NULL) = (silencio_fim IS NULL) AND silencio_inicio <> silencio_fim)
);

ALTER TABLE mensagem
    -- A letter that its reader's hours may hold back, and until when they did.
    ADD COLUMN waits boolean NOT NULL DEFAULT false,
    ADD COLUMN hold_until timestamptz,
    -- The one letter that it went into.
    ADD COLUMN resumo_id uuid CONSTRAINT mensagem_resumo_fkey REFERENCES mensagem (id) ON DELETE SET NULL;
CREATE INDEX mensagem_resumo_idx ON mensagem (resumo_id) WHERE resumo_id IS NOT NULL;
-- held: waits for the one letter of the day; gathered: went into it.
ALTER TABLE mensagem DROP CONSTRAINT mensagem_state;
ALTER TABLE mensagem ADD CONSTRAINT mensagem_state CHECK (state IN ('queued', 'sent', 'failed', 'dead', 'held', 'gathered'));
-- Looked at by whoever sees to what did not arrive.
CREATE INDEX mensagem_dead_idx ON mensagem (created_at DESC, id DESC) WHERE state = 'dead';

-- What a person looks for in what they were told: by kind, and by words in any language of the product.
ALTER TABLE notificacao
    ADD COLUMN kind text,
    ADD COLUMN busca text NOT NULL DEFAULT '';
UPDATE notificacao SET
    busca = ext.sem_acento(args::text),
    kind = CASE
        WHEN key LIKE 'importacao-notice%' THEN 'empresas.importacao'
        WHEN key LIKE 'exportacao-notice%' THEN 'empresas.exportacao'
        WHEN key = 'reconsulta-notice-mudou' THEN 'empresas.mudanca'
        WHEN key LIKE 'reconsulta-notice%' THEN 'empresas.reconsulta'
        WHEN key LIKE 'pedido-notice%' THEN 'privacidade.pedido'
        WHEN key LIKE 'incidente-notice%' THEN 'privacidade.incidente'
        WHEN key = 'senha-link-notice' THEN 'acesso.conta'
        WHEN key = 'suporte-notice' THEN 'acesso.suporte'
    END;
