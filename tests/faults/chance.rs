//! Faults drawn at random, with a fixed seed: several at once, against any kind of call.

use super::calls::{Away, CALLS, client, run, server, sound};
use super::kinds::{KINDS, SIGN_IN};
use std::time::Duration;

/// How many rounds an ordinary run has; `FAULT_ROUNDS` and `FAULT_SEED` say otherwise.
const ROUNDS: u64 = 150;
const SEED: u64 = 20_260_615;

fn from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// SplitMix64: the same draws on every machine.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.throw() % u64::try_from(limit).unwrap()).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_every_call_ends_soundly() {
    let (away, server) = (Away::new(), server().await);
    let seed = from_env("FAULT_SEED", SEED);
    for round in 0..from_env("FAULT_ROUNDS", ROUNDS) {
        // Each round has dice of its own, so that one round can be looked at alone.
        let mut dice = Dice(seed ^ round.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let call = &CALLS[dice.below(CALLS.len())];
        let mut what = format!("seed {seed}, round {round}, {}", call.name);
        server.clear_requests();
        server.clear_faults();
        let mut time = Duration::from_secs(20);
        for _ in 0..=dice.below(3) {
            let kind = &KINDS[dice.below(KINDS.len())];
            what.push_str(&format!(", {}", kind.name));
            time = time.min(kind.time);
            let chance = [0.2, 0.5, 0.9][dice.below(3)];
            server.fault((kind.fault)(&away.address()).chance(chance, dice.throw()));
        }
        if dice.below(4) == 0 {
            let (name, fault) = SIGN_IN[dice.below(SIGN_IN.len() - 1)];
            what.push_str(&format!(", sign-in {name}"));
            server.fault(fault(&away.address()).chance(0.5, dice.throw()).on("token"));
        }
        let client = client(&server, time);
        let parts = run(call, &client, &what).await;
        sound(&server, &client, call, &parts, &what);
        away.was_left_alone(&what);
    }
}
