# Announcements, and when e-mails come.
nav-comunicados = Announcements
comunicados-title = Announcements
comunicados-sub = What you tell the people of the unit: an alert now, a notice on the start page, or both.
comunicados-none = No announcement yet
comunicados-none-hint = Tell the team of an outage, a visit or a deadline, and see who has read it.
comunicados-inicio = Notices for you
comunicados-inicio-sub = Read them, mark them as read, and go on to work.
comunicados-onward = Continue
comunicado-new = New announcement
comunicado-new-sub = Before it is sent you see how many people it reaches.
comunicado-edit = Change
comunicado-edit-sub = Whoever was told reads the new text. Nobody is told again.
comunicado-change = Change it before it is published
comunicado-titulo = Title
comunicado-texto = Text
comunicado-para = To
comunicado-todos = Everybody of the unit
comunicado-escolhidos = Profiles and people I choose
comunicado-perfis = Profiles
comunicado-usuarios = People
comunicado-pessoas =
    { $n ->
        [one] { $n } person
       *[other] { $n } people
    }
comunicado-avisar = Tell them now, by the bell
comunicado-avisar-help = Each person gets one notification, once.
comunicado-email = By e-mail as well
comunicado-email-help = Only to those who want e-mails of this kind, at the hours each has chosen.
comunicado-mostrar = Show it on the start page
comunicado-mostrar-help = Each person sees it when they come in, until they mark it as read or its last day is over.
comunicado-inicio = First day
comunicado-fim = Last day
comunicado-conferir = Check
comunicado-publicar = Publish
comunicado-alcance =
    { $n ->
        [one] Goes to { $n } person
       *[other] Goes to { $n } people
    }
comunicado-emails =
    { $n ->
        [0] Nobody wants e-mails of this kind
        [one] { $n } person gets it
       *[other] { $n } people get it
    }
comunicado-dias = { $inicio } to { $fim }
comunicado-sino = Bell
comunicado-sino-now = Now
comunicado-sim = Yes
comunicado-email-fact = E-mail
comunicado-email-wanted = To those who want it
comunicado-no-inicio = On the start page
comunicado-situacao = State
comunicado-avisado = Sent
comunicado-agendado = Planned
comunicado-mostrado = On the start page
comunicado-encerrado = Ended
comunicado-leitura = Read
comunicado-lidos =
    { $n ->
        [one] { $n } has read it
       *[other] { $n } have read it
    }
comunicado-lidos-de = { $n } of { $total } have read it
comunicado-lido = Read
comunicado-nao-lido = Not yet
comunicado-readers = Who read it
comunicado-leitores-todos = All
comunicado-leitores-lidos = Read
comunicado-leitores-nao-lidos = Not yet
comunicado-nobody = Nobody here
comunicado-nobody-hint = Once somebody reads it, their name appears in this list.
comunicado-by = From { $nome }
comunicado-at = Published
comunicado-read = Read, put it away
comunicado-end = End
comunicado-end-question = Take this announcement off everybody's start page? Notifications that were sent stay.
toast-comunicado = The announcement was published.
toast-comunicado-lido = Put away. It is not on your start page any more.
toast-comunicado-encerrado = The announcement is on nobody's start page any more.
comunicado-notice = { $nome }: { $titulo }
notice-comunicado = Announcements of the unit
notice-comunicado-help = What somebody of the unit writes to you. On the panel it cannot be turned off.
permission-acesso-comunicado-gerir = Publish announcements and see who read them
invalid-comunicado-ninguem = Choose at least one profile with people in it, or a person.
invalid-comunicado-meio = Choose how it arrives: by the bell, on the start page, or by both.
invalid-comunicado-passado = The last day is over.
invalid-comunicado-dias = The last day comes before the first.
invalid-comunicado-dia = Write a day.
error-comunicado-enviado = This form was published already, with another text. Begin anew for another announcement.
error-comunicado-encerrado = This announcement has ended.
audit-entity-comunicado = Announcement
audit-comunicado-publicado = Published an announcement
audit-comunicado-alterado = Changed an announcement
audit-comunicado-encerrado = Ended an announcement
acervo-comunicado = Announcements

notificacoes-search = Search the notifications
notificacoes-tipo = Kind
horario-title = When e-mails come
horario-sub = For e-mails that can wait. The bell always tells at once.
horario-now = These do not wait: { $nomes }.
horario-silencio = No e-mails in these hours
horario-silencio-help = What happens in them comes when they are over.
horario-inicio = From
horario-fim = Until
horario-resumo = A single e-mail a day
horario-resumo-help = All that can wait in one summary, at the hour you choose.
horario-save = Keep the hours
horario-resumo-none = No: each notice by itself
toast-horario = Your hours were saved.
invalid-horario = Write an hour, such as 20:00.
invalid-silencio-empty = End at another hour than you begin.
invalid-resumo-silencio = You want no e-mails at this hour. Choose another for the summary.
audit-notificacao-horario = Chose when e-mails come
