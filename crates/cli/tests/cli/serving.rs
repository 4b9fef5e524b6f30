//! Commands on a folder that a process serves.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::Place;

/// A process that serves; it ends with its test.
pub(crate) struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
    address: String,
}

impl Serving {
    pub(crate) fn start(place: &Place, words: &[&str]) -> Self {
        let mut command = place.command(words);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line
            .strip_prefix("http://")
            .and_then(|rest| rest.strip_suffix('\n'))
            .and_then(|rest| rest.split_once('/'));
        let (address, _) = address.unwrap_or_else(|| panic!("{line:?}"));
        let address = address.to_owned();
        Serving {
            child,
            out,
            address,
        }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What it serves at a path.
    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = &self.address;
        let asked = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(asked.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "{path}");
        let end = answer.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
        answer.split_off(end + 4)
    }

    /// Asks it to end; answers its exit code and what else it printed.
    fn stop(mut self) -> (Option<i32>, String) {
        let signal = format!("kill -TERM {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &signal])
                .status()
                .unwrap()
                .success()
        );
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn commands_on_a_served_folder_go_through_the_process_that_serves_it() {
    let place = Place::with_node();
    let serving = Serving::start(
        &place,
        &["serve", "--dir", "node", "--listen", "127.0.0.1:0"],
    );
    assert!(place.path("node/socket").exists());

    let imported = place.ask(&["import", "who-ssa", "export.csv", "--dir", "node"]);
    assert_eq!(
        (&imported["rows"], &imported["added"]),
        (&4.into(), &3.into())
    );
    let again = place.ask(&["import", "who-ssa", "export.csv", "--dir", "node"]);
    assert_eq!((&again["added"], &again["changed"]), (&0.into(), &0.into()));
    let served = place.ask(&["status", "--dir", "node"]);
    let said = place
        .run(&["export", "incident", "EX-9", "--dir", "node", "-o", "c"])
        .failed(1);
    assert!(
        said.starts_with("error: nothing here has the id EX-9\n"),
        "{said}"
    );

    let second = place
        .run(&["serve", "--dir", "node", "--listen", "127.0.0.1:0"])
        .failed(3);
    assert!(second.contains("held by another process"), "{second}");
    place.init("other").done();
    let taken = place
        .run(&["serve", "--dir", "other", "--listen", &serving.address])
        .failed(3);
    assert!(taken.contains("cannot listen on"), "{taken}");

    assert_eq!(serving.stop(), (Some(0), String::new()));
    assert!(!place.path("node/socket").exists());
    assert_eq!(
        place.ask(&["status", "--dir", "node"])["logs"],
        served["logs"]
    );
}

#[test]
fn an_address_that_others_can_reach_needs_a_proxy() {
    let place = Place::with_node();
    let said = place
        .run(&["serve", "--dir", "node", "--listen", "192.0.2.1:8480"])
        .failed(1);
    assert!(said.contains("behind_proxy"), "{said}");
}

#[test]
fn the_invented_story_is_told_once_and_served_again() {
    let place = Place::new();
    let words = ["demo", "--dir", "story", "--listen", "127.0.0.1:0"];
    let serving = Serving::start(&place, &words);
    let first = place.ask(&["status", "--dir", "story"]);
    assert!(
        first["realm"].as_str().unwrap().starts_with("exercise/"),
        "{first}"
    );
    assert_eq!(serving.stop().0, Some(0));
    let serving = Serving::start(&place, &words);
    assert_eq!(
        place.ask(&["status", "--dir", "story"])["logs"],
        first["logs"]
    );
    assert_eq!(serving.stop().0, Some(0));

    place.init("real").done();
    place.run(&["demo", "--dir", "real"]).failed(1);
}
