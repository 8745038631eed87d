//! The formats of the output.

use crate::failure::Failure;
use std::str::FromStr;

/// A format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Table,
    Json,
    Ndjson,
    Yaml,
    Csv,
    Tsv,
    Md,
    Lines,
    None,
}

impl Format {
    const ALL: [(&'static str, Self); 9] = [
        ("table", Self::Table),
        ("json", Self::Json),
        ("ndjson", Self::Ndjson),
        ("yaml", Self::Yaml),
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("md", Self::Md),
        ("lines", Self::Lines),
        ("none", Self::None),
    ];

    /// The names on the command line.
    pub fn names() -> [&'static str; 9] {
        Self::ALL.map(|(name, _)| name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

impl FromStr for Format {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        let known = Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, format)| format);
        known
            .ok_or_else(|| Failure::usage(format!("there is no format {name}; there are {}", Self::names().join(", "))))
    }
}
