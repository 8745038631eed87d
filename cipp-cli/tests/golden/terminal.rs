//! A terminal that nobody sits at.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Output};

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

    /// Runs a program, and gives what it wrote to the terminal and how it ended.
    pub fn run(self, mut command: Command) -> (String, Output) {
        let child = command.spawn().expect("it runs");
        // The terminal ends when the last of its other ends is closed.
        drop((command, self.theirs));
        let mut ours = self.ours;
        let reader = std::thread::spawn(move || {
            let (mut shown, mut part) = (Vec::new(), [0; 4096]);
            // Linux ends a terminal with an error, others with nothing.
            while let Ok(length @ 1..) = ours.read(&mut part) {
                shown.extend(part.iter().take(length));
            }
            String::from_utf8(shown).expect("text")
        });
        let ended = child.wait_with_output().expect("it ends");
        (reader.join().expect("read"), ended)
    }
}
