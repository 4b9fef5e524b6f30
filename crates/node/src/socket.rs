//! The socket in a served folder: one command a connection, as a JSON line; replies as JSON lines.
//!
//! Whoever may open the file may command the node: the folder's permissions are the authority.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use crate::command::{Command, Failure, Progress, Reply};
use crate::error::Error;
use crate::node::Node;

/// Longest command, in bytes: a text of an instrument has 1 MiB at most, and JSON may write six for one.
const MAX_COMMAND: u64 = 8 * 1024 * 1024;

/// How long a client may say nothing before its connection is given up: commands are taken one
/// after the other, so a silent client holds up all others, and the stop.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes of a socket's address, the final zero included (unix(7)).
const MAX_ADDRESS: usize = 108;

/// A thread that takes commands, until it is dropped.
#[derive(Debug)]
pub struct Listening {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Takes commands for a node, one after the other.
pub fn listen(node: Arc<Node>) -> Result<Listening, Error> {
    let path = node.folder().socket();
    let fault = |action| {
        let path = path.clone();
        move |source| Error::File {
            action,
            path,
            source,
        }
    };
    // The node holds the folder's lease, so a socket that lies here is a dead one's.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(fault("replace")(error)),
        _ => (),
    }
    let (_held, short) = within_reach(&path).map_err(fault("listen on"))?;
    let listener = UnixListener::bind(short).map_err(fault("listen on"))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
        .map_err(fault("protect"))?;
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let thread = std::thread::spawn(move || {
        for stream in listener.incoming() {
            if stopped.load(Ordering::SeqCst) {
                break;
            }
            let served = stream.and_then(|stream| serve(&node, &stream));
            if let Err(error) = served {
                tracing::warn!(kind = ?error.kind(), "a command's connection broke");
            }
        }
    });
    Ok(Listening {
        path,
        stop,
        thread: Some(thread),
    })
}

/// Sends a command to the process that serves a folder. `None`: nobody does.
pub fn call(
    socket: &Path,
    command: &Command,
    progress: &mut dyn FnMut(Progress),
) -> std::io::Result<Option<Result<Value, Failure>>> {
    let connect = || {
        let (_held, short) = within_reach(socket)?;
        UnixStream::connect(short)
    };
    let mut stream = match connect() {
        Ok(stream) => stream,
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    stream.write_all(&line(command)?)?;
    for reply in BufReader::new(stream).lines() {
        match serde_json::from_str(&reply?)? {
            Reply::Answer(answer) => return Ok(Some(Ok(answer))),
            Reply::Failed(failure) => return Ok(Some(Err(failure))),
            Reply::Progress(step) => progress(step),
        }
    }
    Err(ErrorKind::UnexpectedEof.into())
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread out of its wait.
        let _ = within_reach(&self.path).and_then(|(_held, short)| UnixStream::connect(short));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A name of the socket that fits the 108 bytes of an address: through the open folder where the
/// path is longer. The folder has to be kept open while the name is used.
fn within_reach(path: &Path) -> std::io::Result<(Option<File>, PathBuf)> {
    if path.as_os_str().len() < MAX_ADDRESS {
        return Ok((None, path.to_owned()));
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok((None, path.to_owned()));
    };
    let folder = File::open(folder)?;
    let through = Path::new("/proc/self/fd")
        .join(folder.as_raw_fd().to_string())
        .join(name);
    Ok((Some(folder), through))
}

fn serve(node: &Node, stream: &UnixStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut text = String::new();
    BufReader::new(stream.take(MAX_COMMAND + 1)).read_line(&mut text)?;
    let mut out = stream;
    let is_too_long = text.len() as u64 > MAX_COMMAND;
    let reply = match serde_json::from_str::<Command>(&text) {
        _ if is_too_long => Reply::Failed(Failure {
            code: "command.too_long".to_owned(),
            message: format!("the command has more than {MAX_COMMAND} bytes"),
            hint: Some("stop the node, and give the command again".to_owned()),
            unavailable: false,
        }),
        Ok(command) => {
            let mut report = |step| {
                // Whoever asked may be gone; the command goes on.
                let _ = line(&Reply::Progress(step)).and_then(|line| out.write_all(&line));
            };
            match command.run(node, &mut report) {
                Ok(answer) => Reply::Answer(answer),
                Err(error) => Reply::Failed(Failure::from(&error)),
            }
        }
        Err(error) => Reply::Failed(Failure {
            code: "command.unknown".to_owned(),
            message: format!("the serving node does not understand the command: {error}"),
            hint: Some("use the version of ensign that serves this folder".to_owned()),
            unavailable: false,
        }),
    };
    out.write_all(&line(&reply)?)
}

fn line(message: &impl serde::Serialize) -> std::io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(message)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Place;

    #[test]
    fn a_command_that_is_too_long_is_told_so() {
        let place = Place::new(74);
        let node = Arc::new(place.init());
        let listening = listen(Arc::clone(&node)).unwrap();
        let path = node.folder().socket();
        let mut stream = UnixStream::connect(&path).unwrap();
        let mut writing = stream.try_clone().unwrap();
        let long = vec![b' '; MAX_COMMAND as usize + 2];
        let writer = std::thread::spawn(move || writing.write_all(&long));
        let mut reply = String::new();
        BufReader::new(&mut stream).read_line(&mut reply).unwrap();
        assert!(reply.contains("command.too_long"), "{reply}");
        drop(stream);
        let _ = writer.join();
        drop(listening);
    }

    #[test]
    fn a_client_that_says_nothing_holds_up_neither_others_nor_the_stop() {
        let place = Place::new(70);
        let node = Arc::new(place.init());
        let listening = listen(Arc::clone(&node)).unwrap();
        let path = node.folder().socket();
        let _silent = UnixStream::connect(&path).unwrap();
        let answer = call(&path, &Command::Status, &mut |_| ()).unwrap();
        assert!(answer.unwrap().is_ok());
        let _silent_again = UnixStream::connect(&path).unwrap();
        drop(listening);
        assert!(
            call(&path, &Command::Status, &mut |_| ())
                .unwrap()
                .is_none()
        );
    }
}
