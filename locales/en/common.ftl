# Words of the shared pieces.
action-add = Add
action-cancel = Cancel
action-close = Close
action-open = Open
action-save = Save
action-undo = Undo

confirm-yes = Yes, continue

copy-label = Copy
copy-done = Copied.

drop-hint = or drag the file here
drop-sending = Sending…
drop-too-large = This file is larger than the limit.
drop-wrong-type = This kind of file is not accepted here.

form-choose = Choose…
form-leave = There are changes that have not been saved. Leave anyway?
form-leave-yes = Leave without saving
form-mistakes =
    { $n ->
        [one] One field needs attention. What you typed is still here.
       *[other] { $n } fields need attention. What you typed is still here.
    }
form-save-key = saves

list-apply = Apply
list-clear = Clear filters
list-nothing = Nothing found with these filters
list-nothing-hint = Check the spelling, use fewer words or remove one of the filters.
list-pick = Select { $nome }
list-pick-column = Selection
list-pick-page = Select all rows of this page
list-picked = With the rows that are ticked:
list-picked-clear = Clear
list-remove-filter = Remove the filter
list-total =
    { $n ->
        [0] no records
        [one] { $n } record
       *[other] { $n } records
    }

page-nav = Pages
page-next = Next page
page-number = Page { $n }
page-previous = Previous page
page-range =
    { $n ->
        [0] no records
       *[other] { $from }–{ $to } of { $n }
    }
page-rows = Per page
page-sizes = Records per page

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
dia-segunda = Monday
dia-terca = Tuesday
dia-quarta = Wednesday
dia-quinta = Thursday
dia-sexta = Friday
dia-sabado = Saturday
dia-domingo = Sunday

time-now = just now
time-yesterday = yesterday
time-tomorrow = tomorrow
time-minutes-ago = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
time-hours-ago = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
time-days-ago = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
time-months-ago = { $n ->
    [one] { $n } month ago
   *[other] { $n } months ago
}
time-years-ago = { $n ->
    [one] { $n } year ago
   *[other] { $n } years ago
}
time-in-minutes = { $n ->
    [one] in { $n } minute
   *[other] in { $n } minutes
}
time-in-hours = { $n ->
    [one] in { $n } hour
   *[other] in { $n } hours
}
time-in-days = { $n ->
    [one] in { $n } day
   *[other] in { $n } days
}
time-in-months = { $n ->
    [one] in { $n } month
   *[other] in { $n } months
}
time-in-years = { $n ->
    [one] in { $n } year
   *[other] in { $n } years
}

columns-title = Columns
columns-compact = Compact rows
columns-default = Back to default
views-title = Views
view-keep = Keep this view
view-name-hint = For example: Prospects in SC
view-share = For everybody in the unit
view-save = Keep
view-forget = Forget the view { $nome }

timeline-all = Everything
timeline-cadastro = Record
timeline-consulta = Lookups
timeline-contato = Contacts
timeline-documento = Documents
timeline-filter = Filter by kind
timeline-importacao = Import
timeline-lote = In bulk
timeline-more = Show more
timeline-newest = Back to the latest
timeline-nothing = Nothing here yet
timeline-nothing-hint = Whatever is done with this record appears here, the latest first. If a subject is chosen above, look under “All” too.
timeline-title = Timeline
timeline-today = Today
timeline-yesterday = Yesterday

map-edit = Correct the address
map-failed = The map could not be loaded now. The address beside it opens in your map application.
map-no-address = No address in the record.
map-of = Map of { $municipio }
map-open = Open in the map application
map-position = Position of the municipality ({ $municipio }), not of the exact address.
map-route = Directions
map-zoom-in = Zoom in
map-zoom-out = Zoom out

list-order = Sort
list-order-by = Sort by
list-order-then = Then by
list-order-none = Nothing else
list-order-up = { $nome }, ascending
list-order-down = { $nome }, descending
list-sort-more = Shift+click: sort by this column too
list-sort-place = place
view-whole = See all
view-opened = The list has opened with your default view, “{ $nome }”
view-prefer = Always open the list with “{ $nome }”
