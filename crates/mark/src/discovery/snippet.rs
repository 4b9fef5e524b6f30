//! What a web server needs to be told to serve the well-known files.

use super::document::{CWT_PATH, Document, JWS_PATH};
use crate::name::DomainName;
use crate::token::Dialect;

/// Seconds for which a file may be kept: as long as the records of a zone.
const KEPT: u32 = 300;

/// Lines for the `server` block of nginx; `root` is the folder in which the files lie, by their
/// whole path.
pub fn nginx(root: &str, documents: &[(Dialect, Document)]) -> String {
    let location = |(dialect, document): &(Dialect, Document)| {
        let path = path(*dialect);
        let content_type = bare(document.content_type);
        format!(
            "location = {path} {{\n    root {root};\n    types {{ }}\n    default_type {content_type};\n    \
             add_header Cache-Control \"max-age={KEPT}\";\n}}\n"
        )
    };
    documents.iter().map(location).collect()
}

/// Lines for the virtual host of Apache httpd, with `alias` and `headers` among its modules; `root`
/// as for [`nginx`].
pub fn apache(root: &str, documents: &[(Dialect, Document)]) -> String {
    let location = |(dialect, document): &(Dialect, Document)| {
        let path = path(*dialect);
        let content_type = document.content_type;
        format!(
            "Alias \"{path}\" \"{root}{path}\"\n<Location \"{path}\">\n    Require all granted\n    \
             ForceType \"{content_type}\"\n    Header set Cache-Control \"max-age={KEPT}\"\n</Location>\n"
        )
    };
    documents.iter().map(location).collect()
}

/// A site block of Caddy; `root` as for [`nginx`].
pub fn caddy(name: &DomainName, root: &str, documents: &[(Dialect, Document)]) -> String {
    let handle = |(dialect, document): &(Dialect, Document)| {
        let path = path(*dialect);
        let content_type = document.content_type;
        format!(
            "    handle {path} {{\n        root * {root}\n        header Content-Type \"{content_type}\"\n        \
             header Cache-Control \"max-age={KEPT}\"\n        file_server\n    }}\n"
        )
    };
    let handles: String = documents.iter().map(handle).collect();
    format!("{name} {{\n{handles}}}\n")
}

const fn path(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Cwt => CWT_PATH,
        Dialect::Jws => JWS_PATH,
    }
}

/// The media type without its parameters, which nginx sets apart.
fn bare(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default()
}
