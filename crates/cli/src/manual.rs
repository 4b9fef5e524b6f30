//! Manual pages and completions, from the same definition as the help.

use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use ensign_node::Failure;

use crate::arguments::Arguments;
use crate::exit::file_failure;
use crate::talk;

/// Prints what a shell needs to complete commands.
pub fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "ensign", &mut script);
    talk::print(&script)
}

/// Writes a page for each command into a folder; answers how many.
pub fn write(folder: &Path) -> Result<u64, Failure> {
    std::fs::create_dir_all(folder).map_err(|error| file_failure("create", folder, &error))?;
    let pages = pages();
    for (name, page) in &pages {
        let path = folder.join(name);
        std::fs::write(&path, page).map_err(|error| file_failure("write", &path, &error))?;
    }
    Ok(pages.len() as u64)
}

/// Prints the first page.
pub fn print() -> Result<(), Failure> {
    let first = pages().into_iter().find(|(name, _)| name == "ensign.1");
    talk::print(
        &first
            .expect("the page of the binary itself is among the pages")
            .1,
    )
}

/// All pages by file name.
fn pages() -> Vec<(String, Vec<u8>)> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    collect(&command, &mut pages);
    pages
}

fn collect(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    render(&man, command, &mut page).expect("a vector takes every byte");
    pages.push((man.get_filename(), page));
    for inner in command.get_subcommands() {
        collect(inner, pages);
    }
}

/// A page with its example, as the help has it.
fn render(man: &Man, command: &Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    if let Some(example) = command.get_before_help() {
        let mut roff = Roff::default();
        roff.control("SH", ["EXAMPLE"]).control("nf", []);
        for line in example.to_string().lines().skip(1) {
            roff.text([roman(line.trim_start())]);
        }
        roff.control("fi", []).to_writer(page)?;
    }
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_with_its_example() {
        let pages = pages();
        for name in ["ensign.1", "ensign-import.1", "ensign-key-revoke.1"] {
            let (_, page) = pages.iter().find(|(page, _)| page == name).expect(name);
            let page = String::from_utf8(page.clone()).unwrap();
            assert!(page.contains(".SH EXAMPLE\n.nf\nensign "), "{page}");
        }
    }
}
