//! The program `cipp`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os().map(|text| text.to_string_lossy().into_owned()).collect();
    ExitCode::from(cipp_cli::run(&words))
}
