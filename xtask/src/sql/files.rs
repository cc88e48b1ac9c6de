//! The names of migration files: a timestamp each, and one file of sample rows beside it.

use crate::{finding::Finding, repo::Source};

pub(crate) fn check(folder: &str, migrations: &[Source], samples: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut previous = "";
    for migration in migrations {
        let name = file_name(migration);
        match timestamp(name) {
            None => findings.push(Finding::error(&migration.path, 0, "name it YYYYMMDDhhmmss_intent.sql, in lower case")),
            Some(stamp) => {
                if stamp <= previous {
                    findings.push(Finding::error(&migration.path, 0, format!("the timestamp {stamp} is taken")));
                }
                previous = stamp;
            }
        }
        if !samples.iter().any(|sample| file_name(sample) == name) {
            findings.push(Finding::error(&migration.path, 0, format!("no sample rows: write {folder}/samples/{name}")));
        }
    }
    for sample in samples {
        let name = file_name(sample);
        if !migrations.iter().any(|migration| file_name(migration) == name) {
            findings.push(Finding::error(&sample.path, 0, "no migration has this name"));
        }
        // A migration without a table has none to show; a comment then says so.
        if sample.text.trim().is_empty() {
            findings.push(Finding::error(&sample.path, 0, "is empty: insert a row, or say in a comment why there is none"));
        }
    }
    findings
}

fn file_name(source: &Source) -> &str {
    source.path.rsplit('/').next().unwrap_or_default()
}

/// The 14 digits that `name` begins with, if it is the name of a migration.
fn timestamp(name: &str) -> Option<&str> {
    let (stamp, rest) = name.strip_suffix(".sql")?.split_at_checked(14)?;
    let intent = rest.strip_prefix('_')?;
    let digits = stamp.bytes().all(|byte| byte.is_ascii_digit());
    let words = intent.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (digits && words && !intent.is_empty() && is_moment(stamp)).then_some(stamp)
}

fn is_moment(stamp: &str) -> bool {
    let part = |from: usize, to: usize| stamp.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(u32::MAX);
    (2020..2100).contains(&part(0, 4))
        && (1..=12).contains(&part(4, 6))
        && (1..=31).contains(&part(6, 8))
        && part(8, 10) < 24
        && part(10, 12) < 60
        && part(12, 14) < 60
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(migrations: &[&str], samples: &[(&str, &str)]) -> Vec<String> {
        let source = |path: String, text: &str| Source { path, text: text.to_owned() };
        let migrations: Vec<_> = migrations.iter().map(|name| source(format!("m/{name}"), "")).collect();
        let samples: Vec<_> = samples.iter().map(|(name, text)| source(format!("m/samples/{name}"), text)).collect();
        check("m", &migrations, &samples).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn a_timestamped_migration_with_its_sample_passes() {
        assert_eq!(
            messages(&["20261122093000_visita.sql"], &[("20261122093000_visita.sql", "-- no table")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn other_names_taken_timestamps_and_lone_samples_are_refused() {
        let refused = "name it YYYYMMDDhhmmss_intent.sql, in lower case";
        for name in ["visita.sql", "20261122093000_Visita.sql", "20261322093000_visita.sql", "20261122093000_.sql", "README.md"] {
            assert_eq!(messages(&[name], &[(name, "x")]), [format!("m/{name}: error: {refused}")]);
        }
        let (a, b) = ("20261122093000_a.sql", "20261122093000_b.sql");
        assert_eq!(
            messages(&[a, b], &[(a, "x"), (b, "x")]),
            ["m/20261122093000_b.sql: error: the timestamp 20261122093000 is taken"]
        );
        assert_eq!(messages(&[a], &[]), ["m/20261122093000_a.sql: error: no sample rows: write m/samples/20261122093000_a.sql"]);
        assert_eq!(messages(&[], &[(a, "x")]), ["m/samples/20261122093000_a.sql: error: no migration has this name"]);
        assert_eq!(messages(&[a], &[(a, " \n")]).len(), 1);
    }
}
