//! Whose cosignatures make a checkpoint witnessed: the lines of a C2SP tlog-policy that are about
//! witnesses. They stand in trust anchors, and in the statement with which a node says whom it asks.
//!
//! ```text
//! witness one one.example.org/w+...+BA...= https://one.example.org/w
//! witness two two.example.org/w+...+BA...=
//! group both all one two
//! quorum both
//! ```
//!
//! Each name is defined before it is used; a witness's key and a name occur once; a witness or
//! group is a member of one group at most once. The address is that of a witness's submission
//! prefix (c2sp.org/tlog-witness).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::anchor::{AnchorsError, AnchorsFault, each_line, note_key};
use crate::log::vkey::{NoteKey, NoteKeyType};

/// Name of the group that [`Quorum::of`] makes.
const GROUP: &str = "quorum";

/// Which cosignatures make a checkpoint witnessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quorum {
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    /// Name of the witness or group that must be satisfied; none asks for nothing.
    asked: Option<String>,
}

/// One who cosigns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// What the other lines call it.
    pub name: String,
    /// The key of its cosignatures.
    pub key: NoteKey,
    /// Where it takes checkpoints, without a slash at the end.
    pub address: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    name: String,
    /// How many members must be satisfied.
    threshold: usize,
    members: Vec<String>,
}

impl Quorum {
    /// So many of these witnesses; of no witnesses, nothing is asked.
    ///
    /// # Errors
    /// [`AnchorsFault::Twice`], [`AnchorsFault::Threshold`].
    pub fn of(witnesses: Vec<Witness>, threshold: usize) -> Result<Self, AnchorsFault> {
        let mut reading = Reading::default();
        for witness in witnesses {
            reading.witness(witness, &[])?;
        }
        if reading.quorum.witnesses.is_empty() {
            return Ok(Quorum::default());
        }
        let names: Vec<String> = reading.names.keys().cloned().collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        reading.group(GROUP, &threshold.to_string(), &names)?;
        reading.line(&["quorum", GROUP], &[])?;
        reading.finish()
    }

    /// Whether nothing is asked.
    pub fn is_none(&self) -> bool {
        self.asked.is_none()
    }

    /// The witnesses.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// The keys of all witnesses.
    pub fn keys(&self) -> Vec<NoteKey> {
        self.witnesses.iter().map(|one| one.key.clone()).collect()
    }

    /// How many of how many must have cosigned, where any of them count alike.
    pub fn threshold(&self) -> Option<usize> {
        match &self.groups[..] {
            [group]
                if self.asked.as_ref() == Some(&group.name)
                    && group.members.len() == self.witnesses.len() =>
            {
                Some(group.threshold)
            }
            _ => None,
        }
    }

    /// Whether these witnesses' cosignatures are enough; `signed` tells by position in
    /// [`Quorum::witnesses`] who signed.
    pub fn is_met(&self, signed: impl Fn(usize) -> bool) -> bool {
        let Some(asked) = &self.asked else {
            return true;
        };
        let mut met: BTreeMap<&str, bool> = BTreeMap::new();
        for (at, one) in self.witnesses.iter().enumerate() {
            met.insert(&one.name, signed(at));
        }
        // Groups are defined before they are used, so one pass decides them all.
        for group in &self.groups {
            let count = group
                .members
                .iter()
                .filter(|name| met[name.as_str()])
                .count();
            met.insert(&group.name, count >= group.threshold);
        }
        met.get(asked.as_str()).copied().unwrap_or(false)
    }
}

impl FromStr for Quorum {
    type Err = AnchorsError;

    fn from_str(text: &str) -> Result<Self, AnchorsError> {
        let mut reading = Reading::default();
        each_line(text, |words| reading.line(words, &[]))?;
        reading
            .finish()
            .map_err(|fault| AnchorsError { line: 0, fault })
    }
}

/// Writes the lines in the order in which they can be read.
impl fmt::Display for Quorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for witness in &self.witnesses {
            write!(f, "witness {} {}", witness.name, witness.key)?;
            match &witness.address {
                Some(address) => writeln!(f, " {address}")?,
                None => writeln!(f)?,
            }
        }
        for group in &self.groups {
            write!(f, "group {} {}", group.name, group.threshold)?;
            for member in &group.members {
                write!(f, " {member}")?;
            }
            writeln!(f)?;
        }
        writeln!(f, "quorum {}", self.asked.as_deref().unwrap_or("none"))
    }
}

/// The lines read so far.
#[derive(Default)]
pub(crate) struct Reading {
    quorum: Quorum,
    quorum_read: bool,
    /// Names of witnesses and groups, and whether each is a member of a group already.
    names: BTreeMap<String, bool>,
}

impl Reading {
    /// Reads one line. `others` are keys that no witness may have.
    pub(crate) fn line(&mut self, words: &[&str], others: &[NoteKey]) -> Result<(), AnchorsFault> {
        match *words {
            ["witness", name, key, ref address @ ..] if address.len() <= 1 => {
                let key = note_key(key, |kind| kind != NoteKeyType::Ed25519)?;
                let address = address.first().map(|address| (*address).to_owned());
                let name = name.to_owned();
                self.witness(Witness { name, key, address }, others)
            }
            ["group", name, threshold, ref members @ ..] if !members.is_empty() => {
                self.group(name, threshold, members)
            }
            ["quorum", name] => {
                if self.quorum_read {
                    return Err(AnchorsFault::Twice("quorum".to_owned()));
                }
                self.quorum_read = true;
                if name != "none" {
                    if !self.names.contains_key(name) {
                        return Err(AnchorsFault::Undefined(name.to_owned()));
                    }
                    self.quorum.asked = Some(name.to_owned());
                }
                Ok(())
            }
            ["witness" | "group" | "quorum", ..] => Err(AnchorsFault::Words),
            [word, ..] => Err(AnchorsFault::UnknownWord(word.to_owned())),
            [] => Ok(()),
        }
    }

    /// The keys of the witnesses read so far.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &NoteKey> {
        self.quorum.witnesses.iter().map(|one| &one.key)
    }

    pub(crate) fn finish(self) -> Result<Quorum, AnchorsFault> {
        if self.quorum_read {
            Ok(self.quorum)
        } else {
            Err(AnchorsFault::Missing("quorum"))
        }
    }

    fn witness(&mut self, witness: Witness, others: &[NoteKey]) -> Result<(), AnchorsFault> {
        is_new(&witness.key, self.keys().chain(others))?;
        self.new_name(&witness.name)?;
        self.quorum.witnesses.push(witness);
        Ok(())
    }

    fn group(&mut self, name: &str, threshold: &str, members: &[&str]) -> Result<(), AnchorsFault> {
        for member in members {
            match self.names.get_mut(*member) {
                None => return Err(AnchorsFault::Undefined((*member).to_owned())),
                Some(true) => return Err(AnchorsFault::Twice((*member).to_owned())),
                Some(taken) => *taken = true,
            }
        }
        let threshold = match threshold {
            "all" => members.len(),
            "any" => 1,
            number => number.parse().map_err(|_| AnchorsFault::Threshold)?,
        };
        if !(1..=members.len()).contains(&threshold) {
            return Err(AnchorsFault::Threshold);
        }
        self.new_name(name)?;
        let members = members.iter().map(|&member| member.to_owned()).collect();
        self.quorum.groups.push(Group {
            name: name.to_owned(),
            threshold,
            members,
        });
        Ok(())
    }

    fn new_name(&mut self, name: &str) -> Result<(), AnchorsFault> {
        if name == "none" || self.names.insert(name.to_owned(), false).is_some() {
            return Err(AnchorsFault::Twice(name.to_owned()));
        }
        Ok(())
    }
}

/// One key under two names would let one holder count as two.
pub(crate) fn is_new<'a>(
    key: &NoteKey,
    mut known: impl Iterator<Item = &'a NoteKey>,
) -> Result<(), AnchorsFault> {
    if known.any(|known| known.public_key() == key.public_key()) {
        return Err(AnchorsFault::Twice(key.name().to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::cosignature::CosignatureSigner;

    fn witness(name: &str, seed: u8) -> Witness {
        let signer = CosignatureSigner::from_seed(name, &[seed; 32]).unwrap();
        Witness {
            name: name.to_owned(),
            key: signer.key().clone(),
            address: Some(format!("https://{name}/w")),
        }
    }

    #[test]
    fn so_many_of_some_witnesses_read_back_as_they_were_written() {
        let (a, b, c) = (
            witness("a.example.org", 1),
            witness("b.example.org", 2),
            witness("c.example.org", 3),
        );
        let quorum = Quorum::of(vec![a, b.clone(), c], 2).unwrap();
        assert_eq!(quorum.threshold(), Some(2));
        assert_eq!(quorum.to_string().parse::<Quorum>().unwrap(), quorum);
        assert!(quorum.is_met(|at| at != 1) && !quorum.is_met(|at| at == 1));
        let twice = Quorum::of(vec![b.clone(), witness("other.example.org", 2)], 1);
        assert!(matches!(twice, Err(AnchorsFault::Twice(_))));
        assert_eq!(Quorum::of(vec![b], 2), Err(AnchorsFault::Threshold));
    }

    #[test]
    fn without_witnesses_nothing_is_asked() {
        let none = Quorum::of(Vec::new(), 1).unwrap();
        assert!(none.is_none() && none.is_met(|_| false));
        assert_eq!(none.to_string(), "quorum none\n");
        assert_eq!("quorum none\n".parse::<Quorum>().unwrap(), none);
    }
}
