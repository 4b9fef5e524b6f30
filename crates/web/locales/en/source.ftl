# The page of a publisher: what it published and what it changed later.

source-lead = What this publisher published, and what it changed later.
dataset-who-ssa = Surveillance System for Attacks on Health Care (SSA)
publisher-who-ssa = World Health Organization
source-limits-title = What this source does not say
limits-who-ssa = It does not name perpetrators, sources or facilities, and it gives no place below the country. It counts what was reported to its partners: areas without partners are under-counted.
source-own-words = Words of the publisher are shown as published; translations of its labels are ours.

runs-title = Imports
runs-lead = One statement for each file that this node read. A row that is equal to the last one adds nothing.
runs-column-received = Received
runs-column-covers = Days covered
runs-column-file = Digest of the file (SHA-256)
runs-column-mapping = Mapping
runs-column-rows = Rows
runs-column-added = Added
runs-column-changed = Changed
runs-column-absent = Not in the file
runs-column-unchanged = Unchanged
runs-column-rejected = Rejected
runs-covers = { $first } to { $last }

source-changes-title = What it changed later
source-changes-lead = { $count ->
    [0] No value has changed since it was first recorded.
    [one] { $count } value has changed since it was first recorded. Only real changes count: another spelling of the same date or number is none.
   *[other] { $count } values have changed since they were first recorded. Only real changes count: another spelling of the same date or number is none.
}
source-changes-table = Changed values, field by field
source-changes-kinds = Kinds of change
source-changes-column-incident = Incident
source-absent-lead = { $count ->
    [0] Every recorded row of the days covered is in the latest file.
    [one] { $count } recorded row of the days covered is not in the latest file. The file does not say why, and the record stays.
   *[other] { $count } recorded rows of the days covered are not in the latest file. The file does not say why, and the records stay.
}
source-late-lead = { $count ->
    [0] No row was added after the first import.
    [one] { $count } row was added after the first import.
   *[other] { $count } rows were added after the first import.
}
