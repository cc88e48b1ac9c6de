//! How alike two names are: by their trigrams as PostgreSQL's `pg_trgm` counts them, once what every company is called has been
//! taken off.

use kernel::fold;

/// Said of so many companies that it tells none of them apart.
const COMMON: [&str; 41] = [
    "a",
    "ao",
    "as",
    "cia",
    "com",
    "comercial",
    "comercio",
    "companhia",
    "da",
    "das",
    "de",
    "do",
    "dos",
    "e",
    "eireli",
    "em",
    "empresa",
    "epp",
    "exportacao",
    "filial",
    "imp",
    "importacao",
    "ind",
    "industria",
    "industrias",
    "limitada",
    "ltda",
    "matriz",
    "me",
    "mei",
    "o",
    "os",
    "para",
    "s",
    "sa",
    "servico",
    "servicos",
    "slu",
    "sociedade",
    "ss",
    "unipessoal",
];

/// A name made ready to be held against others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nome {
    /// Its telling words.
    pub core: String,
    /// Sorted, each once.
    pub trigrams: Vec<u32>,
    /// "Posto 10" and "Posto 11" are two.
    numbers: Vec<String>,
}

impl Nome {
    pub(crate) fn new(nome: &str) -> Self {
        let folded = fold(nome);
        let all: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let telling: Vec<&str> = all.iter().copied().filter(|word| COMMON.binary_search(word).is_err()).collect();
        let words = if telling.is_empty() { all } else { telling };
        let mut trigrams: Vec<u32> = words.iter().flat_map(|word| of_word(word)).collect();
        trigrams.sort_unstable();
        trigrams.dedup();
        let mut numbers: Vec<String> =
            words.iter().filter(|word| word.chars().all(|c| c.is_ascii_digit())).map(|word| (*word).to_owned()).collect();
        numbers.sort_unstable();
        Self { core: words.join(" "), trigrams, numbers }
    }

    /// 0 to 100.
    pub(crate) fn similarity(&self, other: &Self) -> i16 {
        if self.numbers != other.numbers || self.trigrams.is_empty() || other.trigrams.is_empty() {
            return 0;
        }
        let (a, b) = (&self.trigrams, &other.trigrams);
        let (mut i, mut j, mut shared) = (0, 0, 0_usize);
        while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
            shared += usize::from(x == y);
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        let all = self.trigrams.len() + other.trigrams.len() - shared;
        i16::try_from(shared * 100 / all).unwrap_or(100)
    }
}

/// Two blanks before and one behind, as `pg_trgm` has it; each in 32 bits, where two that meet by chance do no harm.
fn of_word(word: &str) -> Vec<u32> {
    let padded: Vec<char> = [' ', ' '].into_iter().chain(word.chars().take(100)).chain([' ']).collect();
    let hash = |three: &[char]| three.iter().fold(0x811c_9dc5_u32, |h, c| (h ^ u32::from(*c)).wrapping_mul(0x0100_0193));
    padded.windows(3).map(hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(a: &str, b: &str) -> i16 {
        Nome::new(a).similarity(&Nome::new(b))
    }

    #[test]
    fn common_words_are_in_the_order_they_are_looked_up_in() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn what_every_company_is_called_says_nothing() {
        assert_eq!(like("Metalúrgica Aurora Ltda", "METALURGICA AURORA - ME"), 100);
        assert!(like("Indústria e Comércio de Móveis Serra Ltda", "Indústria e Comércio de Tintas Vale Ltda") < 30);
        assert!(like("Metalúrgica Aurora", "Metalurgica Arora") >= 60);
        assert_eq!(like("Auto Posto 10 Ltda", "Auto Posto 11 Ltda"), 0);
        assert_eq!(like("", "Aurora"), 0);
    }

    #[test]
    fn a_name_of_common_words_alone_is_compared_as_it_is() {
        assert_eq!(like("Comércio e Serviços Ltda", "Comercio e Servicos LTDA"), 100);
        assert!(like("Comércio e Serviços Ltda", "Companhia Importação SA") < 20);
    }
}
