//! The invented story that `ensign demo` shows: two hostile parties, a hospital network, a
//! verification body and a secretariat. It is seeded through the same commands as anybody's data,
//! in a realm of its own, so that nothing of it can be taken for real.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ensign_store::Entropy;
use ensign_trust::Realm;
use ensign_trust::code::Code;

use crate::clock::Clock;
use crate::command::{Command, Progress};
use crate::error::Error;
use crate::folder::Folder;
use crate::node::{Founding, Node};

/// Two invented exports, a few months apart: the second has three rows that come late, one that is
/// missing, four that are changed, and writes all others in another way.
const EXPORTS: [&str; 2] = [include_str!("first.csv"), include_str!("second.csv")];

/// Name, nature and role of each party of the story.
const PARTIES: [(&str, &str, Option<&str>); 5] = [
    ("Republic of Aranthia (invented)", "state", None),
    ("Belvorian Council (invented)", "armed-group", None),
    (
        "Three Rivers Hospital Network (invented)",
        "organisation",
        None,
    ),
    (
        "Independent Verification Mission (invented)",
        "body",
        Some("verifier"),
    ),
    (
        "Secretariat of the Harbour Accord (invented)",
        "body",
        Some("secretariat"),
    ),
];

/// Name of the file whose presence says that the story is whole.
const TOLD: &str = "demo.told";

/// Opens the demo in a folder; makes and seeds it first where it is not there, or not whole.
pub fn open(
    path: &Path,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Node, Error> {
    let folder = Folder::at(path);
    if folder.holds_a_node() {
        let node = Node::open(path, clock, entropy, progress)?;
        if *node.realm() != realm() {
            return Err(Error::FolderTaken {
                path: path.to_owned(),
            });
        }
        if !path.join(TOLD).exists() {
            tell(&node, progress)?;
        }
        return Ok(node);
    }
    let founding = Founding {
        name: "Lantern Records Office (invented)".to_owned(),
        origin: "lantern.example.org/log".to_owned(),
        realm: realm(),
    };
    let node = Node::init(path, &founding, clock, entropy)?;
    tell(&node, progress)?;
    Ok(node)
}

/// The realm of the story.
pub fn realm() -> Realm {
    Realm::Exercise(Code::literal("harbour"))
}

fn tell(node: &Node, progress: &mut dyn FnMut(Progress)) -> Result<(), Error> {
    let known: Vec<_> = node
        .parties()?
        .into_iter()
        .filter_map(|party| party.name)
        .collect();
    for (name, nature, role) in PARTIES {
        // A story that was broken off goes on where it stopped.
        if known.iter().any(|known| known == name) {
            continue;
        }
        let party = node.found_party(name, nature)?.party;
        if let Some(role) = role {
            node.grant_mandate(&party.to_string(), role, None, None, None)?;
        }
    }
    for export in EXPORTS {
        let path = node.folder().path().join("demo.csv");
        let file = |action| {
            let path = path.clone();
            move |source| Error::File {
                action,
                path,
                source,
            }
        };
        fs::write(&path, export).map_err(file("write"))?;
        let (format, file_path) = ("who-ssa".to_owned(), path.clone());
        Command::Import {
            format,
            file: file_path,
            covers: None,
        }
        .run(node, progress)?;
        fs::remove_file(&path).map_err(file("remove"))?;
    }
    let told = node.folder().path().join(TOLD);
    fs::write(&told, "").map_err(|source| Error::File {
        action: "write",
        path: told.clone(),
        source,
    })
}
