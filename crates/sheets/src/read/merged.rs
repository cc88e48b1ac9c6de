//! Which cells of a row lie under a merged region.

/// A merged region, counted from 0, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Region {
    pub(super) first_row: u32,
    pub(super) last_row: u32,
    pub(super) first_column: u32,
    pub(super) last_column: u32,
}

/// Regions met while rows pass from top to bottom: each enters and leaves once.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// By first row, last one first.
    waiting: Vec<Region>,
    active: Vec<Region>,
}

impl Merged {
    pub(super) fn new(mut regions: Vec<Region>) -> Self {
        regions.sort_unstable_by(|a, b| b.cmp(a));
        Self { waiting: regions, active: Vec::new() }
    }

    /// The columns below `width` that are covered in `row`. Rows must be asked for in ascending order.
    pub(super) fn covered(&mut self, row: u32, width: usize) -> impl Iterator<Item = usize> {
        while let Some(region) = self.waiting.pop_if(|region| region.first_row <= row) {
            self.active.push(region);
        }
        self.active.retain(|region| region.last_row >= row);
        self.active.iter().flat_map(move |region| {
            // The first cell of the region is the one that counts.
            let first = region.first_column + u32::from(region.first_row == row);
            let last = region.last_column as usize + 1;
            first as usize..last.min(width)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_first_cell_are_covered() {
        let region = |r1, r2, c1, c2| Region { first_row: r1, last_row: r2, first_column: c1, last_column: c2 };
        let mut merged = Merged::new(vec![region(5, 7, 1, 2), region(0, 0, 0, 23), region(6, 6, 4, 4)]);
        let mut covered = |row| merged.covered(row, 6).collect::<Vec<_>>();
        assert_eq!(covered(0), [1, 2, 3, 4, 5]);
        assert_eq!(covered(4), [] as [usize; 0]);
        assert_eq!(covered(5), [2]);
        assert_eq!(covered(6), [1, 2]);
        assert_eq!(covered(7), [1, 2]);
        assert_eq!(covered(8), [] as [usize; 0]);
    }
}
