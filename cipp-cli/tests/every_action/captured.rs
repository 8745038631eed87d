//! What a run of the command writes to standard output and standard error, in the same process.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::os::fd::OwnedFd;
use std::panic::AssertUnwindSafe;

/// The two outputs of this process, which go into files from now on.
pub struct Captured {
    out: File,
    err: File,
    /// The standard output that was there before.
    before: File,
}

/// How a run ended.
pub struct Ran {
    pub exit: u8,
    pub out: String,
    pub err: String,
}

impl Captured {
    /// Takes the outputs.
    pub fn new() -> Self {
        let before: OwnedFd = rustix::io::dup(rustix::stdio::stdout()).expect("a copy of standard output");
        let file = |name: &str| {
            let path = std::env::temp_dir().join(format!("cipp-test-{}-{name}", std::process::id()));
            let file = File::options().read(true).write(true).create_new(true).open(&path).expect("a file");
            // It lives as long as it is open.
            std::fs::remove_file(path).expect("removed");
            file
        };
        let (out, err) = (file("out"), file("err"));
        rustix::stdio::dup2_stdout(&out).expect("taken");
        rustix::stdio::dup2_stderr(&err).expect("taken");
        Self { out, err, before: before.into() }
    }

    /// Runs the command. A panic is an exit code that there is not.
    pub fn run(&mut self, words: &[String]) -> Ran {
        let exit = std::panic::catch_unwind(AssertUnwindSafe(|| cipp_cli::run(words))).unwrap_or(u8::MAX);
        Ran { exit, out: taken(&mut self.out), err: taken(&mut self.err) }
    }

    /// Says a line to whoever started this process.
    pub fn say(&mut self, line: &str) {
        writeln!(self.before, "{line}").expect("told");
    }
}

/// What is in the file, which is empty afterwards.
fn taken(file: &mut File) -> String {
    let mut bytes = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut bytes)).and_then(|_| file.set_len(0)).expect("read");
    file.rewind().expect("rewound");
    String::from_utf8(bytes).expect("text")
}
