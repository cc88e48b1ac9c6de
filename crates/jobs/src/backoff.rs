use std::time::Duration;

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(3600);

/// How long a job waits after its `attempt`th try failed: 5 s, doubled each time, at most an hour, spread by a fifth so
/// that what failed together does not return together. `seed` decides the spread.
pub(crate) fn after(attempt: i16, seed: i64) -> Duration {
    let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(20);
    let base = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    // Fibonacci hashing: neighbouring ids spread evenly.
    let mixed = (seed.cast_unsigned() ^ u64::from(doublings)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    let fraction = f64::from(u32::try_from(mixed).unwrap_or(0)) / f64::from(1 << 24);
    base.mul_f64(0.8 + 0.4 * fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour() {
        for (attempt, base) in [(1, 5), (2, 10), (5, 80), (10, 2560), (11, 3600), (25, 3600), (1000, 3600)] {
            let wait = after(attempt, 42).as_secs_f64();
            let base = f64::from(base);
            assert!((base * 0.8..=base * 1.2).contains(&wait), "{attempt}: {wait}");
        }
    }

    #[test]
    fn neighbours_are_spread() {
        let waits: Vec<_> = (0..100).map(|id| after(11, id).as_secs()).collect();
        let (least, most) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
        assert!(*least < 3000 && *most > 4200, "{least} {most}");
    }
}
