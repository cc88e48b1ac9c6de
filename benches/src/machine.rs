//! What the kernel tells about processes: time used, memory held. Linux only, as the product's servers are.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result};

/// `USER_HZ`: a hundred on every Linux that a distribution builds.
const TICKS_PER_SECOND: f64 = 100.0;

struct Stat {
    parent: u32,
    /// Own and reaped children's, user and system.
    own: u64,
    reaped: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in parentheses, may hold anything.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let mut ticks = fields.skip(9).take(4).map(|field| field.parse::<u64>().unwrap_or_default());
    let mut two = || Some(ticks.next()? + ticks.next()?);
    Some(Stat { parent, own: two()?, reaped: two()? })
}

fn processes() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// Seconds of processor that a process, its living children and the ones it has buried have used.
pub(crate) fn cpu_seconds(root: u32) -> f64 {
    let children = processes().filter_map(stat).filter(|stat| stat.parent == root).map(|stat| stat.own);
    let own = stat(root).map_or(0, |stat| stat.own + stat.reaped);
    (own + children.sum::<u64>()) as f64 / TICKS_PER_SECOND
}

fn family(root: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = processes().filter_map(|pid| Some((pid, stat(pid)?.parent))).collect();
    let mut family = vec![root];
    let mut next = 0;
    while let Some(&parent) = family.get(next) {
        family.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    family
}

/// Proportional set size in bytes: shared pages count by their share.
pub(crate) fn pss(pid: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).context("reading the memory of a process")?;
    kib(&text, "Pss:").context("the kernel tells no Pss")
}

fn rss(pid: u32) -> u64 {
    fs::read_to_string(format!("/proc/{pid}/status")).ok().and_then(|text| kib(&text, "VmRSS:")).unwrap_or_default()
}

fn kib(text: &str, label: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with(label))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

/// Watches the memory of a process and its children until it is dropped; looked at every 20 ms, so that a shorter peak may
/// be missed; more often, and looking would take a good part of a core from what is looked at.
pub(crate) struct PeakWatch {
    peak: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

impl PeakWatch {
    pub(crate) fn over(root: u32) -> Self {
        let (peak, over) = (Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let watch = Self { peak: Arc::clone(&peak), over: Arc::clone(&over) };
        thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                let now = family(root).into_iter().map(rss).sum();
                peak.fetch_max(now, Ordering::Relaxed);
                thread::sleep(Duration::from_millis(20));
            }
        });
        watch
    }

    /// Resident bytes of the family at its largest.
    pub(crate) fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }
}

impl Drop for PeakWatch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// One line about the machine, for the head of the results.
pub(crate) fn description() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let (cpu, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, name)| name);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let gib = kib(&memory, "MemTotal:").unwrap_or_default() >> 30;
    format!("{cores} cores ({model}), {gib} GiB of memory")
}

/// How busy the machine was with other work: processes that waited for a core over the last minute.
pub(crate) fn load_average() -> f64 {
    let text = fs::read_to_string(Path::new("/proc/loadavg")).unwrap_or_default();
    text.split_whitespace().next().and_then(|load| load.parse().ok()).unwrap_or_default()
}
