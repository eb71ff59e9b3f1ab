package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Stores.patch;
import static dev.pylon.store.Stores.refusal;
import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import dev.pylon.store.query.QueryError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts and totals, on every database. */
abstract class AggregateContract {
  private static final int ROWS_MAX = 1_000;

  private static final Manifest MANIFEST =
      Manifests.of(
          entity(
              "Sale",
              "shop:string",
              "paid:bool?",
              "amount:int?",
              "price:float?",
              "at:datetime?",
              "note:richtext?"));

  private Store store;

  abstract Store open(Manifest manifest, int rowsMax);

  @BeforeEach
  void openStore() {
    store = open(MANIFEST, ROWS_MAX);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void sale(String shop, @Nullable Object... pairs) {
    Map<String, @Nullable Object> row = patch(pairs);
    row.put("shop", shop);
    store.write(soon(), tx -> tx.insert("Sale", row));
  }

  /** The rows of the answer as JSON, for a question in JSON with single quotes. */
  private String ask(String question) {
    return ask(store, question);
  }

  private static String ask(Reads rows, String question) {
    return Json.text(rows.aggregate("Sale", json(question)).get("rows"));
  }

  private static Map<String, @Nullable Object> json(String singleQuoted) {
    return Json.parseObject(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static String rows(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }

  @Test
  void withoutGroupsThereIsOneRow() {
    assertThat(
            ask("{'count': '*', 'sum': ['amount', 'price'], 'avg': ['amount'], 'min': ['shop']}"))
        .isEqualTo(
            rows(
                "[{'count':0,'sum_amount':null,'sum_price':null,'avg_amount':null,'min_shop':null}]"));

    sale("b", "amount", 3L, "price", 0.1, "paid", true);
    sale("a", "amount", 4L, "price", 0.2, "paid", false);
    sale("Z", "price", 0.4, "paid", true);

    assertThat(ask("{'count': 'amount', 'sum': ['amount', 'price', 'paid'], 'avg': ['amount']}"))
        .isEqualTo(
            rows(
                "[{'count_amount':2,'sum_amount':7,'sum_price':0.7,'sum_paid':2,'avg_amount':3.5}]"));
    assertThat(ask("{'min': ['shop', 'price', 'paid', 'at'], 'max': ['shop', 'amount', 'paid']}"))
        .isEqualTo(
            rows(
                "[{'min_shop':'Z','min_price':0.1,'min_paid':false,'min_at':null,"
                    + "'max_shop':'b','max_amount':4,'max_paid':true}]"));
    assertThat(ask("{'countDistinct': ['paid', 'id', 'at']}"))
        .isEqualTo(rows("[{'count_distinct_paid':2,'count_distinct_id':3,'count_distinct_at':0}]"));
  }

  @Test
  void groupsComeInTheOrderOfTheirKeys() {
    for (String shop : List.of("é", "b", "a", "B", "b")) {
      sale(shop, "paid", shop.equals("b"), "amount", 2L);
    }
    sale("a");

    assertThat(ask("{'count': '*', 'groupBy': ['shop']}"))
        .isEqualTo(
            rows(
                "[{'shop':'B','count':1},{'shop':'a','count':2},{'shop':'b','count':2},"
                    + "{'shop':'é','count':1}]"));
    assertThat(ask("{'sum': ['amount'], 'groupBy': ['paid', 'shop']}"))
        .isEqualTo(
            rows(
                "[{'paid':null,'shop':'a','sum_amount':null},{'paid':false,'shop':'B','sum_amount':2},"
                    + "{'paid':false,'shop':'a','sum_amount':2},"
                    + "{'paid':false,'shop':'é','sum_amount':2},"
                    + "{'paid':true,'shop':'b','sum_amount':4}]"));
    assertThat(ask("{'groupBy': ['paid']}"))
        .isEqualTo(rows("[{'paid':null},{'paid':false},{'paid':true}]"));
  }

  @Test
  void theWholeFilterLanguageSaysWhichRowsCount() {
    sale("a", "amount", 1L, "note", "Fine");
    sale("b", "amount", 5L);
    sale("c", "at", "2026-01-31T12:00:00Z");

    assertThat(ask("{'count': '*', 'where': {'shop': 'a'}}")).isEqualTo(rows("[{'count':1}]"));
    assertThat(ask("{'count': '*', 'where': {'amount': {'$gte': 1.5}}}"))
        .isEqualTo(rows("[{'count':1}]"));
    assertThat(
            ask(
                "{'count': '*', 'where': {'$or': [{'amount': null}, {'note': {'$like': 'fin'}}],"
                    + " '$not': {'shop': 'z'}}}"))
        .isEqualTo(rows("[{'count':2}]"));
    assertThat(ask("{'count': '*', 'where': {'at': {'$lt': '2026-02-01'}}}"))
        .isEqualTo(rows("[{'count':1}]"));
    assertThat(ask("{'count': '*', 'where': {'$search': 'fine'}}"))
        .isEqualTo(rows("[{'count':1}]"));
    assertThat(ask("{'count': '*', 'where': {'amount': {'$in': []}}, 'groupBy': ['shop']}"))
        .isEqualTo("[]");
    assertThat(ask("{'count': '*', 'where': null}")).isEqualTo(rows("[{'count':3}]"));
  }

  @Test
  void groupsAreChosenOrderedAndCut() {
    for (int n = 1; n <= 5; n++) {
      for (int k = 0; k < n; k++) {
        sale("s" + n, "amount", (long) (10 - n), "price", n / 2.0);
      }
    }

    assertThat(
            ask(
                "{'count': '*', 'groupBy': ['shop'], 'having': {'count': {'$gt': 1, '$lt': 5}},"
                    + " 'orderBy': {'count': 'desc'}, 'limit': 2}"))
        .isEqualTo(rows("[{'shop':'s4','count':4},{'shop':'s3','count':3}]"));
    assertThat(
            ask(
                "{'sum': ['amount'], 'groupBy': ['shop'],"
                    + " 'having': {'$or': [{'sum_amount': {'$gte': 25}}, {'shop': 's1'}]},"
                    + " 'orderBy': [['sum_amount', 'desc']]}"))
        .isEqualTo(rows("[{'shop':'s5','sum_amount':25},{'shop':'s1','sum_amount':9}]"));
    assertThat(
            ask(
                "{'avg': ['price'], 'groupBy': ['shop'], 'having': {'avg_price': {'$lte': 1.0}},"
                    + " 'orderBy': 'avg_price', 'offset': 1}"))
        .isEqualTo(rows("[{'shop':'s2','avg_price':1.0}]"));
    assertThat(ask("{'max': ['paid'], 'having': {'max_paid': null}}"))
        .isEqualTo(rows("[{'max_paid':null}]"));
    sale("paid", "paid", true);
    sale("unpaid", "paid", false);
    assertThat(ask("{'min': ['paid'], 'groupBy': ['shop'], 'having': {'min_paid': false}}"))
        .isEqualTo(rows("[{'shop':'unpaid','min_paid':false}]"));
    assertThat(ask("{'count': '*', 'groupBy': ['shop'], 'limit': 0}")).isEqualTo("[]");
    assertThat(ask("{'count': '*', 'having': {'count': 0}}")).isEqualTo("[]");
  }

  @Test
  void timeIsCutIntoPiecesInUtc() {
    sale("a", "at", "2026-01-04T23:59:59.999Z");
    sale("b", "at", "2026-01-05T00:30:00+01:00");
    sale("c", "at", "2026-01-05T00:00:00Z");
    sale("d", "at", "2027-12-31T22:10:00Z");
    sale("e", "at", "2024-02-29");
    sale("f");

    assertThat(ask(byTime("hour")))
        .isEqualTo(
            rows(
                "[{'at_hour':null,'count':1},{'at_hour':'2024-02-29 00:00:00','count':1},"
                    + "{'at_hour':'2026-01-04 23:00:00','count':2},"
                    + "{'at_hour':'2026-01-05 00:00:00','count':1},"
                    + "{'at_hour':'2027-12-31 22:00:00','count':1}]"));
    assertThat(ask(byTime("day")))
        .isEqualTo(
            rows(
                "[{'at_day':null,'count':1},{'at_day':'2024-02-29','count':1},"
                    + "{'at_day':'2026-01-04','count':2},{'at_day':'2026-01-05','count':1},"
                    + "{'at_day':'2027-12-31','count':1}]"));
    assertThat(ask(byTime("week")))
        .isEqualTo(
            rows(
                "[{'at_week':null,'count':1},{'at_week':'2024-W09','count':1},"
                    + "{'at_week':'2026-W00','count':2},{'at_week':'2026-W01','count':1},"
                    + "{'at_week':'2027-W52','count':1}]"));
    assertThat(ask(byTime("month")))
        .isEqualTo(
            rows(
                "[{'at_month':null,'count':1},{'at_month':'2024-02','count':1},"
                    + "{'at_month':'2026-01','count':3},{'at_month':'2027-12','count':1}]"));
    assertThat(ask(byTime("year")))
        .isEqualTo(
            rows(
                "[{'at_year':null,'count':1},{'at_year':'2024','count':1},"
                    + "{'at_year':'2026','count':3},{'at_year':'2027','count':1}]"));
    // Byte by byte, "[" is greater than digits.
    assertThat(ask("{'groupBy': [{'field': 'at'}], 'having': {'at_day': {'$gt': '['}}}"))
        .isEqualTo("[]");
    assertThat(ask("{'groupBy': [{'field': 'at'}], 'having': {'at_day': {'$gt': '2027'}}}"))
        .isEqualTo(rows("[{'at_day':'2027-12-31'}]"));
  }

  private static String byTime(String bucket) {
    return "{'count': '*', 'groupBy': [{'field': 'at', 'bucket': '%s'}]}".formatted(bucket);
  }

  @Test
  void anInstantIsAKeyToo() {
    sale("a", "at", "2026-01-04T10:00:00.5Z");
    sale("b", "at", "2026-01-04T11:00:00.5+01:00");

    assertThat(ask("{'count': '*', 'groupBy': ['at'], 'max': ['at']}"))
        .isEqualTo(
            rows(
                "[{'at':'2026-01-04T10:00:00.500Z','count':2,'max_at':'2026-01-04T10:00:00.500Z'}]"));
  }

  @Test
  void wholeNumbersAreAddedExactlyOrRefused() {
    long big = Long.MAX_VALUE - 1;
    sale("way", "amount", big);
    sale("way", "amount", big);
    sale("way", "amount", -big);
    sale("far", "amount", big);
    sale("far", "amount", big);

    assertThat(ask("{'sum': ['amount'], 'where': {'shop': 'way'}}"))
        .isEqualTo("[{\"sum_amount\":%d}]".formatted(big));
    assertThat(ask("{'avg': ['amount'], 'where': {'shop': 'far'}}"))
        .isEqualTo("[{\"avg_amount\":%s}]".formatted(Json.text(0x1p63)));
    var refusal = refusal(() -> ask("{'sum': ['amount'], 'groupBy': ['shop']}"));
    assertThat(refusal.code()).isEqualTo(StoreError.RESULT_TOO_LARGE);
    assertThat(refusal.message()).isEqualTo("\"sum_amount\" is larger than a number can be");
    assertThat(refusal.details()).containsEntry("field", "sum_amount");
    assertThat(
            ask(
                "{'sum': ['amount'], 'groupBy': ['shop'],"
                    + " 'having': {'sum_amount': {'$lt': 9223372036854775807}}}"))
        .isEqualTo("[{\"shop\":\"way\",\"sum_amount\":%d}]".formatted(big));
  }

  @Test
  void fractionsAddUpToTheSameInAnyOrder() {
    var prices = new ArrayList<Double>();
    for (int n = 0; n < 50; n++) {
      Collections.addAll(prices, 0.1, 1e16, -1e16, 1.0 / 3);
    }
    for (String shop : List.of("one", "two", "three")) {
      Collections.shuffle(prices, new Random(shop.hashCode()));
      store.write(
          soon(),
          tx ->
              tx.insertMany(
                  "Sale",
                  prices.stream()
                      .map(price -> Map.<String, @Nullable Object>of("shop", shop, "price", price))
                      .toList()));
    }

    // 50 × 0.4333333333333333, and the double that is nearest.
    assertThat(ask("{'sum': ['price'], 'avg': ['price'], 'groupBy': ['shop']}"))
        .isEqualTo(
            rows(
                "[{'shop':'one','sum_price':21.666666666666664,'avg_price':0.10833333333333332},"
                    + "{'shop':'three','sum_price':21.666666666666664,"
                    + "'avg_price':0.10833333333333332},"
                    + "{'shop':'two','sum_price':21.666666666666664,"
                    + "'avg_price':0.10833333333333332}]"));
  }

  @Test
  void aSumOfFractionsThatIsNoNumberIsRefused() {
    sale("a", "price", 1e308);
    sale("a", "price", 1e308);

    assertThat(refusal(() -> ask("{'sum': ['price']}")).code())
        .isEqualTo(StoreError.RESULT_TOO_LARGE);
  }

  @Test
  void aTransactionCountsWhatItWrote() {
    sale("a", "amount", 1L);

    store.write(
        soon(),
        tx -> {
          tx.insert("Sale", Map.of("shop", "a", "amount", 2L));
          tx.insert("Sale", Map.of("shop", "b", "amount", 4L));

          assertThat(ask(tx, "{'sum': ['amount'], 'groupBy': ['shop']}"))
              .isEqualTo(rows("[{'shop':'a','sum_amount':3},{'shop':'b','sum_amount':4}]"));
          assertThat(ask("{'sum': ['amount']}")).isEqualTo(rows("[{'sum_amount':1}]"));
          return true;
        });

    assertThat(ask("{'sum': ['amount']}")).isEqualTo(rows("[{'sum_amount':7}]"));
  }

  @Test
  void onlyRowsThatMayBeSeenAreCounted() {
    sale("a", "amount", 1L);
    sale("b", "amount", 2L);
    Access access = FilteredAccess.of(Map.of("Sale", Map.of("shop", "a")));

    assertThat(ask(store.as(access), "{'count': '*', 'where': {'$or': [{}, {'shop': 'b'}]}}"))
        .isEqualTo(rows("[{'count':1}]"));
  }

  @Test
  void tooManyGroupsAreRefusedNotCut() {
    var sales = new ArrayList<Map<String, @Nullable Object>>();
    for (int n = 0; n <= ROWS_MAX; n++) {
      sales.add(Map.of("shop", "s" + n));
    }
    store.write(soon(), tx -> tx.insertMany("Sale", sales));

    assertThat(refusal(() -> ask("{'count': '*', 'groupBy': ['shop']}")).code())
        .isEqualTo(StoreError.RESULT_TOO_LARGE);
    assertThat(ask("{'count': '*', 'groupBy': ['shop'], 'limit': 1}"))
        .isEqualTo(rows("[{'shop':'s0','count':1}]"));
  }

  @Test
  void whatHasNoMeaningIsRefused() {
    List<String> wrong =
        List.of(
            "{}",
            "{'sum': []}",
            "{'count': 1}",
            "{'sum': [1, null]}",
            "{'sum': ['shop']}",
            "{'avg': ['at']}",
            "{'sum': ['note']}",
            "{'count': '*', 'where': 'x'}",
            "{'count': '*', 'where': []}",
            "{'count': '*', 'where': {'$limit': 1}}",
            "{'count': '*', 'having': 1}",
            "{'count': '*', 'having': {'$search': 'a'}}",
            "{'count': '*', 'orderBy': 1}",
            "{'groupBy': [{'bucket': 'day'}]}",
            "{'groupBy': [{'field': 'at', 'bucket': 'century'}]}",
            "{'groupBy': [{'field': 'at', 'bucket': 1}]}",
            "{'groupBy': [{'field': 'shop', 'bucket': 'day'}]}");
    List<String> unknown =
        List.of(
            "{'count': 'nope'}",
            "{'sum': ['nope']}",
            "{'groupBy': ['nope']}",
            "{'groupBy': [{'field': 'nope'}]}",
            "{'count': '*', 'where': {'nope': 1}}",
            "{'count': '*', 'having': {'shop': 'a'}}",
            "{'count': '*', 'orderBy': {'amount': 'asc'}}");

    assertThat(wrong)
        .allSatisfy(question ->
            assertThat(refusal(() -> ask(question)).code())
                .as(question)
                .isEqualTo(QueryError.INVALID_QUERY));
    assertThat(unknown)
        .allSatisfy(question ->
            assertThat(refusal(() -> ask(question)).code())
                .as(question)
                .isEqualTo(QueryError.INVALID_COLUMN));
    assertThat(refusal(() -> store.aggregate("Nope", Map.of("count", "*"))).code())
        .isEqualTo(StoreError.ENTITY_NOT_FOUND);
  }

  @Test
  void namesOfTheAnswerMustDiffer() {
    try (Store other = open(Manifests.of(entity("E", "count:int?", "a:int?", "sum_a:int?")), 10)) {
      assertThat(
              refusal(() -> other.aggregate("E", json("{'count': '*', 'groupBy': ['count']}")))
                  .code())
          .isEqualTo(QueryError.INVALID_QUERY);
      assertThat(other.aggregate("E", json("{'sum': ['a', 'a'], 'groupBy': ['count', 'count']}")))
          .containsEntry("rows", List.of());
    }
  }
}
