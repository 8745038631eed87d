//! The four shells: the script that each is given, and the lines that it reads.

use super::{Candidate, Offer};

/// A shell that completions can be had for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Pwsh,
}

/// What a script takes for "names of files": no candidate begins with a colon.
const FILES: &str = ":files\n";

impl Shell {
    /// The names on the command line.
    pub const NAMES: [&str; 4] = ["bash", "zsh", "fish", "powershell"];

    pub fn named(name: &str) -> Self {
        match name {
            "zsh" => Self::Zsh,
            "fish" => Self::Fish,
            "powershell" => Self::Pwsh,
            _ => Self::Bash,
        }
    }

    /// A line for each candidate: what is put on the command line, and behind a tab what it means.
    pub fn lines(self, offer: &Offer) -> String {
        match offer {
            Offer::Files => FILES.to_owned(),
            Offer::These(candidates) => candidates.iter().map(|one| self.line(one)).collect(),
        }
    }

    fn line(self, candidate: &Candidate) -> String {
        // What a tenant named must neither end a line of the protocol nor become a command of the shell.
        let value = self.quoted(&crate::show::clean(&candidate.value));
        format!("{value}\t{}\n", crate::show::clean(&candidate.about))
    }

    /// Zsh and fish quote by themselves.
    fn quoted(self, value: &str) -> String {
        let harmless = |letter: char| letter.is_alphanumeric() || "-_./=@:,+%".contains(letter);
        match self {
            Self::Zsh | Self::Fish => value.to_owned(),
            _ if value.chars().all(harmless) && !(self == Self::Pwsh && value.contains([',', '@'])) => value.to_owned(),
            Self::Bash => {
                let escaped = |letter: char| {
                    let sign = if harmless(letter) { None } else { Some('\\') };
                    sign.into_iter().chain(std::iter::once(letter))
                };
                value.chars().flat_map(escaped).collect()
            }
            // A flag and its value are one word, of which only the value is quoted.
            Self::Pwsh => match value.split_once('=').filter(|(flag, _)| flag.starts_with("--")) {
                Some((flag, value)) => format!("{flag}={}", single(value)),
                None if value.chars().all(|letter| harmless(letter) && letter != ',') && !value.starts_with('@') => {
                    value.to_owned()
                }
                None => single(value),
            },
        }
    }
}

/// In PowerShell's single quotes, of which there are typographic ones too.
fn single(value: &str) -> String {
    let twice = |letter: char| {
        let again = matches!(letter, '\'' | '\u{2018}'..='\u{201b}').then_some(letter);
        std::iter::once(letter).chain(again)
    };
    format!("'{}'", value.chars().flat_map(twice).collect::<String>())
}

/// What a shell is told once. It starts `cipp` for everything else.
pub fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("scripts/cipp.bash"),
        Shell::Zsh => include_str!("scripts/cipp.zsh"),
        Shell::Fish => include_str!("scripts/cipp.fish"),
        Shell::Pwsh => include_str!("scripts/cipp.ps1"),
    }
}

#[cfg(test)]
mod tests {
    use super::Shell;

    /// Names come from tenants: none may end a word, or start a command.
    #[test]
    fn a_value_is_one_word_in_each_shell() {
        let nasty = "it's $(id); `id` & \"x\" \\ *";
        assert_eq!(Shell::Bash.quoted(nasty), "it\\'s\\ \\$\\(id\\)\\;\\ \\`id\\`\\ \\&\\ \\\"x\\\"\\ \\\\\\ \\*");
        assert_eq!(Shell::Pwsh.quoted(nasty), "'it''s $(id); `id` & \"x\" \\ *'");
        assert_eq!(Shell::Pwsh.quoted("--tenant=a b"), "--tenant='a b'");
        assert_eq!(Shell::Pwsh.quoted("a\u{2019}b,c"), "'a\u{2019}\u{2019}b,c'");
        for shell in [Shell::Bash, Shell::Pwsh] {
            assert_eq!(shell.quoted("ada.lovelace@contoso.com"), "ada.lovelace@contoso.com");
        }
        assert_eq!(Shell::Pwsh.quoted("@all"), "'@all'");
    }
}
