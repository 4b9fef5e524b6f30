# What was promised: deadlines, one duty, texts and their parties, what a party would state.

nav-deadlines = Deadlines
nav-accords = Accords

# What a duty has come to. Only a finding of people says more.
duty-status-active = Running
duty-status-breached = Not kept
duty-status-excused = Excused
duty-status-in_grace = Past its limit, within the grace
duty-status-lapsed = Lapsed
duty-status-late = Delivered late
duty-status-latent = Not started
duty-status-met = Kept
duty-status-remedied = Not kept, remedied since
duty-status-remedied_late = Not kept, remedied late
duty-status-remedy_due = Not kept, remedy due
duty-status-suspended = Suspended
duty-status-undetermined = Undetermined
duty-status-unremedied = Not kept, not remedied
duty-status-waived = Waived
duty-undelivered-breached = Not delivered in time
duty-undelivered-remedied = Not delivered in time, remedied since
duty-undelivered-remedied_late = Not delivered in time, remedied late
duty-undelivered-remedy_due = Not delivered in time, remedy due
duty-undelivered-unremedied = Not delivered in time, not remedied
duty-possible = one of: { $statuses }
duty-note = Computed from the log; not a finding of law.
duty-when-title = Judge at another moment
duty-recompute = Whoever has the log computes the same. This command does, on the node or on a copy of its files:
duty-declaratory = Nobody can check this clause. It is shown and never counted.

standing-none = Nobody alleges anything
standing-alleged = Alleged
standing-substantiated = Alleged with evidence
standing-contested = Contested by the debtor
standing-determined = Determined by a body
ruling-annulled = Result annulled
ruling-upheld = Result upheld

force-contract = Contract
force-legislation = Legislation
force-pledge = Pledge
force-resolution = Resolution
force-treaty = Treaty
force-voluntary_norm = Voluntary norm

class-computable = Computed from the log
class-declaratory = Declared: cannot be checked
class-finding = By a finding of people
class-measured = Measured

binding-contradicted = Not in force: both varied it, and not alike
binding-excluded = Excluded by a reservation
binding-in_force = In force as written
binding-objected = Not in force: one objected to the other’s reservation
binding-out_of_force = Not in force at this time
binding-varied = In force as a reservation varies it

counting-exact = It counts from moment to moment.
counting-eec_1182_71 = It counts whole hours and days, as Regulation (EEC, Euratom) 1182/71 does.

# A duty in a sentence.
duty-within-to = { $debtor } owes { $creditor } “{ $what }” within { $span } of “{ $anchor }”
duty-within = { $debtor } owes “{ $what }” within { $span } of “{ $anchor }”
duty-before-to = { $debtor } owes { $creditor } “{ $what }” at least { $span } before “{ $anchor }”
duty-before = { $debtor } owes “{ $what }” at least { $span } before “{ $anchor }”
duty-may = { $debtor } may do “{ $what }” within { $span } of “{ $anchor }”
duty-maintain = { $debtor } keeps “{ $what }” at { $threshold } ({ $aggregate } over { $span })
duty-never = { $debtor } never does “{ $what }”
duty-perform = { $debtor } owes “{ $what }” again every { $span }
duty-declare = { $debtor } declares: “{ $words }”
promise-starts-adoption = It starts with the adoption
promise-starts-breach = It starts with the breach of { $terms }
promise-starts-fact = It starts with each “{ $kind }”
promise-grace = Up to { $span } later it is late, and then breached
promise-stop-none = Nothing stops its clock
promise-stop-exception = An exception under { $under } stops its clock, for { $span } at most
promise-stop-fact = “{ $by }” stops its clock until “{ $until }”, for { $span } at most in all
promise-breach-none = A breach starts nothing further
promise-breach = A breach starts { $terms }
promise-breach-within = A breach starts { $terms }, due within { $span }
anchor-breach = the breach
anchor-recorded = { $kind }, as recorded in the log
aggregate-avg = mean
aggregate-count = number of samples
aggregate-gap = longest gap
aggregate-min = least
aggregate-p95 = 95th percentile
aggregate-uptime = uptime

span-years = { $count ->
    [one] { $count } year
   *[other] { $count } years
}
span-months = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
span-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
span-moment = less than a minute
span-stated = the time that “{ $field }” states
span-between = { $least } to { $most }
span-less = minus { $span }
time-between = between { $earliest } and { $latest }
time-open = { $earliest } or later

duty-party = Party
duty-owed-by = Owed by
duty-owed-to = Owed to
duty-owed-to-all = All parties
duty-owed-to-nobody = Nobody who was bound then: “{ $role }”
duty-since = Since
duty-standing = Standing
duty-id = Id
duty-term = Term
duty-clock = Clock
duty-clock-stands = It stands: a suspension is open and its cap is not used up.
duty-clock-may-stand = It may stand: what is known does not decide.
duty-grade = evidence of grade { $grade }
duty-determined-by = by { $parties }

deadlines-title = Deadlines
deadlines-lead = What lapses next, first. Each duty comes from a text that its parties adopted and from a statement in the log that started it.
deadlines-count = { $count ->
    [one] { $count } duty
   *[other] { $count } duties
}
deadlines-party = Owed by or to
deadlines-text = Text
deadlines-state = Status
deadlines-state-open = Something can still be done
deadlines-state-all = All
deadlines-week-filter = A day of the week
deadlines-week = Week from Monday, { $day } (UTC)
deadlines-no-date = Without a date
deadlines-empty-title = Nobody has promised anything here yet
deadlines-empty-text = When a text is published, parties adopt it, and something happens that starts a duty, that duty stands here with the moment at which its time runs out.
deadlines-none-title = No such duty
deadlines-none-text = No duty in this log fits what you asked for at that moment. Ask for all statuses, or for another week.
deadlines-by-party = By party
deadlines-by-party-table = What each party owes and is owed, of the duties above and on further pages
deadlines-owes = Owes
deadlines-owed = Is owed
deadlines-first = Its first lapses
deadlines-calendar-title = In your calendar
deadlines-calendar-text = The same list as a calendar file. Give its address to a calendar program, and it follows. The file speaks this page’s language and names the parties.
deadlines-calendar-link = Calendar (.ics)
deadline-left = { $span } left
deadline-over = over for { $span }
deadline-ends-limit = Due
deadline-ends-grace = Grace ends
deadline-ends-remedy = Remedy due
deadline-calendar = Counted in the calendar { $name }, time zone { $zone }.
deadline-no-calendar = Counted in hours; no calendar is needed.

obligation-title = { $term }: { $debtor }
obligation-known = As known at log size { $size }, judged at { $moment }.
obligation-facts-title = The duty
obligation-story-title = How it came to this
obligation-story-lead = The clause as it is written, and what was done to judge it: each statement used, each sum.
obligation-clause = The clause
obligation-source = Source:
obligation-steps = The evaluation
obligation-missing = What is not there and would have made a difference
obligation-uses-title = Statements used
obligation-uses = { $count ->
    [one] The result rests on { $count } statement of the log.
   *[other] The result rests on { $count } statements of the log.
}
obligation-recompute = Whoever has the log computes the same. This command does, on the node:
obligation-recompute-copy = And this one on another machine, from a copy of the log’s files and nothing else:
obligation-digest = SHA-256 of the status record, the text under “record” in the JSON answer:
obligation-proof-lead = The proof holds the statements from which this result follows, their signatures and their places in the log. The check judges the duty again by them.
obligation-proof-download = Proof of this result
obligation-proof-limits = The proof shows what is in the log, not that nothing else is. That no other statement of the log changes the result is shown by the same computation on a copy of the log.
clause-unverified = Primary text not checked
clause-by-parties = Added by the parties
clause-unsuspendable = Nothing suspends it
clause-non-reservable = No reservations
clause-on-breach = If it is not delivered in time:

# What started a duty was corrected or withdrawn by its author.
trigger-title = What started this duty was changed
trigger-begun = By what { $by } stated, received { $moment }, it is a duty from then on.
trigger-corrected = { $by } corrected the statement that started it, received { $moment }.
trigger-uncorrected = { $by } withdrew a correction of the statement that started it, received { $moment }.
trigger-withdrawn = { $by } withdrew the statement that started it, received { $moment }. With that it was no duty any more.
trigger-replaced = { $by } corrected the statement that started it, received { $moment }. By what it says now it was no duty any more.
trigger-start = Its start was { $before }, and is { $after } from then on.
trigger-due = It was due { $before }, and is due { $after } from then on.
trigger-same = Its times stayed the same.
trigger-was = Just before, it was: { $status }.
trigger-before = The duty as it was just before

own-word-title = What { $party } says
own-word-none = Nothing that is in the log.
own-word-more = { $count ->
    [one] { $count } earlier statement is in the log and not shown here.
   *[other] { $count } earlier statements are in the log and not shown here.
}
own-word-of = of { $time },
own-word-received = received { $moment }

# What a debtor did by saying it.
said-contest = contests it
said-explanation = explains
said-finding = found
said-receipt = confirms that it received

what-if-title = What would follow
what-if-lead = Computed by the same rules, on the log and what is supposed. Nothing of it was stated.
what-if-confirmed = If { $by } confirms that it had “{ $what }” when the debtor says:
what-if-done = If { $by } does “{ $what }” at { $at }:
what-if-late = If { $by } does “{ $what }” only at { $at }:
what-if-never = If “{ $what }” never comes, judged at { $at }:
what-if-found = If { $by } finds “{ $what }”:
what-if-attributed = If { $by } finds that the debtor did it:
what-if-restored = If “{ $what }” is at its best until { $at }:
what-if-failed = If “{ $what }” is at its worst until { $at }:
what-if-unmeasured = If nobody measures “{ $what }” until { $at }:
what-if-then = { $status }.
what-if-starts = It would start:

# The proof as a story.
truth-true = yes
truth-false = no
truth-unknown = unknown
story-absence-performative = No “{ $kind }” is in the log. Such an act is done by being lodged, so it was not done.
story-absence-unwatched = No “{ $kind }” is in the log, and nobody says to have watched: that proves nothing.
story-absence-watched = No “{ $kind }” is in the log, though somebody was watching.
story-act-before_trigger = An act does not count: it lies before what started the duty.
story-act-found = The act was done { $time }.
story-act-incomplete = An act of { $time } lacks something that the clause asks for.
story-anchor-absent = The time counts from “{ $kind }”, which has not happened.
story-attribution-absent = Nobody who may (“{ $by }”) has found who did it.
story-attribution-found = A finding attributes it to { $party }.
story-attribution-denied = A finding says that it was not { $party }.
story-calendar-silent = The calendar says nothing about times from { $from }.
story-condition-judged = Does the clause apply? { $holds }.
story-cosignature-awaited = The log held a statement from its receipt on; until a witness has cosigned it, nobody can show by when.
story-count-made = Facts “{ $kind }” counted: { $count }.
story-coverage-gap = Nobody says to have watched for “{ $kind }” through the time from { $from } to { $until }.
story-deadline-computed = The time runs from { $start }, for { $limit }. Last second in time: { $due }. With the grace: { $last }. Elapsed without suspensions: { $elapsed }.
story-deadline-no_grace = The time runs from { $start }, for { $limit }. Last second in time: { $due }. Elapsed without suspensions: { $elapsed }.
story-event-found = It happened { $time }. Does it count against the debtor? { $counts }.
story-exception-applies = An exception was judged as of { $at }. Does it apply? { $holds }.
story-fact-absent = No “{ $kind }” is in the log.
story-finding-absent = Nobody who may (“{ $by }”) has found “{ $ground }”.
story-force-ended = The text, or the party’s adoption, ended at { $at }.
story-force-unclear = It is not clear whether the text was in force at { $trigger }.
story-grade-absent = A statement does not say how sure it is.
story-limit-absent = No statement gives the length of the limit.
story-object-unnamed = A statement does not say which object it is about.
story-recorded-unwitnessed = That counts from when the node says to have received it: the log asks no witness (unwitnessed).
story-recorded-witnessed = The log is shown to have held it: { $time }.
story-remedy-judged = Not delivered in time as of { $breach }. Remedy due { $due }. That came to: { $possible }.
story-reservation-applies = A reservation counts between the two. { $binding }.
story-samples-absent = Samples of “{ $kind }” are missing.
story-status-computed = So the status is: { $possible }.
story-suspension-capped = Such suspensions stop the clock for { $cap } at most, all together.
story-suspension-closed = The clock was stopped from { $from } until { $until }.
story-suspension-open = The clock was stopped at { $from }; nobody has let it run again.
story-waiver-found = The creditor waived it at { $time }.
story-window-computed = In the window that ends { $end }, { $sampled } of { $slots } samples are there. With the threshold { $threshold } (parts per 10,000 where it is a share), the sum lies above it by { $balance }; a number below zero is a shortfall.
story-window-empty = No sample was due in the window.
story-work-exceeded = The evaluation reached its bounds: what lies beyond is unknown.

accords-title = Accords
accords-lead = Texts that bind parties, in the order in which they were published. Each is in the log word for word; who adopted it is bound by it.
accords-table = Texts in the order of the log
accords-empty-title = No text has been published yet
accords-empty-text = When somebody publishes a text in the term language, it stands here with its parties and with what its duties have come to.
accord-name = Text
accord-force = Kind
accord-in-force = In force
accord-terms = Terms
accord-parties = Parties
accord-amendment = Amendment
accord-from = from { $from }
accord-from-until = from { $from } until { $until }
accord-lead = { $force }, in force from { $from }.
accord-lead-until = { $force }, in force from { $from } until { $until }.
accord-counts-title = What was kept
accord-counts-lead = Counts of duties, each with the number of all duties of that line. Kept, late, not kept, undetermined, open and released (excused, waived or lapsed) add up to all; those contested are among them. Nobody is ranked: terms stand in the order of the text, parties by name.
accord-counts-empty = Nothing has happened yet that starts a duty of this text.
accord-count-of = { $count } of { $total }
accord-kept = Kept
accord-late = Late
accord-breached = Not kept
accord-undetermined = Undetermined
accord-contested = Contested
accord-open = Open
accord-released = Released
accord-coverage = Coverage
accord-coverage-of = { $sampled } of { $expected } samples ({ $share } %)
accord-not-measured = Not measured
accord-measured = Last measured: { $moment }.
accord-by-term = By term
accord-by-party = By party
accord-adverse-title = Not kept, late or undecided
accord-adverse-lead = { $count ->
    [one] One duty, with what its debtor says.
   *[other] { $count } duties, each with what its debtor says.
}
accord-adverse-shown = The first { $shown } of these, some of each status. All of a status, in the order in which their time runs out:
accord-taken-title = Taken back
accord-taken-lead = { $count ->
    [one] One duty is none any more, since the author of the statement that started it withdrew or corrected it.
   *[other] { $count } duties are none any more, since the authors of the statements that started them withdrew or corrected these.
}
accord-taken-shown = The last { $shown } of these:
accord-members-title = Who is bound
accord-members-table = Parties, with what they set and reserved
accord-members-empty = Nobody has adopted this text yet.
accord-roles = Roles
accord-bound = Bound
accord-taken-over = when a later text takes over:
accord-set = Has set
accord-reserved = Has reserved
accord-unassigned-title = Duties of nobody
accord-unassigned-lead = Something started these terms, and nobody holds the role that owes.
accord-versions-title = Other texts of this name
accord-clauses-title = The text
accord-published = Published:
accord-digest = SHA-256 of the text:
accord-sources = Sources
accord-preface = Notes, words and kinds before the terms

matrix-title = What is in force between whom
matrix-of = { $name }: what is in force between whom
matrix-lead = Each term for each pair of parties, with the adoptions, reservations and objections that make it so.
matrix-changed = { $changed ->
    [0] Every term is in force as it is written, between all who adopted it.
    [one] { $changed } entry is not in force as it is written.
   *[other] { $changed } entries are not in force as they are written.
}
matrix-count = { $count ->
    [one] { $count } entry.
   *[other] { $count } entries.
}
matrix-link = The whole matrix
matrix-only-changed = Only what is not in force as written
matrix-binding = In force
matrix-because = Because of
matrix-set = With { $setting }, set by the debtor (proposed: { $proposed }).
matrix-void = Without effect, since the term allows no reservation:
matrix-empty-title = Nothing is in force here
matrix-empty-text = Nobody holds the roles of the terms that you asked for.

# What a party would state.
propose-nothing = This page states nothing and keeps nothing. It shows what would be stated, and the command that states it. Whoever holds the party’s key gives that command.
propose-choose = Choose a party
propose-submit = Show what would be stated
propose-result = What would be stated
propose-refused = This would not be accepted
propose-absent = Something is missing
propose-absent-party = Choose the party.
propose-absent-about = Name the facility.
propose-absent-percent = Choose how far it worked.
propose-absent-from = Give the first day.
propose-statement = The statement
propose-kind = Kind
propose-by = Signed by
propose-subject = About
propose-command-title = The command
propose-command-text = Give it where the node’s folder is, with --dir. It signs with the party’s key and appends the statement to the log. It cannot be taken out again.
adopt-link = Adopt this text
adopt-title = Adopt { $name }
adopt-lead = A party that adopts a text is bound by it in the roles that it chooses. What it sets and reserves then stays.
adopt-form-title = The adoption
adopt-preview = This would be accepted
adopt-preview-text = The text has these roles and parameters, and takes these reservations.
adopt-no-mandate = The party has no mandate to sign yet
adopt-no-mandate-text = It needs one as signatory: that its key may bind it. Who may grant mandates gives this command first:
adopt-from = Bound from
adopt-from-hint = A day, or a moment as 2027-03-01T00:00:00Z. Now, if left empty. Nothing reaches back.
adopt-until = Bound until
adopt-until-hint = Without an end, if left empty.
adopt-params = What it sets for itself
adopt-proposed = The text proposes { $value }. That holds if left empty.
adopt-reservations = Reservations
adopt-reservations-hint = Leave empty what the party accepts as it is written. A reservation holds in both directions between this party and each other, and each other may object.
adopt-not-reservable = The text allows no reservation on this term.
adopt-exclude = Does not accept this term
adopt-exclude-hint-to = Between this party and each other, { $debtor } then owes { $creditor } nothing under it, whichever of the two this party is.
adopt-exclude-hint = As { $debtor }, this party then owes nothing under it.
adopt-exclude-breach = Nor does its breach start { $terms }.
adopt-instead = Accepts this instead
adopt-instead-hint = In the form in which the text has it: { $written }.
attest-link = Attest how far a facility worked
attest-title = Weekly attestation
attest-lead = How far did a service of a facility work through one week? The answer gives one sample for each hour, and says that somebody was watching.
attest-form-title = The week
attest-preview = This would be accepted
attest-samples = { $count ->
    [one] It gives { $count } sample.
   *[other] It gives { $count } samples, one for each hour.
}
attest-coverage = It covers the time from { $from } to { $until }.
attest-unknown-party = The log does not know this party yet.
note-fact-not_named = It would count for nothing: no text in force measures this
note-fact-not_yet = What lies ahead was not measured yet, and would not count
note-fact-not_in_role = It would count for nothing: the party does not hold the role whose word counts
attest-about = Facility
attest-about-hint = Its code, as texts and statements name it. No address, no names of people.
attest-indicator = Service
attest-indicator-hint = What worked, as the text calls it.
attest-percent = How far did it work?
attest-percent-value = { $percent } %
attest-percent-none = not at all
attest-percent-part = in part
attest-percent-full = fully
attest-from = First day
attest-from-hint = The week begins at 00:00 UTC of this day.

error-no_obligation-title = No duty here has this id
error-no_obligation-text = “{ $id }” is not a duty as of the moment that you asked for. Another moment, or a larger log, may have it.
error-taken_back-title = Taken back: { $term }, { $debtor }
error-no_accord-title = No text here has this digest or name
error-no_accord-text = “{ $id }” is not in this log as of the moment that you asked for.
error-bad_filter-absent = This is missing.
refusal-command-argument = Something is not written as it must be
refusal-id-unknown = The log has nothing with this id
refusal-instrument-adopted_before = The party has adopted this text before; what it reserved and set then stays
refusal-instrument-past = Nothing may reach back: the beginning lies ahead, and the end after it
refusal-instrument-prose = What is accepted instead is prose. It would stay in the log for ever, so it is not stated
refusal-instrument-reserved_twice = The term is reserved twice: either it is left out or something else stands in its place
refusal-instrument-not_reservable = The text allows no reservation on this term
refusal-instrument-unknown = The log has no such text
refusal-instrument-unknown_act = The text does not name this as an act: nothing would show that it was not done
refusal-instrument-unknown_param = The text has no such parameter
refusal-instrument-unknown_role = The text has no such role
refusal-instrument-unknown_term = The text has no such term
refusal-instrument-unfit_param = The text does not take this value
refusal-instrument-unfit_reservation = The text’s own check does not accept this instead
refusal-fact-off_scale = The value lies off the scale on which the texts measure this
refusal-fact-quarters = An attestation is in quarters: 0, 25, 50, 75 or 100 per cent
refusal-fact-time = The time ends before it begins, or is longer than a week

front-next-title = What lapses next
front-next-lead = Duties out of texts that parties adopted. Each can be recomputed.
front-next-all = All deadlines

accord-without-title = Statements about it that do not count
