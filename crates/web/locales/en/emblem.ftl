# Emblems: verifying one, the register of assets and authorities, the printed card.

nav-verify = Verify an emblem

# Verifying what was given.
verify-emblem-title = Verify an emblem
verify-emblem-lead = Give the tokens of a digital emblem, with the keys and certificates that you have. Every step is explained, and what is missing is named.
verify-example-title = An example first
verify-example-text = An invented hospital marks the name of its web site, and an invented authority endorses it. All that proves it is there: tokens, keys, certificates and the key of the log that has them.
verify-example-link = Verify the example
verify-form-title = What is to be verified
verify-form-privacy = What you give is judged in memory and then forgotten; that endorsements of organisations were right is remembered for a while, nothing of emblems. It is neither stored nor written to a program log. Nobody else is asked: no name is looked up and no other server learns what you verify.
verify-form-paste = Paste
verify-form-paste-hint = Tokens, keys (JWK, COSE_Key, PEM), certificates, keys of logs, revocation lists, or the text of a card’s QR code, one after the other. Binary pieces as hexadecimal or base64.
verify-form-files = Or choose files
verify-form-files-hint = The same as files, or a bundle. At most 128 pieces and one megabyte in all.
verify-form-policy = Trust policy, if you have one
verify-form-policy-hint = In TOML: whom you honour, and how much evidence you ask for. Without one, every commitment must be proved and nobody is honoured in particular.
verify-form-at = Time judged, if not now
verify-form-at-hint = As 2026-11-22T08:00:00Z, or in Unix seconds.
verify-form-submit = Verify
verify-form-bundle = Save as one file
verify-wrong-nothing = Paste a token, or choose its file.
verify-wrong-paste = What was pasted cannot be verified.
verify-wrong-files = A file cannot be used.
verify-wrong-policy = The policy cannot be read.
verify-wrong-too-many = More than 128 pieces were given, or more tokens or keys than any emblem needs.
verify-wrong-bundle = No file can be made of it: no token in it can be read, or it is longer than is read.
verify-policy-list = “{ $name }” has an entry that means nothing or stands twice, or is empty or too long. Write { $wanted }.
verify-policy-value = “{ $name }” has a value that means nothing. Write { $wanted }.
verify-policy-organisation = An organisation that is honoured cannot be read. Write “https://” and a domain name in lower case, with nothing after it.
verify-policy-too-long = It is longer than any policy.
verify-policy-toml = It is not TOML, a field of it is not known, or “version = 1” is not there.
verify-policy-version = The policy is of another version than 1.
verify-policy-wanted-assets = one or more of "address", "domain", "network", each once
verify-policy-wanted-commitments = "every", or a whole number from 1 to 255
verify-policy-wanted-emblems = one or more of "protective", "indicative", "dangerous-forces", "civil-defence", "cultural-property", each once
verify-policy-wanted-evidence-days = a whole number of days, from 0 to 4294967295
verify-policy-wanted-honour = each organisation once, and at most 256 of them
verify-policy-wanted-least = "signed", "organizational" or "endorsed"
verify-policy-wanted-logs = ids of logs, 32 bytes in base64, each once and at most 256 of them
verify-policy-wanted-revocation-lists = "if-given" or "required"
verify-result-title = Result
verify-step-signatures = Step 1: signatures
verify-step-signatures-lead = { $count ->
    [one] { $count } token, checked with the keys at hand.
   *[other] { $count } tokens, each checked with the keys at hand.
}
verify-step-endorsements = Step 2: who endorsed whom
verify-step-endorsements-none = No endorsement counts here.
verify-step-commitments = Step 3: do the organisations stand by their keys?
verify-step-commitments-lead = An organisation commits to its root key with a certificate in public logs. Each log entry that a token names is checked without a network against the certificates and the keys of logs that were given.
verify-step-commitments-none = It did not come to a commitment.
verify-step-policy = Step 4: the policy
verify-passed-title = Given and not used
verify-piece = Piece { $piece }
verify-command-lead = The same on your own computer, without a network. “given” is a folder with what you gave here:

error-given-title = This cannot be verified
error-given-text = What was sent is not in the form expected, or is more than is read here.
error-moment = Write a moment as 2026-11-22T08:00:00Z, or in Unix seconds.

emblem-outcome-met = The policy is met
emblem-outcome-unproven = Not proved: something is missing, and nothing is wrong
emblem-outcome-invalid = Invalid: a rule failed
emblem-outcome-expired = Expired: its signature is right, and its time is over
emblem-outcome-key-missing = Not proved: a key that signed is not here, so its signature cannot be checked
emblem-outcome-none = No emblem is here: there is nothing to verify
emblem-outcome-not-yet = Not valid yet: its signature is right, and its time is still to come
emblem-outcome-false = False: evidence contradicts it
emblem-standing-recognised = Recognised by { $by }, under the policy below.
emblem-standing-endorsed = Endorsed by { $by }. That is no recognition: the policy below does not have them among those whom it honours.
emblem-standing-declared = Declared only: who issued it says so, and nobody whom the policy honours.
emblem-standing-expired = It says that it was valid until just before { $moment }.
emblem-standing-not-yet = It says that it is valid from { $moment } on.
emblem-standing-revoked = Revoked: what it rests on was taken back.
emblem-failed-at = At token { $token }:
emblem-endorsed-by = Endorsed by
emblem-law = Law
emblem-law-of-purpose = The tokens name no law. This is what the protection that they claim stands for.
answer-holds-until = All of this holds until just before
ends-first-asset = the registration ends first
ends-first-emblem = the emblem ends first
ends-first-endorsement = an endorsement ends first
ends-first-recognition = a recognition ends first
emblem-ends-evidence = by then what proves its root key is too old for the policy, or revoked
emblem-results = Results of the protocol:
emblem-dialect = dialect
emblem-judged-at = Judged as of { $moment }
emblem-missing-title = What is missing
emblem-not-unprotected = This is about a token, not about a place or its people. Whoever bears no valid emblem may be protected all the same.
emblem-says-title = What the emblem says
emblem-says-only = The words are the emblem’s own, and its signature is right. They do not count at the time judged, and whether its issuer stands by the key was not looked at.
emblem-marks = Marks
emblem-purposes = Protection
emblem-any-purpose = Not said: any
emblem-issuer = Issued by
emblem-no-organisation = No organisation is named
emblem-from = From
emblem-until = Until just before
emblem-period = Time
emblem-key = Key
emblem-token = Token { $token }
emblem-kind-emblem = emblem
emblem-kind-endorsement = endorsement
emblem-signature-right = Signature right
emblem-signature-wrong = Signature wrong
emblem-signature-unchecked = Signature not checked: its key is not here
emblem-signature-mismatched = Signature not checked: the key is of another algorithm than the token says
emblem-signature-unread = Signature not looked at: the token cannot be read
emblem-role-emblem = the emblem
emblem-role-internal = the issuer’s own endorsement
emblem-role-external = endorsement by another organisation
emblem-role-idle = nothing wrong with it, but the set failed
emblem-role-dropped = does not count
emblem-endorses = { $issuer } endorses { $subject }, key
emblem-endorses-unnamed = The key of an organisation that is not named is endorsed:
emblem-root-key = Root key
emblem-log = Log
emblem-found-proved = proved
emblem-found-unproven = unproven
emblem-found-false = false
emblem-found-revoked = revoked
emblem-logged = The log took the certificate on { $moment }.
emblem-issuer-unchecked = The signature of the certificate’s issuer is RSA and was not checked here: the log did so before it took the certificate.
emblem-revocation-clear = A revocation list covers the certificate and does not have it.
emblem-revocation-revoked = A revocation list has the certificate.
emblem-revocation-unknown = No revocation list that covers the certificate was given.
emblem-entry-details = Digests and names
emblem-leaf = Log entry
emblem-certificate = Certificate
emblem-policy-given = Judged by the policy that you gave.
emblem-policy-default = Judged by the default policy, since none was given.
emblem-policy-id = Id of the policy
emblem-policy-of-bundle = Policy that a bundle names
emblem-policy-of-bundle-other = not the one used here: its sender judged by another
emblem-policy-of-bundle-used = the one used here
emblem-policy-least = Must hold at least
emblem-policy-commitments = Log entries to be proved
emblem-policy-at-least = { $count ->
    [one] { $count } of each commitment
   *[other] { $count } of each commitment
}
emblem-policy-every = Every one
emblem-policy-age = Age of a proof
emblem-policy-days = { $count ->
    [one] At most { $count } day
   *[other] At most { $count } days
}
emblem-policy-any-age = Any
emblem-policy-lists = Revocation list
emblem-policy-lists-required = Must be there
emblem-policy-lists-given = Counts where given
emblem-policy-logs = Logs that count
emblem-policy-logs-given = Those whose keys you give
emblem-policy-honours = Organisations honoured
emblem-policy-honours-none = None in particular
emblem-level-signed = Signed
emblem-level-organizational = Signed, and the issuer committed to its key (ORGANIZATIONAL)
emblem-level-endorsed = And another organisation endorses it (ENDORSED)

# Rules that fail.
emblem-algorithm = The key is of another algorithm than the token’s header says.
emblem-chain = The issuer’s endorsements do not form one chain to the emblem’s key.
emblem-commitment-false = Evidence contradicts the commitment to the root key.
emblem-commitment-revoked = The certificate that commits to the root key was revoked.
emblem-duplicate = The same token is there twice.
emblem-expired = The token has expired.
emblem-exceeds-assets = The emblem marks more than an endorsement permits.
emblem-exceeds-channels = The emblem may be found over channels that an endorsement does not permit.
emblem-exceeds-purposes = The emblem claims a protection that an endorsement does not permit.
emblem-exceeds-window = The emblem is valid for longer than an endorsement permits.
emblem-key-missing = No key at hand has the id that the token names.
emblem-may-not-endorse = A key endorses further without permission to.
emblem-never-valid = The token can never be valid: it ends before it begins.
emblem-no-chain = The emblem names its issuer, and no endorsement of the issuer is there.
emblem-no-commitment = The endorsement by the root key names no log entry.
emblem-none = No emblem is there.
emblem-no-issuer = The endorsement names no issuer, and the emblem does.
emblem-not-of-root = The endorsement does not endorse the issuer’s root key, the key on top of its chain, so it does not count.
emblem-not-yet-valid = The token is not valid yet.
emblem-other-dialect = The token is of another dialect than the emblem.
emblem-several = More than one emblem is there.
emblem-signature = The token’s signature is wrong.

# Tokens that cannot be read.
emblem-token-algorithm = The token is signed with an algorithm that emblem tokens do not use.
emblem-token-asset = What the token marks cannot be read.
emblem-token-claim = A claim of the token is not of its type, or has a value that it cannot have.
emblem-token-critical = The token depends on something in its header that is not understood.
emblem-token-enclosed-key = The key in the token is refused.
emblem-token-cut-short = The token ends too early. Copy it again, whole.
emblem-token-indefinite = Something in the token is of indefinite length. Its author must write the length in front.
emblem-token-not-an-item = The token is no CBOR. Copy it again, whole.
emblem-token-not-a-map = A part of the token is something else than a map of claims. Its author must write one.
emblem-token-not-base64 = A part of the token is not base64url. Copy it again, whole.
emblem-token-not-finite = A number in the token is infinite, or none at all. Its author must write a time in seconds.
emblem-token-not-json = A part of the token is not JSON. Copy it again, whole.
emblem-token-not-three-parts = The token is not three parts with dots between them. Copy it again, whole.
emblem-token-not-utf8 = A text in the token is not UTF-8. Its author must write it so.
emblem-token-nesting = The token is nested deeper than any emblem needs. Take it as hostile.
emblem-token-simple = A value in the token is null or means nothing. Its author must leave it out.
emblem-token-too-many = A list in the token names more members than any emblem needs. Take it as hostile.
emblem-token-trailing = Something stands after the end of the token. Give one token, and nothing after it.
emblem-token-twice = The same name stands twice in the token, so two readers could read two things. Its author must write it once.
emblem-token-claim-name = A claim is named by neither a number nor a text. Its author must write one of these.
emblem-token-claim-number = The token has a claim that the protocol does not know. Its author must leave it out.
emblem-token-part = A part of the token is of another type than it must be. Its author must write it so.
emblem-token-spelling = The outer form of the token is not in its one spelling.
emblem-token-tag = The token is marked as something else than an emblem’s token. Look for the right file.
emblem-token-untagged = A tag is missing that says what the token is. Its author must write both, 61 and 18.
emblem-token-forbidden = The token has a claim that it must not have.
emblem-token-header = A parameter of the token’s header is missing, or not what it must be.
emblem-token-kind = The token is neither an emblem nor an endorsement.
emblem-token-missing = The token lacks a claim.
emblem-token-no-cwt-tag = The token is not marked as a CWT.
emblem-token-organisation = An organisation of the token cannot be read.
emblem-token-shape = The token is not built as a signed message.
emblem-token-signature-length = The signature has not the length of its algorithm.
emblem-token-too-long = Longer than any token.
emblem-token-unprotected = The header has a part that the signature does not cover.
emblem-token-unsigned = The token is not signed.
emblem-token-version = The token is of another version of the protocol.

# Why something that was given is not used.
emblem-passed-folder = A folder inside the folder: only the files of one folder are read.
emblem-passed-key = The key is refused.
emblem-passed-key-twice = A member stands twice in the key, so two readers could read two keys. Its author must write it once.
emblem-passed-link = A link that leads nowhere.
emblem-passed-no-keys = A set of keys without any key in it.
emblem-passed-policy = A trust policy counts only where the verifier gives it.
emblem-passed-private-key = A private key. It is refused: never share it.
emblem-passed-shared-secret = A shared secret, which is no public key. It is refused: never share it further.
emblem-passed-special = A pipe, a socket or a device: only files are read.
emblem-passed-token = A token, where only evidence was asked for.
emblem-passed-unknown = Nothing that is known here.
emblem-passed-unreadable = It cannot be read.

# What breaks no rule and should be known.
caution-title = To be known
caution-endless = Token { $token } has no end that is a date: it says that it is valid for good.
caution-every-address = { $network } is every { $protocol } address there is. A mark on all of them says nothing about one.
caution-every-name = It marks every domain name there is. A mark on all of them says nothing about one.
caution-issued-ahead = Token { $token } says that it was made on { $moment }, after the time judged. That decides nothing: its maker’s clock or the time judged may be wrong.
caution-documentation = { $network } is set aside for examples in documents, and reaches nobody.
caution-law = The law “{ $law }” has no words here and stands as its code. Those known are: { $known }.
caution-link-local = { $network } means something on one link only.
caution-loopback = { $network } is every machine’s name for itself.
caution-multicast = { $network } is set aside for groups of receivers, and is no machine’s own.
caution-private-network = { $network } is set aside for networks of one’s own. Many others use the same addresses.
caution-other-party = Another party has registered { $name } too, and its emblem { $emblem } stands.
caution-other-published = Another emblem stands for { $name }, and is the one that the name publishes: { $emblem }.
caution-kept = Nothing is published for { $name }: the party that comes first for the name has no emblem that stands since { $emblem }, and its registration does. It issues a new one, or withdraws.
caution-sealed = { $name } or its emblem is not public: no node publishes it by itself. What is printed here is for servers of your own. To have the node publish it, register it with --public and issue the emblem anew.
caution-unspecified = { $network } is no machine’s address.
caution-private-key = A private key lies in { $file }. It was not used. Never share it, and replace it where others have seen it.
caution-also-registered = Another party has registered the same identifier too, as { $asset }.
caution-registered = The same registrant has registered the same identifier already, as { $asset }.
caution-script = { $name } is shown by some programs as { $shown }. Letters of other scripts can look like others: compare the form that begins with xn--.
caution-script-broken = { $name } has a part that begins with xn-- and stands for no letters: it is probably misspelt. Compare it with the name that is meant.
caution-script-hidden = { $name } is written in another script and cannot be shown as letters: compare the form that begins with xn--.
caution-untagged = Token { $token } lacks the tag 61, which says that it is a CWT. The drafts ask for it, so others may refuse the token. Its author should write both tags, 61 and 18.
caution-wide-names = { $names } is every name under .{ $under }: the names of many others too.
caution-wide-network = { $network } is wide: it has { $count } addresses, as many as a whole provider. Those of others may be among them.

# What contradicts a commitment, and what is missing.
emblem-commitment-inclusion = The proof that the log includes the certificate is wrong.
emblem-commitment-issuer-signature = The certificate is not signed by its issuer.
emblem-commitment-names = The names of the certificate do not bind the key to the organisation.
emblem-commitment-sct-list = The certificate’s list of signatures of logs (SCTs) was changed and cannot be read.
emblem-commitment-sct-signature = The log’s signature over the certificate is wrong.
emblem-missing-certificate = No certificate for the organisation’s names is among the evidence.
emblem-missing-certificate-foreign = No certificate at hand is the one that the log entry names. Those of the organisation that are at hand are foreign to it.
emblem-missing-issuer = The certificate of the issuer is not at hand.
emblem-missing-log-key = The public key of the log is not at hand, or came with the tokens or in a bundle, where anybody can put one: give it as evidence in a file of its own, or name the log in the policy.
emblem-lack-commitments = Log entries that the token names: { $named }. The policy asks for { $needed }.
emblem-lack-key = The key that signed token { $token } is not here: ask whoever gave the token for it.
emblem-lack-level = The policy asks for a higher result than holds:
emblem-lack-not-yet-logged = The certificate was logged after the time judged.
emblem-lack-recognition = No organisation that the policy honours endorses it.
emblem-lack-revocation-list = No current revocation list covers the certificate.
emblem-lack-too-old = The certificate was logged longer ago than the policy allows.

purpose-protective = Red cross, red crescent or red crystal, protective use
purpose-indicative = Red cross, red crescent or red crystal, indicative use
purpose-dangerous-forces = Works and installations containing dangerous forces
purpose-civil-defence = Civil defence
purpose-cultural-property = Cultural property

# The register: assets, emblems, authorities.
nav-assets = Protected assets
nav-emblems = Emblems
nav-authorities = Authorities
front-protected-title = What is protected
front-protected-text = Services that bear a digital emblem, who says so, and who recognises them. Anyone can verify an emblem here or on their own computer. No entry never means that something is not protected.
error-no_asset-title = No entry, which does not mean unprotected
error-no_emblem-text = “{ $id }” is neither the statement of an emblem nor the SHA-256 of a token in this log as of the time judged. Look for it among the emblems, or give the token itself to “Verify an emblem”.
error-no_emblem_file-title = This emblem has no file
error-no_emblem_file-text = An emblem has a file as long as it stands and its token is there and public. As of the time judged “{ $id }” has none: it had no token, or nobody can show it any more, or only its holder can.
error-no_asset-text = Nothing has the id “{ $id }” in this log as of the time judged. Many protected services are in no register.

register-as-of = As of log size { $size }, judged at { $moment }.
register-known-now = As now known: all statements below that size count.
register-known-then = As then known: only what was received by the time judged counts.
register-at = Time judged, if not now
register-index = Log size, if not all of it
register-known = What counts
register-as-now-known = As now known
register-as-then-known = As then known
register-period = Time
register-from = from { $moment }
register-until = until just before { $moment }
register-no-end = no end is set
register-state = State

assets-title = Protected assets
assets-lead = What parties have registered as protected, under which law, and who recognises it. A registration is its author’s word; recognition is somebody else’s.
assets-count = { $count ->
    [one] { $count } asset, the last one registered first
   *[other] { $count } assets, the last one registered first
}
assets-table = Assets with the answer for each
assets-empty-title = No entry
asset-title = { $kind }, entry { $index }
asset-what = What
asset-answer = Answer
asset-kind = Kind
asset-identifier = Identified by
asset-not-public = not public
asset-not-public-why = The log holds a digest alone. Its holder can show what it stands for, and can have it erased.
asset-erased = erased
asset-gone = The log holds a digest alone. What it stood for was erased later: nobody can show it any more.
asset-bearer = Bearer
asset-registrant = Registered by
asset-law = Law
asset-authority = Authority that it counts on
asset-withdrawn = Withdrawn
asset-recognised-by = Recognised by { $by }, through the authority { $authority }, under { $law }.
asset-recognised-for-good = It has no end.
asset-recognised-until = Until { $moment }.
asset-under-policy = Under policy
asset-without-policy = No policy was named.
asset-no-entry = No entry, or none that is recognised, does not mean unprotected.
asset-then = As it was then known, the answer for the same time was: { $answer }.
asset-card-link = Card to print: why this is protected
asset-registered-title = What was registered
asset-registered-lead = This is the word of the party that registered it.
asset-no-emblems = It bears no emblem in this log.
asset-alleged-title = Misuse that is alleged
asset-alleged-lead = What follows is alleged by a party. Nothing here finds that it happened.
asset-alleged-withdrawn = Withdrawn:
asset-proof-download = Proof of this answer
asset-proof-lead = The proof holds every statement on which the answer hangs, up to whoever recognises the authority. The check computes the answer anew.
asset-verify-lead = Or ask your own copy of the log, after you have audited it with “ensign verify D”:

emblems-title = Emblems
emblems-lead = Each emblem is a signed statement: an asset enjoys a protection, for a time.
emblems-count = { $count ->
    [one] { $count } emblem, the last one first
   *[other] { $count } emblems, the last one first
}
emblems-table = Emblems
emblems-empty-title = No emblem
emblem-word = Emblem
emblem-title = Emblem, entry { $index }
emblem-leads-nowhere = It leads to no authority that somebody else recognises: it is the word of who issued it.
emblem-issued-title = What was issued
emblem-asset = Asset
emblem-digest = Digest
emblem-of-token = of its token
emblem-of-statement = The statement itself is the emblem: there is no token.
emblem-ended = Ended
emblem-token-gone = The token named what it marked, and was erased: nobody can show it any more.
emblem-token-not-public = The token names what it marks, and is not public. Its holder can show it.
emblem-endorsements-title = Who endorses its key
emblem-verify-lead = The tokens and keys in one file, to be verified without this site and without a network:
emblem-alone = By itself it shows that the emblem is signed, and no more. Whether it is recognised or was revoked stands in the log.
emblem-download = Emblem as a file

authorities-title = Authorities
authorities-lead = Which party recognises which organisation as an authority, with which keys, for which protection. Anyone may recognise; whom to honour is for the reader to say.
authorities-count = { $count ->
    [one] { $count } recognition, the last one first
   *[other] { $count } recognitions, the last one first
}
authorities-empty-title = No recognition
authorities-empty-text = No party has stated here that it recognises this. That does not mean that what it marks is unprotected.
authority-title = Authority { $domain }
authority-recognises = { $by } recognises { $organisation }
authority-organisation = Organisation
authority-kinds = For assets of kind
authority-all-kinds = all
authority-keys = Root keys
authority-verify-lead = Every recognition is a signed statement in the log. Audit your own copy:

outcome-recognised = Recognised
outcome-declared = Declared only
outcome-expired = Expired
outcome-revoked = Revoked
outcome-not-yet = Its time has not come
outcome-withdrawn = Withdrawn
outcome-no-entry = No entry
reason-asset-expired = The time for which it was registered is over.
reason-no-emblem = It bears no emblem.
reason-emblem-not-yet = Its emblem is for a time to come.
reason-emblem-expired = The time of its emblem is over.
reason-emblem-revoked = Its emblem was revoked.
reason-key-revoked = The key of its emblem was revoked.
reason-not-endorsed = Nobody endorsed the key of its emblem, and nobody recognises it.
reason-endorsed-for-other = The endorsement is for another protection.
reason-endorsement-expired = The time of the endorsement is over, or has not come.
reason-endorsement-revoked = The endorsement, or the key that signed it, was revoked.
reason-not-recognised = Nobody recognises the authority that endorsed.
reason-other-kind = The authority is recognised for other kinds of asset.
reason-other-purpose = The authority is recognised for another protection.
reason-recognition-expired = The time of the recognition is over, or has not come.
reason-recognition-superseded = The recognition now names other keys, or says something else.
reason-recognition-withdrawn = The recognition was withdrawn.
reason-only-by-bearer = Only the bearer itself recognises the authority.
reason-not-honoured = Who recognises the authority is not honoured here.
# How and why something ended.
end-by = On { $moment } by { $by }.
end-why = On { $moment } by { $by }: { $reason }.
end-revoked = Revoked on { $moment } by { $by }: { $reason }.
end-withdrawn = Withdrawn on { $moment } by { $by }: { $reason }.
end-superseded = Replaced on { $moment } by { $by }.
end-reason-closed = it was closed
end-reason-compromised = somebody else may have the key
end-reason-lost = it was lost
end-reason-mistaken = it was a mistake
end-reason-moved = it moved
end-reason-policy = the policy changed
end-reason-superseded = something else took its place
end-reason-unsafe = being marked was unsafe
end-reason-withdrawn = it was taken back
former-until = It was marked until just before { $moment }.
former-recognised-by = Until then it was recognised by { $by }, through the authority { $authority }, under { $law }.
former-not-recognised = Until then it was the word of who issued it: it led to no authority that somebody else recognised.

# Misuse that is alleged, and how sure its author is.
misuse-act-copied = copied
misuse-act-forged = forged
misuse-act-other-bearer = borne by somebody else
misuse-act-other-use = used for something else
misuse-grade-corroborated = corroborated
misuse-grade-documented = documented
misuse-grade-reported = reported

status-standing = stands
status-not-yet = its time has not come
status-expired = expired
status-revoked = revoked
status-superseded = superseded
status-withdrawn = withdrawn
asset-kind-address = Network address
asset-kind-aircraft = Aircraft
asset-kind-corridor = Corridor
asset-kind-domain = Domain name
asset-kind-network = Network
asset-kind-place = Place
asset-kind-vehicle = Vehicle
asset-kind-vessel = Vessel
law-gc-i = the First Geneva Convention of 1949
law-gc-ii = the Second Geneva Convention of 1949
law-gc-iii = the Third Geneva Convention of 1949
law-gc-iv = the Fourth Geneva Convention of 1949
law-ap-i = Additional Protocol I of 1977
law-ap-ii = Additional Protocol II of 1977
law-ap-iii = Additional Protocol III of 2005
law-customary = customary international humanitarian law
law-movement = the rules of the Movement on indicative use
law-hague-1954 = the Hague Convention of 1954

# The printed card.
card-title = Why this is protected
card-title-ended = This was marked, and the mark has ended
card-title-not-yet = Why this will be protected
card-back = Back to the asset
card-authority = Authority
card-no-authority = None is named
card-until = Until just before
card-contact = Contact
card-contact-authority = Ask the authority, at the domain by which it is named:
card-contact-text = The bearer named above.
card-contact-registrant = Who registered it, named above.
card-made-by = The node of { $operator } made this card.
card-register = In the register
card-code-title = QR code with the emblem: its tokens and keys
card-code-lead = The code holds the emblem itself: tokens and keys. Read it with any camera, save its text as card.txt, and verify it without a network:
card-code-long = The emblem is too long for one code. Save its text, which stands below, as card.txt; this verifies it without a network:
card-code-none = This emblem has no public token that a code could hold. Verify it in a copy of the log:
card-no-emblem = No emblem stands for this asset at the time judged.
card-text-title = The same as text
card-text-lead = What the code holds, to be copied:

# Statements of these kinds.
kind-authority-recognised = Authority recognised
kind-authority-withdrawn = Recognition withdrawn
kind-asset-registered = Asset registered
kind-asset-withdrawn = Asset withdrawn
kind-asset-erased = Identifier of an asset erased
kind-emblem-key_published = Emblem key published
kind-emblem-endorsed = Emblem key endorsed
kind-emblem-issued = Emblem issued
kind-emblem-revoked = Emblem, endorsement or key revoked
kind-emblem-misuse_alleged = Misuse alleged
kind-emblem-misuse_withdrawn = Allegation of misuse withdrawn
