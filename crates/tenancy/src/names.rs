use std::fmt::Write;

use crate::UnidadeId;

/// The database names of a unidade. Opaque, because every role can list them; made from the id alone, so that nothing a
/// person typed ever reaches an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// 32 lower-case hexadecimal digits.
    hex: String,
}

impl Names {
    #[must_use]
    pub fn of(id: UnidadeId) -> Self {
        Self { hex: id.uuid().simple().to_string() }
    }

    #[must_use]
    pub fn schema(&self) -> String {
        format!("t_{}", self.hex)
    }

    /// NOLOGIN role with DML rights; named as the schema.
    #[must_use]
    pub fn dml_role(&self) -> String {
        self.schema()
    }

    /// NOLOGIN owner of schema and tables.
    #[must_use]
    pub fn owner_role(&self) -> String {
        format!("o_{}", self.hex)
    }

    /// LOGIN role for risky work, member of the DML role alone.
    #[must_use]
    pub fn login_role(&self) -> String {
        format!("i_{}", self.hex)
    }

    /// `BEGIN` and everything that binds the transaction to this unidade, in one message.
    pub(crate) fn begin(&self, read_only: bool, statement_ms: u64, lock_ms: u64) -> String {
        let hex = &self.hex;
        let mut message = String::with_capacity(320);
        message.push_str(if read_only { "BEGIN READ ONLY" } else { "BEGIN" });
        let idle_ms = statement_ms.max(30_000) * 2;
        // Writing to a String cannot fail.
        let _ = write!(
            message,
            "; SET LOCAL ROLE t_{hex}; SET LOCAL search_path = t_{hex}, pg_temp; \
             SET LOCAL statement_timeout = {statement_ms}; SET LOCAL lock_timeout = {lock_ms}; \
             SET LOCAL idle_in_transaction_session_timeout = {idle_ms}"
        );
        message
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    proptest! {
        #[test]
        fn names_are_plain_identifiers_for_any_id(bits: u128) {
            let names = Names::of(UnidadeId::new(Uuid::from_u128(bits)));
            for name in [names.schema(), names.owner_role(), names.login_role()] {
                prop_assert_eq!(name.len(), 34);
                prop_assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
            }
        }
    }
}
