//! How wide each column gets, how large the type, which way the paper lies.

use crate::{Column, ColumnKind};

/// A4, in points.
const SHORT: f32 = 595.28;
const LONG: f32 = 841.89;
pub(super) const MARGIN: f32 = 34.0;
/// Blank on each side of a cell's text.
pub(super) const PADDING: f32 = 3.5;
/// A text column takes no more than this share of the paper: the eye loses longer lines.
const WIDEST: f32 = 0.4;
/// Type size when nothing is crowded, and those tried when columns must wrap.
const ROOMY: f32 = 8.5;
const CROWDED: [f32; 4] = [8.0, 7.0, 6.2, 5.4];
/// Before a wrapping column gets narrower than this many times the type size, the type gets smaller.
const NARROWEST: f32 = 6.0;

#[derive(Debug)]
pub(super) struct Layout {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) size: f32,
    /// Of each column, paddings included; together they fill the paper between the margins.
    pub(super) columns: Vec<f32>,
}

/// What a column's cells need, at type size 1.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measure {
    /// The widest cell.
    pub(super) widest: f32,
    /// The widest word of the heading, which must not be broken.
    pub(super) heading: f32,
}

impl Layout {
    /// Upright when every cell fits beside the others, lying otherwise; when not even that is enough, text wraps, and
    /// only then the type gets smaller.
    pub(super) fn new(columns: &[Column], measures: &[Measure]) -> Self {
        for (width, height) in [(SHORT, LONG), (LONG, SHORT)] {
            let room = width - 2.0 * MARGIN;
            let wishes = wishes(columns, measures, ROOMY, room);
            if wishes.iter().sum::<f32>() <= room {
                return Self { width, height, size: ROOMY, columns: stretch(wishes, columns, room) };
            }
        }
        let room = LONG - 2.0 * MARGIN;
        let smallest = CROWDED[CROWDED.len() - 1];
        let (size, columns) = CROWDED
            .into_iter()
            .find_map(|size| Some((size, wrapped(columns, measures, size, room)?)))
            .unwrap_or_else(|| (smallest, squeeze(&wishes(columns, measures, smallest, room), room)));
        Self { width: LONG, height: SHORT, size, columns }
    }
}

/// Numbers, days and CNPJs are read as a whole: they never wrap by choice.
const fn wraps(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Text)
}

fn wishes(columns: &[Column], measures: &[Measure], size: f32, room: f32) -> Vec<f32> {
    let wish = |(column, measure): (&Column, &Measure)| {
        let cell = measure.widest * size;
        let cell = if wraps(column.kind) { cell.min(room * WIDEST) } else { cell };
        cell.max(measure.heading * size) + 2.0 * PADDING
    };
    columns.iter().zip(measures).map(wish).collect()
}

/// Widths in which only text wraps, or `None` when that leaves it too narrow.
fn wrapped(columns: &[Column], measures: &[Measure], size: f32, room: f32) -> Option<Vec<f32>> {
    let wishes = wishes(columns, measures, size, room);
    let (mut text, mut fixed) = (Vec::new(), 0.0);
    for (column, wish) in columns.iter().zip(&wishes) {
        if wraps(column.kind) {
            text.push(*wish);
        } else {
            fixed += wish;
        }
    }
    let narrowest = NARROWEST * size;
    let mut squeezed = squeeze(&text, room - fixed).into_iter();
    let widths: Vec<f32> = columns
        .iter()
        .zip(&wishes)
        .map(|(column, wish)| if wraps(column.kind) { squeezed.next().unwrap_or(0.0) } else { *wish })
        .collect();
    let readable = widths.iter().zip(&wishes).all(|(width, wish)| *width >= wish.min(narrowest));
    (fixed <= room && readable).then_some(widths)
}

/// Cuts the widest wishes down to one common width, so that all fit into `room`; the modest ones keep theirs.
fn squeeze(wishes: &[f32], room: f32) -> Vec<f32> {
    let mut order: Vec<f32> = wishes.to_vec();
    order.sort_by(f32::total_cmp);
    let (mut left, mut cap) = (room.max(0.0), f32::MAX);
    for (i, wish) in order.iter().enumerate() {
        let share = left / (order.len() - i) as f32;
        if *wish > share {
            cap = share;
            break;
        }
        left -= wish;
    }
    wishes.iter().map(|wish| wish.min(cap)).collect()
}

/// Hands what is left of `room` to the text columns in proportion, to all when there are none.
fn stretch(mut widths: Vec<f32>, columns: &[Column], room: f32) -> Vec<f32> {
    let left = room - widths.iter().sum::<f32>();
    let any = columns.iter().any(|column| wraps(column.kind));
    let takes = |column: &Column| !any || wraps(column.kind);
    let sum: f32 = widths.iter().zip(columns).filter(|(_, column)| takes(column)).map(|(width, _)| width).sum();
    if sum > 0.0 {
        for (width, column) in widths.iter_mut().zip(columns) {
            if takes(column) {
                *width += left * *width / sum;
            }
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(kinds: &[(ColumnKind, f32)]) -> (Vec<Column>, Vec<Measure>) {
        kinds.iter().map(|(kind, widest)| (Column::new("c", "C", *kind), Measure { widest: *widest, heading: 3.0 })).unzip()
    }

    #[test]
    fn a_narrow_table_stands_and_fills_the_paper() {
        let (columns, measures) = columns(&[(ColumnKind::Cnpj, 10.0), (ColumnKind::Text, 20.0), (ColumnKind::Reais, 7.0)]);
        let layout = Layout::new(&columns, &measures);
        assert!(layout.width < layout.height);
        assert!((layout.columns.iter().sum::<f32>() - (SHORT - 2.0 * MARGIN)).abs() < 0.1);
    }

    #[test]
    fn a_wide_table_lies_and_wraps_its_text_but_not_its_numbers() {
        let (columns, measures) = columns(&[
            (ColumnKind::Reais, 9.0),
            (ColumnKind::Text, 60.0),
            (ColumnKind::Text, 12.0),
            (ColumnKind::Text, 90.0),
            (ColumnKind::Text, 40.0),
        ]);
        let layout = Layout::new(&columns, &measures);
        assert!(layout.width > layout.height);
        assert!(layout.columns[0] >= 9.0 * layout.size);
        assert!(layout.columns[2] >= 12.0 * layout.size, "a modest column keeps its width");
        assert!(layout.columns.iter().sum::<f32>() <= LONG - 2.0 * MARGIN + 0.1);
    }

    #[test]
    fn any_number_of_columns_stays_on_the_paper() {
        for count in [0, 1, 24, 60, 200] {
            let (columns, measures) = columns(&vec![(ColumnKind::Cnpj, 10.0); count]);
            let layout = Layout::new(&columns, &measures);
            assert!(layout.columns.iter().sum::<f32>() <= layout.width - 2.0 * MARGIN + 0.1, "{count}");
        }
    }
}
