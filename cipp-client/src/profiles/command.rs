//! A secret from a program, such as a password manager's.

use crate::Error;
use crate::values::Secret;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Long enough to touch a key or answer a password manager's question.
const PATIENCE: Duration = Duration::from_secs(60);

/// More than this is no secret.
const ENOUGH: u64 = 64 * 1024;

/// What the program prints. It is started as it is, without a shell: its words are data.
pub(super) fn read(words: &[String]) -> Result<Secret, Error> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Error::config("secret", "the command that gives the secret has no words"));
    };
    let wrong = |what: String| Error::config("secret", format!("the command {program} {what}"));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| wrong(format!("does not start ({error})")))?;
    let end = Instant::now() + PATIENCE;
    let told = output(&mut child, end);
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if told.is_some() && Instant::now() < end => thread::sleep(Duration::from_millis(10)),
            _ => break None,
        }
    };
    let (Some(told), Some(status)) = (told, status) else {
        // It may have ended in this moment; there is nothing else to do then.
        let _ = child.kill();
        let _ = child.wait();
        return Err(wrong(format!("gave no secret within {} s", PATIENCE.as_secs())));
    };
    if !status.success() {
        return Err(wrong(format!("failed ({status})")));
    }
    one_line(told).map_err(|what| wrong(format!("gave no secret: {what}")))
}

/// All that it prints; `None` when that takes too long.
fn output(child: &mut Child, end: Instant) -> Option<Vec<u8>> {
    let out = child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut told = Vec::new();
        let read = out.take(ENOUGH).read_to_end(&mut told);
        // Nobody listens when it took too long.
        let _ = send.send(read.map(|_| told));
    });
    receive.recv_timeout(end.saturating_duration_since(Instant::now())).ok()?.ok()
}

/// One line of text, without the line break that files and programs add.
pub(super) fn one_line(bytes: Vec<u8>) -> Result<Secret, &'static str> {
    let text = String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text")?;
    let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err("it is empty");
    }
    if text.contains(['\r', '\n']) {
        return Err("it has several lines");
    }
    Ok(Secret::new(text))
}

/// The words of a command line. Quotes, single or double, hold a word together; nothing else has a meaning, so that paths of
/// Windows need no care.
pub(super) fn split(line: &str) -> Result<Vec<String>, Error> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    if quote.is_some() {
        return Err(Error::config("secret", "a quote in the command that gives the secret is not closed"));
    }
    words.extend(word);
    let of_shells = ["|", "||", "&&", "&", ";", ">", ">>", "<"];
    if let Some(word) = words.iter().find(|word| of_shells.contains(&word.as_str())) {
        let message =
            format!("no shell runs the command that gives the secret, so {word} means nothing: put it into a script");
        return Err(Error::config("secret", message));
    }
    if words.is_empty() {
        return Err(Error::config("secret", "the command that gives the secret has no words"));
    }
    Ok(words)
}
