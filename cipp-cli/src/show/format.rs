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
    /// The names on the command line.
    pub const NAMES: [&str; 9] = ["table", "json", "ndjson", "yaml", "csv", "tsv", "md", "lines", "none"];
}

impl FromStr for Format {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        Ok(match name {
            "table" => Self::Table,
            "json" => Self::Json,
            "ndjson" => Self::Ndjson,
            "yaml" => Self::Yaml,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "md" => Self::Md,
            "lines" => Self::Lines,
            "none" => Self::None,
            _ => {
                return Err(Failure::usage(format!("there is no format {name}; there are {}", Self::NAMES.join(", "))));
            }
        })
    }
}
