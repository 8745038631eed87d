//! The pages of the book, as far as the tests read Markdown.

use std::path::{Path, PathBuf};

/// A page.
pub struct Page {
    /// Its path below `docs/src`.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// A part of a page: what stands under one heading of the second level.
pub struct Recipe {
    /// The heading; empty for what stands before the first.
    pub title: String,
    /// Its fenced blocks.
    pub blocks: Vec<Block>,
}

/// A fenced block.
pub struct Block {
    /// What stands after the fence: the language, and words for these tests.
    info: Vec<String>,
    /// What stands inside.
    pub text: String,
}

impl Recipe {
    /// The files that its commands need: names and contents.
    pub fn files(&self) -> Vec<(String, String)> {
        let named = self.blocks.iter().filter_map(|block| Some((block.value("file")?.to_owned(), block)));
        named.map(|(name, block)| (name, format!("{}\n", block.text))).collect()
    }
}

impl Block {
    pub fn language(&self) -> &str {
        self.info.first().map_or("", String::as_str)
    }

    /// The value of `key=value` in the info string.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.info.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    }

    /// Whether the info string has this word.
    pub fn has(&self, word: &str) -> bool {
        self.info.iter().any(|known| known == word)
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All pages, by name.
pub fn pages() -> Vec<Page> {
    let source = root().join("docs/src");
    let mut pages = Vec::new();
    let mut folders = vec![source.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.strip_prefix(&source).unwrap().to_str().unwrap().to_owned();
                pages.push(Page { name, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    pages.sort_by(|one, other| one.name.cmp(&other.name));
    pages
}

impl Page {
    /// Its parts, in order.
    pub fn recipes(&self) -> Vec<Recipe> {
        let mut recipes = vec![Recipe { title: String::new(), blocks: Vec::new() }];
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if let Some(title) = line.strip_prefix("## ") {
                let title = title.split(" {#").next().unwrap().to_owned();
                recipes.push(Recipe { title, blocks: Vec::new() });
            } else if let Some(info) = line.strip_prefix("```") {
                let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                let info = info.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
                recipes.last_mut().unwrap().blocks.push(Block { info, text: text.join("\n") });
            }
        }
        recipes
    }

    /// The text without its fenced blocks.
    fn prose(&self) -> Vec<&str> {
        let mut fenced = false;
        let keep = |line: &&str| {
            let fence = line.starts_with("```");
            fenced ^= fence;
            !fenced && !fence
        };
        self.text.lines().filter(keep).collect()
    }

    /// Where its links to other pages lead.
    pub fn links(&self) -> Vec<String> {
        let prose = self.prose().join("\n");
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        targets.map(|(target, _)| target.to_owned()).filter(|target| !target.contains("://")).collect()
    }

    /// What links can name in it: headings, and the names of its own that stand before a heading, which every reader of Markdown
    /// keeps.
    pub fn anchors(&self) -> Vec<String> {
        let lines: Vec<&str> = self.prose().into_iter().filter(|line| !line.is_empty()).collect();
        let named = lines
            .windows(2)
            .filter(|pair| pair[1].starts_with('#'))
            .filter_map(|pair| pair[0].strip_prefix("<a id=\"")?.strip_suffix("\"></a>").map(str::to_owned));
        let headings = lines.iter().filter(|line| line.starts_with('#'));
        headings.map(|line| anchor(line.trim_start_matches('#').trim())).chain(named).collect()
    }

    /// The name of a page that this one names by a relative path.
    pub fn beside(&self, file: &str) -> String {
        let mut parts: Vec<&str> = self.name.split('/').collect();
        parts.pop();
        for part in file.split('/') {
            match part {
                ".." => _ = parts.pop(),
                part => parts.push(part),
            }
        }
        parts.join("/")
    }
}

/// The anchor of a heading: the one that it gives itself, or the one that mdBook makes.
fn anchor(heading: &str) -> String {
    if let Some((_, own)) = heading.split_once("{#") {
        return own.trim_end_matches('}').to_owned();
    }
    let letters = heading.to_lowercase();
    letters
        .chars()
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            letter if letter.is_alphanumeric() || letter == '-' || letter == '_' => Some(letter),
            _ => None,
        })
        .collect()
}
