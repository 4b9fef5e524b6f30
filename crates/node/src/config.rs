//! `ensign.toml`: the one configuration file of a node's folder. Unknown keys are refused.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{ConfigFault, Error};

/// Name of the file.
pub const FILE: &str = "ensign.toml";

/// The configuration; every key has a default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where pages and API are served.
    pub web: Web,
    /// The key-encryption key.
    pub key: Key,
}

/// Where pages and API are served.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Address and port. Anything but loopback needs `behind_proxy`.
    pub listen: SocketAddr,
    /// Address and port of health and metrics, which are not for the public; none by default.
    pub metrics: Option<SocketAddr>,
    /// Says that a proxy in front of the node speaks TLS.
    pub behind_proxy: bool,
    /// The address by which people reach the pages. Passkeys are good there and nowhere else: who
    /// changes it makes those before useless. By default `http://localhost` and the port of `listen`.
    pub address: Option<Address>,
}

/// The address of a site: `https`, a name and perhaps a port, or `http` at `localhost`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    origin: String,
    host: String,
}

/// The key-encryption key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Key {
    /// The file that holds it as 64 hexadecimal digits. By default it lies beside the node's
    /// folder, named after it with `.key` added, so that a copy of the folder does not hold it.
    pub file: Option<PathBuf>,
}

impl Default for Web {
    fn default() -> Self {
        Web {
            listen: SocketAddr::from(([127, 0, 0, 1], 8480)),
            metrics: None,
            behind_proxy: false,
            address: None,
        }
    }
}

impl Web {
    /// The address by which people reach the pages, which are listened for at this port.
    pub fn address_at(&self, port: u16) -> Address {
        let local = || Address {
            origin: format!("http://localhost:{port}"),
            host: "localhost".to_owned(),
        };
        self.address.clone().unwrap_or_else(local)
    }
}

impl Address {
    /// The address as a browser calls it (RFC 6454), without a slash at its end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The name of the machine, without a port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether a request that names this host, with its port where it is not the usual one, came
    /// by this address.
    pub fn is_asked(&self, host: &str) -> bool {
        let own = self.origin.split_once("://").map(|(_, own)| own);
        own.is_some_and(|own| own.eq_ignore_ascii_case(host))
    }
}

impl TryFrom<String> for Address {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let wrong =
            "`https://` and a name, perhaps a port, nothing behind it; or `http://localhost`";
        let (scheme, place) = text.split_once("://").ok_or(wrong)?;
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        };
        let label = |label: &str| {
            let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
            (1..=63).contains(&label.len())
                && label.chars().all(plain)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        // A passkey cannot be bound to a number (Web Authentication Level 3, section 5.1.3).
        let named = host.len() <= 253
            && host.split('.').all(label)
            && host
                .split('.')
                .next_back()
                .is_some_and(|last| !last.chars().all(|it| it.is_ascii_digit()));
        let usual = match scheme {
            "https" => "443",
            "http" if host == "localhost" => "80",
            _ => return Err(wrong),
        };
        let number = |port: &str| {
            let canonical = port
                .parse()
                .is_ok_and(|it: u16| it > 0 && it.to_string() == port);
            canonical.then(|| format!(":{port}"))
        };
        let port = match port {
            None => String::new(),
            Some(port) if port == usual => String::new(),
            Some(port) => number(port).ok_or(wrong)?,
        };
        match named {
            true => Ok(Address {
                origin: format!("{scheme}://{host}{port}"),
                host: host.to_owned(),
            }),
            false => Err(wrong),
        }
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.origin
    }
}

impl Config {
    /// Reads the configuration of a folder; the defaults where it has no such file.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        let fault = |source: ConfigFault| Error::Config {
            path: path.clone(),
            source,
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| {
                let before = error.span().map_or(0, |span| span.start);
                let line = 1 + text
                    .bytes()
                    .take(before)
                    .filter(|byte| *byte == b'\n')
                    .count();
                let message = error.message().replace('\n', "; ");
                fault(ConfigFault::Toml { line, message })
            }),
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
            Err(source) => Err(fault(source.into())),
        }
    }

    /// The file of the key-encryption key.
    pub fn key_file(&self, folder: &Path) -> PathBuf {
        match &self.key.file {
            Some(file) => folder.join(file),
            None => {
                let mut name = folder.as_os_str().to_owned();
                name.push(".key");
                PathBuf::from(name)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_refused_by_name_and_line() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Config::read(folder.path()).unwrap(), Config::default());
        std::fs::write(
            folder.path().join(FILE),
            "[web]\nlisten = \"127.0.0.1:1\"\nport = 2\n",
        )
        .unwrap();
        let error = Config::read(folder.path()).unwrap_err();
        let Error::Config { source, .. } = error else {
            panic!("{error:?}")
        };
        let text = source.to_string();
        assert!(text.contains("line 3") && text.contains("port"), "{text}");
    }

    #[test]
    fn the_address_is_one_that_browsers_bind_passkeys_to() {
        let read = |text: &str| Address::try_from(text.to_owned());
        for (text, origin, host) in [
            (
                "https://node.example.org",
                "https://node.example.org",
                "node.example.org",
            ),
            (
                "https://node.example.org:443",
                "https://node.example.org",
                "node.example.org",
            ),
            (
                "https://n-1.example:8443",
                "https://n-1.example:8443",
                "n-1.example",
            ),
            (
                "http://localhost:8480",
                "http://localhost:8480",
                "localhost",
            ),
            ("http://localhost:80", "http://localhost", "localhost"),
        ] {
            let address = read(text).unwrap();
            assert_eq!((address.origin(), address.host()), (origin, host));
        }
        for text in [
            "",
            "node.example.org",
            "http://node.example.org",
            "https://",
            "https://192.0.2.1",
            "https://[2001:db8::1]",
            "https://node.example.org/",
            "https://node.example.org/en",
            "https://Node.example.org",
            "https://somebody@node.example.org",
            "https://node..example.org",
            "https://-node.example.org",
            "https://node.example.org:",
            "https://node.example.org:0443",
            "https://node.example.org:65536",
            "https://node.example.org?x",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        let address = Web::default().address_at(99);
        assert_eq!(address.origin(), "http://localhost:99");
        assert!(address.is_asked("LOCALHOST:99"));
        for other in ["localhost", "localhost:9", "127.0.0.1:99", ""] {
            assert!(!address.is_asked(other), "{other}");
        }
    }

    #[test]
    fn the_key_lies_beside_the_folder_unless_the_configuration_says_otherwise() {
        let mut config = Config::default();
        assert_eq!(
            config.key_file(Path::new("/srv/node")),
            Path::new("/srv/node.key")
        );
        config.key.file = Some("/etc/ensign.key".into());
        assert_eq!(
            config.key_file(Path::new("/srv/node")),
            Path::new("/etc/ensign.key")
        );
    }
}
