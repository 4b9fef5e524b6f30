//! What a node is told: a line on its socket, its configuration.

use ensign_node::{Command, Config};

/// Accepts the JSON line of a command.
pub(crate) fn command(bytes: &[u8]) -> bool {
    let Some(command) = std::str::from_utf8(bytes).ok().and_then(read_command) else {
        return false;
    };
    let written = serde_json::to_string(&command).expect("a command is written");
    assert!(!written.contains('\n'), "a command is one line");
    assert_eq!(read_command(&written), Some(command));
    true
}

/// Accepts the text of `ensign.toml`.
pub(crate) fn config(bytes: &[u8]) -> bool {
    let Some(config) = std::str::from_utf8(bytes).ok().and_then(read_config) else {
        return false;
    };
    let written = toml::to_string(&config).expect("a configuration is written");
    assert_eq!(read_config(&written), Some(config));
    true
}

fn read_command(line: &str) -> Option<Command> {
    serde_json::from_str(line).ok()
}

fn read_config(text: &str) -> Option<Config> {
    toml::from_str(text).ok()
}
