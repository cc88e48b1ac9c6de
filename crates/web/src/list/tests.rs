use proptest::prelude::*;

use super::*;
use crate::forms::Choice;

const SORTS: &[&str] = &["nome", "cidade"];

fn read(query: &str) -> ListState {
    ListState::read("/empresas", query, SORTS, Sort::up("nome"))
}

/// What comes back when a link of ours is followed.
fn follow(link: &str) -> ListState {
    read(link.split_once('?').map_or("", |(_, query)| query))
}

#[test]
fn a_query_that_somebody_sent_is_kept_as_a_list_would_write_it() {
    let list = ListState::read("/empresas", "q=a%C3%A7o&uf=SC&pagina=3&por=50&ordem=-nome&x=", &["nome"], Sort::up("nome"));
    assert_eq!(list.query(), "q=a%C3%A7o&uf=SC&ordem=-nome&por=50");
    assert_eq!(list.place(), "q=a%C3%A7o&uf=SC&ordem=-nome&por=50&pagina=3");
    assert_eq!(ListState::query_of("uf=SC&pagina=3&x=&q=a\r\nb%20c"), "uf=SC&q=a%0D%0Ab+c");
    assert_eq!(ListState::read("/empresas", "pagina=2", &["nome"], Sort::up("nome")).query(), "");
}

fn many(query: &str) -> ListState {
    ListState::read_many("/empresas", query, &["nome", "uf", "cidade", "porte"], Sort::up("nome"))
}

#[test]
fn columns_sort_one_after_the_other() {
    let list = many("ordem=uf,-nome&q=a%2Cb");
    assert_eq!(list.link(), "/empresas?q=a,b&ordem=uf,-nome");
    assert_eq!((list.aria_sort("uf"), list.aria_sort("nome"), list.aria_sort("cidade")), ("ascending", "descending", "none"));
    assert_eq!((list.sort_place("nome"), list.sort_place("cidade")), (Some(2), None));
    assert_eq!(many("ordem=uf").sort_place("uf"), None, "alone it needs no number");
    assert_eq!(many("ordem=uf&ordem=-nome").link(), "/empresas?ordem=uf,-nome", "as a form sends it");
    assert_eq!(many("ordem=uf,uf,drop,-nome,cidade,porte").link(), "/empresas?ordem=uf,-nome,cidade", "each once, three at most");
    // Up, down, no more.
    assert_eq!(many("ordem=uf").sort_more_link("cidade"), "/empresas?ordem=uf,cidade");
    assert_eq!(many("ordem=uf,cidade").sort_more_link("cidade"), "/empresas?ordem=uf,-cidade");
    assert_eq!(many("ordem=uf,-cidade").sort_more_link("cidade"), "/empresas?ordem=uf");
    assert_eq!(many("ordem=-uf").sort_more_link("uf"), "/empresas", "nothing sorts: as it always is");
    assert_eq!(many("ordem=uf,nome,cidade").sort_more_link("porte"), "/empresas?ordem=uf,nome,porte");
    assert_eq!(many("ordem=uf,-nome").sort_link("nome"), "/empresas");
    assert_eq!(read("ordem=cidade,-nome").link(), "/empresas?ordem=cidade", "a list of one column takes the first");
    assert_eq!(read("").sort_more_link("nome"), "");
}

#[test]
fn the_whole_list_has_an_address_where_the_plain_one_opens_less() {
    let list = many("uf=SC&tudo=sim").narrower(true);
    assert_eq!(list.without_all("uf"), "/empresas?tudo=sim");
    assert_eq!((list.cleared(), list.whole()), ("/empresas?tudo=sim".to_owned(), "/empresas?tudo=sim".to_owned()));
    assert_eq!((list.query(), many("tudo=sim").is_filtered()), ("uf=SC".to_owned(), false));
    assert_eq!(list.link_at("/empresas.csv"), "/empresas.csv?uf=SC");
    assert!(list.hidden("q uf").contains(&("tudo".to_owned(), "sim".to_owned())));
    assert_eq!(ListState::query_of("tudo=sim&uf=SC"), "uf=SC");
}

#[test]
fn a_plain_list_has_a_plain_address() {
    assert_eq!(read("").link(), "/empresas");
    assert_eq!(read("q=&pagina=1&por=25&ordem=nome").link(), "/empresas");
}

#[test]
fn nonsense_opens_the_list_all_the_same() {
    let list = read("pagina=0&por=37&ordem=drop+table&pagina=x");
    assert_eq!((list.page, list.sort), (PageRequest::default(), Sort::up("nome")));
}

#[test]
fn links_change_one_thing() {
    let list = read("q=a%C3%A7o&uf=SC&uf=RS&ordem=-cidade&pagina=3&por=50");
    assert_eq!(list.page_link(4_u32), "/empresas?q=a%C3%A7o&uf=SC&uf=RS&ordem=-cidade&por=50&pagina=4");
    assert_eq!(list.without("uf", "SC"), "/empresas?q=a%C3%A7o&uf=RS&ordem=-cidade&por=50");
    assert_eq!(list.sort_link("cidade"), "/empresas?q=a%C3%A7o&uf=SC&uf=RS&ordem=cidade&por=50");
    assert_eq!(list.size_link(PageSize::P25), "/empresas?q=a%C3%A7o&uf=SC&uf=RS&ordem=-cidade&pagina=5");
    assert_eq!(list.link_at("/empresas.xlsx"), "/empresas.xlsx?q=a%C3%A7o&uf=SC&uf=RS&ordem=-cidade&por=50");
    assert_eq!(list.hidden("q uf"), [("ordem".to_owned(), "-cidade".to_owned()), ("por".to_owned(), "50".to_owned())]);
    assert_eq!((list.aria_sort("cidade"), list.aria_sort("nome")), ("descending", "none"));
}

#[test]
fn a_chip_names_its_values_and_removes_them_all() {
    let chip = read("uf=SC&uf=RS&q=x").chip("uf", "UF", str::to_owned).unwrap();
    assert_eq!((chip.value.as_str(), chip.remove.as_str()), ("SC, RS", "/empresas?q=x"));
    assert_eq!(read("q=x").chip("uf", "UF", str::to_owned), None);
}

#[test]
fn a_filter_s_chip_stays_short() {
    let options: Vec<_> = ["PR", "RS", "SC", "SP"].map(|uf| Choice::new(uf, uf)).into();
    for (query, text) in [("", ""), ("uf=SC", "SC"), ("uf=SC&uf=PR&uf=XX", "PR, SC"), ("uf=SC&uf=PR&uf=RS&uf=SP", "PR, RS +2")] {
        assert_eq!(read(query).chosen("uf", &options), text);
    }
}

#[test]
fn the_pager_offers_the_ends_and_the_neighbours() {
    let pager = |number, total| Pager::new(PageRequest { number, size: PageSize::P25 }, total);
    assert_eq!(pager(1, 6912).pages, [Some(1), Some(2), None, Some(277)]);
    assert_eq!(pager(3, 6912).pages, [Some(1), Some(2), Some(3), Some(4), None, Some(277)]);
    assert_eq!(pager(9, 6912).pages, [Some(1), None, Some(8), Some(9), Some(10), None, Some(277)]);
    assert_eq!(pager(1, 0).pages, [Some(1)]);
    assert_eq!((pager(1, 0).from, pager(1, 0).to), (0, 0));
    assert_eq!((pager(277, 6912).from, pager(277, 6912).to), (6901, 6912));
    assert_eq!(pager(900, 30).pages, [Some(1), Some(2)]);
    assert_eq!(pager(u32::MAX, 30).last, 2);
}

proptest! {
    #[test]
    fn a_link_followed_is_the_state_it_came_from(
        q in "\\PC{0,12}", uf in proptest::collection::vec("[A-Z&=%+ ]{1,3}", 0..3), page in 1u32..9000, size in 0usize..3, down: bool,
    ) {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &q).extend_pairs(uf.iter().map(|uf| ("uf", uf)));
        query.append_pair("por", &PageSize::ALL[size].rows().to_string()).append_pair("pagina", &page.to_string());
        query.append_pair("ordem", if down { "-cidade" } else { "cidade" });
        let list = read(&query.finish());
        prop_assert_eq!(&follow(&list.link()), &list);
        prop_assert_eq!(follow(&list.page_link(page + 1)).filters, list.filters.clone());
        prop_assert_eq!(follow(&list.sort_link("nome")).page.number, 1);
        for value in list.all("uf") {
            let fewer = follow(&list.without("uf", value));
            prop_assert!(!fewer.has("uf", value));
            prop_assert_eq!(fewer.filters.len() + 1, list.filters.len());
            prop_assert_eq!(&follow(&fewer.with("uf", value)).has("uf", value), &true);
        }
    }

    #[test]
    fn every_page_of_the_pager_exists(number in 1u32..500, total in 0i64..9000) {
        let pager = Pager::new(PageRequest { number, size: PageSize::P25 }, total);
        let numbers: Vec<_> = pager.pages.iter().flatten().copied().collect();
        prop_assert!(numbers.is_sorted() && numbers.iter().all(|n| (1..=pager.last).contains(n)));
        prop_assert!(numbers.contains(&1) && numbers.contains(&pager.last));
    }
}
