//! How many rows of a file say what, for the charts beside them; and the file itself.

use std::{
    collections::HashMap,
    fs::File,
    sync::{Arc, Mutex, PoisonError},
};

use kernel::Fault;
use sheets::{Chart, ChartKind, Format, Series, Summary, Table, Written};
use web::Error;

/// Clones count together: one map for each chart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(Arc<Mutex<Vec<HashMap<String, u64>>>>);

/// A chart of what was counted.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub title: &'static str,
    pub kind: ChartKind,
    /// Codes in their order with what they are called; none: whatever was counted most.
    pub named: Vec<(&'static str, &'static str)>,
}

/// That are drawn of what was counted most: more nobody tells apart.
const TOP: usize = 15;

impl Tally {
    /// A row says this, for each chart.
    pub(crate) fn count(&self, said: &[&str]) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let charts = said.len().max(counts.len());
        counts.resize_with(charts, HashMap::new);
        for (counts, said) in counts.iter_mut().zip(said) {
            if let Some(n) = counts.get_mut(*said) {
                *n += 1;
            } else {
                counts.insert((*said).to_owned(), 1);
            }
        }
    }

    /// The charts, once all rows were counted; `series` is what is counted.
    pub(crate) fn charts(self, series: &'static str, charts: Vec<Drawn>) -> Summary {
        Box::new(move || {
            let mut all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter();
            let drawn = charts.into_iter().map(|chart| {
                let counts = ranked(all.next().unwrap_or_default(), &chart.named);
                let (categories, values): (Vec<_>, Vec<_>) = counts.into_iter().map(|(name, n)| (name, n as f64)).unzip();
                let series = vec![Series { name: series.to_owned(), values }];
                Chart { title: chart.title.to_owned(), kind: chart.kind, categories, series }
            });
            drawn.filter(|chart| !chart.categories.is_empty()).collect()
        })
    }
}

fn ranked(mut counts: HashMap<String, u64>, named: &[(&'static str, &'static str)]) -> Vec<(String, u64)> {
    if !named.is_empty() {
        return named.iter().filter_map(|(code, name)| Some(((*name).to_owned(), counts.remove(*code)?))).collect();
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(TOP);
    counts
}

/// The table as a file that is gone when it was sent.
pub(crate) async fn written<T: Send + 'static>(table: Table<'_, T>, format: Format) -> Result<(File, Written), Error> {
    let file = tempfile::NamedTempFile::new().map_err(|error| Fault::new("a file for a table", error))?;
    let written = sheets::write(table, format, file.path()).await?;
    let reader = file.reopen().map_err(|error| Fault::new("a file of a table", error))?;
    Ok((reader, written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_in_their_order_and_people_by_how_often() {
        let tally = Tally::default();
        for (situacao, pessoa) in [("b", "Ana"), ("a", "Rui"), ("b", "Rui")] {
            tally.count(&[situacao, pessoa]);
        }
        let charts = vec![
            Drawn { title: "one", kind: ChartKind::Pie, named: vec![("a", "A"), ("b", "B"), ("c", "C")] },
            Drawn { title: "two", kind: ChartKind::Column, named: Vec::new() },
            Drawn { title: "nothing was counted", kind: ChartKind::Column, named: Vec::new() },
        ];
        let charts = tally.charts("visitas", charts)();
        let told: Vec<_> = charts.iter().map(|chart| (chart.categories.clone(), chart.series[0].values.clone())).collect();
        let names = |names: [&str; 2]| names.map(str::to_owned).to_vec();
        assert_eq!(told, [(names(["A", "B"]), vec![1.0, 2.0]), (names(["Rui", "Ana"]), vec![2.0, 1.0])]);
    }
}
