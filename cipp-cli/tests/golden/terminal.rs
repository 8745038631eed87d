//! A terminal that nobody sits at.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Output};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Both ends of a terminal: what we read, and what a program writes to.
pub struct Terminal {
    ours: File,
    theirs: File,
}

impl Terminal {
    /// A terminal of this width.
    pub fn new(columns: u16) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("a terminal");
        let name = ptsname(&ours, Vec::new()).expect("its name").into_string().expect("text");
        let theirs = File::options().read(true).write(true).open(name).expect("its other end");
        tcsetwinsize(&theirs, Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).expect("its size");
        Self { ours: ours.into(), theirs }
    }

    /// The end for a program.
    pub fn end(&self) -> File {
        self.theirs.try_clone().expect("a copy")
    }

    /// Starts a program whose standard output is the terminal, or whatever else it was given.
    pub fn start(self, mut command: Command) -> Session {
        let child = command.spawn().expect("it runs");
        // The terminal ends when the last of its other ends is closed.
        drop((command, self.theirs));
        let shown = Arc::new(Mutex::new(Vec::new()));
        let (mut ours, sink) = (self.ours.try_clone().expect("a copy"), Arc::clone(&shown));
        let reader = std::thread::spawn(move || {
            let mut part = [0; 4096];
            // Linux ends a terminal with an error, others with nothing.
            while let Ok(length @ 1..) = ours.read(&mut part) {
                sink.lock().expect("kept").extend(part.iter().take(length));
            }
        });
        Session { child, keyboard: self.ours, shown, reader }
    }

    /// Runs a program, and gives what it wrote to the terminal and how it ended.
    pub fn run(self, command: Command) -> (String, Output) {
        self.start(command).end()
    }
}

/// A program that runs in a terminal.
pub struct Session {
    child: Child,
    keyboard: File,
    shown: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Session {
    fn shown(&self) -> String {
        String::from_utf8(self.shown.lock().expect("kept").clone()).expect("text")
    }

    /// Waits until the terminal shows this.
    pub fn until(&self, text: &str) {
        let end = Instant::now() + Duration::from_secs(30);
        while !self.shown().contains(text) {
            assert!(Instant::now() < end, "{text} does not come: {}", self.shown());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Types a line.
    pub fn type_line(&mut self, line: &str) {
        writeln!(self.keyboard, "{line}").expect("typed");
    }

    /// What the terminal sends the program at Ctrl-C.
    pub fn interrupt(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().expect("it runs").success());
    }

    /// Waits for the end, and gives all that was written to the terminal, and how the program ended.
    pub fn end(self) -> (String, Output) {
        let ended = self.child.wait_with_output().expect("it ends");
        self.reader.join().expect("read");
        let shown = std::mem::take(&mut *self.shown.lock().expect("kept"));
        (String::from_utf8(shown).expect("text"), ended)
    }
}
