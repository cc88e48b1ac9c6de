# Signing in, one's account, people and programs of the unidade.
lang-name = Português (Brasil)

login-title = Entrar
login-sub = Use o e-mail e a senha da sua conta nesta unidade.
login-email = E-mail
login-senha = Senha
login-submit = Entrar
error-login = E-mail ou senha não conferem. Confira os dois e tente de novo.
error-login-wait = Foram muitas tentativas sem acerto. Espere 15 minutos, entre de um aparelho que você já usou ou troque a senha em “Esqueci a senha”.

invalid-senha-short =
    { $min ->
        [one] Use pelo menos { $min } caractere.
       *[other] Use pelo menos { $min } caracteres.
    }
invalid-senha-long =
    { $max ->
        [one] Use no máximo { $max } caractere.
       *[other] Use no máximo { $max } caracteres.
    }
invalid-senha-weak = Esta senha é fácil de adivinhar. Junte algumas palavras que só façam sentido para você.

usuario-nome = Nome

conta-title = Minha conta
conta-about = Sobre você
conta-idioma = Idioma
conta-idioma-help = Vale também para os e-mails que você recebe.
conta-idioma-none = O da unidade ou do navegador
conta-fuso = Fuso horário
conta-fuso-help = As datas e horas das telas seguem este fuso.
foto-title = Sua foto
foto-sub = Aparece ao lado do seu nome para as pessoas da unidade.
foto-open = Trocar a foto
foto-now = Sua foto atual
foto-now-sub = É assim que os outros veem você.
foto-none-sub = Sem foto, aparecem as iniciais do seu nome.
foto-file = Escolher uma foto
foto-help = PNG ou JPEG de até 8 MB. Fica só o quadrado do meio, pequeno; o local e os outros dados que a câmera anota não são guardados.
foto-remove = Remover a foto
foto-remove-question = Remover a foto? As iniciais do nome aparecem no lugar dela.
toast-foto = A foto foi trocada.
toast-foto-removed = A foto foi removida.
conta-fuso-unidade = O da unidade
conta-sessoes = Onde você está conectado
conta-sessoes-sub = Não reconhece um destes aparelhos? Encerre a sessão dele.

sessao-current = Este aparelho
sessao-used = em uso
sessao-end = Encerrar
sessao-end-others = Encerrar todas as outras
sessao-end-others-question = Encerrar todas as sessões, menos a deste aparelho? Quem as usa terá de entrar de novo.

toast-outro-caminho = A sua unidade pede que você entre por outro caminho. Use as outras opções desta página ou fale com quem administra.
toast-saved = Alterações salvas.
toast-session-ended = Sessão encerrada.
toast-signed-out = Você saiu. Até logo!

convite-title = Bem-vindo
convite-sub = { $nome }, escolha a senha com que você vai entrar. Seu perfil é { $perfil }.
convite-senha = Senha
convite-senha-help = Pelo menos 12 caracteres. Uma frase que só você conhece é mais segura do que símbolos.
convite-senha2 = Repita a senha
convite-submit = Criar minha conta
invalid-senha-differs = As duas senhas são diferentes. Digite de novo.
invalid-email-taken = Já há uma conta com este e-mail.
error-email-taken = Já há uma conta com este e-mail. Entre com ela ou fale com quem administra a unidade.

convite-mail-subject = Convite para o SRI de { $unidade }
convite-mail-heading = Olá, { $nome }
convite-mail-by = { $nome } convidou você para o SRI de { $unidade }.
convite-mail-first = O SRI de { $unidade } está pronto, e você é a primeira pessoa a administrá-lo.
convite-mail-what = Escolha uma senha para criar a sua conta.
convite-mail-action = Criar minha conta
convite-mail-note =
    { $n ->
        [one] Este link funciona uma vez, durante { $n } dia. Se você não esperava este convite, apague esta mensagem.
       *[other] Este link funciona uma vez, durante { $n } dias. Se você não esperava este convite, apague esta mensagem.
    }

entrada-title = Entrar uma vez
entrada-sub = Este link deixa { $nome } ({ $email }) entrar sem senha, uma única vez.
entrada-submit = Entrar
entrada-until = Funciona até
error-not-administrador = A conta com este e-mail está desativada ou não é de administrador.

link-over-title = Este link não funciona mais
link-over-why = Ele já foi usado, foi substituído por um mais novo ou venceu. Se você ainda precisa dele, peça outro a quem o enviou.
link-over-login = Ir para a entrada

nav-configuracoes = Configurações
frame-my-account = Minha conta
configuracoes-nothing = Nada para configurar aqui
configuracoes-nothing-hint = O seu perfil não permite mudar nenhuma configuração. Quem administra a unidade pode mudar isso.
list-actions = Ações
list-actions-of = Ações de { $nome }

modulos-title = Módulos
modulos-sub = O que esta unidade usa. Quem liga e desliga módulos é a administração da plataforma.
modulo-off = { $nome }: desligado
identidade-title = Identidade visual
identidade-sub = Nome, logo e cores da unidade em todas as telas, relatórios e e-mails.
identidade-who = Nome
identidade-nome = Nome da unidade
identidade-nome-help = Como as pessoas a chamam, por exemplo SENAI Joinville.
identidade-logo = Logo
identidade-logo-now = Logo atual
identidade-logo-remove = Retirar o logo
identidade-logo-file = Escolher uma imagem
identidade-logo-help = PNG ou JPEG de até 2 MB. Um fundo transparente funciona melhor nos dois temas.
identidade-cores = Cores
identidade-cores-padrao = As do SENAI
identidade-cores-proprias = Próprias da unidade
identidade-primaria = Primária
identidade-destaque = Destaque
identidade-contrast-on = sobre o branco
identidade-contrast-good = Lê-se bem.
identidade-contrast-low = É clara demais: nos textos usamos um tom mais escuro dela.
identidade-contrast-help = Nos dois temas, o sistema ajusta cada cor até que textos e botões possam ser lidos por todos (WCAG AA).
identidade-idioma-browser = O do navegador de cada pessoa
identidade-habits = Para quem ainda não escolheu
identidade-habits-help = Tema e idioma da tela de entrada e de cada pessoa nova; cada uma troca os seus quando quiser. O idioma vale também nos e-mails a quem não escolheu um.
invalid-cor-invalid = Escolha uma cor da paleta.
invalid-imagem-format = Este arquivo não é uma imagem PNG ou JPEG inteira.
invalid-imagem-large = A imagem tem mais de { $max } MB.
invalid-imagem-size =
    { $max ->
        [one] A imagem tem mais de { $max } ponto de lado.
       *[other] A imagem tem mais de { $max } pontos de lado.
    }

usuarios-title = Usuários
usuarios-sub = Quem entra nesta unidade, com qual perfil, e os convites em aberto.
usuarios-count =
    { $n ->
        [0] nenhum usuário
        [one] { $n } usuário
       *[other] { $n } usuários
    }
usuarios-search = Buscar por nome ou e-mail
usuarios-invite = Convidar
usuario-perfil = Perfil
usuario-situacao = Situação
usuario-active = Ativo
usuario-inactive = Desativado
usuario-last-seen = Último acesso
usuario-never-seen = nunca entrou
usuario-deactivate = Desativar
usuario-deactivate-question = Desativar { $nome }? As sessões desta pessoa terminam agora, e ela não poderá mais entrar. O que ela registrou fica.
usuario-reactivate = Reativar
error-usuario-own = Ninguém desativa a própria conta. Peça a outra pessoa que administra a unidade.
error-usuario-last-administrador = Esta é a única pessoa ativa que administra a unidade. Convide outra antes de desativá-la.
error-usuario-unchanged = Isso já estava feito.

convidar-title = Convidar
convidar-sub = A pessoa recebe um e-mail com um link para escolher a própria senha. O link vale por 7 dias.
convidar-perfil-help = O perfil decide o que a pessoa vê e pode fazer.
convidar-submit = Enviar convite
convites-open = Convites em aberto
convite-over = venceu
convite-revoke = Cancelar convite
convite-again = Enviar de novo
convite-link = Criar link
convite-link-title = Link do convite
convite-link-question = { $nome } não recebeu o e-mail? Crie o link do convite e entregue-o em mãos ou por um meio em que você confie. Com ele, a pessoa escolhe a própria senha; você não fica sabendo qual é.
convite-link-told = O link vale por sete dias e uma única vez. Os enviados antes deixam de valer, e a criação fica na auditoria.
convite-link-back = Voltar aos usuários
link-make = Criar link
link-made = Link criado.
link-once = Copie-o agora: ele não será mostrado de novo.

usuarios-more = Mais
usuarios-export = Exportar
usuarios-import = Importar usuários
usuarios-import-sub = Convide muitas pessoas de uma vez com uma planilha. Ninguém recebe nada antes de você conferir.
usuarios-modelo = Baixar modelo
usuarios-modelo-hint = Uma pessoa por linha, na primeira aba. Nesta estão as explicações.
usuarios-modelo-nome = Nome completo. Obrigatório.
usuarios-modelo-email = Para onde vai o convite. Obrigatório.
usuarios-modelo-perfil = Um destes: { $list }. Em branco, vale o que você escolher na prévia.
usuarios-modelo-setor = A área em que a pessoa trabalha. Pode ficar em branco.
usuarios-import-file = Escolha a planilha
usuarios-import-file-help = XLSX ou CSV de até 2 MB e 500 pessoas, com nome e e-mail.
usuarios-import-send = Ler a planilha
usuarios-step-done = Convites enviados
usuarios-default-perfil = Perfil de quem não tem um na planilha
usuarios-default-perfil-help = Só aparecem os perfis que você pode dar.
usuarios-ready = Pronta
usuarios-again = Novo convite
usuarios-refused = Fica de fora
usuarios-to-invite =
    { $n ->
        [0] Nenhuma pessoa será convidada.
        [one] { $n } pessoa será convidada.
       *[other] { $n } pessoas serão convidadas.
    }
usuarios-invited =
    { $n ->
        [one] { $n } pessoa convidada
       *[other] { $n } pessoas convidadas
    }
usuarios-left-out =
    { $n ->
        [0] Nenhuma linha ficou de fora.
        [one] { $n } linha fica de fora.
       *[other] { $n } linhas ficam de fora.
    }
usuarios-import-confirm = Enviar convites
usuarios-import-discard = Descartar
toast-usuarios-imported = Convites enviados.
toast-usuarios-import-discarded = Planilha descartada. Ninguém foi convidado.
invalid-usuarios-email-twice = Este e-mail já está na linha { $row }.
invalid-usuarios-perfil-unknown = Não há um perfil com este nome.
invalid-usuarios-perfil-beyond = Este perfil permite mais do que o seu.
invalid-usuarios-no-lines = Não há nenhuma pessoa nesta planilha.
error-usuarios-import-changed = Algo mudou desde que você viu esta prévia. Confira de novo e confirme.
error-usuarios-import-nobody = Nenhuma linha está pronta. Corrija a planilha ou as colunas.

tokens-title = Tokens de API
tokens-sub = Programas que usam a API desta unidade, cada um com as permissões que você escolher.
tokens-none = Nenhum token ainda
tokens-none-hint = Crie um para que outro sistema leia ou grave dados desta unidade sem a senha de ninguém.
token-new = Novo token
token-nome = Programa
token-nome-help = Para que você o reconheça na lista, por exemplo Integração ERP.
token-permissoes = Permissões
token-permissoes-help = Só aparecem as que você mesmo tem.
token-expires = Vale até
token-days =
    { $n ->
        [one] { $n } dia
       *[other] { $n } dias
    }
token-create = Criar token
token-created = Token criado.
token-created-once = Copie-o agora: ele não será mostrado de novo.
token-active = Ativo
token-revoked = Revogado
token-expired = Vencido
token-last-used = Último uso
token-never-used = nunca
token-revoke = Revogar
token-revoke-question = Revogar o token { $nome }? O programa que o usa deixa de ter acesso agora.
token-limite = Pedidos por minuto
token-limite-help = De 10 a 60.000. Quem passa do limite espera o próximo minuto.
token-limite-save = Mudar
invalid-limite = Escolha de { $min } a { $max } pedidos por minuto.
toast-token-limite = O limite não foi mudado: escolha de 10 a 60.000 pedidos por minuto.
token-servico = Em nome de
token-servico-own = você: vale enquanto a sua conta valer
token-servico-help = Um token de uma conta de serviço continua valendo quando quem o criou sai da unidade.
invalid-token-beyond-servico = A conta de serviço não tem todas estas permissões. Tire as que faltam a ela ou mude o perfil dela.
token-chave = Chave de assinatura
token-chave-what = Cada token é assinado com uma chave só desta unidade. Ao trocar de chave, os tokens novos saem com a nova, e os antigos continuam valendo até o fim do prazo deles.
token-chave-one = Chave
token-chave-in-use = em uso
token-chave-ended = encerrada em
token-chave-tokens =
    { $n ->
        [0] nenhum token ativo
        [one] { $n } token ativo
       *[other] { $n } tokens ativos
    }
token-chave-change = Trocar a chave
token-chave-question = Trocar a chave de assinatura? Os tokens criados a partir de agora usam a nova.
token-chave-end = Encerrar agora todos os tokens assinados com as chaves anteriores
token-chave-end-help = Marque se um token ou um servidor caiu em mãos erradas: todos os programas precisarão de tokens novos.
toast-token-chave = Chave trocada.
toast-token-chave-changed = A chave já havia sido trocada. Confira a que está em uso.

auditoria-title = Auditoria
auditoria-sub = Quem fez o quê, quando e de onde. Nada aqui pode ser alterado.
audit-visao-guardada = Guardou uma visão
audit-visao-excluida = Excluiu uma visão
audit-search = Buscar por pessoa ou ação
audit-from = De
audit-until = Até
audit-who = Quem
audit-at = Quando
audit-what = O quê
audit-ip = Endereço IP
audit-details = Detalhes
audit-show = Ver
audit-nobody = Sem identificação
actor-usuario = Pessoa
actor-token = Programa
actor-sistema = Sistema
actor-plataforma = Plataforma
actor-anonimo = Sem identificação
audit-acesso-entrou = Entrou
audit-acesso-saiu = Saiu
audit-acesso-entrada-recusada = Tentou entrar e não conseguiu
audit-acesso-tentativas-esgotadas = Esgotou as tentativas de entrar
audit-acesso-entrada-criada = Criou um link de entrada única
audit-acesso-sessao-encerrada = Encerrou uma sessão
audit-acesso-sessoes-encerradas = Encerrou as outras sessões
audit-acesso-recusado = Acesso recusado
audit-convite-enviado = Enviou um convite
audit-convite-revogado = Cancelou um convite
audit-convite-reenviado = Enviou um convite de novo
audit-convite-link-criado = Criou o link de um convite
audit-token-criado = Criou um token
audit-token-chave-trocada = Trocou a chave de assinatura dos tokens
audit-token-limitado = Mudou o limite de um token
audit-servico-criado = Criou uma conta de serviço
audit-token-revogado = Revogou um token
audit-unidade-identidade-alterada = Mudou a identidade visual
audit-unidade-restaurada = Restaurou a unidade de um backup
audit-aparencia-alterada = Mudou como vê uma lista
audit-acesso-entrada-fechada = Tentou entrar por um caminho que a unidade fechou ao seu perfil
audit-usuario-alterado = Mudou um usuário
audit-usuario-foto-trocada = Trocou a sua foto
audit-usuario-foto-removida = Removeu a foto de um usuário
audit-usuario-criado = Criou um usuário
audit-usuario-senha-link-criado = Criou um link para alguém escolher a senha
audit-usuario-exportado = Exportou a lista de usuários
audit-usuario-importado = Importou usuários de uma planilha
audit-usuario-desativado = Desativou um usuário
audit-usuario-reativado = Reativou um usuário

permission-acesso-configuracao-ver = Abrir as configurações
permission-acesso-identidade-alterar = Mudar nome, logo e cores da unidade
permission-acesso-usuario-ver = Ver os usuários
permission-acesso-usuario-gerir = Convidar, mudar, desativar e excluir usuários
permission-acesso-token-gerir = Criar e revogar tokens de API
permission-acesso-auditoria-ver = Ver a auditoria

toast-invited = Convite enviado.
toast-invitation-revoked = Convite cancelado.
toast-deactivated = Usuário desativado.
toast-reactivated = Usuário reativado.
toast-token-revoked = Token revogado.

conta-senha = Senha
conta-senha-sub = Ao trocar a senha, as sessões dos outros aparelhos terminam.
conta-senha-atual = Senha atual
conta-senha-nova = Senha nova
conta-senha-submit = Salvar senha
invalid-senha-atual = A senha atual não confere.
toast-senha-changed = Senha salva.
audit-usuario-senha-alterada = Trocou a própria senha

toast-aparencia = Lista mostrada como você escolheu.
toast-visao-guardada = Visão guardada.
toast-visao-excluida = Visão esquecida.
toast-visao-nome = Dê um nome à visão, com até 60 letras.
toast-visao-too-many = Você já tem 50 visões desta lista; esqueça uma antes.
error-visao-too-many = Você já tem 50 visões desta lista; esqueça uma antes.
error-visao-nothing = Filtre ou ordene a lista antes de guardar a visão.

notificacoes-title = Notificações
notificacoes-sub = Guardadas por 90 dias.
notificacoes-all = Todas
notificacoes-unread = Não lidas
notificacoes-none = Nada por aqui
notificacoes-none-hint = Quando algo que você começou terminar, ou alguém precisar de você, avisamos aqui.
notificacoes-read-all = Marcar todas como lidas
notificacoes-see-all = Ver todas
notificacao-mark = Marcar como lida: { $text }
notificacao-mark-short = Marcar como lida
notificacao-unread = não lida
toast-notificacoes-lidas = Notificações marcadas como lidas.
toast-visao-padrao = A lista passa a abrir com esta visão.
toast-visao-sem-padrao = A lista volta a abrir inteira.
audit-visao-preferida = Escolheu com que visão uma lista abre

primeiros-title = Primeiros passos
primeiros-done = { $done } de { $n } feitos
primeiros-dismiss = Não mostrar mais
primeiros-all = Está tudo pronto
primeiros-all-hint = A unidade tem tudo de que precisa para começar.
primeiros-go = Começar a trabalhar
primeiros-step-done = feito
primeiros-step-go = Fazer agora
step-identidade = Dê a cara da sua unidade
step-identidade-text = Logo e cores aparecem em todas as páginas, relatórios e e-mails.
step-pessoas = Convide quem trabalha com você
step-pessoas-text = Cada pessoa entra com o próprio e-mail e vê o que o perfil dela permite.

perfis-title = Perfis
perfis-sub = O que cada perfil pode fazer. Uma mudança vale já na próxima página de quem o tem.
perfil-new = Novo perfil
perfil-new-sub = Comece do que outro perfil pode fazer e ajuste o que for diferente.
perfil-create = Criar perfil
perfil-open = Abrir
perfil-copy = Copiar
perfil-delete = Excluir
perfil-delete-question = Excluir o perfil { $nome }? Ninguém o tem; o que ele podia fazer fica na auditoria.
perfil-descricao = Para quem é
perfil-descricao-help = Uma frase que ajude a escolher o perfil certo.
perfil-from = Começar de
perfil-from-help = Só podem ser copiados os que não podem mais do que você.
perfil-from-nothing = Nada
perfil-from-product = { $nome } (do produto)
perfil-everything = pode tudo
perfil-everything-text = Quem tem este perfil pode tudo nesta unidade, também o que módulos novos trouxerem. Ele não pode ser alterado.
perfil-preset = como veio do produto
perfil-preset-changed = mudado pela unidade
perfil-own = da unidade
perfil-beyond = Este perfil pode mais do que você. Só quem pode o mesmo, ou mais, o altera.
perfil-find = Buscar permissão
perfil-reset = Voltar ao original
perfil-reset-question = Voltar o perfil { $nome } ao que veio do produto? O que a unidade mudou nele se perde.
escopo-nenhum = Não
escopo-sim = Sim
escopo-proprias = Próprias
escopo-vinculadas = Vinculadas
escopo-todas = Todas
module-acesso = Acesso e configurações
module-empresas = Empresas
module-relacionamento = Relacionamento
error-perfil-fixed = Este perfil pode tudo e não pode ser alterado nem copiado.
error-perfil-in-use = Este perfil ainda é de alguém. Dê outro perfil a quem o tem antes de excluí-lo.
convites-count =
    { $n ->
        [0] nenhum convite
        [one] { $n } convite
       *[other] { $n } convites
    }
toast-perfil-created = Perfil criado. Agora diga o que ele pode.
toast-perfil-reset = O perfil voltou ao que veio do produto.
toast-perfil-deleted = Perfil excluído.
audit-perfil-criado = Criou um perfil
audit-perfil-alterado = Mudou um perfil
audit-perfil-excluido = Excluiu um perfil
permission-acesso-perfil-gerir = Definir perfis e permissões

fonte-administrador = O perfil { $nome } pode tudo.
fonte-perfil = O perfil { $nome } dá: { $escopo }.
fonte-perfil-nao = O perfil { $nome } não dá.
fonte-concessao = Concessão de { $nome }: { $escopo }.
fonte-concessao-ate = Concessão de { $nome }: { $escopo }, até { $ate }.
fonte-revogacao = Negada por { $nome }.
fonte-revogacao-ate = Negada por { $nome }, até { $ate }.
fonte-vencida = O que { $nome } havia decidido valeu até { $ate }.
fonte-vinculo = Vale nas empresas vinculadas à pessoa e naquelas de que ela é responsável.
why-from = De onde vem

usuario-open = Abrir
usuario-edit = Editar
usuario-delete = Excluir
usuario-delete-question = Excluir { $nome } de vez? A pessoa não entra mais, e os tokens que criou deixam de valer. O que ela registrou fica com o nome dela.
usuario-tipo = Tipo
usuario-pessoa = Pessoa
servico = Conta de serviço
servico-new = Nova conta de serviço
servico-edit = Editar conta de serviço
servico-sub = Um programa com perfil e tokens próprios. Não tem senha e não entra nas telas; só usa a API.
servico-nome-help = O nome do programa, por exemplo Integração ERP.
servico-descricao = Para que serve
servico-descricao-help = O que o programa faz e de onde roda, para quem o encontrar daqui a anos.
servico-perfil-help = Os tokens da conta não passam do que o perfil permite. Um perfil de administrador não pode ser dado a um programa.
servico-responsaveis = Responsáveis
servico-responsaveis-help = As pessoas que respondem pelo programa. Pelo menos uma.
servico-orphan = Ninguém responde por esta conta de serviço.
servico-orphan-hint = Quem respondia saiu. Edite a conta e escolha outra pessoa.
servico-tokens-none = Nenhum token ativo. Sem um token, o programa não usa a API.
servico-deactivate-question = Desativar { $nome }? Os tokens desta conta deixam de valer agora, e o programa perde o acesso.
servico-delete-question = Excluir { $nome } de vez? Os tokens desta conta deixam de valer. O que ela registrou fica com o nome dela.
senha-link-title = Link para escolher a senha
senha-link-question = { $nome } não recebe e-mails? Crie um link de uso único e entregue-o em mãos ou por um meio em que você confie. Com ele, a pessoa escolhe a própria senha; você não fica sabendo qual é.
senha-link-told = O link vale por 30 minutos, encerra as sessões abertas e não dispensa a segunda etapa. A pessoa é avisada, e o uso fica na auditoria.
senha-link-back = Voltar à ficha
senha-link-notice = { $nome } criou um link para que a sua senha seja trocada. Não pediu? Fale com quem administra a unidade.
invalid-servico-administrador = Um programa não pode ter um perfil que permite tudo.
invalid-servico-responsavel = Escolha pelo menos uma pessoa ativa.
toast-servico-created = Conta de serviço criada. Crie agora um token para ela.
usuario-setor = Setor
usuario-setor-help = A área da unidade em que a pessoa trabalha.
usuario-since = Usuário desde
usuario-trail = O que fez, na auditoria
usuario-key-facts = Em resumo
usuario-tab-ficha = Ficha
usuario-tab-permissoes = Permissões
usuario-permissoes = O que pode e por quê
usuario-own-perfil-help = O seu próprio perfil é mudado por outra pessoa que administra a unidade.
usuario-many-confirm = Sim, deve haver mais uma pessoa que pode tudo
error-usuario-many-administradores = Já há duas pessoas que podem tudo nesta unidade; recomendamos não ter mais. Se é isso mesmo, confirme abaixo.
error-usuario-own-perfil = Ninguém muda aqui o próprio perfil ou o próprio e-mail. Peça a outra pessoa que administra a unidade.
toast-usuario-deleted = Usuário excluído.
audit-usuario-excluido = Excluiu um usuário
ajuste-title = Conceder ou negar uma permissão
ajuste-sub = Vale só para esta pessoa, além do que diz o perfil { $nome }.
ajuste-permissao = Permissão
ajuste-what = O que muda
ajuste-todas = Conceder, em todas as empresas
ajuste-vinculadas = Conceder, nas empresas vinculadas
ajuste-proprias = Conceder, nas próprias empresas
ajuste-nenhuma = Negar
ajuste-until = Até
ajuste-until-help = O último dia em que vale. Em branco, vale até alguém retirar.
ajuste-submit = Aplicar
ajuste-take-back = Retirar
ajuste-take-back-one = Retirar o que foi decidido sobre: { $nome }
direitos-held = { $n } de { $total }
error-permissao-own = Ninguém muda as próprias permissões. Peça a outra pessoa que administra a unidade.
error-permissao-administrador = Quem pode tudo não precisa de concessões, e nada lhe é negado. Mude antes o perfil.
toast-permissao-ajustada = Permissão ajustada. Vale já na próxima página da pessoa.
toast-permissao-retirada = Vale de novo o que diz o perfil.
audit-usuario-permissao-concedida = Concedeu uma permissão
audit-usuario-permissao-negada = Negou uma permissão
audit-usuario-permissao-retirada = Retirou o que foi decidido sobre uma permissão

# O que cada um quer ouvir
preferencias-title = Minhas notificações
preferencias-sub = O que você quer saber, e por onde. O que você silencia no painel fica guardado, já como lido.
preferencias-open = Escolher
preferencias-kind = Aviso
preferencias-panel = Painel
preferencias-email = E-mail
preferencias-telefone = Telefone
preferencias-always = Sempre
preferencias-letter = Carta própria
preferencias-never = Nunca
preferencias-reset = Voltar ao padrão
preferencias-reset-question = Voltar ao padrão da casa em todos os avisos?
preferencias-no-mail = Esta unidade não envia e-mail: os avisos chegam só pelo painel. O que você escolher vale quando ela voltar a enviar.
preferencias-no-number = Seu cadastro não tem telefone: peça a um administrador que o registre para receber avisos por WhatsApp ou SMS. O que você escolher vale a partir daí.
toast-preferencias = Suas notificações foram salvas.
toast-preferencias-padrao = Tudo voltou ao padrão.
parar-title = Parar estes e-mails?
parar-sub = Você não receberá mais e-mails do tipo “{ $nome }”. No painel eles continuam.
parar-submit = Parar
parar-done-title = Pronto
parar-done = Você não recebe mais e-mails do tipo “{ $nome }”. No painel eles continuam.
parar-choose = Escolher o que recebo
notice-conta = Segurança da conta
notice-conta-help = Senhas, aparelhos e entradas. Não se desliga: é o que um ladrão desligaria primeiro.
notice-suporte = Pedidos de acesso do suporte
notice-suporte-help = Alguém da plataforma pede para entrar na unidade. Não se desliga: só você pode permitir.
audit-notificacao-preferida = Notificações escolhidas
