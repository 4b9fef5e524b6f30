//! Time, processor time, memory and disk.

use std::fs::{self, File};
use std::io::Write as _;
use std::num::NonZero;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::time::{ClockId, clock_gettime};

/// Rounds of a comparison: ours and the bound by turns.
pub const ROUNDS: usize = 5;

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// Elapsed seconds.
    pub wall: f64,
    /// Processor seconds of all threads.
    pub cpu: f64,
}

/// Median, least and most of several figures.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

/// How fast something is done over and over.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// How often in an elapsed second.
    pub each_second: f64,
    /// Microseconds of processor that it takes once.
    pub cpu: f64,
    /// Elapsed seconds for each second of processor.
    pub wall_per_cpu: f64,
}

impl Span {
    /// The rate at which `count` things were done.
    pub fn rate(self, count: usize) -> Rate {
        Rate {
            each_second: count as f64 / self.wall,
            cpu: self.cpu * 1e6 / count as f64,
            wall_per_cpu: self.wall / self.cpu,
        }
    }
}

impl Spread {
    /// Of one figure or more.
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let (least, most) = (figures[0], figures[figures.len() - 1]);
        Spread {
            median: figures[figures.len() / 2],
            least,
            most,
        }
    }
}

/// The figure that so large a part of several does not exceed.
pub fn quantile(mut figures: Vec<f64>, part: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[((figures.len() - 1) as f64 * part).round() as usize]
}

/// The moment.
pub fn now() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "measuring time is what this program does"
    )]
    Instant::now()
}

/// Waits for a moment to come.
pub fn wait_until(moment: Instant) {
    let left = moment.saturating_duration_since(now());
    #[expect(clippy::disallowed_methods, reason = "an open load has its own rhythm")]
    std::thread::sleep(left);
}

/// Does something and takes the time.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Span) {
    let (begin, before) = (now(), process_cpu());
    let done = work();
    let wall = now().duration_since(begin).as_secs_f64();
    (
        done,
        Span {
            wall,
            cpu: process_cpu() - before,
        },
    )
}

/// Processor seconds of this process so far.
pub fn process_cpu() -> f64 {
    cpu(ClockId::ProcessCPUTime)
}

/// Processor seconds of this thread so far.
pub fn thread_cpu() -> f64 {
    cpu(ClockId::ThreadCPUTime)
}

fn cpu(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// How many threads can run at once.
pub fn cores() -> NonZero<usize> {
    std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}

/// Does `work` on equal parts of `all` on all cores, and takes the time.
pub fn on_all_cores<T: Sync>(all: &[T], work: impl Fn(&[T]) + Sync) -> Span {
    let share = all.len().div_ceil(cores().get()).max(1);
    let ((), span) = timed(|| {
        std::thread::scope(|scope| {
            for part in all.chunks(share) {
                scope.spawn(|| work(part));
            }
        });
    });
    span
}

/// Megabytes of memory (of 2^20 bytes) that the process has now, and the most that it ever had.
pub fn memory() -> Result<(f64, f64)> {
    let status = fs::read_to_string("/proc/self/status").context("could not read memory use")?;
    let field = |name: &str| -> Option<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
        Some(kibibytes / 1024.0)
    };
    field("VmRSS:")
        .zip(field("VmHWM:"))
        .context("/proc/self/status tells no memory use")
}

/// Median time that one small append takes to be durable in a folder.
pub fn flush_time(folder: &Path) -> Result<Duration> {
    let path = folder.join("flush");
    let mut file = File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..101 {
        file.write_all(&[7; 4096])?;
        let begin = now();
        file.sync_data()?;
        times.push(now().duration_since(begin));
    }
    fs::remove_file(path)?;
    times.sort();
    Ok(times[times.len() / 2])
}
