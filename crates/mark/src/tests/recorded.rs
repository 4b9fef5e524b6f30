//! Recorded test data, which lies beside the project and is never part of it.

use crate::commitment::{Added, Evidence};
use crate::key::EmblemKey;
use crate::token::Reading;
use crate::verify::TokenSet;

/// A time at which the recorded tokens are valid.
pub(crate) const NOW: u64 = 1_780_000_000;

pub(crate) use ensign_recorded::read as file;

/// A recorded text.
pub(crate) fn text(name: &str) -> Option<String> {
    file(name).map(|bytes| String::from_utf8(bytes).unwrap())
}

/// The recorded deployment: emblem, its issuer's endorsement, an authority's endorsement.
pub(crate) fn live() -> Option<TokenSet> {
    let names = ["emblem", "emblem.felixlinker.de", "auth.felixlinker.de"];
    let part = |name: &str, end: &str| file(&format!("adem-jws/live/{name}.{end}"));
    let tokens: Vec<_> = names
        .iter()
        .map(|it| part(it, "jws"))
        .collect::<Option<_>>()?;
    let key = |name: &&str| EmblemKey::read(&part(name, "jwk")?).ok();
    let keys = names.iter().map(key).collect::<Option<_>>()?;
    let set = TokenSet::read(tokens.iter().map(Vec::as_slice), keys, Reading::Strict);
    Some(set.unwrap())
}

/// A certificate chain of the deployment: of `emblem` or of `auth`.
pub(crate) fn chain(name: &str) -> Option<String> {
    text(&format!(
        "adem-jws/certs/{name}.felixlinker.de.fullchain.pem"
    ))
}

/// All evidence about the deployment, with these chains.
pub(crate) fn evidence(chains: &[&str]) -> Option<Evidence> {
    let mut evidence = Evidence::default();
    let keys = file("adem-jws/certs/ct-log-keys.json")?;
    assert_eq!(evidence.add_file(&keys), Ok(Added::LogKeys(3)));
    for chain in chains {
        assert_eq!(evidence.add_file(chain.as_bytes()), Ok(Added::Chain));
    }
    Some(evidence)
}
