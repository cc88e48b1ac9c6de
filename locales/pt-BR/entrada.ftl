# The second factor, recovering the password, rules of signing in.

login-forgot = Esqueci a senha

passo-title = Confirme que é você
passo-ways = Como confirmar
passo-way-totp = Aplicativo
passo-way-email = E-mail
passo-way-chave = Chave de acesso
passo-way-reserva = Código de reserva
passo-totp-sub = Digite o código de 6 dígitos do aplicativo autenticador.
passo-email-sub = Enviamos um código de 6 dígitos para o e-mail da sua conta.
passo-email-send = Enviar código
passo-email-sent = Digite o código de 6 dígitos que enviamos para o e-mail da sua conta. Ele vale por 10 minutos.
passo-email-again = Enviar outro código
passo-email-stuck = O servidor de e-mail não está aceitando mensagens agora. Continuamos tentando; se você tem outra forma de confirmar, use-a.
passo-reserva-sub = Digite um dos códigos que você guardou quando ligou a segunda etapa. Cada um funciona uma vez.
passo-reserva = Código de reserva
passo-codigo = Código
passo-trust =
    { $n ->
        [one] Não pedir neste aparelho por { $n } dia
       *[other] Não pedir neste aparelho por { $n } dias
    }
passo-submit = Confirmar
passo-give-up = Voltar à entrada
passo-mail-subject = Seu código de entrada no SRI de { $unidade }
passo-mail-what =
    { $n ->
        [one] Digite este código para entrar. Ele funciona uma vez, por { $n } minuto, só no aparelho em que você o pediu.
       *[other] Digite este código para entrar. Ele funciona uma vez, por { $n } minutos, só no aparelho em que você o pediu.
    }
passo-mail-note = Ninguém da unidade vai pedir este código. Se você não está tentando entrar, alguém sabe a sua senha: troque-a.
invalid-codigo = Este código não confere, já foi usado ou venceu.
toast-passo-over = A confirmação terminou. Entre de novo.
toast-passo-wait = Foram muitos códigos errados. Espere 15 minutos e entre de novo.
toast-codigo-sent = Código enviado.
toast-codigo-enough = Já enviamos códigos demais. Use o último ou espere uma hora.

cadastrar-title = Proteja a sua conta
cadastrar-sub = O seu perfil pede uma segunda etapa ao entrar. Escolha como você quer confirmar que é você.
cadastrar-totp = Um aplicativo autenticador no celular (Google Authenticator, Microsoft Authenticator e outros) mostra um código que muda a cada 30 segundos. Funciona sem internet.
cadastrar-totp-submit = Usar um aplicativo
cadastrar-email = Um código enviado ao seu e-mail a cada entrada.
cadastrar-email-submit = Usar o e-mail
cadastrar-submit = Confirmar código
cadastrar-other = Escolher outra forma

fator-qr = Código QR para o aplicativo autenticador
fator-how = Abra o aplicativo autenticador no celular e leia este código.
fator-text = Não consegue ler? Digite esta chave no aplicativo:
fator-setup = Ligar o aplicativo
fator-app = Aplicativo autenticador
fator-app-text = Um código no celular, que muda a cada 30 segundos. Funciona sem internet.
fator-email = Código por e-mail
fator-email-text = Um código enviado ao e-mail da sua conta a cada entrada, enquanto não houver aplicativo nem chave de acesso.
fator-chave = Chave de acesso
fator-on = Ligado
fator-off = Desligado
fator-add = Ligar
fator-remove = Desligar
error-fator-desligado = A segunda etapa está desligada para o seu perfil.
error-fator-exists = Isso já está ligado.
error-fator-last = O seu perfil pede uma segunda etapa, e esta é a sua única. Ligue outra antes de desligar esta.
error-fator-own = A própria segunda etapa se muda em Minha conta, com a senha.
error-prova-stale = Para mudar isto, saia e entre de novo.
toast-fator-nothing = Não há nada para confirmar.

seguranca-title = Segurança
seguranca-sub = A segunda etapa ao entrar: além da senha, algo que só você tem.
seguranca-open = Segunda etapa
seguranca-off = A segunda etapa está desligada para o seu perfil. O que você já ligou continua a ser pedido.
seguranca-required = O seu perfil pede uma segunda etapa: pelo menos uma precisa ficar ligada.

reserva-title = Códigos de reserva
reserva-sub = Guarde estes códigos fora do celular. Se você o perder, cada um deixa você entrar uma vez.
reserva-once = Eles não serão mostrados de novo.
reserva-copy = Copiar todos
reserva-onwards = Já guardei, continuar
reserva-text = Para o dia em que o celular não estiver com você. Cada um funciona uma vez.
reserva-left =
    { $n ->
        [0] Não sobrou nenhum.
        [one] Sobrou { $n } código.
       *[other] Sobraram { $n } códigos.
    }
reserva-renew = Gerar novos códigos

regra-title = Entrada e segurança
regra-sub = Segunda etapa de cada perfil e quantas tentativas fecham uma conta.
regra-fator = Segunda etapa
regra-fator-sub = Quem já ligou a sua continua a confirmá-la, qualquer que seja a regra. Quem precisa ter e não tem escolhe uma na próxima entrada.
regra-desligado = Desligada
regra-oferecido = Oferecida
regra-exigido = Exigida
regra-trust = Lembrar do aparelho
regra-trust-help = Por quanto tempo um aparelho que a pessoa marcou não precisa confirmar de novo.
regra-trust-never = Nunca
regra-trust-n =
    { $n ->
        [one] Por { $n } dia
       *[other] Por { $n } dias
    }
regra-lock = Tentativas
regra-attempts = Fechar depois de
regra-attempts-n =
    { $n ->
        [one] { $n } tentativa
       *[other] { $n } tentativas
    }
regra-attempts-help = Por 15 minutos, ninguém entra nessa conta de um lugar desconhecido. Os aparelhos da própria pessoa continuam a entrar.

recuperacao-title = Esqueci a senha
recuperacao-sub = Enviamos um link para você escolher outra.
recuperacao-submit = Enviar link
recuperacao-asked = Se houver uma conta com este e-mail, o link chega em instantes.
recuperacao-asked-hint = Ele funciona uma vez, por 30 minutos. Não chegou? Confira o lixo eletrônico e o endereço.
error-recuperacao-wait = Foram muitos pedidos deste endereço. Espere uma hora e tente de novo.
recuperacao-mail-subject = Escolha outra senha no SRI de { $unidade }
recuperacao-mail-what = Alguém pediu para trocar a senha da sua conta. Se foi você, escolha outra.
recuperacao-mail-action = Escolher outra senha
recuperacao-mail-note =
    { $n ->
        [one] Este link funciona uma vez, por { $n } minuto. Se não foi você, apague esta mensagem: a sua senha continua a mesma.
       *[other] Este link funciona uma vez, por { $n } minutos. Se não foi você, apague esta mensagem: a sua senha continua a mesma.
    }
recuperar-title = Escolha outra senha
recuperar-sub = Todas as suas sessões terminam, em todos os aparelhos.
recuperar-submit = Trocar a senha e entrar

aviso-heading = Olá, { $nome }
aviso-where = { $at } · { $device } · { $ip }
aviso-note = Foi você? Então não precisa fazer nada. Se não foi, troque a sua senha agora e fale com quem administra a unidade.
aviso-aparelho-subject = Entrada de um aparelho novo no SRI de { $unidade }
aviso-aparelho-what = A sua conta no SRI de { $unidade } foi usada em um aparelho que não conhecíamos.
aviso-email-subject = O e-mail da sua conta no SRI de { $unidade } foi trocado
aviso-email-what = O e-mail da sua conta no SRI de { $unidade } foi trocado por quem administra a unidade. Este endereço não entra mais.
aviso-link-subject = Um link para trocar a sua senha no SRI de { $unidade }
aviso-link-what = Quem administra a unidade criou um link para que a senha da sua conta no SRI de { $unidade } seja trocada. O link não está nesta mensagem.
aviso-senha-subject = A sua senha no SRI de { $unidade } foi trocada
aviso-senha-what = A senha da sua conta no SRI de { $unidade } foi trocada, e as outras sessões terminaram.
aviso-fator-subject = Segunda etapa ligada no SRI de { $unidade }
aviso-fator-what = Uma segunda etapa foi ligada na sua conta no SRI de { $unidade }.
aviso-retirado-subject = Segunda etapa desligada no SRI de { $unidade }
aviso-retirado-what = Uma segunda etapa foi desligada na sua conta no SRI de { $unidade }.

sessoes-title = Onde está conectado
usuario-tab-sessoes = Sessões
sessoes-none = Nenhuma sessão aberta.
sessoes-closed = Tentativas demais fecharam esta conta para lugares desconhecidos até
sessoes-unlock = Desbloquear agora
sessoes-end-all = Encerrar todas
sessoes-end-all-question = Encerrar todas as sessões de { $nome }? Terá de entrar de novo em cada aparelho.
sessoes-no-fator = Nenhuma segunda etapa ligada.
sessoes-remove-fator = Retirar a segunda etapa
sessoes-remove-fator-sub = Para quem perdeu o celular e os códigos de reserva. Confirme antes, por outro meio, que é mesmo a pessoa.
sessoes-remove-fator-question = Retirar a segunda etapa desta conta? As sessões dela terminam, e quem souber a senha entra só com ela.
sessao-since = aberta em
toast-unlocked = Conta desbloqueada.
toast-fator-removed = Segunda etapa retirada.

audit-acesso-codigo-recusado = Errou o código da segunda etapa
audit-acesso-desbloqueado = Desbloqueou uma conta
audit-acesso-fator-ligado = Ligou uma segunda etapa
audit-acesso-fator-retirado = Desligou uma segunda etapa
audit-acesso-recuperacao-pedida = Pediu um link para trocar a senha
audit-acesso-regra-alterada = Mudou as regras de entrada
audit-acesso-reserva-trocada = Gerou novos códigos de reserva
audit-acesso-reserva-usada = Entrou com um código de reserva
audit-usuario-senha-recuperada = Trocou a senha pelo link do e-mail
permission-acesso-regra-gerir = Mudar as regras de entrada

login-chave = Usar chave de acesso
passo-chave-sub = Confirme com a chave de acesso que você guardou neste ou em outro aparelho.
passo-chave-submit = Usar chave de acesso
chaves-title = Chaves de acesso
chaves-text = A digital, o rosto ou o PIN do seu aparelho no lugar da senha. Também serve de segunda etapa.
chave-add = Criar chave de acesso
chave-nome = Nome
chave-nome-hint = Por exemplo, Celular
chave-change = Mudar
chave-remove = Retirar
chave-script = As chaves de acesso precisam de JavaScript neste navegador.
error-chave = A chave de acesso não conferiu. Tente de novo.
error-chave-most = Você já tem o máximo de chaves de acesso. Retire uma que não usa mais.
toast-chave-kept = Chave de acesso criada.
toast-chave-last = O seu perfil pede uma segunda etapa, e esta é a sua única.
toast-chave-nome = Dê um nome à chave de acesso.
toast-chave-refused = A chave de acesso não conferiu. Tente de novo.
toast-chave-removed = Chave de acesso retirada.
toast-prova = A senha não confere, ou você entrou há mais de 15 minutos. Nada mudou.
