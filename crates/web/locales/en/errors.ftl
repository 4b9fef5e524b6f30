# Error pages, and the words for refusals.

error-not_found-title = There is no such page
error-not_found-text = Check the address. A record’s address never changes, so a link to a record that this node holds always leads somewhere.
error-no_incident-title = This node has no such incident
error-no_incident-text = No record here has the number { $id }. Another node may have it. That it is not here does not mean that it did not happen.
error-bad_request-title = This request cannot be read
error-bad_request-text = Part of the address or the form is not in the form expected.
error-bad_filter-title = The filter cannot be read
error-bad_filter-summary = Please correct
error-bad_filter-date = Write a date as year-month-day, for example 2023-10-07.
error-bad_filter-order = The first date is after the last.
error-bad_filter-choice = “{ $value }” is not one of the choices.
error-bad_filter-number = Write a whole number.
error-method-title = This page can only be read
error-method-text = Nothing can be sent to this address.
error-not_acceptable-title = Not available in this form
error-not_acceptable-text = This page exists as HTML, CSV and JSON.
error-behind-title = Not there yet
error-behind-text = The page asks for log size { $asked }; this node has read { $size } entries. Try again in a moment.
error-unavailable-title = Not available for the moment
error-unavailable-text = The node is starting, stopping or busy. Nothing is lost. Try again in a moment.
error-internal-title = Something went wrong in this node
error-internal-text = It is our fault, not yours, and it has been written to the program log. Records in the log are not affected.
error-back = To the overview

# Refusals by code: a dot in a code is a hyphen here.
refusal-import-row-bad_count = Not a whole number from zero
refusal-import-row-bad_date = Not a date
refusal-import-row-bad_id = Not a usable number of a record
refusal-import-row-count_too_large = A number too large to be meant
refusal-import-row-field_too_long = A field is too long
refusal-import-row-no_id = The record has no number
refusal-import-row-record_too_long = The record is too long; a quotation mark may not be closed
refusal-import-row-too_few_fields = Fewer fields than columns
refusal-import-row-too_many_fields = More fields than columns
refusal-import-row-unclosed_quote = A quotation mark is not closed before the file ends
refusal-key-not_yours = Only the party itself may revoke its keys
refusal-key-of_other_party = The key speaks for another party
refusal-key-revoked = The key no longer counts
refusal-key-revoked_ahead = A key cannot be revoked as of a place that the log has not reached
refusal-key-taken = The key is already registered
refusal-key-unknown = This log does not know the key
refusal-mandate-missing = The party has no mandate for this
refusal-mandate-not_yours = Only the party that granted a mandate may withdraw it
refusal-statement-malformed = A field is missing or not of its type
refusal-statement-signature = The signature does not hold
