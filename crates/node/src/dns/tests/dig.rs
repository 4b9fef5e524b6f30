//! The server as `dig` sees it: a reader of DNS that shares nothing with ours.

use std::process::Command;

use data_encoding::HEXUPPER;

use super::live::Serving;
use super::set::{self, HOST};
use super::*;

/// What dig prints; nothing where there is no dig.
fn dig(serving: &Serving, words: &[&str]) -> Option<String> {
    let port = serving.address.port().to_string();
    let mut command = Command::new("dig");
    command.args([
        "@127.0.0.1",
        "-p",
        &port,
        "+tries=1",
        "+time=5",
        "+nocookie",
    ]);
    match command.args(words).output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(_) => {
            ensign_recorded::skip("there is no dig (Debian: bind9-dnsutils)");
            None
        }
    }
}

/// Data of the emblem's records of the host, sorted.
fn data(printed: &str) -> Vec<String> {
    let lines = printed.lines().filter_map(|line| {
        let rest = line.strip_prefix(HOST)?;
        let data = rest
            .split_once("TYPE65297")?
            .1
            .trim()
            .strip_prefix("\\# ")?;
        let (_, hex) = data.split_once(' ')?;
        Some(hex.replace(' ', ""))
    });
    let mut data: Vec<String> = lines.collect();
    data.sort();
    data
}

fn expected(set: &[Item]) -> Vec<String> {
    let mut data: Vec<String> = set.iter().map(|it| HEXUPPER.encode(it.bytes())).collect();
    data.sort();
    data
}

#[test]
fn dig_finds_a_small_set_beside_an_address() {
    let set = set::ed25519();
    let serving = Serving::start(zones(&set));
    for host in [HOST, "WWW.hospital.EXAMPLE"] {
        let Some(printed) = dig(&serving, &[host, "A", "+ignore"]) else {
            return;
        };
        assert!(printed.contains("status: NOERROR"), "{printed}");
        assert!(printed.contains("flags: qr aa rd;"), "{printed}");
        assert!(printed.contains("udp: 1232"), "{printed}");
        assert!(printed.contains("192.0.2.10"), "{printed}");
        assert_eq!(
            data(&printed.replace(host, HOST)),
            expected(&set),
            "{printed}"
        );
    }
}

#[test]
fn dig_is_told_to_come_over_tcp_for_a_large_set() {
    let set = set::es512();
    let serving = Serving::start(zones(&set));
    let Some(cut) = dig(&serving, &[HOST, "A", "+ignore", "+bufsize=4096"]) else {
        return;
    };
    assert!(cut.contains("flags: qr aa tc rd;"), "{cut}");
    assert!(
        cut.contains("ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1"),
        "{cut}"
    );
    assert_eq!(data(&cut), Vec::<String>::new());
    // Without `+ignore` it follows the flag.
    for words in [
        &[HOST, "A"][..],
        &[HOST, "AAAA"],
        &[HOST, "TYPE65297", "+tcp"],
    ] {
        let whole = dig(&serving, words).unwrap();
        assert!(whole.contains("(TCP)"), "{whole}");
        assert_eq!(data(&whole), expected(&set), "{whole}");
    }
}

#[test]
fn dig_understands_every_other_answer() {
    let serving = Serving::start(zones(&set::ed25519()));
    for (words, expected) in [
        (&["absent.hospital.example", "A"][..], "status: NXDOMAIN"),
        (&["b.hospital.example", "A"], "status: NOERROR"),
        (
            &["b.hospital.example", "A"],
            "ns1.example.org. hostmaster.example.org. 7 3600",
        ),
        (
            &["hospital.example", "SOA"],
            "ns1.example.org. hostmaster.example.org. 7 3600",
        ),
        (&["hospital.example", "NS"], "ns2.example.org."),
        (&["www.example.org", "A"], "status: REFUSED"),
        (
            &[HOST, "A", "+edns=1", "+noednsnegotiation"],
            "status: BADVERS",
        ),
        (&[HOST, "ANY", "+notcp"], "192.0.2.10"),
        (&[HOST, "A", "CH"], "status: REFUSED"),
        (
            &["hospital.example", "A", "+opcode=UPDATE"],
            "status: NOTIMP",
        ),
    ] {
        let Some(printed) = dig(&serving, words) else {
            return;
        };
        assert!(printed.contains(expected), "{words:?}\n{printed}");
        assert!(!printed.contains("malformed"), "{printed}");
    }
}
