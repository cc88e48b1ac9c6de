//! What is typed into a search box, as statements look for it.

use empresas::empresa::{self, lista::escape};
use kernel::{Fault, fold};
use tenancy::TenantTx;
use uuid::Uuid;

/// With so many empresas of one word a statement finds them itself: a list of them would cost more to send and to plan.
const FEW: i64 = 500;

/// A word of a search; none narrows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Word {
    /// Of LIKE, for the texts of what is looked for.
    pub pattern: Option<String>,
    /// Empresas with the word, when they are few: knowing how many, PostgreSQL finds what is theirs in an index.
    pub empresas: Vec<Uuid>,
    /// The pattern again, when they are many.
    pub many: Option<String>,
}

impl Word {
    async fn find(tx: &mut TenantTx, pattern: Option<String>) -> Result<Self, Fault> {
        let Some(pattern) = pattern else { return Ok(Self::default()) };
        let empresas = empresa::of_word(tx, &pattern, FEW + 1).await?;
        Ok(if i64::try_from(empresas.len()).is_ok_and(|n| n <= FEW) {
            Self { pattern: Some(pattern), empresas, many: None }
        } else {
            Self { pattern: Some(pattern.clone()), empresas: Vec::new(), many: Some(pattern) }
        })
    }
}

/// The words of a search.
pub(crate) async fn words(tx: &mut TenantTx, busca: &str) -> Result<[Word; 2], Fault> {
    let [first, second] = patterns(busca);
    Ok([Word::find(tx, first).await?, Word::find(tx, second).await?])
}

/// The two longest words: more narrow hardly further.
pub(crate) fn patterns(busca: &str) -> [Option<String>; 2] {
    let folded = fold(busca);
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    let mut words = words.into_iter().map(|word| format!("%{}%", escape(&word.chars().take(100).collect::<String>())));
    [words.next(), words.next()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_longest_words_are_looked_for_as_they_are() {
        assert_eq!(patterns("  "), [None, None]);
        assert_eq!(patterns("Visão de 100%_à"), [Some("%100\\%\\_a%".to_owned()), Some("%visao%".to_owned())]);
    }
}
