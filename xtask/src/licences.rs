//! Licences and sources of what the program is built from, against deny.toml.

use anyhow::{Context, Result, bail};
use spdx::{Expression, Licensee, ParseMode};

use crate::workspace;

/// Fails on a dependency whose licence deny.toml does not allow, or that is not from the registry.
pub fn check() -> Result<()> {
    let allowed = allowed(&workspace::read("deny.toml".as_ref())?)?;
    let metadata = workspace::metadata(true)?;
    let packages = metadata["packages"].as_array();
    let mut faults = Vec::new();
    for package in packages.context("cargo metadata lists no packages")? {
        let name = package["name"].as_str().unwrap_or_default();
        match package["source"].as_str() {
            // A crate of this workspace.
            None => continue,
            Some(source) if source.starts_with("registry+") => {}
            Some(source) => faults.push(format!("{name} comes from {source}")),
        }
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_allowed(licence, &allowed) {
            faults.push(format!("{name} is licensed as {licence:?}"));
        }
    }
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} dependencies are not covered by deny.toml", faults.len());
    }
    Ok(())
}

fn allowed(deny: &str) -> Result<Vec<Licensee>> {
    let deny: toml::Table = deny.parse().context("deny.toml is not TOML")?;
    let list = deny.get("licenses").and_then(|it| it.get("allow"));
    let list = list.and_then(toml::Value::as_array);
    let mut licensees = Vec::new();
    for licence in list.context("deny.toml has no list licenses.allow")? {
        let licence = licence.as_str().context("a licence is a string")?;
        licensees.push(
            Licensee::parse(licence)
                .with_context(|| format!("deny.toml allows {licence:?}, which is no licence"))?,
        );
    }
    Ok(licensees)
}

fn is_allowed(licence: &str, allowed: &[Licensee]) -> bool {
    // "MIT/Apache-2.0" is how old packages say "or".
    Expression::parse_mode(licence, ParseMode::LAX)
        .is_ok_and(|it| it.evaluate(|wanted| allowed.iter().any(|have| have.satisfies(wanted))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_alternative_is_enough_and_all_conditions_count() {
        let allowed = allowed("[licenses]\nallow = ['MIT', 'Apache-2.0']").unwrap();
        for licence in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT AND Apache-2.0)",
        ] {
            assert!(is_allowed(licence, &allowed), "{licence}");
        }
        for licence in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(!is_allowed(licence, &allowed), "{licence}");
        }
    }
}
