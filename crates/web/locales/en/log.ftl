# The page of the log: checkpoints, receipts, tiles.

log-title = The log
log-lead = Every statement of this node, in one order that cannot be changed without trace. Anyone may copy all of it and check it.
log-origin = Origin
log-size = Size
log-size-value = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
log-root = Root hash
log-key = Log key
log-fingerprint = Fingerprint
log-key-advice = Compare this key with one that you got another way, for example on paper or from a mirror.
log-realm = Realm
log-realm-real = Real
log-realm-exercise = Exercise “{ $name }”
log-closed-apart = A second log holds what is not public. It is not shown here.
log-goes-on-from = This log goes on from { $log }, which was sealed at size { $size }.
log-sealed = This log was sealed on { $moment }: nothing is signed here any more, and { $log } goes on in its place.
log-checkpoint-title = Latest checkpoint
log-checkpoint-lead = This signed note fixes all entries up to its size.
log-empty = The log has no entries yet.
log-entries-title = Entries
log-entries-table = Entries, newest first
log-badge-not-understood = not understood
log-badge-refused = does not count

receipts-title = Receipts
receipts-lead = Each batch of entries ends with a receipt: this node’s signed word on when it received them.
receipts-table = Latest receipts
receipts-column-received = Received
receipts-column-entries = Entries
receipts-column-receipt = Receipt
receipts-range = { $first } to { $last }

tiles-title = Files of the log
tiles-lead = The log is published as plain files in the C2SP formats tlog-tiles and tlog-checkpoint. Any client of these formats can read and check it.
tiles-checkpoint = Checkpoint
tiles-hashes = Tiles of hashes
tiles-entries = Bundles of entries

log-verify-lead = Copy the folder of the log and audit all of it: signatures, chains, tree and receipts.
log-anchors = The keys of this log in a file, for checking proofs. Compare the fingerprint with one that you got another way:
entry-title = Entry { $index }
entry-kind = Kind
entry-version = version { $version }
entry-subject = About
entry-chain = Place in the chain of its key
entry-refers = Refers to
entry-body-title = Coded fields
entry-sealed-title = Words that it commits to
entry-sealed-lead = The entry holds the digest of these words, not the words. They can be erased, and the entry still verifies.
entry-sealed-unknown = Field not known
entry-verify-lead = Hash the signed bytes and find the hash in the tiles, or let any client of the C2SP formats do both.
entry-size = Size
entry-size-value = { $bytes } bytes
entry-download = Entry as signed (CBOR)

# Statements about promises.
kind-adoption-withdrawn = Adoption ended
kind-dispute-closed = Dispute closed
kind-dispute-opened = Dispute opened
kind-fact-attested = Facility attested
kind-fact-lodged = Fact lodged
kind-fact-receipted = Receipt of an act
kind-fact-sampled = Samples
kind-fact-withdrawn = Statement about facts withdrawn
kind-finding-made = Finding
kind-instrument-adopted = Instrument adopted
kind-instrument-objected = Objection to a reservation
kind-instrument-part = Part of an instrument
kind-instrument-published = Instrument published
kind-status-recorded = Status computed

# Parties and their keys; what rests on a key that was revoked.
party-root = It opened this log.
party-type = What it says it is
party-founded = Founded
party-keys-title = Keys
party-keys-lead = What a key signed before the entry as of which it was revoked stands. What it signed from there on does not count.
party-mandates-title = Mandates
key-state = State
key-state-active = in use
key-state-fallen = fell with the key that added it
key-state-replaced = replaced by another key
key-state-revoked = revoked
key-added = Added
key-revoked-as-of = Revoked as of
key-revoked-from = entry { $index }: those before stand
key-reason = Why
key-reason-compromised = somebody else may have the key
key-reason-lost = it was lost
key-reason-retired = it is no longer in use
key-ended = Ended by
mandate-granted = Granted
mandate-withdrawn = Withdrawn
statement-key-revoked = Signed with a key that was revoked as of entry { $index }.
statement-mandate-key-revoked = A mandate of its author was signed with a key that was revoked as of entry { $index }.
statement-key-why = Why it was revoked: { $reason }.
statement-key-ended = The statement that ended the key
statement-revocation-stands = A revocation stands nevertheless: it only takes away.
