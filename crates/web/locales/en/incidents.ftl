# The list of incidents and the page of one incident.

incidents-title = Incidents
incidents-count = { $count ->
    [0] No incident
    [one] { $count } incident
   *[other] { $count } incidents
}
incidents-filter-title = Filter
incidents-filter-source = Source
incidents-filter-country = Country or territory
incidents-filter-from = From date
incidents-filter-to = To date
incidents-filter-certainty = Certainty
incidents-filter-attack_type = Kind of attack
incidents-filter-changed = Only incidents that changed after publication
incidents-filter-not_listed = Only incidents that are not in the latest file
incidents-filter-any = Any
incidents-filter-apply = Show
incidents-filter-clear = Clear the filter
incidents-column-date = Date
incidents-column-country = Country or territory
incidents-column-certainty = Certainty
incidents-column-attack_types = Kind of attack
incidents-column-killed = Killed
incidents-column-injured = Injured
incidents-column-state = State
incidents-column-incident = Incident
incidents-empty-title = No incident matches this filter
incidents-empty-text = Take away a condition, or clear the filter. That nothing is listed does not mean that nothing happened.
incidents-table = List of incidents

incident-title = { $country }, { $date }
incident-id = Incident
incident-foreign-id = Publisher’s number
incident-publisher = Publisher
incident-recorded-title = What was published
incident-words-of = What follows is the word of the publisher, { $publisher }, not of this node.
incident-imported-by = Imported by { $name }.
incident-as-now-known = As now known, at log size { $size }
incident-badge-changed = Changed after publication
incident-badge-late = Added late
incident-badge-absent = Not in the latest file
incident-absent-text = The publisher’s file of { $date } covers this day and does not have this row. The file does not say why.
incident-never-changed = Nothing has changed since it was first recorded.
incident-free-text = Written by the publisher, in its own words

statements-title = Statements
statements-count = { $count ->
    [one] { $count } signed statement, in the order of the log
   *[other] { $count } signed statements, in the order of the log
}
statement-signed-by = Signed by
statement-attributed-to = Says what was published by
statement-key = Key
statement-claimed = Time claimed by the signer
statement-received = Received by this node
statement-index = Place in the log
statement-index-value = entry { $index }
statement-id = Statement
statement-details = Signature and digests
statement-not-understood = This version of the program does not understand statements of this kind. The statement is kept, and its signature and its place in the log still hold.
statement-refused = This statement is kept and does not count:

changes-title = What changed
changes-column-what = What
changes-column-was = Was
changes-column-now = Now
changes-column-when = Recorded

verify-incident-lead = The proof holds every statement on this page, its signature and its place in the log. Anyone can check it without this site.
verify-step-proof = Save the proof
verify-step-anchors = Get the log’s keys from a place that you trust; not only from this site
verify-step-command = Check one against the other
verify-step-own-node = Or make the proof from your own copy of the log
verify-without-anchors = Without keys that you trust, the check can only say that the proof is consistent with itself.
verify-download = Proof of this incident
