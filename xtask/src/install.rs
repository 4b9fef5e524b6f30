//! What the tests need from the system, on a machine on which nothing was installed by hand.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::shell;

/// A package of Debian, and how to see that what it brings is there.
struct Package {
    name: &'static str,
    present: fn() -> bool,
}

const PACKAGES: [Package; 5] = [
    Package {
        name: "bind9-dnsutils",
        present: || shell::answers("dig", "-v"),
    },
    Package {
        name: "chromium",
        present: || Path::new(crate::browser::CHROMIUM).exists(),
    },
    Package {
        name: "fonts-noto-core",
        present: || Path::new("/usr/share/fonts/truetype/noto").exists(),
    },
    Package {
        name: "nodejs",
        present: || shell::answers("node", "--version"),
    },
    Package {
        name: "npm",
        present: || shell::answers("npm", "--version"),
    },
];

/// Installs what is missing, as root on Debian and its relatives; elsewhere says what is missing.
///
/// An installer that fails three times is no fault of the code: the suite that needs it says so.
pub fn system_packages() -> Result<()> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|it| !(it.present)())
        .map(|it| it.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !possible() {
        println!(
            "missing, and not installed without root and apt-get: {}",
            missing.join(" ")
        );
        return Ok(());
    }
    println!("installing {}", missing.join(" "));
    let options = ["-o", "DPkg::Lock::Timeout=300", "--quiet=2"];
    let installed = shell::run_three_times(apt().args(options).arg("update")).and_then(|()| {
        let install = ["install", "--yes", "--no-install-recommends"];
        shell::run_three_times(apt().args(options).args(install).args(missing))
    });
    if let Err(error) = installed {
        println!("{error:#}");
    }
    Ok(())
}

/// Whether packages of the system can be installed here.
pub fn possible() -> bool {
    let root = shell::output(Command::new("id").arg("-u")).is_ok_and(|it| it.trim() == "0");
    root && shell::answers("apt-get", "--version")
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
