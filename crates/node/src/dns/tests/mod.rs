//! Questions, good and bad, to zones in memory and to a server on a free port.

mod dig;
mod live;
mod published;
pub(crate) mod set;

use ensign_mark::DomainName;
use ensign_mark::discovery::{Item, Record, RecordType, read_answer, wire_name};

use super::client::{query, resolver};
use super::*;
use set::HOST;

const IHLE: RecordType = RecordType::IHLE;

fn name(text: &str) -> DomainName {
    text.parse().unwrap()
}

fn authority() -> Authority {
    Authority {
        servers: vec![name("ns1.example.org"), name("ns2.example.org")],
        contact: name("hostmaster.example.org"),
        serial: 7,
        ttl: 300,
    }
}

/// A zone with one host that has an address and an emblem.
fn zone(items: &[Item]) -> Zone {
    let mut zone = Zone::new(name("hospital.example"), authority()).unwrap();
    let address = Record {
        rtype: RecordType::A,
        rdata: vec![192, 0, 2, 10],
    };
    zone.add(&name(HOST), [address]).unwrap();
    zone.publish(&name(HOST), items, IHLE).unwrap();
    let deep = name("a.b.hospital.example");
    zone.publish(&deep, &items[..1], IHLE).unwrap();
    zone
}

fn zones(items: &[Item]) -> Zones {
    Zones::new(&[zone(items)], IHLE).unwrap()
}

fn answer(zones: &Zones, query: &[u8], transport: Transport) -> Option<Vec<u8>> {
    let mut out = b"left over".to_vec();
    zones.answer(query, transport, &mut out).then_some(out)
}

/// Flags that matter, code and counts of a message.
fn head(message: &[u8]) -> (bool, bool, u8, [u8; 4]) {
    let counts = [message[5], message[7], message[9], message[11]];
    let (authoritative, truncated) = (message[2] & 4 != 0, message[2] & 2 != 0);
    assert_eq!(message[2] & 0x80, 0x80, "it is an answer");
    (authoritative, truncated, message[3] & 15, counts)
}

/// A query without EDNS.
fn plain(text: &str, rtype: RecordType) -> Vec<u8> {
    let mut query = query(&name(text), rtype, [1, 2]);
    query.truncate(query.len() - 11);
    query[11] = 0;
    query
}

#[test]
fn the_emblem_is_beside_the_answer_to_any_question_for_the_name() {
    let set = set::ed25519();
    let zones = zones(&set);
    let (tokens, one) = (u8::try_from(set.len()).unwrap(), 1);
    for (rtype, answers, authorities) in [
        (RecordType::A, one, 0),
        (RecordType::AAAA, 0, one),
        (RecordType::TXT, 0, one),
        (RecordType(64999), 0, one),
        (RecordType(255), one, 0),
    ] {
        let query = query(&name(HOST), rtype, [1, 2]);
        let answer = answer(&zones, &query, Transport::Udp).unwrap();
        let counts = [1, answers, authorities, tokens + 1];
        assert_eq!(head(&answer), (true, false, 0, counts), "{rtype}");
        assert!(answer.len() <= MAX_UDP);
        let found = read_answer(&answer, &name(HOST), IHLE).unwrap();
        let found: Vec<Item> = found.items.into_iter().map(|it| it.item).collect();
        assert_eq!(found, set, "{rtype}");
    }
    let direct = answer(&zones, &query(&name(HOST), IHLE, [1, 2]), Transport::Udp).unwrap();
    assert_eq!(head(&direct), (true, false, 0, [1, tokens, 0, 1]));
}

#[test]
fn an_answer_keeps_the_id_the_case_and_the_wish_of_the_question() {
    let zones = zones(&set::ed25519());
    let mut query = query(&name(HOST), RecordType::A, [0xab, 0xcd]);
    query[13] = b'W';
    let told = answer(&zones, &query, Transport::Tcp).unwrap();
    let end = query.len() - 11;
    assert_eq!(told[..2], [0xab, 0xcd]);
    assert_eq!(told[2..4], [0x85, 0]);
    assert_eq!(told[12..end], query[12..end]);
    let set_size = told.len() - 11;
    assert_eq!(told[set_size..], [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn what_does_not_fit_is_truncated_to_the_question_and_is_whole_over_tcp() {
    let set = set::es512();
    let zones = zones(&set);
    let bytes: usize = set.iter().map(|it| it.bytes().len()).sum();
    assert!(bytes > MAX_UDP, "{bytes}");
    let asked = query(&name(HOST), RecordType::A, [1, 2]);
    let told = answer(&zones, &asked, Transport::Udp).unwrap();
    assert_eq!(head(&told), (true, true, 0, [1, 0, 0, 1]));
    assert_eq!(
        told.len(),
        asked.len(),
        "question and OPT are all that is left"
    );
    let told = answer(&zones, &asked, Transport::Tcp).unwrap();
    assert_eq!(head(&told), (true, false, 0, [1, 1, 0, 7]));

    // A set that fits into an answer with EDNS and into none without.
    let zones = zones_of_ed25519();
    let told = answer(&zones, &plain(HOST, RecordType::A), Transport::Udp).unwrap();
    assert_eq!(head(&told), (true, true, 0, [1, 0, 0, 0]));
    // Whoever says to take more gets no more, whoever says to take less than 512 gets 512.
    for (said, truncated) in [(65_535, false), (1232, false), (600, true), (0, true)] {
        let mut asked = asked.clone();
        let place = asked.len() - 8;
        asked[place..place + 2].copy_from_slice(&u16::to_be_bytes(said));
        let told = answer(&zones, &asked, Transport::Udp).unwrap();
        assert_eq!(head(&told).1, truncated, "{said}");
    }
}

#[test]
fn a_set_fits_beside_the_soa_of_a_name_without_an_address_too() {
    let set = set::ed25519();
    let zones = zones(&set);
    let length = |rtype| {
        let asked = query(&name(HOST), rtype, [1, 2]);
        let told = answer(&zones, &asked, Transport::Udp).unwrap();
        let found = read_answer(&told, &name(HOST), IHLE).unwrap();
        assert_eq!((head(&told).1, found.items.len()), (false, 6), "{rtype}");
        told.len()
    };
    // Pointers, a head, five numbers, the server whole, and one label of the mailbox.
    let [server, mailbox] = ["ns1.example.org", "hostmaster"].map(|it| it.len() + 2);
    let soa = 2 + 10 + server + mailbox - 1 + 2 + 20;
    let address = 2 + 10 + 4;
    assert_eq!(
        length(RecordType::AAAA) - soa,
        length(RecordType::A) - address
    );
}

#[test]
fn what_is_said_of_the_longest_answer_is_what_is_sent() {
    for (set, fits) in [
        (set::ed25519(), true),
        (set::committed(2), false),
        (set::es512(), false),
    ] {
        let mut zone = Zone::new(name(HOST), authority()).unwrap();
        zone.publish(&name(HOST), &set, IHLE).unwrap();
        let record = |rtype, length| Record {
            rtype,
            rdata: vec![0; length],
        };
        let mut lengths = Vec::new();
        for addresses in [
            vec![],
            vec![record(RecordType::A, 4)],
            vec![record(RecordType::AAAA, 16)],
        ] {
            let mut zone = zone.clone();
            zone.add(&name(HOST), addresses).unwrap();
            let zones = Zones::new(&[zone], IHLE).unwrap();
            for rtype in [RecordType::A, RecordType::AAAA] {
                let asked = query(&name(HOST), rtype, [1, 2]);
                let told = answer(&zones, &asked, Transport::Tcp).unwrap();
                lengths.push(told.len());
                let cut = answer(&zones, &asked, Transport::Udp).unwrap();
                assert_eq!(head(&cut).1, told.len() > MAX_UDP);
            }
        }
        let longest = longest(&name(HOST), &set, IHLE, &authority());
        assert_eq!(longest, lengths.into_iter().max());
        assert_eq!(longest.unwrap() <= MAX_UDP, fits);
    }
}

#[test]
fn names_are_written_once_and_read_whole() {
    use domain::base::{Message, ParsedName};
    use domain::rdata::{Ns, Soa};
    let zones = zones_of_ed25519();
    let apex = "hospital.example";
    // Of the apex, of names below it with records and without, and of one that does not exist.
    let hosts = [apex, HOST, "b.hospital.example", "absent.hospital.example"];
    for host in hosts {
        let told = answer(&zones, &plain(host, RecordType(64999)), Transport::Tcp).unwrap();
        let message = Message::from_octets(&told[..]).unwrap();
        let mut found = message.authority().unwrap();
        let soa = found.next().unwrap().unwrap();
        let soa = soa.into_record::<Soa<ParsedName<_>>>().unwrap().unwrap();
        assert_eq!(soa.owner().to_string(), apex, "{host}");
        let said = soa.data();
        assert_eq!(said.mname().to_string(), "ns1.example.org", "{host}");
        assert_eq!(said.rname().to_string(), "hostmaster.example.org", "{host}");
        assert_eq!(said.serial().into_int(), 7, "{host}");
    }
    let told = answer(&zones, &plain(apex, RecordType::NS), Transport::Tcp).unwrap();
    let message = Message::from_octets(&told[..]).unwrap();
    let servers = message.answer().unwrap().limit_to::<Ns<ParsedName<_>>>();
    let servers = servers.map(|it| it.unwrap().data().to_string());
    let servers: Vec<String> = servers.collect();
    assert_eq!(servers, ["ns1.example.org.", "ns2.example.org."]);
    let ends = |name: &str| {
        told.windows(name.len())
            .filter(|it| *it == name.as_bytes())
            .count()
    };
    assert_eq!((ends("example"), ends("hospital")), (2, 1));
}

fn zones_of_ed25519() -> Zones {
    zones(&set::ed25519())
}

#[test]
fn names_that_do_not_exist_and_names_of_others_are_told_apart() {
    let zones = zones_of_ed25519();
    let tell = |text: &str, rtype: RecordType| {
        head(&answer(&zones, &plain(text, rtype), Transport::Udp).unwrap())
    };
    let missing = (true, false, 3, [1, 0, 1, 0]);
    assert_eq!(tell("absent.hospital.example", RecordType::A), missing);
    assert_eq!(tell("x.www.hospital.example", RecordType::A), missing);
    let refused = (false, false, 5, [1, 0, 0, 0]);
    for other in ["example.org", "hospital.example.org", "nothospital.example"] {
        assert_eq!(tell(other, RecordType::A), refused, "{other}");
    }
    // There is a name below it, so it exists (RFC 8020).
    let nothing = (true, false, 0, [1, 0, 1, 0]);
    assert_eq!(tell("b.hospital.example", RecordType::A), nothing);
    assert_eq!(tell("hospital.example", RecordType::A), nothing);
    assert_eq!(
        tell("hospital.example", RecordType::SOA),
        (true, false, 0, [1, 1, 0, 0])
    );
    assert_eq!(
        tell("hospital.example", RecordType::NS),
        (true, false, 0, [1, 2, 0, 0])
    );
    for transfer in [251, 252] {
        assert_eq!(tell("hospital.example", RecordType(transfer)), refused);
    }
}

#[test]
fn broken_queries_are_told_so_and_answers_are_never_answered() {
    let zones = zones_of_ed25519();
    let good = query(&name(HOST), RecordType::A, [1, 2]);
    let tell = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut query = good.clone();
        change(&mut query);
        answer(&zones, &query, Transport::Udp)
    };
    let bare = |rcode| (false, false, rcode, [0; 4]);
    for length in 0..good.len() {
        let told = tell(&|it| it.truncate(length));
        match told {
            None => assert!(length < 12),
            Some(told) => assert_eq!(head(&told), bare(1), "{length}"),
        }
    }
    assert_eq!(tell(&|it| it[2] |= 0x80), None, "an answer");
    assert_eq!(
        head(&tell(&|it| it[2] |= 5 << 3).unwrap()),
        bare(4),
        "an update"
    );
    let malformed: [fn(&mut Vec<u8>); 8] = [
        |it| it.push(0),
        |it| it[5] = 0,
        |it| it[5] = 2,
        |it| it[7] = 1,
        |it| it[9] = 1,
        |it| it[11] = 200,
        // A name that points to the header, and one label of another kind.
        |it| it[12] = 0xc0,
        |it| it[12] = 0x40,
    ];
    for (at, change) in malformed.iter().enumerate() {
        assert_eq!(head(&tell(change).unwrap()), bare(1), "{at}");
    }
    let opt = good.len() - 11;
    let twice = tell(&|it| {
        it.extend_from_within(opt..);
        it[11] = 2;
    });
    assert_eq!(head(&twice.unwrap()), bare(1));
    let newer = tell(&|it| it[opt + 6] = 1).unwrap();
    assert_eq!(head(&newer), (false, false, 0, [1, 0, 0, 1]));
    assert_eq!(newer[newer.len() - 6], 1, "BADVERS");
    let chaos = tell(&|it| it[opt - 1] = 3).unwrap();
    assert_eq!(head(&chaos), (false, false, 5, [1, 0, 0, 1]));
}

#[test]
fn no_bytes_make_the_answer_longer_than_its_room() {
    let zones = zones_of_ed25519();
    let mut out = Vec::new();
    let mut state = 1_u32;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_be_bytes()
    };
    for _ in 0..20_000 {
        let mut query = query(&name(HOST), RecordType::A, [1, 2]);
        for _ in 0..2 {
            let [high, low, value, cut] = random();
            let at = usize::from(u16::from_be_bytes([high, low])) % query.len();
            query[at] = value;
            if cut < 8 {
                query.truncate(at);
            }
            if query.is_empty() {
                break;
            }
        }
        zones.answer(&query, Transport::Udp, &mut out);
        assert!(out.len() <= MAX_UDP);
        if !out.is_empty() {
            assert_eq!((out[..2] == query[..2], out[2] & 0x80), (true, 0x80));
        }
    }
}

#[test]
fn zones_that_cannot_be_served_say_why() {
    let apex = name("hospital.example");
    let alone = Authority {
        servers: Vec::new(),
        ..authority()
    };
    let none = Zone::new(apex.clone(), alone);
    assert_eq!(none, Err(ZoneError::NoServer { apex: apex.clone() }));
    let ttl = u32::MAX;
    let long = Zone::new(apex.clone(), Authority { ttl, ..authority() });
    assert_eq!(long, Err(ZoneError::Ttl { apex: apex.clone() }));
    let mut zone = Zone::new(apex.clone(), authority()).unwrap();
    let record = |rtype, length| Record {
        rtype,
        rdata: vec![0; length],
    };
    let host = name(HOST);
    let mut add = |name: &DomainName, rtype, length| zone.add(name, [record(rtype, length)]);
    let outside = add(&name("www.example.org"), RecordType::A, 4);
    assert!(matches!(outside, Err(ZoneError::Outside { .. })));
    assert!(matches!(
        add(&host, RecordType::A, 5),
        Err(ZoneError::Data { .. })
    ));
    assert!(matches!(
        add(&host, IHLE, 65_536),
        Err(ZoneError::Data { .. })
    ));
    for alias in [RecordType(5), RecordType::NS, RecordType::SOA] {
        assert!(matches!(add(&host, alias, 4), Err(ZoneError::Type { .. })));
    }
    add(&host, IHLE, 65_400).unwrap();
    let larger = Zones::new(&[zone.clone()], IHLE).unwrap_err();
    assert_eq!(larger, ZoneError::TooLarge { name: host });
    let below = Zone::new(name("a.hospital.example"), authority()).unwrap();
    let other = Zone::new(apex, authority()).unwrap();
    let overlap = Zones::new(&[below, other], IHLE);
    assert!(matches!(overlap, Err(ZoneError::Overlap { .. })));
}

#[test]
fn zones_are_read_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zones.toml");
    let emblems = folder.path().join("emblems").join(HOST);
    std::fs::create_dir_all(&emblems).unwrap();
    let set = set::ed25519();
    for (at, item) in set.iter().enumerate() {
        std::fs::write(emblems.join(format!("{at}.cbor")), item.bytes()).unwrap();
    }
    std::fs::write(emblems.join(".hidden"), b"nothing").unwrap();
    let text = "[[zone]]\nname = \"hospital.example\"\nservers = [\"ns1.example.org\"]\n\
        contact = \"hostmaster.example.org\"\nemblems = \"emblems\"\n[[zone.host]]\n\
        name = \"www.hospital.example\"\naddresses = [\"192.0.2.10\", \"2001:db8::10\"]\n\
        texts = [\"some text\"]\n";
    std::fs::write(&file, text).unwrap();
    let zones = Zones::new(&read_zones(&file, IHLE).unwrap(), IHLE).unwrap();
    for rtype in [RecordType::A, RecordType::AAAA, RecordType::TXT, IHLE] {
        let asked = query(&name(HOST), rtype, [1, 2]);
        let told = answer(&zones, &asked, Transport::Udp).unwrap();
        assert!(head(&told).3[1] > 0, "{rtype}");
        let found = read_answer(&told, &name(HOST), IHLE).unwrap();
        assert_eq!(found.items.len(), set.len(), "{rtype}");
    }
    assert_eq!(read_items(&emblems).unwrap(), set);

    for (from, to, expected) in [
        ("contact", "mailbox", "line 4: unknown field `mailbox`"),
        ("192.0.2.10", "192.0.2", "line 8:"),
        (
            "\"hospital.example\"",
            "\"h\u{43e}spital.example\"",
            "not the name of a host or zone",
        ),
        ("[\"ns1.example.org\"]", "[]", "no zones that can be served"),
        ("= \"emblems\"", "= \"absent\"", "cannot read"),
    ] {
        std::fs::write(&file, text.replace(from, to)).unwrap();
        let error = read_zones(&file, IHLE).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    std::fs::write(emblems.join("zz"), b"nothing").unwrap();
    let error = read_items(&emblems).unwrap_err();
    assert!(
        error.to_string().ends_with("zz holds no token or key"),
        "{error}"
    );
}

#[test]
fn the_resolver_is_the_first_of_the_system_that_is_an_address() {
    let text = "# nameserver 192.0.2.9\nsearch example.org\nnameserver fe80::1%eth0\n\
        nameserver  2001:db8::53\nnameserver 192.0.2.53\n";
    assert_eq!(resolver(text), Some("[2001:db8::53]:53".parse().unwrap()));
    assert_eq!(resolver("nameserver\nnameserver nobody\n"), None);
}

#[test]
fn a_query_is_one_that_is_read() {
    let asked = query(&name(HOST), RecordType::A, [1, 2]);
    assert_eq!(asked[12..12 + HOST.len() + 2], wire_name(&name(HOST)));
    let told = answer(&Zones::default(), &asked, Transport::Udp).unwrap();
    assert_eq!(head(&told), (false, false, 5, [1, 0, 0, 1]));
}
