//! What is printed.

use std::fs;

use anyhow::Result;

use crate::measure::{self, Rate, Spread};
use crate::place;

/// Whether a missed target is a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// It is reported.
    Aim,
    /// The run fails.
    Must,
}

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    AtLeast(f64),
    Below(f64),
}

/// All that was measured.
pub struct Report {
    bench: &'static str,
    missed: usize,
}

impl Report {
    /// Prints what all figures depend on.
    pub fn begin() -> Result<Self> {
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let load: Vec<&str> = load.split(' ').take(3).collect();
        println!(
            "{} cores, load {} before the run; wall/cpu of one busy thread on a quiet machine is 1.00",
            measure::cores(),
            load.join(" ")
        );
        Ok(Report {
            bench: "",
            missed: 0,
        })
    }

    /// Begins a benchmark.
    pub fn open(&mut self, bench: &'static str) -> Result<()> {
        self.bench = bench;
        let flush = measure::flush_time(&place::root()?)?.as_secs_f64() * 1e3;
        println!("\n{bench}: fdatasync p50 {flush:.2} ms");
        Ok(())
    }

    /// Prints what was measured on.
    pub fn data(&self, what: &str, seed: u64, digest: [u8; 32]) {
        println!(
            "  data: {what}, seed {seed}, sha256 {}",
            data_encoding::HEXLOWER.encode(&digest)
        );
    }

    /// Prints a line that is no verdict.
    pub fn note(&self, text: &str) {
        println!("  {text}");
    }

    /// A rate beside the bound that was measured by turns with it: pairs of one round.
    pub fn rates(
        &mut self,
        name: &str,
        rounds: &[(Rate, Rate)],
        bound: &str,
        target: f64,
        duty: Duty,
    ) {
        let median = |of: fn(&(Rate, Rate)) -> f64| Spread::of(rounds.iter().map(of)).median;
        let ours = median(|(ours, _)| ours.each_second);
        let theirs = median(|(_, bound)| bound.each_second);
        let ratio = Spread::of(rounds.iter().map(|(a, b)| a.each_second / b.each_second));
        let busy = median(|(ours, _)| ours.wall_per_cpu);
        let verdict = self.judge(ratio.median, Target::AtLeast(target), duty);
        let cpu = median(|(ours, _)| ours.cpu);
        println!(
            "  {}.{name}: ours {ours:.0}/s ({cpu:.1} µs of processor each), {bound} {theirs:.0}/s, \
             ratio {:.2} [{:.2} to {:.2}], {verdict}, wall/cpu {busy:.2}",
            self.bench, ratio.median, ratio.least, ratio.most
        );
    }

    /// What something costs beside a bound that was measured by turns with it: pairs of one round, in
    /// microseconds of processor.
    pub fn costs(&mut self, name: &str, rounds: &[(f64, f64)], bound: &str, most: f64, duty: Duty) {
        let ours = Spread::of(rounds.iter().map(|(ours, _)| *ours)).median;
        let theirs = Spread::of(rounds.iter().map(|(_, bound)| *bound)).median;
        let ratio = Spread::of(rounds.iter().map(|(ours, bound)| ours / bound));
        let verdict = self.judge(ratio.median, Target::Below(most), duty);
        println!(
            "  {}.{name}: ours {:.0} a second of processor ({ours:.1} µs each), {bound} {theirs:.1} µs, \
             {:.2} times [{:.2} to {:.2}], {verdict}",
            self.bench,
            1e6 / ours,
            ratio.median,
            ratio.least,
            ratio.most
        );
    }

    /// A figure that has a target of its own.
    pub fn figure(&mut self, name: &str, unit: &str, found: Spread, target: Target, duty: Duty) {
        let verdict = self.judge(found.median, target, duty);
        let Spread {
            median,
            least,
            most,
        } = found;
        let name = format!("{}.{name}", self.bench);
        println!("  {name}: {median:.2} {unit} [{least:.2} to {most:.2}], {verdict}");
    }

    /// Says whether all that must be reached was.
    pub fn end(self) -> bool {
        if self.missed > 0 {
            println!("\n{} targets that must be reached were missed", self.missed);
        }
        self.missed == 0
    }

    fn judge(&mut self, found: f64, target: Target, duty: Duty) -> String {
        let (met, text) = match target {
            Target::AtLeast(least) => (found >= least, format!("at least {least}")),
            Target::Below(most) => (found < most, format!("below {most}")),
        };
        if !met && duty == Duty::Must {
            self.missed += 1;
        }
        let duty = match duty {
            Duty::Aim => "aim",
            Duty::Must => "must",
        };
        let met = if met { "met" } else { "MISSED" };
        format!("{duty} {text}: {met}")
    }
}
