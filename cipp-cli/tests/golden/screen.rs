//! What is left on the screen: progress that was drawn and taken away again depends on the clock, and what remains does not.

/// The screen after this was written to it. Lines are not broken where a terminal would: paths are longer here than there.
pub fn screen(written: &str) -> String {
    let mut screen = Screen { lines: vec![Vec::new()], row: 0, column: 0 };
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => {
                assert_eq!(letters.next(), Some('['), "only such escapes are known here");
                let mut number = String::new();
                let end = letters.by_ref().find(|letter| {
                    number.push(*letter);
                    letter.is_ascii_alphabetic()
                });
                number.pop();
                screen.obey(end.expect("an escape ends"), &number);
            }
            '\r' => screen.column = 0,
            '\n' => screen.down(),
            letter => screen.put(letter),
        }
    }
    let text = |line: &Vec<char>| line.iter().collect::<String>().trim_end().to_owned();
    let lines: Vec<String> = screen.lines.iter().map(text).collect();
    format!("{}\n", lines.join("\n").trim_end())
}

struct Screen {
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Screen {
    fn down(&mut self) {
        self.row += 1;
        if self.row == self.lines.len() {
            self.lines.push(Vec::new());
        }
    }

    fn put(&mut self, letter: char) {
        let line = &mut self.lines[self.row];
        line.resize(line.len().max(self.column + 1), ' ');
        line[self.column] = letter;
        self.column += 1;
    }

    fn obey(&mut self, order: char, number: &str) {
        let count = number.parse().unwrap_or(1);
        match order {
            'K' if number == "2" => self.lines[self.row].clear(),
            'K' => self.lines[self.row].truncate(self.column),
            'A' => self.row = self.row.saturating_sub(count),
            'B' => (0..count).for_each(|_| self.down()),
            // Colours, and whether the cursor is seen.
            'm' | 'h' | 'l' => {}
            other => panic!("{number}{other} is not known here"),
        }
    }
}
