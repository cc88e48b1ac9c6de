use std::sync::LazyLock;

use sqlx::migrate::Migrator;

static PLATFORM: Migrator = sqlx::migrate!("../../platform-migrations");
static TENANT: Migrator = sqlx::migrate!("../../tenant-migrations");

/// The migrations of one stream, in order. Only their text is sqlx's; how they are run is ours.
#[derive(Debug, Clone)]
pub struct Migrations {
    all: Vec<Migration>,
}

#[derive(Debug, Clone)]
pub(crate) struct Migration {
    /// Timestamp of the file name, `20261122001000`.
    pub version: i64,
    pub name: String,
    pub sql: String,
    /// SHA-384 of the text.
    pub checksum: Vec<u8>,
}

static PLATFORM_STREAM: LazyLock<Migrations> = LazyLock::new(|| Migrations::of(&PLATFORM));
static TENANT_STREAM: LazyLock<Migrations> = LazyLock::new(|| Migrations::of(&TENANT));

impl Migrations {
    /// The stream of the platform's own schemas.
    #[must_use]
    pub fn platform() -> &'static Self {
        &PLATFORM_STREAM
    }

    /// The stream of every unidade's schema.
    #[must_use]
    pub fn tenant() -> &'static Self {
        &TENANT_STREAM
    }

    /// Sixteen hexadecimal digits that change with any migration of either stream and with the walls.
    #[must_use]
    pub fn fingerprint() -> String {
        use sha2::{Digest, Sha256};

        let mut hash = Sha256::new();
        for migration in Self::platform().all.iter().chain(&Self::tenant().all) {
            hash.update(&migration.checksum);
        }
        hash.update(include_str!("../../sql/bootstrap.sql"));
        hash.update(include_str!("../../sql/database.sql"));
        hash.update(include_str!("../../sql/walls.sql"));
        hex::encode(&hash.finalize()[..8])
    }

    fn of(migrator: &Migrator) -> Self {
        let all = migrator
            .iter()
            .map(|m| Migration {
                version: m.version,
                name: m.description.to_string(),
                sql: m.sql.as_str().to_owned(),
                checksum: m.checksum.to_vec(),
            })
            .collect();
        Self { all }
    }

    /// Version of the newest migration.
    #[must_use]
    pub fn newest(&self) -> i64 {
        self.all.last().map_or(0, |m| m.version)
    }

    /// Versions and names in order.
    pub fn list(&self) -> impl Iterator<Item = (i64, &str)> {
        self.all.iter().map(|m| (m.version, m.name.as_str()))
    }

    /// The text of a migration that a schema has, if it is the same one here.
    pub(crate) fn text_of(&self, applied: &crate::backup::Applied) -> Option<&str> {
        let same = |m: &&Migration| m.version == applied.version && hex::encode(&m.checksum) == applied.checksum;
        self.all.iter().find(same).map(|m| m.sql.as_str())
    }

    pub(crate) fn after(&self, version: i64) -> impl Iterator<Item = &Migration> {
        self.all.iter().filter(move |m| m.version > version)
    }

    /// Tables that the stream creates, by reading its `CREATE TABLE`s: grants name them, because
    /// `GRANT … ON ALL TABLES` reads the whole catalogue of all unidades.
    #[must_use]
    pub fn tables(&self) -> Vec<&str> {
        let mut tables = Vec::new();
        for line in self.all.iter().flat_map(|m| m.sql.lines()) {
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), words.next()) {
                (Some("CREATE"), Some("TABLE"), Some(name)) => tables.extend(name.split('(').next()),
                (Some("DROP"), Some("TABLE"), Some(name)) => tables.retain(|t| *t != name.trim_end_matches(';')),
                _ => {}
            }
        }
        tables
    }

    /// A stream cut after `version`, for tests that migrate step by step.
    #[must_use]
    pub fn until(&self, version: i64) -> Self {
        Self { all: self.all.iter().filter(|m| m.version <= version).cloned().collect() }
    }

    /// The stream with one more migration at its end, for tests and benchmarks.
    #[must_use]
    pub fn with(&self, version: i64, name: &str, sql: &str) -> Self {
        use sha2::{Digest, Sha384};

        let mut all = self.all.clone();
        all.push(Migration { version, name: name.to_owned(), sql: sql.to_owned(), checksum: Sha384::digest(sql).to_vec() });
        Self { all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_from_the_stream() {
        let stream =
            Migrations::tenant().with(9, "x", "CREATE TABLE um (\n  id int\n);\nCREATE TABLE dois(id int);\nDROP TABLE um;");
        let tables = stream.tables();
        assert!(tables.contains(&"auditoria") && tables.contains(&"dois") && !tables.contains(&"um"), "{tables:?}");
    }

    #[test]
    fn versions_rise() {
        for stream in [Migrations::tenant(), Migrations::platform()] {
            assert!(stream.all.is_sorted_by(|a, b| a.version < b.version));
        }
    }
}
