//! Which of all empresas may be one and the same. Worked out in memory, by sets of trigrams with the rarest first, so that each
//! empresa is held against a few and never against all others.

use std::{cmp::Reverse, collections::HashMap};

use uuid::Uuid;

use super::nome::Nome;

/// What is looked at of an empresa.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ficha {
    pub id: Uuid,
    pub cnpj: String,
    pub nome: String,
    pub nome_fantasia: Option<String>,
    pub municipio_id: Option<i32>,
    pub email: Option<String>,
    pub telefone: Option<String>,
}

/// Two that may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Achado {
    pub first: Uuid,
    pub last: Uuid,
    pub raiz: bool,
    /// How alike the names are, 0 to 100.
    pub nome: i16,
    pub email: bool,
    pub telefone: bool,
    pub score: i16,
}

/// Names of one city that are as alike as this speak for themselves.
pub(crate) const LIKE: i16 = 60;
/// One company's branches are two records by right: the root alone says nothing while the names differ.
const LIKE_WITH_ROOT: i16 = 45;
/// Below, a likeness is chance.
const CHANCE: i16 = 20;
/// More empresas than this with one e-mail or telefone have their accountant in common.
const SHARED: usize = 10;
/// Of a root with more branches each is held against the first only.
const BRANCHES: usize = 6;
/// How many of those that share rare trigrams an empresa is held against, those that share most of them first.
const CANDIDATES: usize = 300;
const HELD: usize = 40;
const POSTINGS: usize = 200;
/// Nobody looks through more pairs of one empresa, or of all together.
const PER_EMPRESA: usize = 10;
const MAX: usize = 10_000;

#[derive(Debug, Clone, Copy, Default)]
struct Links {
    raiz: bool,
    email: bool,
    telefone: bool,
}

pub(crate) fn procurar(fichas: &[Ficha]) -> Vec<Achado> {
    let nomes: Vec<Nome> = fichas.iter().map(|ficha| Nome::new(&ficha.nome)).collect();
    let fantasias: Vec<Option<Nome>> = fichas.iter().map(|ficha| ficha.nome_fantasia.as_deref().map(Nome::new)).collect();
    let mut links: HashMap<(usize, usize), Links> = HashMap::new();
    for group in groups(fichas, |ficha| ficha.cnpj.get(..8).map(str::to_owned)) {
        for pair in pairs(&group, BRANCHES, true) {
            links.entry(pair).or_default().raiz = true;
        }
    }
    for group in groups(fichas, |ficha| ficha.email.as_deref().map(str::to_lowercase)) {
        for pair in pairs(&group, SHARED, false) {
            links.entry(pair).or_default().email = true;
        }
    }
    for group in groups(fichas, |ficha| ficha.telefone.clone()) {
        for pair in pairs(&group, SHARED, false) {
            links.entry(pair).or_default().telefone = true;
        }
    }
    let mut blocks: HashMap<i32, Vec<usize>> = HashMap::new();
    for (i, ficha) in fichas.iter().enumerate() {
        if let Some(municipio) = ficha.municipio_id {
            blocks.entry(municipio).or_default().push(i);
        }
    }
    for block in blocks.values() {
        for pair in alike(block, &nomes) {
            links.entry(pair).or_default();
        }
    }
    let of_fantasia = |i: usize| fantasias[i].as_ref().filter(|nome| !nome.core.is_empty());
    for group in groups_of(fichas.len(), |i| Some((fichas[i].municipio_id?, of_fantasia(i)?.core.clone()))) {
        for pair in pairs(&group, SHARED, false) {
            links.entry(pair).or_default();
        }
    }

    let judge = |(a, b): (usize, usize), links: Links| {
        let traded = of_fantasia(a).zip(of_fantasia(b)).map_or(0, |(a, b)| a.similarity(b));
        let nome = nomes[a].similarity(&nomes[b]).max(traded);
        let nome = if nome < CHANCE { 0 } else { nome };
        let same_city = fichas[a].municipio_id.is_some() && fichas[a].municipio_id == fichas[b].municipio_id;
        let speaks = (links.raiz && nome >= LIKE_WITH_ROOT) || links.email || links.telefone || (same_city && nome >= LIKE);
        let weight = |yes: bool, points: i16| if yes { points } else { 0 };
        let score = weight(links.raiz, 35)
            + weight(links.email, 25)
            + weight(links.telefone, 25)
            + nome * (if same_city { 60 } else { 35 }) / 100;
        let (first, last) = (fichas[a].id.min(fichas[b].id), fichas[a].id.max(fichas[b].id));
        let Links { raiz, email, telefone } = links;
        speaks.then_some(((a, b), Achado { first, last, raiz, nome, email, telefone, score: score.clamp(1, 100) }))
    };
    let mut found: Vec<_> = links.into_iter().filter_map(|(pair, links)| judge(pair, links)).collect();
    found.sort_unstable_by_key(|(_, achado)| (Reverse(achado.score), achado.first, achado.last));
    let mut of_each: HashMap<usize, usize> = HashMap::new();
    found.retain(|((a, b), _)| {
        let full = |of_each: &HashMap<usize, usize>, i: &usize| of_each.get(i).is_some_and(|n| *n >= PER_EMPRESA);
        if full(&of_each, a) || full(&of_each, b) {
            return false;
        }
        *of_each.entry(*a).or_default() += 1;
        *of_each.entry(*b).or_default() += 1;
        true
    });
    found.truncate(MAX);
    found.into_iter().map(|(_, achado)| achado).collect()
}

/// Those that agree in something, where at least two do.
fn groups(fichas: &[Ficha], key: impl Fn(&Ficha) -> Option<String>) -> Vec<Vec<usize>> {
    groups_of(fichas.len(), |i| key(&fichas[i]))
}

fn groups_of<K: Eq + std::hash::Hash>(n: usize, key: impl Fn(usize) -> Option<K>) -> Vec<Vec<usize>> {
    let mut all: HashMap<K, Vec<usize>> = HashMap::new();
    for i in 0..n {
        if let Some(key) = key(i) {
            all.entry(key).or_default().push(i);
        }
    }
    all.into_values().filter(|group| group.len() > 1).collect()
}

/// Each with each; of a group beyond `most` each with the first, or nobody.
fn pairs(group: &[usize], most: usize, first: bool) -> Vec<(usize, usize)> {
    if group.len() <= most {
        return group.iter().enumerate().flat_map(|(at, a)| group[at + 1..].iter().map(|b| (*a, *b))).collect();
    }
    group.iter().skip(1).filter(|_| first).map(|b| (group[0], *b)).collect()
}

/// Pairs of a city whose names are alike. Two sets that share so much must share one of their few rarest trigrams.
fn alike(block: &[usize], nomes: &[Nome]) -> Vec<(usize, usize)> {
    let mut frequency: HashMap<u32, u32> = HashMap::new();
    for trigram in block.iter().flat_map(|i| &nomes[*i].trigrams) {
        *frequency.entry(*trigram).or_default() += 1;
    }
    let mut index: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut found = Vec::new();
    for i in block {
        let mut rarest = nomes[*i].trigrams.clone();
        rarest.sort_unstable_by_key(|trigram| (frequency.get(trigram).copied().unwrap_or_default(), *trigram));
        let must_share = (rarest.len() * usize::try_from(LIKE).unwrap_or_default()).div_ceil(100);
        rarest.truncate((rarest.len() + 1).saturating_sub(must_share));
        let mut candidates: Vec<usize> = Vec::new();
        for trigram in &rarest {
            let postings = index.entry(*trigram).or_default();
            candidates.extend(postings.iter().take(CANDIDATES.saturating_sub(candidates.len())));
            if postings.len() < POSTINGS {
                postings.push(*i);
            }
        }
        candidates.sort_unstable();
        let mut shared: Vec<(usize, usize)> =
            candidates.chunk_by(|a, b| a == b).map(|of_one| (of_one.len(), of_one[0])).collect();
        shared.sort_unstable_by_key(|(n, other)| (Reverse(*n), *other));
        shared.truncate(HELD);
        let held = shared.into_iter().map(|(_, other)| other);
        found.extend(held.filter(|other| nomes[*i].similarity(&nomes[*other]) >= LIKE).map(|other| (other, *i)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ficha(n: u128, cnpj: &str, nome: &str, municipio: i32) -> Ficha {
        Ficha {
            id: Uuid::from_u128(n),
            cnpj: cnpj.to_owned(),
            nome: nome.to_owned(),
            nome_fantasia: None,
            municipio_id: Some(municipio),
            email: None,
            telefone: None,
        }
    }

    fn found(fichas: &[Ficha]) -> Vec<(u128, u128)> {
        procurar(fichas).iter().map(|achado| (achado.first.as_u128(), achado.last.as_u128())).collect()
    }

    #[test]
    fn each_reason_finds_its_pair_and_the_surest_comes_first() {
        let mail = |ficha: Ficha| Ficha { email: Some("Compras@aurora.example".into()), ..ficha };
        let fone = |ficha: Ficha| Ficha { telefone: Some("+554734330000".into()), ..ficha };
        let fichas = [
            mail(ficha(1, "11111111000100", "Metalúrgica Aurora Ltda", 1)),
            ficha(2, "11111111000200", "Metalurgica Aurora", 1),
            ficha(3, "22222222000100", "Metalurgica Arora ME", 1),
            ficha(4, "33333333000100", "Metalúrgica Aurora", 2),
            mail(ficha(5, "44444444000100", "Têxtil Vale", 3)),
            fone(ficha(6, "55555555000100", "Padaria Sol", 4)),
            fone(ficha(7, "66666666000100", "Oficina Lua", 5)),
        ];
        let found = found(&fichas);
        assert_eq!(found[0], (1, 2), "root and name");
        for pair in [(1, 3), (2, 3), (1, 5), (6, 7)] {
            assert!(found.contains(&pair), "{pair:?} in {found:?}");
        }
        assert!(!found.contains(&(1, 4)), "the same name in another city is somebody else");
        assert_eq!(found.len(), 5, "{found:?}");
    }

    #[test]
    fn branches_by_other_names_and_an_accountants_address_are_no_sign() {
        let branches: Vec<Ficha> = (0..3)
            .map(|n| ficha(n, "11111111000100", ["Aurora Caldeiraria", "Hotel Beira Mar", "Posto Zulu"][n as usize], 1))
            .collect();
        assert!(found(&branches).is_empty());
        let clients: Vec<Ficha> = (0..11)
            .map(|n| Ficha {
                email: Some("conta@bil.example".into()),
                ..ficha(n, &format!("{n:08}000100"), &format!("Nome {n}"), 1)
            })
            .collect();
        assert!(found(&clients).is_empty());
    }

    #[test]
    fn a_city_full_of_one_name_stays_bounded() {
        let many: Vec<Ficha> = (0..3_000).map(|n| ficha(n, &format!("{n:08}000100"), "Metalúrgica Aurora", 1)).collect();
        let found = found(&many);
        assert!(found.len() >= 100 && found.len() <= 3_000 * PER_EMPRESA, "{}", found.len());
        let mut of_first = HashMap::new();
        for (a, b) in found {
            *of_first.entry(a).or_insert(0) += 1;
            *of_first.entry(b).or_insert(0) += 1;
        }
        assert!(of_first.values().all(|n| *n <= PER_EMPRESA));
    }
}
