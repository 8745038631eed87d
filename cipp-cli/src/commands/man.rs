//! `cipp man`: manual pages.

use crate::args::whole;
use crate::exit::Exit;
use crate::failure::Failure;
use clap::{Arg, ArgMatches, Command, ValueHint};
use std::path::Path;

pub fn command() -> Command {
    Command::new("man")
        .about("Write the manual pages into a folder")
        .arg(Arg::new("folder").required(true).value_name("FOLDER").value_hint(ValueHint::DirPath))
}

pub fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let folder = matches.get_one::<String>("folder").cloned().unwrap_or_default();
    std::fs::create_dir_all(&folder)?;
    // One page for the command and one for each category: a page for each action would be a thousand files.
    let root = whole().disable_help_subcommand(true);
    let mut count = 0;
    let mut write = |name: String, command: Command| -> Result<(), Failure> {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        std::fs::write(Path::new(&folder).join(format!("{name}.1")), page)?;
        count += 1;
        Ok(())
    };
    for command in root.get_subcommands() {
        write(format!("cipp-{}", command.get_name()), command.clone().name(format!("cipp-{}", command.get_name())))?;
    }
    write("cipp".to_owned(), root.clone())?;
    eprintln!("cipp: {count} pages written to {folder}");
    Ok(Exit::Done)
}
