# The company register and its spreadsheets.
empresas-title = Companies
empresas-count =
    { $n ->
        [0] no companies
        [one] { $n } company
       *[other] { $n } companies
    }
empresas-new = New company
empresas-import = Import
empresas-import-file = Import a spreadsheet
empresas-export = Export
empresas-search-hint = Name, CNPJ, city or segment
empresas-pick-all = Select all { $n }
empresas-pick-filter = Select all { $n } of this filter
empresas-picked-many = { $n } selected
empresas-picked-one = 1 selected
empresas-similar = No company has exactly these words. These look like it.
empresas-empty = No companies yet
empresas-empty-hint = Bring the spreadsheet you already use: we recognise its columns and show the problems before anything is written.
empresas-empty-own = The companies that you may see stand here. Register one, or ask whoever coordinates to hand yours over to you.
empresas-column-empresa = Company
empresas-column-updated = Updated
empresas-column-actions = Actions
empresa-busca = Search
empresa-cnpj = CNPJ
empresa-cnpj-help = With or without the mask; new ones have letters.
empresa-nome = Registered name
empresa-nome-fantasia = Trade name
empresa-inscricao-estadual = State registration
empresa-inscricao-estadual-help = A number or ISENTO.
empresa-cnae = CNAE
empresa-cnae-help = The code, or words of the activity in Portuguese: estruturas metálicas.
empresa-segmento = Segment
empresa-porte = Size
empresa-situacao = Status
empresa-email = E-mail
empresa-telefone = Telephone
empresa-site = Website
empresa-cep = Postal code
empresa-logradouro = Street
empresa-numero = Number
empresa-complemento = Address line 2
empresa-complemento-help = Floor, room, hall, gate.
empresa-bairro = District
empresa-municipio = City
empresa-municipio-help = The name as in the IBGE list; accents do not matter.
empresa-uf = State
empresa-municipio-id = IBGE code
empresa-contato-nome = Contact
empresa-contato-cargo = Job title
empresa-responsavel = In charge
empresa-sem-responsavel = Nobody in charge
empresa-data-fundacao = Founded on
empresa-faturamento = Yearly revenue
empresa-funcionarios = Employees
empresa-observacoes = Notes
empresa-data-cadastro = Registered on
empresa-data-cadastro-help = Set by the system; only administrators change it.
empresa-section-identificacao = Identification
empresa-section-cadastro = Record
empresa-section-contato = Main contact
empresa-section-endereco = Address
empresa-section-outros = Other facts
empresa-section-observacoes = Notes
empresa-section-recent = Latest changes
empresa-recent-all = Timeline
empresa-key-facts = Key facts
empresa-tab-geral = Overview
empresa-tab-mapa = Map
empresa-auditoria-sub = Everything that was noted about this company, as it happened. Nothing here can be changed.
empresa-edit-field = Change { $campo }
empresa-edit-whole = Whole form
empresa-no-observacoes = Nothing noted.
empresa-no-history = No changes since it was registered.
empresa-registrada = Company registered
empresa-alterada = Record changed
empresa-alterada-lote =
    { $n ->
        [one] Changed in bulk
       *[other] Changed in bulk: { $n } companies at once
    }
empresa-atualizada = Updated by the spreadsheet { $file }
empresa-importada = Registered by the spreadsheet { $file }
empresa-excluida = Moved to the trash
empresa-restaurada = Restored from the trash
empresa-lote-desfeito =
    { $n ->
        [one] Bulk change undone
       *[other] Bulk change undone: { $n } companies at once
    }
empresa-desfeita = Moved to the trash: the import of { $file } was undone
empresa-revertida = Back to what it was: the import of { $file } was undone
empresa-updated = Updated
empresa-open = Open
empresa-edit = Edit
empresa-delete = Delete
empresa-delete-title = Delete company
empresa-delete-question = { $nome } goes to the trash, from where it can be restored. Go on?
empresa-moved-to-trash = { $nome } is in the trash now.
lote-situacao-title = Change status
lote-situacao-field = New status
lote-situacao-confirm =
    { $n ->
        [one] Change the status of { $n } company
       *[other] Change the status of { $n } companies
    }
lote-responsavel-title = Assign
lote-responsavel-field = New person in charge
lote-responsavel-confirm =
    { $n ->
        [one] Assign { $n } company
       *[other] Assign { $n } companies
    }
lote-excluir-title = Move to the trash
lote-excluir-hint = What is in the trash can be restored.
lote-excluir-confirm =
    { $n ->
        [one] Move { $n } company to the trash
       *[other] Move { $n } companies to the trash
    }
lote-exportar = Export selection
lote-all = All companies of the list.
lote-filter = All of this filter:
lote-more =
    { $n ->
        [one] and { $n } more company
       *[other] and { $n } more companies
    }
lote-moved = There were { $seen }; now there are { $n }. Please check before you confirm.
lote-too-many = There are { $n } companies. At most { $max } can be changed at once: filter the list and do it in parts.
lote-back = Back to the list
lote-changed =
    { $n ->
        [one] { $n } company changed.
       *[other] { $n } companies changed.
    }
lote-excluded =
    { $n ->
        [one] { $n } company went to the trash.
       *[other] { $n } companies went to the trash.
    }
lote-unchanged =
    { $n ->
        [one] { $n } was so already.
       *[other] { $n } were so already.
    }
lote-nothing = Nothing changed.
lote-undone =
    { $n ->
        [0] No company is back to what it was.
        [one] { $n } company is back to what it was.
       *[other] { $n } companies are back to what they were.
    }
lote-kept =
    { $n ->
        [one] { $n } has changed since and stays as it is.
       *[other] { $n } have changed since and stay as they are.
    }
empresa-new-title = New company
empresa-edit-title = Edit company
empresa-conflict = Somebody else changed this company while you were editing it. Choose what holds in each field and save again.
empresa-conflict-title = Fields in conflict
empresa-conflict-theirs = As it is now:
empresa-conflict-mine = What you typed:
consulta-cnpj = Look the CNPJ up
consulta-cep = Look the address up
consulta-asking = Looking it up…
consulta-waiting = Number { $lugar } in the queue, about { $segundos } s. You can go on filling the form in.
consulta-found = Data of Receita Federal of { $data }, by { $provedor }.
consulta-old = Looking up is not available now. These are the data of { $data }, by { $provedor }.
consulta-unavailable = Looking up is not available now. Fill the form in by hand or try later.
consulta-absent = Receita Federal knows no such CNPJ.
consulta-cep-found = Address of the CEP.
consulta-cep-absent = There is no such CEP.
consulta-cep-unavailable = Looking up the CEP is not available now. Fill the address in by hand.
consulta-filled = Filled in by the lookup
consulta-filled-fields = Filled in:
consulta-other = By the lookup:
consulta-other-fields = Other than what you typed:
consulta-use = Use
consulta-undo = Undo
receita-ativa = Active
receita-suspensa = Suspended
receita-inapta = Unfit
receita-baixada = Closed
receita-nula = Void
empresa-receita = Standing with Receita Federal
empresa-receita-chip = Receita
empresa-receita-never = Never looked up
empresa-receita-at = looked up on { $at }
empresa-receita-since = since { $day }, looked up on { $at }
empresa-consultar = Look up again
empresa-consultar-first = Look it up now
porte-mei = MEI
porte-me = ME
porte-epp = EPP
porte-medio = Medium
porte-grande = Large
situacao-ativo = Active
situacao-inativo = Inactive
situacao-prospect = Prospect
situacao-estrategico = Strategic
lixeira-title = Trash
lixeira-empty = The trash is empty
lixeira-empty-hint = What somebody deletes waits here until it is restored.
lixeira-restore = Restore
lixeira-since = In the trash
export-page = Page { $page } of { $pages }
export-total = Total
export-summary = Summary
export-picked = Selection
export-empty = No companies with these filters.
export-yes = Yes
export-no = No
export-generated = Made on { $at } by { $nome }
importar-title = Import companies
importar-sub = Nothing is written before you confirm.
importar-file = Choose the spreadsheet
importar-file-help = XLSX or CSV, up to 16 MB and 100,000 rows each; up to 10 at once, 32 MB in all.
importar-send = Send
importar-modelo = Download template
importacoes-title = Imports
importacoes-empty = No imports yet
importacao-step-arquivo = File
importacao-step-colunas = Columns
importacao-step-previa = Preview and confirmation
importacao-step-resultado = Result
importacao-sheets = Sheets of the file
importacao-columns-hint = Check the field of each column. The choice is remembered for the next file like this one.
importacao-column = Column
importacao-column-sample = Examples
importacao-column-field = Field
importacao-column-ignore = Do not import
importacao-mode = What to do with the rows
importacao-mode-criar = Register new ones and leave existing ones as they are
importacao-mode-atualizar = Only update existing ones
importacao-mode-ambos = Register new ones and update existing ones
importacao-notice = Import of “{ $file }” has finished: { $n_created } created, { $n_updated } updated, { $n_refused } refused.
importacao-preview = See the preview
importacao-discard = Discard
importacao-confirm =
    { $n ->
        [0] Nothing to write
        [one] Write { $n } company
       *[other] Write { $n } companies
    }
importacao-another = Import another
importacao-created =
    { $n ->
        [0] No companies registered.
        [one] { $n } company registered.
       *[other] { $n } companies registered.
    }
importacao-updated =
    { $n ->
        [0] None updated.
        [one] { $n } updated.
       *[other] { $n } updated.
    }
importacao-rejected =
    { $n ->
        [0] No row was left out.
        [one] { $n } row was left out.
       *[other] { $n } rows were left out.
    }
importacao-nothing-written = Nothing has been written yet.
importacao-new-segmentos =
    { $n ->
        [one] { $n } segment will be made
       *[other] { $n } segments will be made
    }
importacao-warnings =
    { $n ->
        [one] { $n } row comes in with an adjustment; see “With remarks”.
       *[other] { $n } rows come in with an adjustment; see “With remarks”.
    }
importacao-discarded = This file was discarded; nothing of it was written.
importacao-no-rows = No rows to show here.
importacao-row = Row
importacao-problems = What we found
importacao-file = File
importacao-by = Who
importacao-count-created = Registered
importacao-count-updated = Updated
importacao-tab-all = All
importacao-tab-recusadas = Refused
importacao-tab-repetidas = Repeated
importacao-tab-existentes = Existing
importacao-tab-novas = New
importacao-linha-nova = New
importacao-linha-existente = Existing
importacao-linha-repetida = Repeated
importacao-linha-recusada = Refused
importacao-state-colunas = Waits for its columns
importacao-state-previa = Waits to be confirmed
importacao-state-concluida = Done
importacao-state-descartada = Discarded
importacao-state-desfeita = Undone
importacao-undo = Undo import
importacao-undo-of = Undo the import of { $file }
importacao-undo-question = What happens if you undo it
importacao-undo-removed =
    { $n ->
        [0] No company goes to the trash.
        [one] { $n } company that it registered goes to the trash.
       *[other] { $n } companies that it registered go to the trash.
    }
importacao-undo-reverted =
    { $n ->
        [0] No company goes back to what it was.
        [one] { $n } company that it updated goes back to what it was.
       *[other] { $n } companies that it updated go back to what they were.
    }
importacao-undo-kept =
    { $n ->
        [0] None was changed or used since.
        [one] { $n } was changed or used since and stays as it is.
       *[other] { $n } were changed or used since and stay as they are.
    }
importacao-undo-segmentos = Segments that it made and nobody uses leave the list.
importacao-undo-nothing = There is nothing to undo: everything was changed or used since.
importacao-undo-denied = It registered companies. To move them to the trash you must be allowed to delete any company; ask whoever manages access for that permission.
importacao-undo-kept-title = Stay as they are
importacao-undo-reason = Why
importacao-undo-see = See what was undone
importacao-undo-too-old = This import can no longer be undone: SRI keeps what an import changed for 90 days, and did not keep it in old versions.
importacao-kept-alterada = Changed since
importacao-kept-excluida = In the trash already
importacao-kept-usada = Has contacts or documents
importacao-undone = Import undone
importacao-undone-by = Undone by { $nome } on { $at }.
importacao-undone-removed =
    { $n ->
        [0] No company went to the trash.
        [one] { $n } company went to the trash.
       *[other] { $n } companies went to the trash.
    }
importacao-undone-reverted =
    { $n ->
        [0] None went back to what it was.
        [one] { $n } went back to what it was.
       *[other] { $n } went back to what they were.
    }
importacao-undone-kept =
    { $n ->
        [0] None had been changed or used since.
        [one] { $n } had been changed or used since and stayed as it was.
       *[other] { $n } had been changed or used since and stayed as they were.
    }
importacao-undone-segmentos =
    { $n ->
        [one] { $n } segment left the list
       *[other] { $n } segments left the list
    }
modelo-summary = How to fill in
modelo-hint = Fill in the first sheet, one row per company, and send this file in Import companies. Columns that you do not use can be deleted.
modelo-cnpj = Required. With or without the mask; new ones have letters.
modelo-nome = Required. The registered name, up to 200 characters.
modelo-nome-fantasia = Up to 200 characters.
modelo-cnae = Seven digits, such as 2511-0/00.
modelo-segmento = One of the list; a new name joins it: { $list }
modelo-porte = One of these: { $list }
modelo-situacao = One of these: { $list }. Left empty, a new company is active.
modelo-email = An address such as contato@empresa.com.br.
modelo-telefone = With the area code. What is no telephone number goes into the notes.
modelo-site = Such as www.empresa.com.br.
modelo-cep = Eight digits, with or without the hyphen.
modelo-logradouro = The street with its kind, up to 200 characters.
modelo-numero = As on the door: 12, 12-B, s/n.
modelo-complemento = Floor, room, hall; up to 100 characters.
modelo-bairro = Up to 100 characters.
modelo-uf = The abbreviation, such as SC.
modelo-municipio-id = Seven digits; counts for more than the name of the city.
modelo-contato-nome = The person to talk to, up to 120 characters.
modelo-contato-cargo = Up to 80 characters.
modelo-responsavel = The name of an active person of the unidade; any other name is kept as text.
modelo-data-fundacao = A day such as 31/12/2001.
modelo-faturamento = In reais: 1.234,50.
modelo-funcionarios = A whole number.
modelo-observacoes = Free text, up to 4,000 characters.
modelo-data-cadastro = Today or an earlier day. Left empty, the day of the import.
importacao-telefone-note = Telephone in the spreadsheet: { $text }
toast-empresa-registrada = Company registered.
toast-empresa-consultada = Standing with Receita Federal updated.
toast-empresa-consulta-ausente = Receita Federal knows no such CNPJ.
toast-empresa-consulta-na-fila = The lookup waits its turn. The standing appears here in some minutes.
toast-empresa-consulta-indisponivel = Looking up is not available now. Try later.
toast-empresa-alterada = Changes saved.
toast-empresa-restaurada = Company restored.
toast-lote-empty = Select at least one company.
toast-lote-gone = None of the companies you selected is within your reach any more. Nothing changed.
toast-importacao-concluida = Import done.
toast-importacao-descartada = File discarded.
toast-importacao-desfeita = Import undone.
error-consulta-absent = Receita Federal knows no such CNPJ.
error-consulta-unavailable = Looking up is not available now. Try again in some minutes.
invalid-campo-unknown = There is no such field, or it cannot be chosen.
error-cnpj-taken = A company with this CNPJ exists already.
error-cnpj-taken-restore = The CNPJ was registered again while this company was in the trash. Delete the other one before restoring.
error-importacao-ended = This import is done or discarded already. Nothing was done again.
error-importacao-not-done = Only an import that is done can be undone. Nothing was done.
error-importacao-too-old = This import can no longer be undone: what it changed is not kept any more. Nothing was done.
error-importacao-undone = This import was undone already. Nothing was done again.
error-importacao-outdated = The list of segments changed after the preview. See the preview again.
error-idempotency-key = The Idempotency-Key must have 1 to 200 characters.
error-idempotency-key-reused = This Idempotency-Key was used with another request.
error-cursor = This cursor is not of a list of ours.
error-export-too-many-rows = There are too many rows for this format. Use CSV or XLSX, or filter more.
invalid-cell-error = The cell holds a spreadsheet error, such as #REF!.
invalid-cell-formula = The cell holds a formula. Paste its value instead.
invalid-cnae-invalid = A CNAE has 7 digits, such as 2511-0/00.
invalid-cnae-unknown = There is no CNAE { $text }.
invalid-cnpj-repeated = This CNPJ appeared in row { $row } already.
invalid-cnpj-taken = A company with this CNPJ exists already.
invalid-column-missing = No column brings this field.
invalid-column-repeated = More than one column brings this field.
invalid-date-future = This day has not come yet.
invalid-field-changed = Changed to “{ $current }”; you sent “{ $wanted }”.
invalid-porte-unknown = Choose MEI, ME, EPP, Médio or Grande.
invalid-reais-negative = The amount cannot be negative.
invalid-responsavel-unknown = Nobody active in the unit has this name.
invalid-segmento-gone = This segment left the list while you were editing. Choose another.
invalid-segmento-unknown = This segment is not in the unit’s list.
invalid-site-invalid = Write the website like www.company.com.br.
invalid-situacao-unknown = Choose ativo, inativo, prospect or estratégico.
invalid-telefone-moved = There is no telephone “{ $text }”; it went into the notes.
invalid-uf-other = { $municipio } is in { $uf }.
invalid-sheet-file-too-large = The file has more than { $mib } MB.
invalid-sheet-unpacked-too-large = Unpacked, the file has more than { $mib } MB.
invalid-sheet-ratio-too-high = The file grows more than { $limit } times when opened; that is no ordinary spreadsheet.
invalid-sheet-too-many-members = The file has more than { $limit } parts.
invalid-sheet-too-many-sheets = The file has more than { $limit } sheets.
invalid-sheet-too-many-rows = The file has more than { $limit } rows. Split it.
invalid-sheet-too-many-columns = Row { $row } goes beyond column { $limit }.
invalid-sheet-cell-too-long = Cell { $column }{ $row } has more than { $limit } characters.
invalid-sheet-too-many-merged = The file has more than { $limit } merged regions.
invalid-sheet-too-slow = Reading took more than { $seconds } seconds.
invalid-sheet-too-much-memory = Reading would take more than { $mib } MB of memory.
invalid-sheet-unread = The file could not be read now. Try again; if it persists, send it once more.
invalid-sheet-empty = The file is empty.
invalid-sheet-not-a-sheet = This file is neither an XLSX spreadsheet nor a CSV.
invalid-sheet-encrypted = The file is protected by a password. Save a copy without one.
invalid-sheet-old-excel = This is an old .xls file. Save it as .xlsx.
invalid-sheet-open-document = This is a LibreOffice file. Save it as .xlsx.
invalid-sheet-binary-excel = This is an .xlsb file. Save it as .xlsx.
invalid-sheet-document-type = The file carries a declaration that spreadsheets do not have. Save it again in Excel.
invalid-sheet-open-quote = The quotation mark opened in row { $row } is never closed.
invalid-sheet-not-found = The file has no sheet { $name }.
invalid-sheet-damaged = The file is damaged. Open it in Excel and save it again.
permission-empresas-empresa-ver = See the companies
permission-empresas-empresa-registrar = Register companies
permission-empresas-empresa-alterar = Change companies
permission-empresas-empresa-excluir = Delete and restore companies
permission-empresas-empresa-exportar = Export the list of companies
permission-empresas-empresa-importar = Import spreadsheets of companies
permission-empresas-empresa-consultar = Look up CNPJs and CEPs outside SRI
permission-empresas-empresa-administrar = Change the registration date of companies
audit-empresa-registrada = Registered a company
audit-empresa-alterada = Changed a company
audit-empresa-consultada = Looked up a company's standing with Receita Federal
audit-empresa-excluida = Deleted a company
audit-empresa-restaurada = Restored a company
audit-empresa-lote-desfeito = Undid a bulk change of a company
audit-empresa-exportada = Exported the list of companies
audit-empresa-importada = Imported companies from a spreadsheet
audit-contato-registrado = Added a contact
audit-contato-alterado = Changed a contact
audit-contato-excluido = Deleted a contact
audit-contato-restaurado = Restored a contact
audit-segmento-registrado = Added a segment
audit-segmento-alterado = Changed a segment
audit-segmento-excluido = Deleted a segment
audit-segmento-mesclado = Merged a segment into another
audit-importacao-descartada = Discarded an import
audit-importacao-desfeita = Undid an import
audit-empresa-desfeita = Moved a company to the trash by undoing an import
audit-empresa-revertida = Took a company back to what it was by undoing an import

cnae-proposed = Proposed by the CNAE.
cnaes-title = CNAE
cnaes-sub = The national classification of activities by IBGE (CNAE 2.3), with the companies of each activity.
cnaes-search = Search an activity or a code
cnaes-activity = Activity
cnaes-none-hint = Use fewer words, or the beginning of the code.
cnaes-cut = More activities have these words. Type one more word.
cnaes-see = See the CNAE classification
segmentos-title = Segments
segmentos-sub = The list of industrial segments that companies use.
segmentos-none = No segments
segmentos-none-hint = Add the segments your unit works with; an import brings them too.
segmento-new = New segment
segmento-change = Name and activities
segmento-cnaes = CNAE codes of the segment
segmento-cnaes-help = Sections, divisions, groups or classes, separated by commas: 25, 28.6, 3314-7/10. A company with one of them is offered this segment.
segmento-merge = Merge into another
segmento-merge-help = The companies of this segment move to the other, and this one leaves the list.
segmento-merge-question = Merge { $nome }? Its companies move to the other segment. This cannot be undone.
segmento-into = Segment that stays
segmento-delete = Delete segment
segmento-delete-question = Delete { $nome }? No company uses it.
segmento-in-use =
    { $n ->
        [0] No company uses this segment.
        [one] One company uses this segment.
       *[other] { $n } companies use this segment.
    }
toast-segmento-registrado = Segment added.
toast-segmento-alterado = Segment changed.
toast-segmento-mesclado = Segments merged.
toast-segmento-excluido = Segment deleted.
permission-empresas-segmento-excluir = Delete and merge segments
permission-empresas-segmento-gerir = Keep the list of segments

contatos-title = Contacts
contatos-all =
    { $n ->
        [one] See the contact
       *[other] See all { $n } contacts
    }
contatos-empty = No contacts yet
contatos-none = Add whoever answers for HR, production or management.
contato-add = Add
contato-new = New contact
contato-edit = Contact
contato-nome = Name
contato-papel = Area
contato-papel-help = What one talks about with this person.
contato-delete = Delete contact
contato-delete-one = Delete { $nome }
contato-edit-one = Edit { $nome }
contato-delete-question = Delete { $nome } from the contacts?
contato-gone = { $nome } left the contacts.
contato-conflict = Somebody changed this contact while you were editing it. Look at each field; saving again keeps what is here.
contato-registrado = Contact added: { $nome }
contato-alterado = Contact changed: { $nome }
contato-excluido = Contact deleted: { $nome }
contato-restaurado = Contact restored: { $nome }
papel-direcao = Management
papel-rh = HR
papel-producao = Production
papel-manutencao = Maintenance
papel-qualidade = Quality
papel-seguranca = Occupational safety
papel-compras = Purchasing
papel-financeiro = Finance
papel-outro = Other
toast-contato-registrado = Contact added.
toast-contato-alterado = Contact changed.
toast-contato-restaurado = Contact restored.
error-contato-too-many = This company has 100 contacts already.

step-empresas = Bring the companies
step-empresas-text = With the spreadsheet that you use already: we recognise the columns and show the problems before anything is written.
step-responsaveis = Say who looks after each company
step-responsaveis-text = Select many in the list and assign somebody to all of them at once.
step-segmentos = Classify by segment
step-segmentos-text = Look through the segments of the unit; lists and reports are filtered by them.

vinculos-title = Linked companies
vinculos-sub = What the role allows for linked companies counts for these, and for those the person is responsible for.
vinculos-none = No linked company yet.
vinculo-add = Link companies
vinculo-search = Name, CNPJ or city
vinculo-find = Search
vinculo-submit = Link the chosen ones
vinculo-nothing = Nothing found that is not linked already.
vinculo-remove = Unlink
vinculo-remove-one = Unlink { $nome }
toast-vinculada = Companies linked. It counts on the person's next page.
toast-desvinculada = Company unlinked.
audit-usuario-vinculado = Linked companies to a user
audit-usuario-desvinculado = Unlinked a company from a user
permission-empresas-vinculo-gerir = Link companies to users
mescla-vinculos =
    { $n ->
        [one] { $n } link with a user
       *[other] { $n } links with users
    }

# Notices
notice-importacao = Imports
notice-importacao-help = How the import that you sent ended.
notice-exportacao = Exports
notice-exportacao-help = The file that you asked for is ready, or failed.
notice-reconsulta = Register look-ups
notice-reconsulta-help = How the look-up of many companies that you asked for ended.
notice-mudanca = Changes in the register
notice-mudanca-help = Something changed about the companies you are responsible for.
