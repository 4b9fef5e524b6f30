# What stands on every page, and words that several pages share.

site-name = Ensign
site-purpose = Records that anyone can check
skip-to-content = Skip to content
nav-main = Main
nav-front = Overview
nav-incidents = Incidents
nav-source = Source
nav-log = Log
nav-language = Language

# Where messages are machine drafts that no speaker has reviewed.
draft-title = Machine translation
draft-text = The words on this page were translated by a machine and nobody has reviewed them yet. Where they differ from the English page, the English page counts.
draft-english = This page in English

# Exercise realms: nothing in them is real.
realm-exercise-title = Exercise: everything here is invented
realm-exercise-text = This node holds the exercise “{ $name }”. Its parties, places and events do not exist. Do not quote anything here as fact.
exercise-format = { $name } (invented data in its format)

footer-node = Node { $name }
footer-as-of = As of log size { $size }
footer-received = Last entry received { $moment }
footer-api = Read API

formats-title = This page as data
formats-csv = CSV
formats-json = JSON

time-utc = { $moment } UTC
time-unix = second { $seconds } of Unix time
age-moments = less than a minute ago
age-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
age-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
age-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}

answer-yes = Yes
answer-no = No
answer-unknown = Unknown
value-blank = Left blank
value-uncoded = Without a code
value-erased = The publisher’s words were erased, or are not on this node
value-publisher-label = Publisher’s word: { $label }

chart-point = { $label }: { $value }
chart-table = The same numbers as a table
map-legend = Area of a circle: number of incidents
map-note = Circles stand at one point for each country or territory, chosen for drawing. The map shows land only and takes no position on borders.

page-navigation = Pages
page-first = First page
page-next = Next page

witness-none-title = Unwitnessed
witness-none-text = No independent witness has confirmed this log yet. The times below are the word of this node alone.
witness-count = { $count ->
    [one] Confirmed by { $count } independent witness
   *[other] Confirmed by { $count } independent witnesses
}

kind-import-run = Import of a file
kind-key-added = Key added
kind-key-revoked = Key revoked
kind-key-rotated = Key replaced
kind-log-contradicted = Contradiction of a log proven
kind-log-cosigned = Checkpoint confirmed by witnesses
kind-log-quorum = Whom the node asks to witness its log
kind-log-opened = Log opened
kind-log-received = Receipt of this node
kind-log-sealed = Earlier log sealed
kind-mandate-granted = Mandate granted
kind-mandate-withdrawn = Mandate withdrawn
kind-party-erased = Words of a party erased
kind-party-founded = Party founded
kind-source-absent = Not in a file that covers its date
kind-source-erased = Words of an incident erased
kind-source-stated = What a source published
change-absent = Not in the file
change-added_late = Added late
change-changed = Changed
change-listed_again = Again in the file

# Between the parts of a list, and between those that have commas themselves.
list-separator = { ", " }
list-separator-strong = { "; " }
