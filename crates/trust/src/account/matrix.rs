//! Who may do what: the matrix of role, action, sensitivity and relation, written by hand.
//!
//! What no row allows is refused. `matrix.txt` beside this file is the matrix spelt out, one line for
//! each case; a test rewrites it only when told to, so that a change is read before it counts.

codes! {
    /// What somebody may be on a node.
    Role: "administrator, auditor, guardian, member, registrar, submitter" {
        /// Opens and closes accounts, grants roles, asks for changes of keys.
        Administrator = "administrator",
        /// Reads the closed log.
        Auditor = "auditor",
        /// Protects people's data: stands in for those whom an act concerns.
        Guardian = "guardian",
        /// Has an account; everybody who has one is that, and nobody is granted it.
        Member = "member",
        /// Looks after the register of protected assets.
        Registrar = "registrar",
        /// Hands in statements that others signed.
        Submitter = "submitter",
    }

    /// What is done. `account.empower`, `key.change`, `person.identify`, `place.reveal` and
    /// `subject.erase` are asked for by one and take two.
    Action: "the actions of the role matrix" {
        /// Ends an account.
        AccountClose = "account.close",
        /// Asks that an account gets a role that decides, or a way in anew where it has one.
        AccountEmpower = "account.empower",
        /// Grants a role that decides on nothing.
        AccountGrant = "account.grant",
        /// Opens an account.
        AccountOpen = "account.open",
        /// Sees which accounts there are and what they may do.
        AccountRead = "account.read",
        /// Takes a role back.
        AccountWithdraw = "account.withdraw",
        /// Reads an entry of the closed log.
        AuditRead = "audit.read",
        /// Asks that a party's keys change.
        KeyChange = "key.change",
        /// Asks who the person behind an account is.
        PersonIdentify = "person.identify",
        /// Asks that a sealed place or identifier is published.
        PlaceReveal = "place.reveal",
        /// Says yes to a request.
        RequestApprove = "request.approve",
        /// Sees a request.
        RequestRead = "request.read",
        /// Stands aside from a request.
        RequestRecuse = "request.recuse",
        /// Says no to a request.
        RequestRefuse = "request.refuse",
        /// Takes a request back.
        RequestWithdraw = "request.withdraw",
        /// Hands in signed statements.
        StatementSubmit = "statement.submit",
        /// Asks that what is known of somebody or something is erased.
        SubjectErase = "subject.erase",
        /// Lets a program act for oneself.
        TokenMake = "token.make",
        /// Ends that.
        TokenRevoke = "token.revoke",
    }

    /// How much harm it does where what an action touches gets into wrong hands (OCHA Data
    /// Responsibility Guidelines, four levels).
    Sensitivity: "low, moderate, high, severe" {
        /// None to speak of.
        Low = "low",
        /// Some, to few.
        Moderate = "moderate",
        /// Much, to few, or some, to many.
        High = "high",
        /// Loss of life or safety.
        Severe = "severe",
    }

    /// What somebody has to do with the thing itself.
    Relation: "assigned, author, none, recused" {
        /// Was named to decide on it.
        Assigned = "assigned",
        /// Asked for it, or it is about them.
        Author = "author",
        /// Nothing.
        None = "none",
        /// Stood aside from it.
        Recused = "recused",
    }
}

use Action::*;
use Relation::{Assigned, Author, Recused};
use Role::*;
use Sensitivity::{High, Low, Moderate, Severe};

const NOBODY: Relation = Relation::None;

/// One row: these roles may do this to what is at most so sensitive, standing so to it.
struct Row(Action, &'static [Role], Sensitivity, &'static [Relation]);

/// The matrix. Nobody grants themselves a role or approves what they asked for; only who was named
/// for it decides on what is severe.
const MATRIX: &[Row] = &[
    Row(AccountClose, &[Administrator], Moderate, &[NOBODY]),
    Row(AccountClose, &[Member], Moderate, &[Author]),
    Row(AccountEmpower, &[Administrator], Moderate, &[NOBODY]),
    Row(AccountGrant, &[Administrator], Moderate, &[NOBODY]),
    Row(AccountOpen, &[Administrator], Moderate, &[NOBODY]),
    Row(
        AccountRead,
        &[Administrator, Auditor, Guardian],
        Moderate,
        &[NOBODY],
    ),
    Row(AccountRead, &[Member], Moderate, &[Author]),
    Row(
        AccountWithdraw,
        &[Administrator],
        Moderate,
        &[NOBODY, Author],
    ),
    Row(AuditRead, &[Auditor], Severe, &[NOBODY]),
    Row(AuditRead, &[Member], Severe, &[Author]),
    Row(KeyChange, &[Administrator], Moderate, &[NOBODY]),
    Row(PersonIdentify, &[Auditor, Guardian], Severe, &[NOBODY]),
    Row(PlaceReveal, &[Registrar], High, &[NOBODY]),
    Row(
        RequestApprove,
        &[Administrator],
        Moderate,
        &[NOBODY, Assigned],
    ),
    Row(RequestApprove, &[Guardian], High, &[NOBODY, Assigned]),
    Row(RequestApprove, &[Guardian], Severe, &[Assigned]),
    Row(
        RequestRead,
        &[Administrator],
        Moderate,
        &[NOBODY, Assigned, Recused],
    ),
    Row(RequestRead, &[Guardian], High, &[NOBODY, Assigned, Recused]),
    Row(RequestRead, &[Guardian], Severe, &[Assigned]),
    Row(
        RequestRead,
        &[Auditor],
        Severe,
        &[NOBODY, Assigned, Recused],
    ),
    Row(RequestRead, &[Member], Severe, &[Author]),
    Row(
        RequestRecuse,
        &[Administrator],
        Moderate,
        &[NOBODY, Assigned],
    ),
    Row(RequestRecuse, &[Guardian], High, &[NOBODY, Assigned]),
    Row(RequestRecuse, &[Guardian], Severe, &[Assigned]),
    Row(
        RequestRefuse,
        &[Administrator],
        Moderate,
        &[NOBODY, Assigned],
    ),
    Row(RequestRefuse, &[Guardian], High, &[NOBODY, Assigned]),
    Row(RequestRefuse, &[Guardian], Severe, &[Assigned]),
    Row(RequestWithdraw, &[Member], Severe, &[Author]),
    Row(StatementSubmit, &[Submitter], Low, &[NOBODY]),
    Row(
        SubjectErase,
        &[Administrator, Guardian, Registrar],
        High,
        &[NOBODY],
    ),
    Row(TokenMake, &[Member], Moderate, &[Author]),
    Row(TokenRevoke, &[Administrator], Moderate, &[NOBODY]),
    Row(TokenRevoke, &[Member], Moderate, &[Author]),
];

/// Whether a role may do something to a thing of a sensitivity to which it stands in a relation.
pub fn allows(role: Role, action: Action, sensitivity: Sensitivity, relation: Relation) -> bool {
    MATRIX.iter().any(|Row(done, roles, most, relations)| {
        *done == action
            && roles.contains(&role)
            && sensitivity <= *most
            && relations.contains(&relation)
    })
}

impl Role {
    /// Whether it decides on requests: nobody gets such a role from one person alone.
    pub fn decides(self) -> bool {
        let by = |row: &Row| row.0 == RequestApprove && row.1.contains(&self);
        MATRIX.iter().any(by)
    }
}

impl Action {
    /// The acts that take two people: for each, how sensitive it is.
    pub const OF_TWO: [(Action, Sensitivity); 5] = [
        (AccountEmpower, Moderate),
        (KeyChange, Moderate),
        (PersonIdentify, Severe),
        (PlaceReveal, High),
        (SubjectErase, High),
    ];

    /// How sensitive it is to do this: of an act that takes two people, and of one whose things are
    /// all alike; `None` where it hangs on the thing.
    pub fn sensitivity(self) -> Option<Sensitivity> {
        let of_two = Action::OF_TWO.into_iter().find(|(act, _)| *act == self);
        match self {
            AccountClose | AccountGrant | AccountOpen | AccountRead | AccountWithdraw
            | TokenMake | TokenRevoke => Some(Moderate),
            StatementSubmit => Some(Low),
            _ => of_two.map(|(_, sensitivity)| sensitivity),
        }
    }

    /// How people can stand to what the action touches.
    pub fn relations(self) -> &'static [Relation] {
        match self {
            AccountClose | AccountEmpower | AccountGrant | AccountRead | AccountWithdraw
            | AuditRead | TokenRevoke => &[Author, NOBODY],
            TokenMake => &[Author],
            RequestApprove | RequestRead | RequestRecuse | RequestRefuse | RequestWithdraw => {
                Relation::ALL
            }
            AccountOpen | KeyChange | PersonIdentify | PlaceReveal | StatementSubmit
            | SubjectErase => &[NOBODY],
        }
    }

    /// How sensitive what the action touches can be.
    pub fn sensitivities(self) -> Vec<Sensitivity> {
        match self.sensitivity() {
            Some(one) => vec![one],
            None if self == AuditRead => Sensitivity::ALL.to_vec(),
            None => vec![Moderate, High, Severe],
        }
    }
}

/// Every case that can arise: what is done, to what, by whom.
pub fn cases() -> impl Iterator<Item = (Action, Sensitivity, Relation, Role)> {
    let all = Action::ALL.iter().flat_map(|action| {
        action
            .sensitivities()
            .into_iter()
            .flat_map(move |sensitivity| {
                action.relations().iter().flat_map(move |relation| {
                    let case = move |role: &Role| (*action, sensitivity, *relation, *role);
                    Role::ALL.iter().map(case)
                })
            })
    });
    // What is least sensitive of the closed log is what the node writes there itself.
    all.filter(|case| (case.0, case.1, case.2) != (AuditRead, Low, Author))
}
