# Accounts, signing in, requests that take two people, the closed log.

footer-account = Account
people-nav = Your account
people-folder = Whoever holds the node’s folder

sign-in-title = Sign in
sign-in-lead = For people who have an account on this node. Reading needs none.
sign-in-login = Name to sign in with
sign-in-password = Password
sign-in-code = Code
sign-in-code-hint = The six digits that your authenticator app shows now, or a recovery code.
sign-in-submit = Sign in
sign-in-first = You were given a code to enter?
sign-in-wrong = Check the name, the password and the code. A code of the app is good once.
sign-in-after = { $seconds ->
    [one] Nothing that is sent before { $seconds } second has passed is read.
   *[other] Nothing that is sent before { $seconds } seconds have passed is read.
}
sign-out = Sign out

enrol-title = Enter for the first time
enrol-lead = With the code that you were given, choose how you will sign in.
enrol-code = Code to enter
enrol-code-hint = Or a recovery code, if you have no password and have lost every passkey.
enrol-login-hint = Nobody else sees it.
enrol-password-hint = { $count ->
    [one] At least { $count } character. A few words that only you put together are easier to keep than signs.
   *[other] At least { $count } characters. A few words that only you put together are easier to keep than signs.
}
enrol-app = Next comes a second factor: for a password you need an authenticator app as well.
enrol-submit = Go on
enrol-second-title = Second factor
enrol-second-lead = Scan this with your authenticator app, or type the secret into it. Then type the six digits that it shows.
enrol-qr = The secret for your authenticator app
enrol-secret = Secret
enrol-one-time = Six digits
enrol-one-time-hint = They change every half minute.
enrol-confirm = Enter

once-enrolment-title = Code to enter
once-enrolment-lead = Give it to the person in a way that nobody else reads. With it they choose how they will sign in.
once-recovery-title = Recovery codes
once-recovery-lead = Each of them stands in for the second factor once. Write them down and keep them apart from your phone.
once-recovery-alone-lead = If you lose every passkey, one of them lets you make another, where you entered for the first time. Write them down and keep them apart from your devices.
once-token-title = Token
once-token-lead = A program sends it with each request. Whoever has it can do what it is for.
once-until = Good until { $moment }.
once-notice = This is shown once. The node keeps only what it needs to know it again.
once-then = I have kept it

account-title = Your account
account-name = You are called
account-name-hint = Only you see this, and whoever two people let see it.
account-id = What the log calls you
account-roles = Roles
account-no-roles = None yet
account-until = until { $moment }
account-sessions = Open sessions
account-recovery = Recovery codes left
account-sign-in = How you sign in
account-password-now = Password now
account-password-next = New password
account-password-submit = Change password
account-recovery-submit = New recovery codes
account-sessions-submit = Sign out everywhere
account-close-title = Close the account
account-close-lead = What is known of you here is destroyed: your name, your password, your passkeys, your tokens. What you did stays in the log under your number.
account-close-open = I want to close it
account-close-submit = Close the account

passkey-sign-in = Sign in with a passkey
passkey-or = Or with a name, a password and a code:
passkey-enrol = Go on with a passkey
passkey-enrol-hint = Your device keeps it and asks for your finger, your face or its own code. You need neither password nor app.
passkey-enrol-or = Or choose a name and a password:
passkey-title = Make a passkey
passkey-lead = Your device keeps it and unlocks it for you alone. It is good at this address and at no other, so no false page can ask you for it.
passkey-without = This takes JavaScript and a browser that has passkeys.
passkey-label = What you call it
passkey-label-hint = Only you see it. The name of the device will do.
passkey-make = Make the passkey
passkey-waiting = Your device asks you now.
passkey-cancelled = Nothing was sent and nothing has changed. You can try again.
passkey-failed = This browser or device cannot do it here. Nothing has changed.
passkey-wrong = This passkey does not let you in, or it took too long. Try again, or sign in another way.

passkeys-title = Passkeys
passkeys-lead = A passkey lets you sign in with a device that you hold and that knows you.
passkeys-none = You have none.
passkeys-added = Added { $moment }
passkeys-used = last used { $moment }
passkeys-unused = not used yet
passkeys-remove = Remove the passkey
passkeys-remove-hint = When one is removed, whoever else is signed in to the account is signed out.
passkeys-last = It is all that you sign in with, so it stays until there is another one.
passkeys-add = Add a passkey
passkeys-stale = A passkey is added or removed within ten minutes of signing in. Sign out, sign in again, and come back here.

tokens-title = Tokens
tokens-lead = A token lets a program act for you, in the ways that you choose, until a day that you choose.
tokens-none = You have none.
tokens-scopes = What it is for
tokens-days = Days, 366 at most
tokens-make = Make a token
tokens-revoke = Revoke the token

accounts-title = Accounts
accounts-lead = Who may do what on this node. Everything that is changed here is stated in the closed log.
accounts-own = yours
accounts-closed = closed
accounts-opened = Opened { $moment }
accounts-change = Change this account
accounts-role = Role
accounts-until = Until
accounts-until-hint = Empty for no end, or a moment such as 2027-06-30T00:00:00Z.
accounts-grant = Grant the role
accounts-withdraw = Withdraw
accounts-enrol = Give another code to enter
accounts-enrol-hint = Another code ends how the person signed in so far, on all their devices.
accounts-decides-hint = To make somebody administrator or guardian, or to give another code to one, takes a second person: it becomes a request.
accounts-close-sure = What is known of this person here is destroyed. I am sure.
accounts-open-title = Open an account
accounts-name = What the person is called
accounts-name-hint = It is kept encrypted and shown to nobody but the person, unless two people agree.
accounts-open-submit = Open the account

requests-title = Requests
requests-lead = Some acts take two people: one asks, another agrees, and the node does it then.
requests-none = Nothing waits for you.
requests-asked = Asked { $moment }
requests-missing = { $count ->
    [one] Waits for { $count } more person
   *[other] Waits for { $count } more people
}
requests-again = It was agreed to and could not be done. Agree again to have the node try again.
requests-ask-title = Ask
requests-ask-submit = Ask
requests-act = What is to be done
requests-about = To what
requests-about-hint = The id of the party, key, asset, incident or account.
requests-ground = On what ground
requests-ground-hint = Only to erase.
requests-lapsed = Nobody agreed in time. What is still to be done can be asked for anew.
requests-reason = Reason
requests-reason-hint = Only to revoke a key: retired, lost, compromised or another code.
requests-assigned = Who is to decide
requests-assigned-hint = Ids of accounts, set apart by spaces. Where it is severe, only those who are named can decide.
requests-id = Request
requests-sensitivity = Sensitivity
requests-by = Asked by
requests-when = Asked
requests-approved = Agreed
requests-relation = You and this request
requests-answer = What came of it
requests-answer-lead = Only you see this, because you asked.

asked-key-add = Give a party another key
asked-key-revoke = Revoke a key
asked-key-rotate = Replace a party’s key
asked-person-identify = Tell who the person behind an account is
asked-place-reveal = Publish a sealed place or identifier
asked-subject-erase = Erase what is known of somebody or something

asked_field-account = Account
asked_field-as_of = From log index
asked_field-asset = Asset
asked_field-ground = Ground
asked_field-key = Key
asked_field-party = Party
asked_field-reason = Reason
asked_field-role = Role
asked_field-subject = Of whom or what
asked_field-until = Until

ground-consent-withdrawn = They agreed to it once, and do no longer
ground-legal-duty = A law or a court demands it
ground-no-longer-needed = What it was collected for is done
ground-objection = They object, and nothing weighs more
ground-safety = It endangers somebody
ground-unlawful = It ought not to have been collected

became-open = Waits
became-approved = Agreed, not done yet
became-done = Done
became-refused = Refused
became-withdrawn = Taken back
became-lapsed = Lapsed

decision-approve = Agree
decision-refuse = Refuse
decision-recuse = Stand aside
decision-withdraw = Take it back

audit-title = Closed log
audit-lead = What was done on this node that is not published, newest first.
audit-noted = That you read what is not your own is itself stated in this log.
audit-none = There is nothing here that you may read.
audit-table = { $count ->
    [one] Entries that you may read, of { $count }
   *[other] Entries that you may read, of { $count }
}
audit-what = What
audit-by = By
audit-about = About

role-administrator = Administrator
role-auditor = Auditor
role-guardian = Guardian
role-member = Member
role-registrar = Registrar
role-submitter = Submitter
role_means-administrator = opens and closes accounts, grants roles, asks for changes of keys
role_means-auditor = reads the closed log
role_means-guardian = protects people’s data: agrees or refuses
role_means-registrar = looks after the register of protected assets
role_means-submitter = hands in statements that others signed

action-account-close = Close an account
action-account-empower = Make somebody decide, or let one who decides in anew
action-account-grant = Grant a role
action-account-open = Open an account
action-account-read = See accounts
action-account-withdraw = Withdraw a role
action-audit-read = Read the closed log
action-key-change = Change a party’s keys
action-person-identify = Tell who a person is
action-place-reveal = Publish a sealed place or identifier
action-request-approve = Agree to a request
action-request-read = See requests
action-request-recuse = Stand aside from a request
action-request-refuse = Refuse a request
action-request-withdraw = Take a request back
action-statement-submit = Hand in signed statements
action-subject-erase = Erase what is known of somebody or something
action-token-make = Make a token
action-token-revoke = Revoke a token

done-asset-erase = Erase what identified an asset
done-asset-reveal = Publish a sealed place or identifier
done-emblem-key_publish = Publish a key for emblems
done-import = Import a file
done-key-revoke = Revoke a key
done-mandate-grant = Give a mandate
done-mandate-withdraw = Take a mandate back
done-party-found = Found a party

credential-enrolment = Code to enter
credential-passkey = Passkey
credential-password = Password
credential-recovery-codes = Recovery codes
credential-second-factor = Second factor

sensitivity-low = Low
sensitivity-moderate = Moderate
sensitivity-high = High
sensitivity-severe = Severe

relation-assigned = You were named to decide
relation-author = You asked
relation-none = You have nothing to do with it
relation-recused = You stood aside

kind-account-changed = Way to sign in changed
kind-account-closed = Account closed
kind-account-granted = Role granted
kind-account-opened = Account opened
kind-account-withdrawn = Role withdrawn
kind-act-done = Privileged act done
kind-passkey-added = Passkey added
kind-passkey-removed = Passkey removed
kind-request-approved = Request agreed to
kind-request-asked = Request made
kind-request-done = Request carried out
kind-request-recused = Somebody stood aside
kind-request-refused = Request refused
kind-request-withdrawn = Request taken back
kind-token-made = Token made
kind-token-revoked = Token revoked

error-forged-title = This may have come from another site
error-forged-text = Nothing was changed. Open the page again and send it from there.
error-form-title = This form cannot be read
error-no_token-text = A program needs a token of an account here.
error-person-text = Nothing was changed.
error-undone-text = That it was agreed to is kept. Whether it is done, the log tells.

refusal-account-closed = The account is closed
refusal-account-last_administrator = It is the last account that can grant roles
refusal-account-membership = Everybody with an account is a member; it is neither granted nor withdrawn
refusal-account-not_allowed = Your roles do not allow this
refusal-account-unknown = No account here has this id
refusal-enrolment-login = This name is taken or too long
refusal-enrolment-password = The password is too short or too long
refusal-enrolment-refused = The code was used, is too old or never was
refusal-enrolment-second_factor = The six digits are not those of now
refusal-passkey-label = A passkey is called something of 1 to 64 characters
refusal-passkey-last = It is all that you sign in with
refusal-passkey-most = An account has ten passkeys at most
refusal-passkey-refused = The passkey was not taken, or it took too long
refusal-passkey-unknown = You have no such passkey
refusal-request-assigned = Somebody who is named cannot decide on this
refusal-request-decided = It is decided
refusal-request-lapsed = It waited too long, or somebody who agreed may not any more: ask again
refusal-request-nobody_approves = Nobody else here could agree to it
refusal-request-takes_two = It takes two people: ask for it
refusal-request-too_many = Too many of your requests wait already
refusal-request-undone = It was agreed to, and could not be done
refusal-request-unknown = There is no such request, or it is not for you
refusal-request-unsure = The node stopped while it did this: look whether it is done
refusal-request-waits = It waits for another person
refusal-sign_in-not_fresh = This is done within ten minutes of signing in: sign out and in again
refusal-sign_in-refused = That did not work
refusal-sign_in-throttled = Too many attempts
refusal-token-refused = The token is not one of this node, is revoked or too old
refusal-token-scope = The token is not made for this
