//! Serving emblems in DNS, until a signal ends it.

use std::net::SocketAddr;
use std::sync::Arc;

use ensign_node::Failure;
use ensign_node::clock::SystemClock;
use ensign_node::dns::{self, Naming, Newest, PublishError, Published, ServeError, Zone};
use ensign_node::folder::Folder;

use crate::arguments::DnsServe;
use crate::exit::{Exit, chain, failure};
use crate::serve::{program_log, until_stopped};
use crate::talk::{self, Talk};

/// Serves the emblems of a log, and the zones of files.
pub fn serve(asked: DnsServe, talk: &Talk) -> Result<Exit, Failure> {
    let listen = asked.listen;
    let published = published(asked, talk)?;
    program_log(talk.is_quiet());
    let newest: Newest = Arc::new(move || published.zones());
    until_stopped(talk, async |stop| {
        let ready = |address: SocketAddr| {
            // A name server as RFC 4501 writes it; whoever does not read it can still ask there.
            let _ = talk::print(format!("dns://{address}/\n").as_bytes());
            talk.say(&talk.texts().text("cli-serving"));
        };
        let served = dns::serve(listen, newest, ready, stop).await;
        served.map_err(|error| not_served(&error))
    })
}

fn published(asked: DnsServe, talk: &Talk) -> Result<Published, Failure> {
    let ihle = asked.published.ihle;
    let mut files = Vec::new();
    for file in &asked.zones {
        let zones = dns::read_zones(file, ihle);
        files.extend(zones.map_err(|error| failure("dns.zones", chain(&error)))?);
    }
    for name in files.iter().flat_map(Zone::unmarked) {
        let name = name.as_str().into();
        talk.say(&talk.texts().text_with("cli-unmarked", &[("name", name)]));
    }
    let clock = Arc::new(SystemClock);
    let Some(dir) = &asked.dir else {
        return Published::of_files(files, ihle, clock).map_err(|error| unpublished(&error));
    };
    let naming = Naming {
        server: asked.server,
        contact: asked.contact,
        ttl: asked.ttl,
    };
    let published = Published::of_log(&Folder::at(dir), &naming, files, ihle, clock);
    published.map_err(|error| unpublished(&error))
}

fn unpublished(error: &PublishError) -> Failure {
    match error {
        PublishError::Node(error) => Failure::from(error),
        PublishError::Server { .. } => Failure {
            hint: Some("name it with `--server`".to_owned()),
            ..failure("dns.zones", chain(error))
        },
        PublishError::Zone(_) => failure("dns.zones", chain(error)),
    }
}

fn not_served(error: &ServeError) -> Failure {
    let unavailable = matches!(error, ServeError::Listen { .. });
    let hint = unavailable.then(|| "choose another address with `--listen`".to_owned());
    Failure {
        hint,
        unavailable,
        ..failure("node.not_serving", chain(error))
    }
}
