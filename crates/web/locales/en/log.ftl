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
log-key-advice = Compare this key with one that you got another way, for example on paper or from a mirror.
log-realm = Realm
log-realm-real = Real
log-realm-exercise = Exercise “{ $name }”
log-public = Public log
log-closed = Closed log
log-closed-text = A second log holds what is not public. Only its checkpoints are shown here, so that it cannot be changed unseen either.
log-checkpoint-title = Latest checkpoint
log-checkpoint-lead = This signed note fixes all entries up to its size.
log-checkpoint-raw = Checkpoint as signed
log-empty = The log has no entries yet.

receipts-title = Receipts
receipts-lead = Each batch of entries ends with a receipt: this node’s signed word on when it received them.
receipts-table = Latest receipts
receipts-column-received = Received
receipts-column-entries = Entries
receipts-column-receipt = Receipt
receipts-range = { $first } to { $last }

cosigned-title = Confirmed by witnesses
cosigned-lead = A witness signs a checkpoint only if the log has kept all that it had before.
cosigned-column-witness = Witness
cosigned-column-size = Log size
cosigned-column-time = Confirmed

tiles-title = Files of the log
tiles-lead = The log is published as plain files in the C2SP formats tlog-tiles and tlog-checkpoint. Any client of these formats can read and check it.
tiles-checkpoint = Checkpoint
tiles-hashes = Tiles of hashes
tiles-entries = Bundles of entries

log-verify-lead = Copy the folder of the log and audit all of it: signatures, chains, tree and receipts.
entry-title = Entry { $index }
entry-kind = Kind
entry-size = Size
entry-size-value = { $bytes } bytes
entry-download = Entry as signed (CBOR)
entry-proof = Proof of its place in the log
