//! A child process whose every change to the files below a folder is seen before the disk sees it.
//!
//! The child is stopped at each of its system calls (ptrace(2)). So SQLite's own writes are seen like
//! all others, at the place where a disk fails, and the product knows nothing of it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Child;

use nix::errno::Errno;
use nix::libc::{self, c_long, user_regs_struct};
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// A change that the child is about to make.
#[derive(Debug)]
pub(super) struct Change {
    /// The file, or the folder for a flush of it.
    pub path: PathBuf,
    /// What a write would put there; nothing for other calls.
    pub write: Option<Write>,
    /// Whether it is a flush: it changes no byte, but it may fail.
    pub flushes: bool,
}

/// Bytes on their way to a file.
#[derive(Debug)]
pub(super) struct Write {
    pub offset: u64,
    pub bytes: Vec<u8>,
}

/// What becomes of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Happens,
    /// The call is not made and fails with this error.
    Fails(Errno),
}

/// Holds the child at each change below `folder` and asks what becomes of it, until the child has
/// ended. `start` lets the child begin: it must be waiting until then.
///
/// # Errors
/// Where the system does not let a process trace its child.
pub(super) fn follow(
    child: &Child,
    folder: &Path,
    start: impl FnOnce(),
    decide: &mut dyn FnMut(&Change) -> Fate,
) -> nix::Result<()> {
    let process = Pid::from_raw(i32::try_from(child.id()).expect("a process id fits"));
    for thread in fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        let name = thread.unwrap().file_name();
        let thread = Pid::from_raw(name.to_str().unwrap().parse().unwrap());
        ptrace::seize(
            thread,
            Options::PTRACE_O_TRACESYSGOOD
                | Options::PTRACE_O_TRACECLONE
                | Options::PTRACE_O_EXITKILL,
        )?;
        ptrace::interrupt(thread)?;
        waitpid(thread, Some(WaitPidFlag::__WALL))?;
        ptrace::syscall(thread, None)?;
    }
    start();
    let mut failing = BTreeMap::new();
    // Only what this thread traces: other tests may have children of their own.
    let ours = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
    loop {
        match waitpid(None, Some(ours))? {
            WaitStatus::Exited(ended, _) | WaitStatus::Signaled(ended, ..) if ended == process => {
                return Ok(());
            }
            WaitStatus::PtraceSyscall(thread) => {
                at_call(process, thread, folder, &mut failing, decide)?;
                go_on(thread, None)?;
            }
            WaitStatus::PtraceEvent(thread, ..) => go_on(thread, None)?,
            WaitStatus::Stopped(thread, signal) => go_on(thread, Some(signal))?,
            _ => (),
        }
    }
}

/// Ends a child that is not traced, as a power cut would.
pub(super) fn end(child: &mut Child) {
    let process = Pid::from_raw(i32::try_from(child.id()).expect("a process id fits"));
    // It may have ended by itself.
    let _ = kill(process, Signal::SIGKILL);
    let _ = child.wait();
}

fn at_call(
    process: Pid,
    thread: Pid,
    folder: &Path,
    failing: &mut BTreeMap<Pid, Errno>,
    decide: &mut dyn FnMut(&Change) -> Fate,
) -> nix::Result<()> {
    let entered = ptrace::syscall_info(thread)?.op == libc::PTRACE_SYSCALL_INFO_ENTRY;
    if !entered {
        if let Some(error) = failing.remove(&thread) {
            let mut regs = ptrace::getregs(thread)?;
            regs.rax = (-i64::from(error as i32)).cast_unsigned();
            ptrace::setregs(thread, regs)?;
        }
        return Ok(());
    }
    let mut regs = ptrace::getregs(thread)?;
    let change = change(process, &regs).filter(|change| change.path.starts_with(folder));
    if let Some(change) = change
        && let Fate::Fails(error) = decide(&change)
    {
        // A call that does not exist changes nothing; its answer is replaced when it returns.
        regs.orig_rax = u64::MAX;
        ptrace::setregs(thread, regs)?;
        failing.insert(thread, error);
    }
    Ok(())
}

fn go_on(thread: Pid, signal: Option<Signal>) -> nix::Result<()> {
    match ptrace::syscall(thread, signal) {
        // It was killed while it was held.
        Err(Errno::ESRCH) => Ok(()),
        other => other,
    }
}

/// What a call would change, if it changes files.
fn change(process: Pid, regs: &user_regs_struct) -> Option<Change> {
    let [first, second, third, fourth] = [regs.rdi, regs.rsi, regs.rdx, regs.r10];
    let named = |path| Change {
        path,
        write: None,
        flushes: false,
    };
    let at = |base, name| Some(named(under(process, base, &text(process, name)?)?));
    match regs.orig_rax as c_long {
        libc::SYS_write => written(process, first, second, third, position(process, first)?),
        libc::SYS_pwrite64 => written(process, first, second, third, fourth),
        libc::SYS_writev | libc::SYS_pwritev | libc::SYS_pwritev2 => {
            // Torn in half it would need its parts; nothing here writes so.
            open_path(process, first).map(named)
        }
        libc::SYS_ftruncate
        | libc::SYS_fallocate
        | libc::SYS_fchmod
        | libc::SYS_copy_file_range => open_path(process, first).map(named),
        libc::SYS_fsync | libc::SYS_fdatasync | libc::SYS_syncfs => Some(Change {
            flushes: true,
            ..named(open_path(process, first)?)
        }),
        libc::SYS_mkdir
        | libc::SYS_rmdir
        | libc::SYS_unlink
        | libc::SYS_rename
        | libc::SYS_chmod => at(libc::AT_FDCWD as u64, first),
        libc::SYS_mkdirat
        | libc::SYS_unlinkat
        | libc::SYS_renameat
        | libc::SYS_renameat2
        | libc::SYS_fchmodat => at(first, second),
        libc::SYS_linkat => at(third, fourth),
        libc::SYS_open if creates(second) => {
            at(libc::AT_FDCWD as u64, first).filter(|change| !change.path.exists())
        }
        libc::SYS_openat if creates(third) => {
            at(first, second).filter(|change| empties(third) || !change.path.exists())
        }
        _ => None,
    }
}

fn creates(flags: u64) -> bool {
    flags & libc::O_CREAT as u64 != 0
}

fn empties(flags: u64) -> bool {
    flags & libc::O_TRUNC as u64 != 0
}

fn written(process: Pid, file: u64, from: u64, length: u64, offset: u64) -> Option<Change> {
    let path = open_path(process, file)?;
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    memory(process)?.read_exact_at(&mut bytes, from).ok()?;
    Some(Change {
        path,
        write: Some(Write { offset, bytes }),
        flushes: false,
    })
}

/// The file behind a descriptor.
fn open_path(process: Pid, file: u64) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{process}/fd/{file}")).ok()
}

/// Where the next write to a descriptor goes.
fn position(process: Pid, file: u64) -> Option<u64> {
    let told = fs::read_to_string(format!("/proc/{process}/fdinfo/{file}")).ok()?;
    told.lines()
        .find_map(|line| line.strip_prefix("pos:")?.trim().parse().ok())
}

/// A name as a call gives it: from a folder that is open, or from nowhere.
fn under(process: Pid, base: u64, name: &str) -> Option<PathBuf> {
    if Path::new(name).is_absolute() {
        return Some(name.into());
    }
    let here = base as i32 == libc::AT_FDCWD;
    let base = match here {
        true => fs::read_link(format!("/proc/{process}/cwd")).ok()?,
        false => open_path(process, base)?,
    };
    Some(base.join(name))
}

/// A text in the child's memory.
fn text(process: Pid, from: u64) -> Option<String> {
    let memory = memory(process)?;
    let mut bytes = Vec::new();
    let mut page = [0; 256];
    loop {
        let read = memory.read_at(&mut page, from + bytes.len() as u64).ok()?;
        match page[..read].iter().position(|byte| *byte == 0) {
            Some(end) => {
                bytes.extend(&page[..end]);
                return String::from_utf8(bytes).ok();
            }
            None if read == 0 => return None,
            None => bytes.extend(&page[..read]),
        }
    }
}

fn memory(process: Pid) -> Option<File> {
    File::open(format!("/proc/{process}/mem")).ok()
}
