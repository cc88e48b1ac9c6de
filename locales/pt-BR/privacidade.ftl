module-privacidade = Privacidade
permission-privacidade-titular-ver = Ver o que a unidade guarda sobre pessoas
privacidade-title = Privacidade (LGPD)
privacidade-sub = O que a unidade guarda sobre pessoas, por que e por quanto tempo

mapa-tab = Mapa de dados
mapa-title = Mapa de dados pessoais
mapa-sub = Registro das operações de tratamento (LGPD, art. 37): tudo o que o sistema guarda, para quê e por quanto tempo
mapa-sensivel = Nenhum campo pede dados sensíveis (art. 5º, II), como saúde, religião ou biometria. Só textos livres e arquivos poderiam contê-los: oriente a equipe a não registrá-los ali.
mapa-export = Exportar
mapa-operacao = Operação
mapa-fim = Finalidade
mapa-titulares = De quem
mapa-base = Base legal
mapa-tabela = Tabela
mapa-coluna = Coluna
mapa-classe = O que diz de pessoas
mapa-guarda = Por quanto tempo
mapa-de-usuarios = Pessoas que usam o sistema
mapa-de-contatos = Contatos das empresas e pessoas que usam o sistema
mapa-de-qualquer = Qualquer pessoa registrada
mapa-de-admins = Administradores da plataforma
mapa-de-publico = Titulares de registros públicos
mapa-de-ninguem = Ninguém
mapa-base-contrato = Execução de contrato (art. 7º, V)
mapa-base-lei = Obrigação legal (art. 7º, II; Marco Civil da Internet, art. 15)
mapa-base-interesse = Legítimo interesse no relacionamento com a indústria (art. 7º, IX)
mapa-base-publico = Dados tornados públicos por lei (art. 7º, § 3º)
mapa-base-nenhuma = Não se aplica: não há dado pessoal

operacao-contas = Contas de usuário
operacao-contas-fim = Saber quem trabalha no sistema, o que pode fazer e quem responde por cada conta de serviço.
operacao-entrada = Entrada e sessões
operacao-entrada-fim = Deixar entrar quem pode e ninguém mais: senhas (só o resumo criptográfico), segundo fator, aparelhos e sessões.
operacao-preferencias = Preferências
operacao-preferencias-fim = Mostrar o sistema a cada pessoa do jeito que ela escolheu.
operacao-cadastro = Empresas e contatos
operacao-cadastro-fim = Atender as empresas: quem são, com quem falar e quem é responsável por elas.
operacao-planilhas = Planilhas importadas e exportadas
operacao-planilhas-fim = Trazer o cadastro de planilhas, poder desfazer e entregar listas a quem as pediu.
operacao-documentos = Documentos
operacao-documentos-fim = Guardar, junto de cada registro, os arquivos que a equipe anexou.
operacao-mensagens = E-mails e notificações
operacao-mensagens-fim = Avisar as pessoas do que lhes diz respeito e poder mostrar o que foi enviado.
operacao-trilha = Auditoria
operacao-trilha-fim = Poder mostrar quem fez o quê, quando e de onde, e que ninguém alterou esse registro.
operacao-privacidade = Direitos dos titulares
operacao-privacidade-fim = Comprovar o que foi feito a pedido dos titulares dos dados.
operacao-referencia = Registros públicos
operacao-referencia-fim = Preencher o cadastro a partir do que a Receita Federal publica.
operacao-plataforma = Operação da plataforma
operacao-plataforma-fim = Criar, manter e proteger todas as unidades.
operacao-tecnica = Funcionamento do sistema
operacao-tecnica-fim = Tabelas que não dizem nada de ninguém.

classe-nenhum = Nada de pessoas
classe-vinculo = Vínculo (número interno)
classe-identificacao = Identificação
classe-contato = Contato
classe-profissional = Vida profissional
classe-credencial = Credencial (cifrada ou resumida)
classe-acesso = Registro de acesso
classe-preferencia = Preferência
classe-texto-livre = Texto livre
classe-copia = Cópia de valores anteriores
classe-arquivo = Arquivo

guarda-conta = Enquanto a conta existir, ou até a pessoa ser apagada
guarda-cadastro = Enquanto o cadastro precisar, ou até a pessoa ser apagada
guarda-junto = Com o registro a que pertence
guarda-dias = { $n ->
    [one] 1 dia depois de encerrado
   *[other] { $n } dias depois de encerrado
}
guarda-trilha = Registros de acesso: os meses que a unidade definiu (ao menos 6). O resto: sem prazo, para o exercício de direitos
guarda-unidade = Enquanto a unidade existir
guarda-instalacao = Definido por quem opera a plataforma

audit-privacidade-mapa-exportado = Exportou o mapa de dados
audit-entity-privacidade = Privacidade

permission-privacidade-titular-apagar = Apagar os dados de uma pessoa
titulares-tab = Titulares
titulares-sub = Encontre uma pessoa e veja tudo o que a unidade guarda sobre ela
titulares-search = Nome, e-mail ou telefone
titulares-find = Buscar
titulares-kind = É
titulares-begin = De quem são os dados?
titulares-hint = Digite ao menos três letras do nome ou do e-mail, ou seis números do telefone.
titulares-short = Faltam letras
titulares-none = Ninguém encontrado
titulares-none-hint = A busca alcança usuários e contatos de empresas, também os que estão na lixeira. Confira a grafia ou tente só o sobrenome.
dossie-title = Dossiê de { $nome }
dossie-titular = Titular
dossie-onde = Onde
dossie-registro = Registro
dossie-campo = Campo
dossie-valor = Valor
dossie-export = Entregar o dossiê
dossie-note = Esta consulta ficou registrada na auditoria. O que aparece só pelo nome completo pode ser de um homônimo: confira antes de entregar.
dossie-registros = { $n ->
    [one] 1 registro
   *[other] { $n } registros
}
dossie-more = { $n ->
    [one] Mais 1 registro está nos arquivos para entrega.
   *[other] Mais { $n } registros estão nos arquivos para entrega.
}
acervo-conta = Conta de usuário
acervo-conta-guarda = Fica uma conta sem nome e sem e-mail, para que o que a pessoa fez continue a ter um autor, que já não é ninguém.
acervo-acesso = Entradas, sessões e aparelhos
acervo-preferencia = Preferências e visões
acervo-convite = Convites
acervo-mensagem = E-mails enviados
acervo-notificacao = Notificações
acervo-trilha = Auditoria
acervo-trilha-guarda = Fica por obrigação legal (Marco Civil da Internet, art. 15) e para o exercício de direitos (LGPD, art. 7º, VI; art. 16, I). O que fala da pessoa sai ao fim do prazo da unidade; a autoria do que ela fez permanece.
acervo-contato = Contatos de empresas
acervo-empresa = Cadastro de empresas
acervo-empresa-guarda = Ficam a razão social, o CNPJ e o endereço da empresa, que são dela, mesmo quando trazem o nome de alguém.
acervo-planilha = Planilhas importadas e exportadas
acervo-documento = Documentos
acervo-documento-guarda = Fica o conteúdo dos arquivos anexados, que o sistema não lê: confira-os e exclua os que tratam da pessoa.
apagar-begin = Apagar
apagar-title = Apagar os dados de uma pessoa
apagar-sub = Direito do titular à eliminação (LGPD, art. 18, IV e VI)
apagar-preview = O que acontece em cada lugar
apagar-back = Voltar ao dossiê
apagar-nome-off = Só é apagado o que traz o e-mail ou o telefone da pessoa, ou está ligado ao registro dela.
apagar-nome-with = Apagar também onde só o nome completo aparece
apagar-nome-on = Textos com o nome completo também são apagados, mesmo que sejam de um homônimo.
apagar-nome-without = Deixar esses textos como estão
apagar-decide = Decidir
apagar-warning = Não há como desfazer. Nem restaurar um backup traz a pessoa de volta. Planilhas ainda não importadas são descartadas e arquivos exportados deixam de existir, porque podem conter a pessoa.
apagar-confirmacao = Digite o nome da pessoa
apagar-confirmacao-help = Como aparece acima.
apagar-submit = Apagar para sempre
invalid-apagar-confirmacao = Não é o nome da pessoa. Nada foi apagado.
efeito-counts = { $apagados ->
    [one] 1 apagado
   *[other] { $apagados } apagados
} · { $anonimizados ->
    [one] 1 anonimizado
   *[other] { $anonimizados } anonimizados
} · { $mantidos ->
    [one] 1 mantido
   *[other] { $mantidos } mantidos
}
toast-apagado = Pessoa apagada. Este é o recibo.
recibos-title = Recibos
recibos-sub = O que já foi apagado a pedido de titulares, sem dizer de quem
recibos-none = Ninguém foi apagado ainda
recibos-none-hint = Procure a pessoa em Titulares, confira o dossiê e apague a partir dele.
recibo-sub = Recibo de eliminação de dados pessoais
recibo-protocolo = Protocolo
recibo-unidade = Unidade
recibo-at = Apagado em
recibo-actor = Por
recibo-reapplied = Reaplicado após restauração em
recibo-por-nome = Textos em que só o nome completo aparecia também foram apagados.
recibo-note = Este recibo não diz de quem eram os dados: entregue o número do protocolo ao titular. Se um backup anterior for restaurado, o apagamento é repetido sozinho.
audit-privacidade-dossie-reunido = Viu ou entregou o dossiê de uma pessoa
audit-privacidade-titular-apagado = Apagou os dados de uma pessoa
dado-nome = Nome
dado-email = E-mail
dado-telefone = Telefone
dado-cargo = Cargo
dado-papel = Papel
dado-setor = Setor
dado-perfil = Perfil
dado-idioma = Idioma
dado-fuso = Fuso horário
dado-ativo = Ativo
dado-empresa = Empresa
dado-empresas = Empresas
dado-permissoes = Permissões
dado-tokens = Tokens
dado-cnpj = CNPJ
dado-observacoes = Observações
dado-contato-nome = Nome do contato
dado-contato-cargo = Cargo do contato
dado-responsavel-nome = Responsável
dado-created-at = Desde
dado-deleted-at = Excluído em
dado-last-seen-at = Último acesso
dado-last-used-at = Último uso
dado-ended-at = Encerrado em
dado-expires-at = Vale até
dado-used-at = Usado em
dado-revoked-at = Cancelado em
dado-sent-at = Enviado em
dado-read-at = Lido em
dado-at = Quando
dado-action = Ação
dado-ip = Endereço IP
dado-user-agent = Navegador
dado-method = Meio
dado-before = Antes
dado-after = Depois
dado-recipient = Destinatário
dado-subject = Assunto
dado-state = Situação
dado-key = Assunto
dado-args = Valores
dado-lista = Lista
dado-consulta = Consulta
dado-arquivo = Arquivo
dado-linha = Linha
dado-valores = Valores
dado-documento = Documento
dado-pasta = Pasta
dado-versao = Versão
dado-enviado-por = Enviado por
titular-usuario = Usuário
audit-entity-contato = Contato

notice-pedido = Pedidos de titulares
notice-pedido-help = O que pediram à unidade e o prazo que a lei dá. No painel não se desliga.
notice-incidente = Prazo de incidentes
notice-incidente-help = O relógio de três dias úteis da ANPD. No painel não se desliga.
dado-kind = Aviso
dado-channel = Por onde
dado-wanted = Quer
dado-updated-at = Desde
