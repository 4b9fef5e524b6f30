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
        }
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
