//! Commitments against the recorded certificates.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;
use crate::token::{Leaf, Reading, Token};

/// A recorded file; none where the folder of test data is not there.
fn recorded(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/adem-jws");
    let file: PathBuf = folder.join(name);
    let bytes = std::fs::read(&file).ok();
    if bytes.is_none() {
        println!("skipped: {} is not there", file.display());
    }
    bytes
}

#[test]
fn recorded_certificates_prove_what_the_recorded_tokens_name() {
    let Some(keys) = recorded("certs/ct-log-keys.json") else {
        return;
    };
    let mut evidence = Evidence::default();
    assert_eq!(evidence.add_file(&keys), Ok(Added::LogKeys(3)));
    for name in ["auth", "emblem"] {
        let chain = recorded(&format!("certs/{name}.felixlinker.de.fullchain.pem")).unwrap();
        assert_eq!(evidence.add_file(&chain), Ok(Added::Chain));
    }
    for (name, expected) in [
        ("auth", ["proved", "proved"]),
        ("emblem", ["key", "proved"]),
    ] {
        let token = recorded(&format!("live/{name}.felixlinker.de.jws")).unwrap();
        let token = Token::read(&token, Reading::Strict).unwrap();
        let endorsement = token.endorsement().unwrap();
        let binding = Binding {
            dialect: token.dialect(),
            organisation: endorsement.issuer.as_ref().unwrap(),
            key: token.kid(),
        };
        let checked = check(&binding, &endorsement.log, &evidence, &BTreeSet::new());
        let found: Vec<_> = checked
            .iter()
            .map(|it| match &it.finding {
                Finding::Proved(proof) if proof.issuer_checked => "proved",
                Finding::Unproven(Missing::LogKey { .. }) => "key",
                _ => "other",
            })
            .collect();
        assert_eq!(found, expected, "{checked:?}");
        assert!(matches!(endorsement.log[1].leaf, Leaf::Hash(_)));
    }
}
