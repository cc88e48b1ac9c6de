//! Charts as vectors. Columns and lines share one frame; a pie stands beside its legend.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "points on a page: small, and rounded by the printer anyway"
)]

use std::f32::consts::{FRAC_PI_2, TAU};

use kernel::Lang;
use rust_decimal::{Decimal, prelude::FromPrimitive};

use super::page::{BLACK, GREY, Ink, Page, RULE, Type};
use crate::{Chart, ChartKind, write::text};

pub(super) const HEIGHT: f32 = 170.0;
/// Distinct in print and for the colour-blind (Okabe–Ito, darkened).
const INKS: [Ink; 8] = [0x1F5A8C, 0xD17A00, 0x1B7F5C, 0xA83E6B, 0x6B5BA5, 0x8A6D00, 0x3C8DAD, 0x6B6B6B];
/// A pie with more slices cannot be read; the small ones are taken together.
const SLICES: usize = 8;

pub(super) struct Frame {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
}

/// Draws `chart` within `frame`, [`HEIGHT`] points high.
pub(super) fn draw(page: &mut Page, chart: &Chart, frame: &Frame, bold: Type<'_>, small: Type<'_>, lang: Lang) {
    let title = bold.line(&chart.title, frame.width);
    page.text(&title, frame.x, frame.y + 10.0, bold, BLACK);
    match chart.kind {
        ChartKind::Pie => pie(page, chart, frame, small, lang),
        ChartKind::Column | ChartKind::Line => axes(page, chart, frame, small, lang),
    }
}

fn ink(index: usize) -> Ink {
    INKS[index % INKS.len()]
}

/// A value as a label: whole numbers without decimals, others with two.
fn label(value: f64, lang: Lang) -> String {
    let places = if value.fract().abs() < 0.005 { 0 } else { 2 };
    Decimal::from_f64(value).map_or_else(String::new, |value| text::grouped(value, places, lang))
}

/// The step of an axis: 1, 2 or 5 times a power of ten, about four steps to the top.
fn step(top: f64) -> f64 {
    let rough = top / 4.0;
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= rough).unwrap_or(power)
}

fn axes(page: &mut Page, chart: &Chart, frame: &Frame, small: Type<'_>, lang: Lang) {
    let values = || chart.series.iter().flat_map(|series| &series.values).copied().filter(|value| value.is_finite());
    let (top, bottom) = (values().fold(0.0, f64::max), values().fold(0.0, f64::min));
    if top <= bottom || chart.categories.is_empty() {
        return;
    }
    let step = step(top - bottom);
    let (top, bottom) = ((top / step).ceil() * step, (bottom / step).floor() * step);
    let legend = if chart.series.len() > 1 { 12.0 } else { 0.0 };
    let (y0, y1) = (frame.y + 20.0 + legend, frame.y + HEIGHT - 22.0);
    let gutter = small.width(&label(top, lang)).max(small.width(&label(bottom, lang))) + 6.0;
    let (x0, x1) = (frame.x + gutter, frame.x + frame.width);
    let height = |value: f64| y1 - ((value - bottom) / (top - bottom)) as f32 * (y1 - y0);

    let lines = ((top - bottom) / step).round() as i32;
    for i in 0..=lines {
        let value = bottom + f64::from(i) * step;
        let at = height(value);
        page.rule(x0, at, x1 - x0, if value.abs() < step / 2.0 { GREY } else { RULE });
        page.text_right(&label(value, lang), x0 - 4.0, at + small.size * 0.35, small, GREY);
    }
    let slot = (x1 - x0) / chart.categories.len() as f32;
    // Labels that would run into each other are left out evenly.
    let every = (24.0 / slot).ceil().max(1.0) as usize;
    for (i, category) in chart.categories.iter().enumerate().step_by(every) {
        let shown = small.line(category, slot * every as f32 - 3.0);
        let middle = x0 + (i as f32 + 0.5) * slot;
        page.text(&shown, middle - small.width(&shown) / 2.0, y1 + small.size + 3.0, small, GREY);
    }
    for (s, series) in chart.series.iter().enumerate() {
        let values = series.values.iter().zip(&chart.categories).map(|(value, _)| *value).enumerate();
        let values = values.filter(|(_, value)| value.is_finite());
        if chart.kind == ChartKind::Line {
            let points: Vec<_> = values.map(|(i, value)| (x0 + (i as f32 + 0.5) * slot, height(value))).collect();
            page.line(&points, 1.4, ink(s));
        } else {
            let bar = slot * 0.72 / chart.series.len() as f32;
            for (i, value) in values {
                let x = x0 + (i as f32 + 0.14) * slot + s as f32 * bar;
                let (from, to) = (height(value.max(0.0)), height(value.min(0.0)));
                page.rect(x, from, bar * 0.94, to - from, ink(s));
            }
        }
    }
    if legend > 0.0 {
        let mut x = x0;
        for (s, series) in chart.series.iter().enumerate() {
            let name = small.line(&series.name, 140.0);
            page.rect(x, frame.y + 18.0, 7.0, 7.0, ink(s));
            page.text(&name, x + 10.0, frame.y + 24.5, small, BLACK);
            x += small.width(&name) + 24.0;
        }
    }
}

fn pie(page: &mut Page, chart: &Chart, frame: &Frame, small: Type<'_>, lang: Lang) {
    let Some(series) = chart.series.first() else { return };
    let mut slices: Vec<(String, f64)> = chart
        .categories
        .iter()
        .cloned()
        .zip(series.values.iter().copied())
        .filter(|(_, value)| value.is_finite() && *value > 0.0)
        .collect();
    let total: f64 = slices.iter().map(|(_, value)| value).sum();
    if total <= 0.0 {
        return;
    }
    slices.sort_by(|a, b| b.1.total_cmp(&a.1));
    if slices.len() > SLICES {
        let rest = slices.split_off(SLICES - 1);
        slices.push(("…".to_owned(), rest.iter().map(|(_, value)| value).sum()));
    }
    let radius = (HEIGHT - 34.0) / 2.0;
    let (cx, cy) = (frame.x + radius + 6.0, frame.y + 22.0 + radius);
    let mut angle = -FRAC_PI_2;
    for (i, (name, value)) in slices.iter().enumerate() {
        let share = (value / total) as f32;
        // Short chords look like an arc: one per two degrees.
        let chords = (share * 180.0).ceil().max(1.0) as usize;
        let mut points = vec![(cx, cy)];
        points.extend((0..=chords).map(|c| {
            let at = angle + share * TAU * c as f32 / chords as f32;
            (cx + radius * at.cos(), cy + radius * at.sin())
        }));
        page.polygon(&points, ink(i));
        angle += share * TAU;

        let y = frame.y + 26.0 + i as f32 * 15.0;
        let x = cx + radius + 24.0;
        page.rect(x, y, 8.0, 8.0, ink(i));
        let percent = Decimal::from_f32(share * 100.0).map_or_else(String::new, |share| text::grouped(share, 1, lang));
        let line = small.line(&format!("{name}: {} ({percent} %)", label(*value, lang)), frame.width - 2.0 * radius - 50.0);
        page.text(&line, x + 13.0, y + 7.0, small, BLACK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_counts_in_steps_people_count_in() {
        for (top, expected) in [(4.0, 1.0), (7.0, 2.0), (100.0, 50.0), (36_901_592.0, 10_000_000.0), (0.03, 0.01)] {
            assert!((step(top) - expected).abs() < expected / 1000.0, "{top}: {}", step(top));
        }
    }
}
