//! What serde_yaml says about text that is not YAML, for people who do not know its words.

use super::Position;

/// Where an error is, and what it says without the place.
#[must_use]
pub fn explain(error: &serde_yaml::Error, text: &str) -> (Position, String) {
    let said = error.to_string();
    if said.contains("more than one document") {
        // The error does not say where: the second document begins at a line of dashes.
        let lines = text.lines().enumerate().filter(|(_, line)| line.starts_with("---") || line.starts_with("..."));
        let line = lines.last().map_or(1, |(number, _)| number + 1);
        return (Position { line, column: 1 }, "the file holds more than one document".to_owned());
    }
    let Some(at) = error.location() else {
        return (Position::START, said);
    };
    let place = format!(" at line {} column {}", at.line(), at.column());
    let message = said.replacen(&place, "", 1);
    let position = Position { line: at.line(), column: at.column() };
    // What is never closed is closed in no line: it begins where the rest of the message says.
    if said.contains("unexpected end of stream")
        && let Some(start) = last_place(&message)
    {
        let message = message.split(", while ").next().unwrap_or(&message);
        return (start, format!("{message}: what begins here is not closed"));
    }
    (position, message)
}

/// The place at the end of a message: `while scanning a quoted scalar at line 13 column 14`.
fn last_place(message: &str) -> Option<Position> {
    let (line, column) = message.rsplit_once(" at line ")?.1.split_once(" column ")?;
    let (line, column) = (line.parse().ok()?, column.parse().ok()?);
    (line > 0 && column > 0).then_some(Position { line, column })
}

/// What to do about a message.
#[must_use]
pub fn remedy(message: &str) -> Option<&'static str> {
    const REMEDIES: &[(&str, &str)] = &[
        ("tab character", "YAML is indented with spaces only"),
        ("cannot start any token", "a text that begins with this sign goes between quotes; a tab is no indentation"),
        ("mapping values are not allowed", "a text with a colon and a space in it goes between quotes"),
        (
            "did not find expected ','",
            "a bracket or brace is not closed, or a text with such a sign goes between quotes",
        ),
        (
            "could not find expected ':'",
            "a name is followed by a colon and a space; a text of several lines goes between quotes",
        ),
        ("did not find expected key", "indent the line like those to which it belongs"),
        ("did not find expected '-'", "indent the line like those to which it belongs"),
        ("is not closed", "close it, or put a text that begins with such a sign between quotes"),
        ("expected a name", "a name is a plain text; one that begins with a bracket or brace goes between quotes"),
        ("unknown anchor", "a text that begins with an asterisk goes between quotes"),
        ("means nothing here", "a text that begins with an exclamation mark goes between quotes"),
        ("more than one document", "take out the line of dashes, and what follows it"),
        ("repetition limit", "aliases multiply the text beyond measure: write it out"),
        ("recursion limit", "nothing in the specification is nested this deeply"),
    ];
    REMEDIES.iter().find(|(part, _)| message.contains(part)).map(|(_, remedy)| *remedy)
}
