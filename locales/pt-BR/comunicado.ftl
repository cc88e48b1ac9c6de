# Comunicados, e quando os e-mails chegam.
nav-comunicados = Comunicados
comunicados-title = Comunicados
comunicados-sub = O que você diz às pessoas da unidade: um alerta agora, um aviso na página de início, ou os dois.
comunicados-none = Nenhum comunicado ainda
comunicados-none-hint = Avise a equipe de uma parada, de uma visita ou de um prazo, e veja quem já leu.
comunicados-inicio = Avisos para você
comunicados-inicio-sub = Leia, marque como lido e siga para o trabalho.
comunicados-onward = Continuar
comunicado-new = Novo comunicado
comunicado-new-sub = Antes de enviar, você vê quantas pessoas ele alcança.
comunicado-edit = Alterar
comunicado-edit-sub = Quem já foi avisado passa a ler o texto novo. Ninguém é avisado de novo.
comunicado-change = Alterar antes de publicar
comunicado-titulo = Título
comunicado-texto = Texto
comunicado-para = Para
comunicado-todos = Todas as pessoas da unidade
comunicado-escolhidos = Perfis e pessoas que eu escolher
comunicado-perfis = Perfis
comunicado-usuarios = Pessoas
comunicado-pessoas =
    { $n ->
        [one] { $n } pessoa
       *[other] { $n } pessoas
    }
comunicado-avisar = Avisar agora, pelo sino
comunicado-avisar-help = Cada pessoa recebe uma notificação, uma vez só.
comunicado-email = Mandar também por e-mail
comunicado-email-help = Só a quem quer e-mails deste tipo, no horário que cada um escolheu.
comunicado-mostrar = Mostrar na página de início
comunicado-mostrar-help = Aparece para cada pessoa quando ela entra, até ela marcar como lido ou o último dia passar.
comunicado-inicio = Primeiro dia
comunicado-fim = Último dia
comunicado-conferir = Conferir
comunicado-publicar = Publicar
comunicado-alcance =
    { $n ->
        [one] Vai para { $n } pessoa
       *[other] Vai para { $n } pessoas
    }
comunicado-emails =
    { $n ->
        [0] Ninguém quer e-mails deste tipo
        [one] { $n } pessoa recebe
       *[other] { $n } pessoas recebem
    }
comunicado-dias = { $inicio } a { $fim }
comunicado-sino = Sino
comunicado-sino-now = Agora
comunicado-sim = Sim
comunicado-email-fact = E-mail
comunicado-email-wanted = A quem quer
comunicado-no-inicio = Na página de início
comunicado-situacao = Situação
comunicado-avisado = Enviado
comunicado-agendado = Agendado
comunicado-mostrado = No início
comunicado-encerrado = Encerrado
comunicado-leitura = Leitura
comunicado-lidos =
    { $n ->
        [one] { $n } leu
       *[other] { $n } leram
    }
comunicado-lidos-de = { $n } de { $total } leram
comunicado-lido = Leu
comunicado-nao-lido = Ainda não
comunicado-readers = Quem leu
comunicado-leitores-todos = Todos
comunicado-leitores-lidos = Leram
comunicado-leitores-nao-lidos = Ainda não
comunicado-nobody = Ninguém aqui
comunicado-nobody-hint = Quando alguém ler, o nome aparece nesta lista.
comunicado-by = De { $nome }
comunicado-at = Publicado
comunicado-read = Li, pode guardar
comunicado-end = Encerrar
comunicado-end-question = Tirar este comunicado da página de início de todos? As notificações já enviadas ficam.
toast-comunicado = Comunicado publicado.
toast-comunicado-lido = Guardado. Ele não aparece mais no seu início.
toast-comunicado-encerrado = O comunicado não aparece mais no início de ninguém.
comunicado-notice = { $nome }: { $titulo }
notice-comunicado = Comunicados da unidade
notice-comunicado-help = O que alguém da unidade escreve para você. No painel não se desliga.
permission-acesso-comunicado-gerir = Publicar comunicados e ver quem leu
invalid-comunicado-ninguem = Escolha pelo menos um perfil com pessoas, ou uma pessoa.
invalid-comunicado-meio = Escolha como ele chega: pelo sino, na página de início, ou pelos dois.
invalid-comunicado-passado = O último dia já passou.
invalid-comunicado-dias = O último dia vem antes do primeiro.
invalid-comunicado-dia = Escreva um dia.
error-comunicado-enviado = Este formulário já foi publicado com outro texto. Para um novo comunicado, comece de novo.
error-comunicado-encerrado = Este comunicado já foi encerrado.
audit-entity-comunicado = Comunicado
audit-comunicado-publicado = Publicou um comunicado
audit-comunicado-alterado = Alterou um comunicado
audit-comunicado-encerrado = Encerrou um comunicado
acervo-comunicado = Comunicados

notificacoes-search = Buscar nas notificações
notificacoes-tipo = Tipo
horario-title = Quando os e-mails chegam
horario-sub = Vale para e-mails que podem esperar. O sino avisa sempre na hora.
horario-now = Não esperam: { $nomes }.
horario-silencio = Não mandar e-mails nestas horas
horario-silencio-help = O que acontecer nelas chega quando terminarem.
horario-inicio = Das
horario-fim = Até
horario-resumo = Um e-mail só por dia
horario-resumo-help = Junta tudo o que pode esperar em um resumo, na hora que você escolher.
horario-save = Guardar horários
horario-resumo-none = Não: cada aviso por si
toast-horario = Seus horários foram salvos.
invalid-horario = Escreva uma hora, como 20:00.
invalid-silencio-empty = Termine em outra hora que não a do começo.
invalid-resumo-silencio = Nesta hora você não quer e-mails. Escolha outra para o resumo.
audit-notificacao-horario = Escolheu quando os e-mails chegam
