//! Totals, facets, sorting and pages of an index of several segments with deleted documents, measured against a plain loop.

use std::collections::BTreeMap;

use dau::{Count, Index, Matching, Order, Returning, Schema, Search};
use serde_json::{Value, json};

use crate::fixture::{Random, add_all, find, ids, matching, writer};

/// A shop of many articles in several segments, some of them deleted, and what a plain loop over them says.
struct Shop {
    index: Index,
    articles: Vec<Article>,
}

#[derive(Clone)]
struct Article {
    id: usize,
    words: Vec<&'static str>,
    price: Option<i64>,
    tag: &'static str,
}

const GOODS: [&str; 8] = ["ấm", "chén", "bàn", "bán", "ghế", "gỗ", "sắt", "đèn"];
const TAGS: [&str; 4] = ["Bếp", "Khách", "Ngủ", "Vườn"];

impl Shop {
    fn new() -> Shop {
        let schema =
            Schema::builder().id("id").text("title").integer("price").keyword("tag").build().expect("a valid schema");
        let index = Index::in_ram(schema).expect("an index");
        let mut writer = writer(&index);
        let mut random = Random(11);
        let mut articles = Vec::new();
        for part in 0..3 {
            let new: Vec<Article> = (part * 400..part * 400 + 400).map(|id| Article::random(id, &mut random)).collect();
            add_all(&mut writer, &new.iter().map(Article::document).collect::<Vec<_>>());
            articles.extend(new);
            writer.commit().expect("a commit");
        }
        for id in (0..1200).step_by(7) {
            writer.delete(&id.to_string());
        }
        writer.commit().expect("a commit");
        articles.retain(|article| article.id % 7 != 0);
        Shop { index, articles }
    }

    fn check(&self, search: &Search, matches: impl Fn(&Article) -> bool) {
        let expected: Vec<&Article> = self.articles.iter().filter(|article| matches(article)).collect();
        assert!(!expected.is_empty() && expected.len() < self.articles.len(), "{search:?} tests nothing");
        let numbers: Vec<u64> = expected.iter().map(|article| article.id as u64).collect();
        assert_eq!(matching(&self.index, search), numbers, "{search:?}");
        let results = find(&self.index, &search.clone().facet("tag", 10).limit(2));
        assert_eq!((results.total, results.hits.len()), (numbers.len() as u64, numbers.len().min(2)), "{search:?}");
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        expected.iter().for_each(|article| *counts.entry(article.tag).or_default() += 1);
        let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
        counts.sort_by_key(|&(value, count)| (std::cmp::Reverse(count), value));
        let found: Vec<(&str, u64)> =
            results.facets[0].values.iter().map(|value| (value.value.as_str(), value.count)).collect();
        assert_eq!(found, counts, "{search:?}");
        self.check_sorted(search, expected, Order::Asc);
    }

    fn check_sorted(&self, search: &Search, mut expected: Vec<&Article>, order: Order) {
        let key = |article: &Article| match order {
            Order::Desc => (article.price.is_none(), article.price.map(|price| -price), article.id),
            _ => (article.price.is_none(), article.price, article.id),
        };
        expected.sort_by_key(|article| key(article));
        let numbers: Vec<String> = expected.iter().map(|article| article.id.to_string()).collect();
        let search = search.clone().sort_by("price", order);
        assert_eq!(ids(&self.index, &search), numbers, "{search:?}");
        for (limit, offset) in [(1, 0), (5, 3), (7, numbers.len().saturating_sub(2)), (3, numbers.len() + 5)] {
            let page = find(&self.index, &search.clone().limit(limit).offset(offset));
            let page: Vec<String> = page.hits.into_iter().filter_map(|hit| hit.id).collect();
            assert_eq!(page, numbers.iter().skip(offset).take(limit).cloned().collect::<Vec<_>>(), "{search:?}");
        }
    }
}

impl Article {
    fn random(id: usize, random: &mut Random) -> Article {
        Article {
            id,
            words: (0..1 + random.below(4)).map(|_| GOODS[random.below(GOODS.len())]).collect(),
            price: (random.below(5) > 0).then(|| random.below(50) as i64 * 1000),
            tag: TAGS[random.below(TAGS.len())],
        }
    }

    fn document(&self) -> Value {
        json!({"id": self.id, "title": self.words.join(" "), "price": self.price, "tag": self.tag})
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(&word)
    }
}

#[test]
fn totals_facets_and_sorting_agree_with_a_plain_loop() {
    let shop = Shop::new();
    let price = |article: &Article, range: std::ops::RangeInclusive<i64>| {
        article.price.is_some_and(|price| range.contains(&price))
    };
    shop.check(&Search::new("ghế"), |article| article.has("ghế"));
    shop.check(&Search::new("bán"), |article| article.has("bán") || article.has("bàn"));
    shop.check(&Search::new("=bán"), |article| article.has("bán"));
    shop.check(&Search::new("ghế gỗ").matching(Matching::Any), |article| article.has("ghế") || article.has("gỗ"));
    shop.check(&Search::new("ghế gỗ").matching(Matching::All), |article| article.has("ghế") && article.has("gỗ"));
    shop.check(&Search::new("+ghế -gỗ sắt").matching(Matching::Any), |article| {
        article.has("ghế") && !article.has("gỗ")
    });
    shop.check(&Search::new("ghế").filter("price:[5000 TO 20000]"), |article| {
        article.has("ghế") && price(article, 5000..=20000)
    });
    shop.check(&Search::new("* -tag:bep"), |article| article.tag != "Bếp");
    shop.check(&Search::new("tag:(bếp OR vườn) AND price:<9000"), |article| {
        ["Bếp", "Vườn"].contains(&article.tag) && price(article, 0..=8999)
    });
    shop.check(&Search::new("\"ghế gỗ\""), |article| article.words.windows(2).any(|pair| pair == ["ghế", "gỗ"]));
    shop.check(&Search::new("-price:*"), |article| article.price.is_none());
    shop.check(&Search::new("g*"), |article| article.has("ghế") || article.has("gỗ"));
    shop.check_sorted(&Search::new("*"), shop.articles.iter().collect(), Order::Desc);
}

#[test]
fn pages_follow_each_other_whatever_their_size() {
    let shop = Shop::new();
    for search in [
        Search::new("ghế gỗ đèn sắt"),
        Search::new("bàn").filter("tag:bếp"),
        Search::new("*"),
        Search::new("ghế OR price:<5000"),
    ] {
        let whole = find(&shop.index, &search.clone().limit(5000));
        let expected: Vec<(Option<String>, f32)> = whole.hits.iter().map(|hit| (hit.id.clone(), hit.score)).collect();
        assert_eq!(whole.total, expected.len() as u64);
        for size in [1, 13, 100] {
            for (page, expected) in expected.chunks(size).enumerate().step_by(if size == 1 { 40 } else { 1 }) {
                let results = find(&shop.index, &search.clone().limit(size).offset(page * size));
                assert_eq!(results.total, whole.total);
                let found: Vec<(Option<String>, f32)> =
                    results.hits.iter().map(|hit| (hit.id.clone(), hit.score)).collect();
                assert_eq!(found, expected, "{search:?} page {page} of {size}");
                assert_eq!(results.hits[0].rank, page * size + 1);
            }
        }
    }
}

#[test]
fn impossible_pages_are_empty() {
    let shop = Shop::new();
    for (limit, offset) in [(0, 0), (10, usize::MAX), (usize::MAX, usize::MAX), (0, usize::MAX), (10, 100_000)] {
        let results = find(&shop.index, &Search::new("ghế").limit(limit).offset(offset));
        assert!(results.hits.is_empty() && results.total > 100, "{limit} {offset}");
    }
    let results = find(&shop.index, &Search::new("ghế").limit(usize::MAX));
    assert_eq!(results.hits.len() as u64, results.total);
}

#[test]
fn less_can_be_asked_for() {
    let shop = Shop::new();
    let search = Search::new("ghế gỗ").limit(5);
    let full = find(&shop.index, &search);
    let ids = find(&shop.index, &search.clone().returning(Returning::Ids));
    assert_eq!(ids.total, full.total);
    assert!(ids.hits.iter().all(|hit| hit.document.as_map().is_empty()));
    let uncounted = find(&shop.index, &search.count(Count::None));
    assert_eq!(uncounted.total, 5);
    let key = |hits: &[dau::Hit]| hits.iter().map(|hit| (hit.id.clone(), hit.score)).collect::<Vec<_>>();
    assert_eq!(key(&ids.hits), key(&full.hits));
    assert_eq!(key(&uncounted.hits), key(&full.hits));
}
