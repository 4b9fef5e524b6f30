//! Emblems in DNS: what the binary serves, as `dig` and as its own commands see it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use data_encoding::HEXUPPER;
use ensign_mark::token::Validity;
use ensign_mark::{Emblem, EmblemKey, Token};
use ensign_trust::key::SigningKey;
use serde_json::Value;

use crate::Place;

#[path = "../../../node/src/dns/tests/set.rs"]
mod set;

pub(crate) const PORTAL: &str = "portal.hospital.example";

/// A process that answers questions; it ends with its test.
pub(crate) struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) address: String,
}

impl Serving {
    pub(crate) fn start(place: &Place, words: &[&str]) -> Self {
        let listen = ["dns", "serve", "--listen", "127.0.0.1:0"];
        let mut child = place
            .command(&[&listen, words].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line
            .strip_prefix("dns://")
            .and_then(|rest| rest.strip_suffix("/\n"));
        let address = address.unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Serving {
            child,
            out,
            address,
        }
    }

    /// What dig prints; nothing where there is no dig.
    pub(crate) fn dig(&self, words: &[&str]) -> Option<String> {
        let port = self.address.rsplit(':').next().unwrap();
        let mut command = Command::new("dig");
        command.args(["@127.0.0.1", "-p", port, "+tries=1", "+time=5", "+nocookie"]);
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

    /// Asks it to end; answers its exit code and what else it printed.
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let signal = format!("kill -{signal} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &signal]).status();
        assert!(sent.unwrap().success());
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

/// Data of the emblem's records, as dig prints them, sorted.
pub(crate) fn data(printed: &str) -> Vec<String> {
    let lines = printed.lines().filter_map(|line| {
        let (_, data) = line.split_once("TYPE65297")?;
        let (_, hex) = data.trim().strip_prefix("\\# ")?.split_once(' ')?;
        Some(hex.replace(' ', ""))
    });
    let mut data: Vec<String> = lines.collect();
    data.sort();
    data
}

/// A place with zone files for both sets.
fn place_with_zones() -> Place {
    let place = Place::new();
    for (zone, items) in [("ed", set::ed25519()), ("es", set::es512())] {
        let folder = place.path(zone).join(set::HOST);
        std::fs::create_dir_all(&folder).unwrap();
        for (at, item) in items.iter().enumerate() {
            std::fs::write(folder.join(at.to_string()), item.bytes()).unwrap();
        }
        let text = format!(
            "[[zone]]\nname = \"hospital.example\"\nservers = [\"ns1.example.org\"]\n\
            contact = \"hostmaster.example.org\"\nemblems = \"{zone}\"\n[[zone.host]]\n\
            name = \"www.hospital.example\"\naddresses = [\"192.0.2.10\"]\n"
        );
        std::fs::write(place.path(&format!("{zone}.toml")), text).unwrap();
    }
    place
}

fn hex(items: &[ensign_mark::discovery::Item]) -> Vec<String> {
    let mut hex: Vec<String> = items.iter().map(|it| HEXUPPER.encode(it.bytes())).collect();
    hex.sort();
    hex
}

/// A node with an emblem for the portal: the asset's id.
pub(crate) fn marked(place: &Place) -> String {
    let ask = |words: &[&str]| place.ask(&[words, &["--dir", "node"]].concat());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let founded = ask(&["party", "found", "--name", "Hospital", "--type", "body"]);
    let hospital = text(&founded["party"]);
    ask(&["emblem", "key", &hospital]);
    let register = [
        "asset", "register", "domain", PORTAL, "--public", "--by", &hospital,
    ];
    let asset = text(&ask(&[&register[..], &["--law", "gc-i"]].concat())["asset"]);
    issue(place, &asset, "2100-01-01T00:00:00Z");
    asset
}

fn issue(place: &Place, asset: &str, until: &str) {
    let issue = [
        "emblem",
        "issue",
        asset,
        "--purpose",
        "protective",
        "--until",
    ];
    place.ask(&[&issue[..], &[until, "--dir", "node"]].concat());
}

#[test]
fn dig_finds_a_small_set_beside_an_address_and_a_large_one_over_tcp() {
    let place = place_with_zones();
    let small = Serving::start(&place, &["--zone", "ed.toml"]);
    let Some(printed) = small.dig(&[set::HOST, "A", "+ignore"]) else {
        return;
    };
    assert!(printed.contains("192.0.2.10"), "{printed}");
    assert!(
        printed.contains("ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 7"),
        "{printed}"
    );
    assert_eq!(data(&printed), hex(&set::ed25519()));
    assert_eq!(small.stop("TERM"), (Some(0), String::new()));

    let large = Serving::start(&place, &["--zone", "es.toml"]);
    let cut = large
        .dig(&[set::HOST, "A", "+ignore", "+bufsize=4096"])
        .unwrap();
    assert!(cut.contains("flags: qr aa tc rd;"), "{cut}");
    assert_eq!(data(&cut), Vec::<String>::new());
    let whole = large.dig(&[set::HOST, "A", "+tcp"]).unwrap();
    assert!(whole.contains("192.0.2.10"), "{whole}");
    assert_eq!(data(&whole), hex(&set::es512()));
    let followed = large.dig(&[set::HOST, "AAAA"]).unwrap();
    assert!(followed.contains("(TCP)"), "{followed}");
    assert_eq!(data(&followed), hex(&set::es512()));
    assert_eq!(large.stop("INT"), (Some(0), String::new()));
}

#[test]
fn an_emblem_of_the_log_is_in_dns_until_it_is_withdrawn() {
    let place = Place::with_node();
    let serving = Serving::start(&place, &["--dir", "node"]);
    let Some(before) = serving.dig(&[PORTAL, "A"]) else {
        return;
    };
    assert!(before.contains("status: REFUSED"), "{before}");
    let asset = marked(&place);
    let printed = serving.dig(&[PORTAL, "A", "+ignore"]).unwrap();
    assert!(printed.contains("flags: qr aa rd;"), "{printed}");
    // What is served is what `emblem deploy` prints.
    let told = place.ask(&["emblem", "deploy", PORTAL, "--dir", "node"]);
    let lines = told["zone"].as_array().unwrap().iter();
    let lines: Vec<&str> = lines.map(|line| line.as_str().unwrap()).collect();
    assert_eq!(data(&lines.join("\n")), data(&printed));
    assert_eq!(data(&printed).len(), 2);

    // Emblems end one after the other.
    let emblem = told["emblem"].as_str().unwrap().to_owned();
    place.ask(&[
        "emblem", "revoke", &emblem, "--reason", "lost", "--dir", "node",
    ]);
    assert_eq!(data(&serving.dig(&[PORTAL, "A"]).unwrap()).len(), 0);
    // Another end: within one second the same would be the same token, which is refused.
    issue(&place, &asset, "2101-01-01T00:00:00Z");
    assert_eq!(data(&serving.dig(&[PORTAL, "A"]).unwrap()).len(), 2);
    place.ask(&[
        "asset", "withdraw", &asset, "--reason", "moved", "--dir", "node",
    ]);
    let gone = serving.dig(&[PORTAL, "A"]).unwrap();
    assert!(gone.contains("status: REFUSED"), "{gone}");
    assert_eq!(data(&gone).len(), 0);
    assert_eq!(serving.stop("TERM"), (Some(0), String::new()));
}

#[test]
fn questions_are_answered_beside_a_node_that_serves_the_folder() {
    let place = Place::with_node();
    let asset = marked(&place);
    let mut node = place
        .command(&["serve", "--dir", "node", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(node.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let serving = Serving::start(&place, &["--dir", "node"]);
    if let Some(printed) = serving.dig(&[PORTAL, "A"]) {
        assert_eq!(data(&printed).len(), 2);
        place.ask(&[
            "asset", "withdraw", &asset, "--reason", "moved", "--dir", "node",
        ]);
        assert_eq!(data(&serving.dig(&[PORTAL, "A"]).unwrap()).len(), 0);
    }
    node.kill().unwrap();
    node.wait().unwrap();
}

#[test]
fn what_is_to_be_deployed_is_printed_and_written() {
    let place = Place::with_node();
    let asset = marked(&place);
    let deploy = ["emblem", "deploy", &asset, "--dir", "node", "-o", "www"];
    let told = place.run(&deploy).done();
    for words in [
        "SIGNED",
        "portal.hospital.example. 300 IN TYPE65297 \\# ",
        "location = /.well-known/digital-emblem {",
        "<Location \"/.well-known/digital-emblem\">",
        "portal.hospital.example {",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let file = std::fs::read(place.path("www/.well-known/digital-emblem")).unwrap();
    // An array of two byte strings: the emblem and its key.
    assert_eq!(file[0], 0x82);
    // What a host publishes verifies as it lies there.
    let verify = ["emblem", "verify", "www/.well-known", "--least", "signed"];
    let told = place.run(&verify).done();
    assert!(told.contains(PORTAL), "{told}");
    let again = place.run(&deploy).failed(1);
    assert!(again.contains("exists already"), "{again}");
    place.ask(&[&deploy[..], &["--force"]].concat());

    let nothing = place
        .run(&["emblem", "deploy", "example.org", "--dir", "node"])
        .failed(1);
    assert!(
        nothing.contains("no emblem of example.org stands"),
        "{nothing}"
    );
}

#[test]
fn what_cannot_be_served_is_named() {
    let place = place_with_zones();
    let neither = place.run(&["dns", "serve"]).failed(2);
    assert!(neither.contains("--zone <FILE>"), "{neither}");
    let nowhere = place.run(&["dns", "serve", "--dir", "absent"]).failed(1);
    assert!(nowhere.contains("holds no node"), "{nowhere}");
    let file = place
        .run(&["dns", "serve", "--zone", "absent.toml"])
        .failed(1);
    assert!(file.contains("cannot read absent.toml"), "{file}");
    let twice = ["dns", "serve", "--zone", "ed.toml", "--zone", "es.toml"];
    let twice = place.run(&twice).failed(1);
    assert!(twice.contains("hospital.example is there twice"), "{twice}");
    let serving = Serving::start(&place, &["--zone", "ed.toml"]);
    let taken = [
        "dns",
        "serve",
        "--zone",
        "es.toml",
        "--listen",
        &serving.address,
    ];
    let taken = place.run(&taken).failed(3);
    assert!(taken.contains("cannot listen on"), "{taken}");
    place
        .run(&["dns", "serve", "--zone", "ed.toml", "--type", "A"])
        .failed(2);
}

/// Another emblem by the key that signs the smaller set's.
pub(crate) fn renewed() -> Token {
    let secret = SigningKey::from_seed(&[1; 32]);
    let emblem = Emblem {
        validity: Validity::new(1_780_000_000, 1_810_000_000),
        ..set::emblem()
    };
    let key = EmblemKey::from_trust(&secret.public());
    emblem.draft(&key).unwrap().sign(&secret).unwrap()
}

/// The words of a check of the set's host at a server.
fn check<'a>(server: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let words = ["emblem", "check-deployment", set::HOST, "--server", server];
    [&words[..], &["--at", "1790000000"], more].concat()
}

/// What became of each token and key, in order.
pub(crate) fn states(told: &Value) -> Vec<&str> {
    let items = told["items"].as_array().unwrap().iter();
    items.map(|it| it["state"].as_str().unwrap()).collect()
}

/// The JSON answer of a check that found something wrong.
fn wrong(place: &Place, words: &[&str]) -> Value {
    let ended = place.run(&[words, &["--json"]].concat());
    assert_eq!(ended.code, 1, "{}{}", ended.out, ended.said);
    let told: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(told["verdict"], "wrong");
    told
}

#[test]
fn a_deployment_is_found_whole_over_udp_and_over_tcp() {
    let place = place_with_zones();
    for (zone, over) in [("ed", "udp"), ("es", "tcp")] {
        let serving = Serving::start(&place, &["--zone", &format!("{zone}.toml")]);
        let folder = format!("{zone}/{}", set::HOST);
        let words = check(&serving.address, &["--expect", &folder]);
        let told = place.ask(&words);
        assert_eq!(told["verdict"], "deployed");
        assert_eq!(states(&told), ["found"; 6]);
        let ordinary = &told["questions"][0];
        assert_eq!(
            (&ordinary["question"], &ordinary["over"]),
            (&"A".into(), &over.into())
        );
        assert_eq!(
            (&ordinary["answer"], &ordinary["additional"]),
            (&0.into(), &6.into())
        );
        assert_eq!(told["questions"][1]["answer"], 6);
        assert_eq!(
            (&told["sets"][0]["dialect"], &told["sets"][0]["marks"]),
            (&"adem-cwt".into(), &true.into())
        );
        let text = place.run(&words).done();
        assert!(
            text.starts_with("Others find all of it, and it is right."),
            "{text}"
        );
        // By itself too, without knowing what should be there.
        place.run(&check(&serving.address, &[])).done();
    }
}

#[test]
fn what_is_missing_stale_or_foreign_is_told() {
    let place = place_with_zones();
    let serving = Serving::start(&place, &["--zone", "ed.toml"]);
    let folder = format!("es/{}", set::HOST);
    let told = wrong(&place, &check(&serving.address, &["--expect", &folder]));
    let missing = ["missing"; 6];
    assert_eq!(states(&told), [&missing[..], &["foreign"; 6]].concat());

    // Of the keys that should sign, but another emblem: the server has not yet heard of it.
    let items = set::ed25519();
    let expect = place.path("expect");
    std::fs::create_dir(&expect).unwrap();
    for (at, item) in items.iter().enumerate().skip(1) {
        std::fs::write(expect.join(at.to_string()), item.bytes()).unwrap();
    }
    std::fs::write(expect.join("0"), renewed().bytes()).unwrap();
    let told = wrong(&place, &check(&serving.address, &["--expect", "expect"]));
    assert_eq!(
        states(&told),
        [
            "missing", "found", "found", "found", "found", "found", "stale"
        ]
    );

    // A name without an emblem, and an emblem of another time.
    let other = [
        "emblem",
        "check-deployment",
        "www.example.org",
        "--server",
        &serving.address,
    ];
    let told = wrong(&place, &other);
    assert_eq!(
        told["questions"][0]["error"],
        "the server refuses to answer (REFUSED, code 5): ask a server that serves this name, or a \
         resolver that serves you"
    );
    let late = [
        "emblem",
        "check-deployment",
        set::HOST,
        "--server",
        &serving.address,
    ];
    let told = wrong(&place, &[&late[..], &["--at", "1900000000"]].concat());
    assert_eq!(told["sets"][0]["results"][0], "INVALID");
}

#[test]
fn records_of_another_name_are_passed_over_and_told() {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    let forger = std::thread::spawn(move || {
        for _ in 0..3 {
            let mut query = [0; 512];
            let (length, from) = socket.recv_from(&mut query).unwrap();
            // The question without its OPT record, answered with a key of another owner.
            let mut told = query[..length - 11].to_vec();
            told[2..4].copy_from_slice(&[0x84, 0]);
            told[10..12].copy_from_slice(&[0, 1]);
            let key = set::ed25519().pop().unwrap();
            told.extend(b"\x05other\x07example\0");
            told.extend([0xff, 0x11, 0, 1, 0, 0, 1, 44]);
            told.extend(u16::try_from(key.bytes().len()).unwrap().to_be_bytes());
            told.extend(key.bytes());
            socket.send_to(&told, from).unwrap();
        }
    });
    let place = Place::new();
    let told = wrong(&place, &check(&address, &[]));
    forger.join().unwrap();
    let ignored = &told["ignored"][0];
    assert_eq!(ignored["owner"], "other.example");
    assert_eq!(
        ignored["why"],
        "of another name than the one that was asked for"
    );
    assert_eq!(states(&told), Vec::<&str>::new());
}

#[test]
fn a_server_that_does_not_answer_is_unavailable() {
    let place = place_with_zones();
    // Nobody else gets the port while it is held, and nobody answers there.
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    drop(silent);
    let said = place.run(&check(&address, &[])).failed(3);
    assert!(said.contains("did not answer"), "{said}");
    let serving = Serving::start(&place, &["--zone", "ed.toml"]);
    let said = place
        .run(&check(&serving.address, &["--web", &address]))
        .failed(3);
    assert!(said.contains("the web server 127.0.0.1"), "{said}");
}

/// A web server that has a file for the portal, at the path of the CWT dialect alone, for two
/// requests.
fn web_server(file: Vec<u8>) -> (String, std::thread::JoinHandle<()>) {
    use std::io::Write as _;
    let web = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = web.local_addr().unwrap().to_string();
    let server = std::thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = web.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            let request = String::from_utf8(request[..length].to_vec()).unwrap();
            assert!(
                request.contains("\r\nHost: portal.hospital.example\r\n"),
                "{request}"
            );
            let (status, body) = match request.starts_with("GET /.well-known/digital-emblem HTTP") {
                true => ("200 OK", &file[..]),
                false => ("404 Not Found", &b""[..]),
            };
            stream
                .write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes())
                .unwrap();
            stream.write_all(body).unwrap();
        }
    });
    (address, server)
}

/// Writes what `emblem deploy` says of an asset or name into a folder; what it prints, and the file.
fn deployed(place: &Place, id: &str, folder: &str) -> (String, Vec<u8>) {
    let deploy = ["emblem", "deploy", id, "--dir", "node", "-o", folder];
    let told = place.run(&deploy).done();
    let file = place.path(folder).join(".well-known/digital-emblem");
    (told, std::fs::read(file).unwrap())
}

#[test]
fn a_log_says_what_should_be_deployed_and_a_web_server_has_it_too() {
    let place = Place::with_node();
    marked(&place);
    let serving = Serving::start(&place, &["--dir", "node"]);
    let (_, file) = deployed(&place, PORTAL, "www");
    let (web, server) = web_server(file);
    let words = ["emblem", "check-deployment", PORTAL, "--server"];
    let words = [&words[..], &[&serving.address, "--dir", "node"]].concat();
    let told = place.ask(&[&words[..], &["--web", &web]].concat());
    server.join().unwrap();
    assert_eq!(states(&told), ["found"; 4]);
    assert_eq!(
        told["questions"][3]["question"],
        "/.well-known/digital-emblem"
    );
}

#[test]
fn who_registers_a_name_later_takes_nothing_over_and_both_are_told() {
    let place = Place::with_node();
    let own = marked(&place);
    let serving = Serving::start(&place, &["--dir", "node"]);
    let (before, file) = deployed(&place, &own, "before");
    assert!(!before.contains("To be known"), "{before}");
    let other = marked(&place);
    let (told, same) = deployed(&place, &own, "own");
    assert_eq!(same, file);
    assert!(
        told.contains("Another party has registered portal.hospital.example too"),
        "{told}"
    );
    assert_eq!(deployed(&place, PORTAL, "name").1, file);
    let (told, others) = deployed(&place, &other, "other");
    assert_ne!(others, file);
    assert!(
        told.contains("is the one that the name publishes: sta_"),
        "{told}"
    );

    let words = ["emblem", "check-deployment", PORTAL, "--server"];
    let words = [&words[..], &[&serving.address, "--dir", "node"]].concat();
    place.run(&words).done();
    let (web, server) = web_server(others);
    let told = wrong(&place, &[&words[..], &["--web", &web]].concat());
    server.join().unwrap();
    let found = states(&told);
    // What DNS has is right; the file is that of the other emblem, which stands too.
    assert_eq!(found[..4], ["found", "found", "missing", "missing"]);
    assert_eq!(found[4..], ["other", "other"]);

    // While the first one has no emblem that stands, nothing is published, and others' is too much.
    let told = place.ask(&["emblem", "deploy", PORTAL, "--dir", "node"]);
    let emblem = told["emblem"].as_str().unwrap();
    place.ask(&[
        "emblem",
        "revoke",
        emblem,
        "--reason",
        "superseded",
        "--dir",
        "node",
    ]);
    let said = place.run(&["emblem", "deploy", PORTAL, "--dir", "node"]);
    let said = said.failed(1);
    assert!(
        said.contains("nothing is published for portal.hospital.example"),
        "{said}"
    );
    assert!(said.contains(&format!("ensign asset show {own}")), "{said}");
    let (told, others) = deployed(&place, &other, "other-again");
    let kept = "Nothing is published for portal.hospital.example: the party";
    assert!(told.contains(kept), "{told}");
    let (web, server) = web_server(others);
    let left = place.run(&[&words[..], &["--web", &web, "--json"]].concat());
    server.join().unwrap();
    assert_eq!(left.code, 1, "{}", left.out);
    let told: Value = serde_json::from_str(&left.out).unwrap();
    assert_eq!(
        (&told["verdict"], states(&told)),
        (&"left".into(), vec!["other"; 2])
    );
}

#[test]
fn a_folder_whose_files_lie_in_its_well_known_one_says_where_to_look() {
    let place = Place::with_node();
    marked(&place);
    deployed(&place, PORTAL, "www");
    let said = place.run(&["emblem", "verify", "www"]).failed(1);
    assert!(said.contains("lies in its .well-known"), "{said}");
    assert!(
        said.contains("ensign emblem verify www/.well-known"),
        "{said}"
    );
}

#[test]
fn the_folder_of_the_environment_says_what_should_be_deployed() {
    let place = Place::with_node();
    marked(&place);
    let serving = Serving::start(&place, &["--dir", "node"]);
    let check = |name: &str, more: &[&str]| {
        let words = ["emblem", "check-deployment", name, "--json", "--server"];
        let words = [&words[..], &[&serving.address], more].concat();
        let output = place.command(&words).env("ENSIGN_DIR", "node").output();
        let out = String::from_utf8(output.unwrap().stdout).unwrap();
        let told: Value = serde_json::from_str(&out).unwrap();
        told["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(check(PORTAL, &[]), "deployed");
    // It says that nothing should be there, where nobody knew without it.
    assert_eq!(check("other.hospital.example", &[]), "gone");
    // What is named on the command line comes first.
    let key = set::ed25519().pop().unwrap();
    std::fs::write(place.path("key"), key.bytes()).unwrap();
    assert_eq!(check(PORTAL, &["--expect", "key"]), "wrong");
}

#[test]
fn a_policy_that_nobody_gave_is_not_told_as_missed() {
    let place = Place::with_node();
    marked(&place);
    let serving = Serving::start(&place, &["--dir", "node"]);
    let words = ["emblem", "check-deployment", PORTAL, "--server"];
    let words = [&words[..], &[&serving.address]].concat();
    let told = place.run(&words).done();
    assert!(!told.contains("policy"), "{told}");
    let told = place.ask(&words);
    assert_eq!(told["sets"][0]["lacks"], serde_json::json!([]));
}

#[test]
fn an_emblem_under_a_name_that_it_does_not_mark_is_told_when_it_is_served() {
    let place = place_with_zones();
    let folder = place.path("ed");
    std::fs::rename(folder.join(set::HOST), folder.join("mail.hospital.example")).unwrap();
    let serve = ["dns", "serve", "--listen", "127.0.0.1:0"];
    let starts = |more: &[&str]| {
        let mut child = place
            .command(&[&serve, more].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.starts_with("dns://"), "{line}");
        child.kill().unwrap();
        let said = child.wait_with_output().unwrap().stderr;
        String::from_utf8(said).unwrap()
    };
    let said = starts(&["--zone", "ed.toml"]);
    assert!(
        said.contains("Under mail.hospital.example lies an emblem that does not mark"),
        "{said}"
    );
    assert!(!starts(&["--zone", "es.toml"]).contains("does not mark"));
}

#[test]
fn what_deploy_says_of_tcp_is_what_the_server_does() {
    let place = Place::with_node();
    marked(&place);
    let told = place.ask(&["emblem", "deploy", PORTAL, "--dir", "node"]);
    assert_eq!(told["over_tcp"], false);
    let serving = Serving::start(&place, &["--dir", "node"]);
    let Some(printed) = serving.dig(&[PORTAL, "A", "+ignore"]) else {
        return;
    };
    let size = printed.split_once("MSG SIZE  rcvd: ").unwrap().1;
    let size: u64 = size.lines().next().unwrap().trim().parse().unwrap();
    let longest = told["answer_bytes"].as_u64().unwrap();
    // Of the answers with an address and without: no address is known here.
    assert!(size <= longest && longest <= size + 28, "{size} {longest}");
}
