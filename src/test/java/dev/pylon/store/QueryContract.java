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
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What filters, orders and pages mean, on every database. */
abstract class QueryContract {
  private static final Manifest MANIFEST =
      Manifests.of(
          entity(
              "Item",
              "name:string",
              "count:int?",
              "weight:float?",
              "done:bool?",
              "due:datetime?",
              "body:richtext?"));

  private Store store;

  /** Opens an empty store whose answers have at most {@code rowsMax} rows. */
  abstract Store open(Manifest manifest, int rowsMax);

  @BeforeEach
  void openStore() {
    store = open(MANIFEST, 10_000);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void insert(String name, @Nullable Object... pairs) {
    Map<String, @Nullable Object> row = patch(pairs);
    row.put("name", name);
    store.write(soon(), tx -> tx.insert("Item", row));
  }

  /**
   * @param filter JSON with single quotes
   */
  private List<Object> names(String filter) {
    return names(Json.parseObject(filter.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  private List<Object> names(Map<String, @Nullable Object> filter) {
    return store.query("Item", filter).stream().map(row -> row.get("name")).toList();
  }

  @Test
  void notFindsWhatAFilterDoesNot() {
    insert("one", "count", 1L);
    insert("two", "count", 2L);
    insert("none");

    assertThat(names("{'$not': {'count': 1}}")).containsExactly("two", "none");
    assertThat(names("{'$not': {'count': {'$gt': 1}}}")).containsExactly("one", "none");
    assertThat(names("{'$not': {'$or': [{'count': 2}, {'name': 'none'}]}}")).containsExactly("one");
    assertThat(names("{'$not': {'$not': {'count': 1}}}")).containsExactly("one");
    assertThat(names("{'$not': {'name': {'$like': 'O'}}}")).isEmpty();
    assertThat(names("{'$not': {}}")).isEmpty();
  }

  @Test
  void notOnAColumnTurnsItsOperatorsRound() {
    insert("one", "count", 1L, "body", "x");
    insert("two", "count", 2L);
    insert("none");

    assertThat(names("{'count': {'$not': {'$gt': 1}}}")).containsExactly("one");
    assertThat(names("{'count': {'$not': {'$gt': 0, '$lt': 2}}}")).containsExactly("two");
    assertThat(names("{'count': {'$not': {'$in': [1, null]}}}")).containsExactly("two");
    assertThat(names("{'count': {'$not': {'$nin': [1]}}}")).containsExactly("one");
    assertThat(names("{'count': {'$not': {'$exists': true}}}")).containsExactly("none");
    assertThat(names("{'count': {'$not': {'$eq': null}}}")).containsExactly("one", "two");
    assertThat(names("{'count': {'$not': {'$not': 2}}}")).containsExactly("two");
    assertThat(names("{'body': {'$not': {'$like': 'y'}}}")).containsExactly("one");
    assertThat(names("{'body': {'$not': {'$startsWith': 'X'}}}")).isEmpty();
    assertThat(names("{'body': {'$not': {'$not': {'$contains': 'x'}}}}")).containsExactly("one");
  }

  @Test
  void wholeNumbersAreComparedToTheLastDigit() {
    long big = (1L << 53) + 1;
    insert("even", "count", big - 1);
    insert("odd", "count", big);
    insert("most", "count", Long.MAX_VALUE);
    insert("least", "count", Long.MIN_VALUE);

    assertThat(names(Map.of("count", big))).containsExactly("odd");
    assertThat(names(Map.of("count", Long.toString(big)))).containsExactly("odd");
    assertThat(names(Map.of("count", (double) (big - 1)))).containsExactly("even");
    assertThat(names("{'count': {'$gt': '9007199254740993.5'}}")).containsExactly("most");
    assertThat(names("{'count': {'$gt': 9007199254740992}}")).containsExactly("odd", "most");
    assertThat(names("{'count': {'$lt': 0.5}}")).containsExactly("least");
    assertThat(names("{'count': {'$lt': 9223372036854775808}}")).hasSize(4);
    assertThat(names("{'count': {'$gte': 9223372036854775808}}")).isEmpty();
    assertThat(names("{'count': {'$gte': 9223372036854775807}}")).containsExactly("most");
    assertThat(names("{'count': {'$gte': -1e300, '$lt': -9223372036854775807}}"))
        .containsExactly("least");
    assertThat(names("{'count': {'$in': [9007199254740993, 0.5, 1e300]}}")).containsExactly("odd");
    assertThat(names("{'count': {'$nin': [9007199254740993, 0.5, 1e300]}}")).hasSize(3);
    assertThat(names("{'$order': {'count': 'asc'}}"))
        .containsExactly("least", "even", "odd", "most");
  }

  @Test
  void fractionsAreComparedToTheLastDigit() {
    double big = 0x1p53;
    insert("big", "weight", big);
    insert("next", "weight", big + 2);
    insert("tenth", "weight", 0.1);
    insert("zero", "weight", -0.0);

    assertThat(names("{'weight': 9007199254740993}")).isEmpty();
    assertThat(names("{'weight': {'$gt': 9007199254740993}}")).containsExactly("next");
    assertThat(names("{'weight': {'$gte': 9007199254740993}}")).containsExactly("next");
    assertThat(names("{'weight': {'$lt': 9007199254740993}}")).doesNotContain("next").hasSize(3);
    assertThat(names("{'weight': {'$lte': 9007199254740993}}")).doesNotContain("next").hasSize(3);
    assertThat(names("{'weight': 0.1}")).containsExactly("tenth");
    assertThat(names("{'weight': 0}")).containsExactly("zero");
    assertThat(names("{'weight': {'$lt': '1e999'}}")).hasSize(4);
    assertThat(store.lookup("Item", "name", "zero").orElseThrow()).containsEntry("weight", 0.0);
  }

  @Test
  void textIsSortedAndComparedByteByByte() {
    List<String> sorted = List.of("", " ", "A", "Z", "_", "a", "aa", "z", "é", "\uffee", "😀");
    var shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(7));
    shuffled.forEach(this::insert);

    assertThat(names("{'$order': {'name': 'asc'}}")).isEqualTo(sorted);
    assertThat(names("{'$order': {'name': 'desc'}}")).isEqualTo(sorted.reversed());
    assertThat(names("{'name': {'$gt': 'Z', '$lte': 'é'}, '$order': {'name': 'asc'}}"))
        .containsExactly("_", "a", "aa", "z", "é");
    assertThat(names("{'name': {'$gt': '\uffee'}}")).containsExactly("😀");
    assertThat(names("{'name': 'É'}")).isEmpty();
    assertThat(names("{'name': {'$like': 'É'}}")).isEmpty();
    assertThat(names("{'name': {'$like': 'AA'}}")).containsExactly("aa");
  }

  @Test
  void nullsComeFirstAndLastWhereTheOrderDescends() {
    insert("two", "count", 2L, "body", "b", "done", true, "due", "2026-01-02T00:00:00Z");
    insert("none");
    insert("one", "count", 1L, "body", "a", "done", false, "due", "2026-01-01T00:00:00Z");

    for (String column : List.of("count", "body", "done", "due")) {
      assertThat(names(Map.of("$order", Map.of(column, "asc"))))
          .containsExactly("none", "one", "two");
      assertThat(names(Map.of("$order", Map.of(column, "desc"))))
          .containsExactly("two", "one", "none");
    }
  }

  @Test
  void orderIsTheAuthorsAndTiesGoById() {
    insert("b", "count", 1L, "weight", 1.0);
    insert("a", "count", 1L, "weight", 2.0);
    insert("c", "count", 2L, "weight", 1.0);

    assertThat(names("{'$order': {'weight': 'asc', 'count': 'desc'}}"))
        .containsExactly("c", "b", "a");
    assertThat(names("{'$order': [['count', 'desc'], ['weight', 'desc']]}"))
        .containsExactly("c", "a", "b");
    assertThat(names("{'$order': ['count']}")).containsExactly("b", "a", "c");
    assertThat(names("{'$order': [['count'], ['count', 'desc'], ['name']]}"))
        .containsExactly("a", "b", "c");
    assertThat(names("{'$order': {'id': 'desc', 'count': 'asc'}}")).containsExactly("c", "a", "b");
    assertThat(names("{'$order': null}")).containsExactly("b", "a", "c");
  }

  @Test
  void momentsAreTheSameHoweverTheyAreWritten() {
    insert("first", "due", "2026-01-31T00:00:00Z");
    insert("later", "due", "2026-01-31T12:30:00.250+01:00");

    assertThat(names("{'due': '2026-01-31'}")).containsExactly("first");
    assertThat(names("{'due': '2026-01-31T00:00'}")).containsExactly("first");
    assertThat(names("{'due': {'$in': ['2026-01-30T19:00-05:00']}}")).containsExactly("first");
    assertThat(names("{'due': {'$nin': ['2026-01-31']}}")).containsExactly("later");
    assertThat(names("{'due': {'$not': '2026-01-31'}}")).containsExactly("later");
    assertThat(names("{'due': {'$gt': '2026-01-31'}}")).containsExactly("later");
    assertThat(names("{'due': {'$gte': '2026-01-31', '$lt': '2026-02-01'}}")).hasSize(2);
    assertThat(names("{'due': {'$lte': '2026-01-31'}}")).containsExactly("first");
    assertThat(names("{'due': {'$lt': '2026-01-31'}}")).isEmpty();
    assertThat(names("{'due': '2026-01-31T11:30:00.250Z'}")).containsExactly("later");
    assertThat(names("{'due': '2026-01-31T11:30:00.250'}")).containsExactly("later");
    assertThat(names("{'due': {'$like': '31t11'}}")).containsExactly("later");
    assertThat(names("{'due': {'$startsWith': '2026-01-31T00'}}")).containsExactly("first");
  }

  @Test
  void aMomentWrittenWithoutAnOffsetIsInUtc() {
    insert("day", "due", "2026-01-31");
    insert("minute", "due", "2026-01-31T12:00");
    insert("second", "due", "2026-01-31T12:00:00");

    assertThat(names("{'due': '2026-01-31T00:00:00.000Z'}")).containsExactly("day");
    assertThat(names("{'due': '2026-01-31T12:00:00Z'}")).containsExactly("minute", "second");
    assertThat(names("{'due': {'$gt': '2026-01-31T00:00:00Z'}}"))
        .containsExactly("minute", "second");
    assertThat(names("{'due': {'$lt': '2026-01-31T12:00:00Z'}}")).containsExactly("day");
    assertThat(names("{'due': {'$gte': '2026-01-31T12:00:00Z'}}"))
        .containsExactly("minute", "second");
    assertThat(names("{'due': {'$ne': '2026-01-31T12:00:00Z'}}")).containsExactly("day");
  }

  @Test
  void searchWithoutAnIndexLooksForEveryWordInAnyText() {
    insert("red apple", "body", "grows on trees");
    insert("green apple");
    insert("red car", "body", "100% steel");

    assertThat(names("{'$search': 'apple'}")).containsExactly("red apple", "green apple");
    assertThat(names("{'$search': ' TREE  red '}")).containsExactly("red apple");
    assertThat(names("{'$search': 'red', 'body': {'$exists': true}, '$limit': 1}"))
        .containsExactly("red apple");
    assertThat(names("{'$search': '0%'}")).containsExactly("red car");
    assertThat(names("{'$or': [{'$search': 'green'}, {'name': 'red car'}]}"))
        .containsExactly("green apple", "red car");
    assertThat(names("{'$search': '  '}")).hasSize(3);
    assertThat(names(Map.of("$search", "apple\" OR 1=1 --"))).isEmpty();
  }

  @Test
  void aFilterMayNameManyValuesAndNotTooMany() {
    insert("a", "count", 4_999L);
    insert("b", "count", 10_000L);
    List<Long> many = LongStream.range(0, 5_000).boxed().toList();
    List<Map<String, Object>> branches =
        LongStream.range(0, 2_500)
            .mapToObj(n -> Map.<String, Object>of("count", n * 2 + 1))
            .toList();

    assertThat(names(Map.of("count", Map.of("$in", many)))).containsExactly("a");
    assertThat(names(Map.of("count", Map.of("$nin", many)))).containsExactly("b");
    assertThat(names(Map.of("$or", branches))).containsExactly("a");
    assertThat(names(Map.of("$not", Map.of("$or", branches)))).containsExactly("b");
    for (Map<String, @Nullable Object> tooMany :
        List.<Map<String, @Nullable Object>>of(
            Map.of("count", Map.of("$in", Collections.nCopies(10_001, 1L))),
            Map.of("$or", Collections.nCopies(10_001, Map.of())),
            Map.of("$and", Collections.nCopies(10_001, patch("count", null))),
            Map.of("name", "x".repeat(10_001), "$search", "x".repeat(10_001)),
            nested(25))) {
      assertThat(refusal(() -> names(tooMany)).code()).isEqualTo(QueryError.INVALID_QUERY);
    }
  }

  private static Map<String, @Nullable Object> nested(int levels) {
    return levels == 0 ? patch("count", 1L) : patch("$not", nested(levels - 1));
  }

  @Test
  void limitsAndOffsetsOutOfRangeAreNoError() {
    IntStream.range(0, 5).forEach(n -> insert("i" + n));

    assertThat(names(Map.of("$limit", 0L))).isEmpty();
    assertThat(names(Map.of("$limit", Long.MAX_VALUE))).hasSize(5);
    assertThat(names(Map.of("$limit", Long.MAX_VALUE, "$offset", 4L))).containsExactly("i4");
    assertThat(names(Map.of("$offset", Long.MAX_VALUE))).isEmpty();
    assertThat(names(Map.of("$offset", 3L))).containsExactly("i3", "i4");
    assertThat(names(patch("$limit", -1L, "$offset", "2"))).hasSize(5);
    assertThat(names(patch("$limit", 2.0, "$offset", null))).hasSize(2);
  }

  @Test
  void whatHasNoMeaningIsRefused() {
    for (String filter :
        List.of(
            "{'$not': []}",
            "{'$not': null}",
            "{'count': {'$not': {}}}",
            "{'count': {'$not': {'$near': 1}}}",
            "{'count': {'$ne': {'$gt': 1}}}",
            "{'count': {'$in': [{}]}}",
            "{'count': '1e99999999999'}",
            "{'count': 'NaN'}",
            "{'weight': 'Infinity'}",
            "{'due': '0000-01-01'}",
            "{'due': '12026-01-01T00:00:00Z'}",
            "{'$search': 1}",
            "{'$search': {'a': 1}}",
            "{'$nor': []}",
            "{'$order': [1]}",
            "{'$order': [['name', 'asc', 'x']]}")) {
      assertThat(refusal(() -> names(filter)).code())
          .as(filter)
          .isEqualTo(QueryError.INVALID_QUERY);
    }
  }

  @Test
  void pagesLeadToEveryRowOnce() {
    store.write(
        soon(), tx -> tx.insertMany("Item", Collections.nCopies(2_503, Map.of("name", "x"))));
    List<Object> expected = Stores.column(store.list("Item"), "id");

    for (int size : List.of(1_000, 500, 2_503, 7)) {
      var seen = new ArrayList<Object>();
      Page page = store.paginate("Item", null, size);
      seen.addAll(Stores.column(page.rows(), "id"));
      while (page.nextCursor() != null) {
        page = store.paginate("Item", page.nextCursor(), size);
        seen.addAll(Stores.column(page.rows(), "id"));
      }
      assertThat(seen).isEqualTo(expected);
    }
    assertThat(store.paginate("Item", null, 0).rows()).hasSize(1);
    assertThat(store.paginate("Item", null, 99_999).rows()).hasSize(1_000);
    assertThat(store.paginate("Item", "zzz", 5).rows()).isEmpty();
    assertThat(store.paginate("Item", "", 5).rows()).hasSize(5);
  }
}
