# Signing in, one's account, people and programs of the unidade.
lang-name = Português (Brasil)

login-title = Entrar
login-sub = Use o e-mail e a senha da sua conta nesta unidade.
login-email = E-mail
login-senha = Senha
login-submit = Entrar
error-login = E-mail ou senha não conferem. Confira os dois e tente de novo.
error-login-wait = Foram muitas tentativas sem acerto. Espere 15 minutos e tente de novo.

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
conta-idioma-browser = O do navegador
conta-sessoes = Onde você está conectado
conta-sessoes-sub = Não reconhece um destes aparelhos? Encerre a sessão dele.

sessao-current = Este aparelho
sessao-used = em uso
sessao-end = Encerrar
sessao-end-others = Encerrar todas as outras
sessao-end-others-question = Encerrar todas as sessões, menos a deste aparelho? Quem as usa terá de entrar de novo.

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
