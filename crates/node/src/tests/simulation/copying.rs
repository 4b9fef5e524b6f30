//! A mirror that copies a log.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use ensign_trust::log::checkpoint::SignedCheckpoint;

use super::link::Link;
use super::world::{Mirror, Planted, World};
use crate::error::Error;
use crate::mirror::{MirrorFault, mirror};
use crate::tests::files;

impl World {
    /// Brings a mirror up to date, and compares what it says with what it was shown.
    pub(super) fn copy(&mut self, at: usize, face: usize) {
        if self.planted == Some(Planted::ForgetfulMirror) && self.chance(200) {
            let _ = std::fs::remove_dir_all(&self.mirrors[at].folder);
        }
        let Mirror {
            folder,
            of,
            from,
            held,
        } = &self.mirrors[at];
        let (of, held) = (*of, *held);
        let cut_short = self.wire().rates.cut_short;
        let before = self.chance(cut_short).then(|| contents(folder));
        let link = Link::of(self, self.parties.len() + at, face);
        let address = format!("{}/tlog", self.address(*from));
        let cores = NonZero::<usize>::MIN;
        let copied = mirror(&address, folder, None, &link, cores, &mut |_| ());
        let noted = link.noted();
        let shown = noted.shown.map(|shown| (shown.size, shown.root));
        let agree = match (held, shown) {
            (Some(held), Some(shown)) => self.agree(of, held, shown),
            _ => true,
        };
        let ended = match &copied {
            Ok(answer) => format!("has {} of n{of}", answer.size),
            Err(error) => error.code().to_owned(),
        };
        self.tell(format!(
            "m{at} was shown {:?} and had {:?}: {ended}",
            shown.map(|it| it.0),
            held.map(|it| it.0)
        ));
        match copied {
            Err(Error::Mirror(MirrorFault::Contradicted { .. })) if agree => {
                self.violated(format!("m{at} accuses n{of} of what it did not do"));
            }
            Err(Error::Mirror(MirrorFault::Contradicted { .. })) => (),
            _ if !agree && !noted.disturbed => {
                self.violated(format!("m{at} did not find that n{of} shows two trees"));
            }
            Ok(_) => {
                let note = std::fs::read(self.mirrors[at].folder.join("checkpoint")).unwrap();
                let signed = SignedCheckpoint::open(&note, &self.keys[of]);
                let tree = signed.unwrap().into_checkpoint();
                self.mirrors[at].held = Some((tree.size, tree.root));
                if let Some(before) = before {
                    self.tell(format!("m{at} stops while it tidies up"));
                    put_back(&self.mirrors[at].folder, before);
                }
            }
            Err(Error::Mirror(MirrorFault::Unreachable(_) | MirrorFault::Status { .. })) => (),
            Err(_) if self.liar == Some(of) => (),
            Err(error) => self.violated(format!("m{at} refuses n{of}: {error:?}")),
        }
    }
}

/// The files of a mirror's folder.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let there = folder.is_dir().then(|| files(folder));
    let there = there.unwrap_or_default().into_iter();
    there
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect()
}

/// Makes of a mirror's folder what it was when a step was just remembered: the earlier checkpoint is in
/// place, and the files that go last are there.
fn put_back(folder: &Path, before: Vec<(PathBuf, Vec<u8>)>) {
    let checkpoint = folder.join("checkpoint");
    std::fs::remove_file(&checkpoint).unwrap();
    for (path, bytes) in before {
        if !path.exists() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
}
