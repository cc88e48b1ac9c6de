//! What is typed into a search box, for LIKE.

use empresas::empresa::lista::escape;
use kernel::fold;

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
