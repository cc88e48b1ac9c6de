-- Which perfis enter by senha, or by chave. Administradores always may: no unidade locks itself out.
ALTER TABLE perfil
    ADD COLUMN entrada_senha boolean NOT NULL DEFAULT true
        CONSTRAINT perfil_entrada_senha CHECK (entrada_senha OR NOT administrador);
