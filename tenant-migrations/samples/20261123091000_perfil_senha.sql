UPDATE perfil SET entrada_senha = false WHERE NOT administrador;
