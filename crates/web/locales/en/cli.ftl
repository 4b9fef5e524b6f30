# What the command line says. Help and the words of commands stay English.

cli-error = error:
cli-hint = hint:
cli-next = next:

cli-stage-begin = { $stage } …
cli-stage-end = { $stage }: { $count }
cli-stage-of-reading = reading
cli-stage-of-comparing = comparing
cli-stage-of-writing = writing
cli-stage-of-opening = opening what is sealed
cli-stage-of-projecting = projecting
cli-stage-of-verifying = verifying

cli-keep-the-key = Keep a copy of the key file elsewhere: without it nobody can open this folder again.
cli-pages-written = { $count ->
    [one] { $count } page written to { $folder }
   *[other] { $count } pages written to { $folder }
}
cli-serving = Serving until interrupted.
cli-stopping = Stopping.
cli-invented = Everything in this node is invented.

cli-no-keys = No keys.
cli-no-mandates = No mandates.
cli-no-parties = No parties.

# Titles in answers.
cli-added-at = added at
cli-age = age
cli-blobs = imported files
cli-clock = clock
cli-column = column
cli-cosigned = confirmed
cli-covers-from = covers from
cli-covers-until = covers until
cli-encoding = encoding
cli-entries-closed = entries of the closed log
cli-entries-public = entries of the public log
cli-field = field
cli-file = file
cli-file-digest = SHA-256 of the file
cli-finding = finding
cli-findings = findings
cli-fingerprint = fingerprint of the log key
cli-folder = folder
cli-founded-at = founded at
cli-from = from
cli-granted-at = granted at
cli-granted-by = granted by
cli-granted-to = granted to
cli-index = place in the log
cli-judged = judged
cli-key = key
cli-key-file = key file
cli-key-held = kept here
cli-kind = statement
cli-line = line
cli-log = log
cli-log-name-closed = closed
cli-log-name-public = public
cli-log-size = log size
cli-mandate = mandate
cli-name = name
cli-newest = last entry received
cli-not-counting = not counting
cli-not-understood = not understood
cli-operator = operator
cli-origin = origin
cli-party = party
cli-place = place
cli-projected = projected
cli-realm = realm
cli-reason = reason
cli-receipts = batches
cli-received = received
cli-revoked-at = revoked at
cli-role = role
cli-root = root
cli-root-party = root party
cli-row-id = id
cli-rows = rows
cli-rows-absent = absent
cli-rows-added = added
cli-rows-changed = changed
cli-rows-rejected = rejected
cli-rows-unchanged = unchanged
cli-run = statement of the run
cli-scope = scope
cli-sealed-unreadable = sealed values that do not open
cli-sealed-values = sealed values
cli-signed-by = signed by
cli-statement = statement
cli-statements = statements
cli-subject = about
cli-type = type
cli-until = until
cli-value = value
cli-what = what
cli-withdrawn-at = withdrawn at
cli-witness = witness
cli-witnessed-up-to = witnessed up to
cli-witnesses = witnesses
cli-witnesses-unwitnessed = unwitnessed: the times are the word of this node alone
cli-witnesses-witnessed = witnessed

# A proof in sentences.
cli-told-statements = By place in the log:
cli-told-statement = { $place }. { $kind }: signed by { $party } with { $key }, received on { $received }; { $standing }.
cli-standing-understood = understood
cli-standing-not_understood = not understood by this version of the program
cli-standing-malformed = a field is missing or not of its type
cli-standing-taken_back = taken back by a later revocation
cli-standing-time_unproven = understood, but its receipt was taken back, so the time is not proven
cli-told-said = What statement { $place } says:
cli-told-field-blank = left empty
cli-told-field-id = the source’s own number
cli-told-field-source = source

# Checks.
cli-sealed-unread = The key of this folder is not at hand: what is sealed is not opened, only its logs and files are checked.
cli-verdict-anchored = Verified: this is what the log holds, and a log that you trust.
cli-verdict-consistent = Consistent, not anchored: it does not contradict itself, but nothing says that the log is one that you trust. Compare the fingerprint over another channel, or give trust anchors with `--trust`.
cli-verdict-failed = Not verified.
cli-verdict-folder = Verified against the folder’s own keys: nothing in it was changed, as far as its own keys can tell.
cli-verdict-screened = Screened only: signatures were checked in batches, which finds faults but proves less than a full check.

# Failures, shown above the message in languages other than English: a dot in a code is a hyphen.
cli-failure-bundle-foreign = The file is of another node, realm or party than the trust anchors
cli-failure-bundle-invalid = The file does not prove what it claims
cli-failure-command-argument = A value cannot be used
cli-failure-command-unknown = The serving node does not understand the command
cli-failure-file-exists = The file exists already
cli-failure-file-failed = A file cannot be read or written
cli-failure-id-unknown = Nothing here has this id
cli-failure-import-unknown_format = There is no such importer
cli-failure-import-unreadable = The file cannot be imported
cli-failure-key-not_here = This node does not hold the secret key
cli-failure-node-config = The configuration cannot be used
cli-failure-node-failed = Something went wrong in this node
cli-failure-node-folder_taken = The folder already holds something
cli-failure-node-held = Another process holds the folder
cli-failure-node-key_missing = The key that opens the folder cannot be read
cli-failure-node-key_wrong = This key does not open the folder
cli-failure-node-no_folder = The folder holds no node
cli-failure-node-not_serving = The address cannot be served
cli-failure-node-unreached = The node that serves the folder cannot be reached
cli-failure-statement-from_the_future = A statement was claimed ahead of this node’s clock
cli-failure-statement-other_realm = A statement is of another realm
cli-failure-statement-out_of_order = A statement does not continue its author’s chain
cli-failure-statement-stated = The statement is already in the log
cli-failure-store-full = The disk is full; nothing was lost
cli-failure-store-newer_format = The folder was written by a newer version
cli-failure-store-read_only = The folder may not be written; nothing was lost
cli-failure-trust-unreadable = The trust anchors cannot be read
