package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.StoreContract.refusal;
import static dev.pylon.store.StoreContract.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import dev.pylon.store.query.QueryError;
import dev.pylon.store.search.SearchIndexes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What search keeps on every database. Each engine's own test extends this. */
abstract class SearchContract {
  private static final Map<String, Object> SHOE =
      entity(
          "Shoe",
          "name:string",
          "about:richtext?",
          "brand:string?",
          "size:int?",
          "price:float?",
          "inStock:bool?",
          "since:datetime?",
          "rank:string?",
          "rowid:int?");

  private static final Map<String, Object> SEARCH =
      Map.of(
          "text", List.of("name", "about"),
          "facets", List.of("brand", "size", "price", "inStock", "since", "rank", "rowid"),
          "sortable", List.of("price", "name", "brand"),
          "language", "english'; DROP TABLE \"Shoe\"");

  private static final Manifest MANIFEST =
      Manifests.of(with(SHOE, "search", SEARCH), entity("Note", "title:string", "body:richtext?"));

  private static final Manifest UNSEARCHED = Manifests.of(SHOE);

  @TempDir Path folder;
  Store store;

  /** Opens the store in {@code folder}, which may hold one already. */
  abstract Store open(Path folder, Manifest manifest);

  @BeforeEach
  void openStore() {
    store = open(folder, MANIFEST);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void reopen(Manifest manifest) {
    store.close();
    store = open(folder, manifest);
  }

  private String shoe(Map<String, @Nullable Object> row) {
    return store.write(soon(), tx -> tx.insert("Shoe", row));
  }

  private String shoe(String name) {
    return shoe(Map.of("name", name));
  }

  private Map<String, @Nullable Object> search(String body) {
    return store.search("Shoe", object(body));
  }

  private static Map<String, @Nullable Object> object(String json) {
    return Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> find(String words) {
    return names(store.search("Shoe", Map.of("query", words)));
  }

  private static List<String> names(Map<String, @Nullable Object> answer) {
    return hits(answer).stream().map(row -> String.valueOf(row.get("name"))).toList();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, @Nullable Object>> hits(Map<String, @Nullable Object> answer) {
    return (List<Map<String, @Nullable Object>>) answer.get("hits");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Map<String, Long>> counts(Map<String, @Nullable Object> answer) {
    return (Map<String, Map<String, Long>>) answer.get("facetCounts");
  }

  // ---- words ----

  @Test
  void everyWordMustBeThereInWhicheverField() {
    shoe(Map.of("name", "Red boot", "about", "for the winter"));
    shoe("Red sandal");

    assertThat(find("red winter")).containsExactly("Red boot");
    assertThat(find("red")).containsExactlyInAnyOrder("Red boot", "Red sandal");
    assertThat(find("red winter sandal")).isEmpty();
  }

  @Test
  void theLastWordMayBeABeginning() {
    shoe("Red boot");

    assertThat(find("red bo")).containsExactly("Red boot");
    assertThat(find("re boot")).isEmpty();
  }

  @Test
  void caseAccentsAndOtherFormsOfALetterDoNotMatter() {
    shoe("Ärger im CAFÉ");
    shoe("ﬁne shoe");
    shoe("ΟΔΥΣΣΕΥΣ");
    shoe("cafe\u0301 noir");

    assertThat(find("arger cafe")).containsExactly("Ärger im CAFÉ");
    assertThat(find("fine")).containsExactly("ﬁne shoe");
    assertThat(find("οδυσσευς")).containsExactly("ΟΔΥΣΣΕΥΣ");
    assertThat(find("Café")).containsExactlyInAnyOrder("Ärger im CAFÉ", "cafe\u0301 noir");
  }

  @Test
  void scriptsWithoutSpacesAreFoundByTheirLetters() {
    shoe("東京都の靴");

    assertThat(find("京都")).containsExactly("東京都の靴");
    assertThat(find("靴")).containsExactly("東京都の靴");
    assertThat(find("大阪")).isEmpty();
  }

  @Test
  void wordsAreNotStemmedAndNoneIsTooCommon() {
    shoe("The running shoe");

    assertThat(find("the")).containsExactly("The running shoe");
    assertThat(find("ran ")).isEmpty();
    assertThat(find("run")).containsExactly("The running shoe");
  }

  @Test
  void numbersPunctuationAndLettersOutsideOfTheBasicPlaneAreWordsOrNot() {
    shoe("AC/DC no. 7,5");
    shoe("𝒜lpha 𐐀𐐁");

    assertThat(find("ac dc")).containsExactly("AC/DC no. 7,5");
    assertThat(find("7")).containsExactly("AC/DC no. 7,5");
    assertThat(find("alpha")).containsExactly("𝒜lpha 𐐀𐐁");
    assertThat(find("𐐨𐐩")).containsExactly("𝒜lpha 𐐀𐐁");
  }

  @Test
  void longWordsAreTheSameWhenTheyBeginTheSame() {
    shoe("x".repeat(70) + "y");

    assertThat(find("x".repeat(70) + "z")).hasSize(1);
    assertThat(find("x".repeat(63))).hasSize(1);
    assertThat(find("x".repeat(63) + "y")).isEmpty();
  }

  @Test
  void aVeryLongTextIsFoundByWhatItBeginsWith() {
    var text = new StringBuilder("first ");
    IntStream.range(0, 60_000).forEach(i -> text.append("wörd").append(i).append('東').append(' '));
    shoe(Map.of("name", "long", "about", text + "last"));

    assertThat(find("first")).containsExactly("long");
    assertThat(find("word100")).containsExactly("long");
    assertThat(find("last")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"",
        "'",
        "\"red",
        "'red'",
        "red\"",
        "red AND",
        "OR",
        "NOT red",
        "NEAR(red",
        "re*",
        "*",
        "^red",
        "red:boot",
        "name:red",
        "{name}:red",
        "red - boot",
        "-red",
        "(red",
        "red)",
        "\\",
        "\\'",
        "red\\",
        "red & boot",
        "red | boot",
        "!red",
        "red:*",
        "<->",
        "%",
        "_",
        "; DROP TABLE x",
        "²red",
        "\uD83D",
        "🎉",
        "$1",
        "?",
        "red\r\nboot",
        "--",
        "/*"
      })
  void whateverStandsInATextIsWordsToLookFor(String text) {
    shoe("Red boot");
    shoe("near and not or");

    assertThat(find(text)).isSubsetOf("Red boot", "near and not or");
    assertThat(store.query("Shoe", Map.of("$search", text))).hasSameSizeAs(find(text));
  }

  @Test
  void whatNoTextCanHoldPartsWords() {
    shoe("Red boot");

    assertThat(find("red\u0000boot")).hasSize(1);
    assertThat(find("\u0000")).hasSize(1);
  }

  @Test
  void aTextWithoutWordsFindsAll() {
    shoe("a");
    shoe("b");

    assertThat(find(" \t")).containsExactly("a", "b");
    assertThat(find("—*(")).containsExactly("a", "b");
  }

  @Test
  void moreWordsThanAStatementTakesAreRefused() {
    String words = String.join(" ", IntStream.range(0, 33).mapToObj(i -> "w" + i).toList());
    shoe(words);

    assertThat(find(words.substring(0, words.lastIndexOf(' ')))).hasSize(1);
    assertThat(refusal(() -> find(words)).code()).isEqualTo(QueryError.INVALID_QUERY);
  }

  // ---- order ----

  @Test
  void theBestComeFirst() {
    shoe(Map.of("name", "long", "about", "red " + "other ".repeat(60)));
    shoe(Map.of("name", "beginning", "about", "redwood"));
    shoe(Map.of("name", "once", "about", "red"));
    shoe(Map.of("name", "twice", "about", "red red"));
    shoe(Map.of("name", "often", "about", "red red red red red"));

    assertThat(find("red")).containsExactly("often", "twice", "once", "beginning", "long");
  }

  @Test
  void equallyGoodOnesComeInTheOrderOfTheirIds() {
    List<String> names = IntStream.range(0, 50).mapToObj(i -> "red " + i).toList();
    insertAll(
        names.stream().<Map<String, @Nullable Object>>map(name -> Map.of("name", name)).toList());

    assertThat(names(store.search("Shoe", Map.of("query", "red", "page_size", 100))))
        .isEqualTo(names);
  }

  private void insertAll(List<Map<String, @Nullable Object>> rows) {
    store.write(soon(), tx -> tx.insertMany("Shoe", rows));
  }

  @Test
  void aSortIsOfTheWholeResultWithIdsLast() {
    insertAll(
        IntStream.range(0, 30)
            .<Map<String, @Nullable Object>>mapToObj(
                i -> Map.of("name", "s" + i, "price", i * 7 % 10))
            .toList());

    var seen = new ArrayList<String>();
    for (int page = 0; page < 4; page++) {
      seen.addAll(
          names(
              store.search(
                  "Shoe", Map.of("sort", List.of("price", "DESC"), "page", page, "pageSize", 9))));
    }

    List<String> expected =
        IntStream.range(0, 30)
            .boxed()
            .sorted((a, b) -> a * 7 % 10 == b * 7 % 10 ? a - b : b * 7 % 10 - a * 7 % 10)
            .map(i -> "s" + i)
            .toList();
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void textIsSortedByteByByteAndNullIsLeast() {
    for (String brand : new String[] {"b", null, "Z", "ä", "a", "_", "\uFFE5", "𝒜"}) {
      shoe(object("{\"name\": \"%s\"}".formatted(brand), "brand", brand));
    }
    assertThat(counts(search("{}")).get("brand").keySet())
        .containsExactly("Z", "_", "a", "b", "ä", "\uFFE5", "𝒜");

    assertThat(names(search("{\"sort\": [\"brand\", \"asc\"]}")))
        .containsExactly("null", "Z", "_", "a", "b", "ä", "\uFFE5", "𝒜");
    assertThat(names(search("{\"sort\": [\"brand\", \"desc\"], \"query\": \"\"}")))
        .containsExactly("𝒜", "\uFFE5", "ä", "b", "a", "_", "Z", "null");
  }

  private static Map<String, @Nullable Object> object(
      String json, String field, @Nullable Object value) {
    var object = new LinkedHashMap<>(object(json));
    object.put(field, value);
    return object;
  }

  @Test
  void aSortByWhatIsNotSortableIsPassedOver() {
    shoe(Map.of("name", "a", "size", 2));
    shoe(Map.of("name", "b", "size", 1));

    assertThat(names(search("{\"sort\": [\"size\", \"asc\"]}"))).containsExactly("a", "b");
    assertThat(names(search("{\"sort\": [\"nothing\", \"asc\"]}"))).containsExactly("a", "b");
  }

  @Test
  void pagesFollowEachOtherWithoutGapsOrRepeats() {
    insertAll(
        IntStream.range(0, 25)
            .<Map<String, @Nullable Object>>mapToObj(i -> Map.of("name", "shoe " + i))
            .toList());

    var seen = new ArrayList<String>();
    var sizes = new ArrayList<Integer>();
    for (int page = 0; page < 4; page++) {
      List<String> names =
          names(store.search("Shoe", Map.of("query", "shoe", "page", page, "page_size", 10)));
      sizes.add(names.size());
      seen.addAll(names);
    }

    assertThat(sizes).containsExactly(10, 10, 5, 0);
    assertThat(new HashSet<>(seen)).hasSize(25);
    assertThat(hits(search("{}"))).hasSize(20);
    assertThat(search("{\"page_size\": 0}")).extractingByKey("total").isEqualTo(25L);
    assertThat(hits(search("{\"page_size\": 1000}"))).hasSize(25);
    assertThat(hits(search("{\"pageSize\": 3}"))).hasSize(3);
    assertThat(hits(search("{\"page\": 9007199254740991, \"page_size\": 100}"))).isEmpty();
  }

  // ---- answers ----

  @Test
  void anAnswerHasRowsCountsATotalAndATime() {
    String id = shoe(Map.of("name", "boot", "size", 42, "inStock", true, "price", 9.5));

    Map<String, @Nullable Object> answer = search("{}");

    assertThat(answer).containsOnlyKeys("hits", "facetCounts", "total", "tookMs");
    assertThat(hits(answer)).containsExactly(store.get("Shoe", id).orElseThrow());
    assertThat(answer).contains(entry("total", 1L));
    assertThat((Long) answer.get("tookMs")).isBetween(0L, 10_000L);
  }

  @Test
  void whatIsNoSearchIsRefused() {
    assertThat(refusal(() -> store.search("Ghost", Map.of())).code())
        .isEqualTo(StoreError.ENTITY_NOT_FOUND);
    assertThat(refusal(() -> store.search("Note", Map.of())))
        .hasMessage("Entity Note has no `search:` config")
        .extracting(PylonException::code)
        .isEqualTo(StoreError.SEARCH_NOT_CONFIGURED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"query\": 1}",
        "{\"query\": [\"a\"]}",
        "{\"filters\": []}",
        "{\"filters\": {\"size\": {\"$near\": 1}}}",
        "{\"facets\": \"brand\"}",
        "{\"facets\": [1]}",
        "{\"sort\": \"price\"}",
        "{\"sort\": [\"price\"]}",
        "{\"sort\": [\"price\", 1]}",
        "{\"page\": -1}",
        "{\"page\": 1.5}",
        "{\"page_size\": \"20\"}"
      })
  void aRequestOfAnotherFormIsRefused(String body) {
    assertThat(refusal(() -> search(body)).code()).isEqualTo(QueryError.INVALID_QUERY);
  }

  // ---- facets ----

  private void someShoes() {
    insertAll(
        List.of(
            object(
                "{\"name\":\"a\",\"brand\":\"acme\",\"size\":40,\"price\":10,\"inStock\":true,\"rank\":\"x\"}"),
            object(
                "{\"name\":\"b\",\"brand\":\"acme\",\"size\":41,\"price\":10.5,\"inStock\":false,\"rowid\":7}"),
            object(
                "{\"name\":\"c\",\"brand\":\"zeta\",\"size\":40,\"price\":1e21,\"inStock\":true}"),
            object("{\"name\":\"d\",\"size\":42,\"since\":\"2026-01-01T00:00:00Z\"}")));
  }

  @Test
  void countsAreByValueAndNullIsNone() {
    someShoes();

    Map<String, Map<String, Long>> counts = counts(search("{}"));

    assertThat(counts.keySet())
        .containsExactly("brand", "size", "price", "inStock", "since", "rank", "rowid");
    assertThat(counts.get("brand")).containsExactly(entry("acme", 2L), entry("zeta", 1L));
    assertThat(counts.get("size"))
        .containsExactly(entry("40", 2L), entry("41", 1L), entry("42", 1L));
    assertThat(counts.get("price"))
        .containsExactly(entry("10", 1L), entry("10.5", 1L), entry("1000000000000000000000", 1L));
    assertThat(counts.get("inStock")).containsExactly(entry("true", 2L), entry("false", 1L));
    assertThat(counts.get("since")).containsExactly(entry("2026-01-01T00:00:00.000Z", 1L));
    assertThat(counts.get("rank")).containsExactly(entry("x", 1L));
    assertThat(counts.get("rowid")).containsExactly(entry("7", 1L));
  }

  @Test
  void aFilterNarrowsHitsTotalAndAllCountsButItsOwn() {
    someShoes();

    Map<String, @Nullable Object> answer = search("{\"filters\": {\"brand\": \"acme\"}}");

    assertThat(names(answer)).containsExactly("a", "b");
    assertThat(answer).contains(entry("total", 2L));
    assertThat(counts(answer).get("brand")).containsExactly(entry("acme", 2L), entry("zeta", 1L));
    assertThat(counts(answer).get("size")).containsExactly(entry("40", 1L), entry("41", 1L));
    assertThat(counts(answer)).doesNotContainKey("since");
  }

  @Test
  void filtersAreValuesOrListsOrRanges() {
    someShoes();

    assertThat(filtered("{\"size\": [40, \"42\", null]}")).containsExactly("a", "c", "d");
    assertThat(filtered("{\"size\": 40, \"inStock\": true}")).containsExactly("a", "c");
    assertThat(filtered("{\"size\": \"40\", \"inStock\": \"true\"}")).containsExactly("a", "c");
    assertThat(filtered("{\"inStock\": 0}")).containsExactly("b");
    assertThat(filtered("{\"price\": {\"$gte\": 10, \"$lt\": 11}}")).containsExactly("a", "b");
    assertThat(filtered("{\"since\": {\"$gt\": \"2025-12-31\"}}")).containsExactly("d");
    assertThat(filtered("{\"since\": \"2026-01-01\"}")).containsExactly("d");
    assertThat(filtered("{\"brand\": null}")).isEmpty();
    assertThat(filtered("{\"brand\": []}")).isEmpty();
    assertThat(filtered("{\"brand\": \"ACME\"}")).isEmpty();
    assertThat(filtered("{\"name\": \"a\", \"nothing\": 1}")).hasSize(4);
  }

  private List<String> filtered(String filters) {
    return names(search("{\"filters\": " + filters + "}"));
  }

  @Test
  void onlyTheFacetsAskedForAreCounted() {
    someShoes();

    assertThat(counts(search("{\"facets\": [\"size\", \"nothing\"]}"))).containsOnlyKeys("size");
  }

  @Test
  void theHundredValuesMostRowsHaveAreCounted() {
    insertAll(
        IntStream.range(0, 300)
            .<Map<String, @Nullable Object>>mapToObj(
                i -> Map.of("name", "n", "brand", "b%03d".formatted(i < 250 ? i / 2 : 240)))
            .toList());

    Map<String, Long> counts = counts(search("{}")).get("brand");

    assertThat(counts).hasSize(100).containsEntry("b240", 50L);
    assertThat(List.copyOf(counts.keySet()).subList(0, 3)).containsExactly("b240", "b000", "b001");
    assertThat(counts).containsKey("b098").doesNotContainKey("b099");
  }

  @Test
  void countsAreOfTheRowsTheWordsFind() {
    shoe(Map.of("name", "red boot", "brand", "acme"));
    shoe(Map.of("name", "blue boot", "brand", "zeta"));

    Map<String, @Nullable Object> answer = search("{\"query\": \"red\"}");

    assertThat(counts(answer).get("brand")).containsExactly(entry("acme", 1L));
    assertThat(answer).contains(entry("total", 1L));
  }

  @Test
  void whatACallerMayNotSeeIsNeitherFoundNorCounted() {
    someShoes();
    Access access =
        FilteredAccess.of(Map.of("Shoe", Map.of("size", Map.of("$lt", 42), "$search", "c")));

    Map<String, @Nullable Object> answer = store.as(access).search("Shoe", Map.of());

    assertThat(names(answer)).containsExactly("c");
    assertThat(answer).contains(entry("total", 1L));
    assertThat(counts(answer).get("size")).containsExactly(entry("40", 1L));
    assertThat(names(store.as(access).search("Shoe", Map.of("query", "c")))).containsExactly("c");
    assertThat(names(store.as(access).search("Shoe", Map.of("query", "a")))).isEmpty();
  }

  @Test
  void noRowIsFoundOrCountedByAFieldThatClientsDoNotSee() {
    reopen(
        Manifests.of(
            with(
                entity("User", "name:string", "passwordHash:string?"),
                "search",
                Map.of(
                    "text", List.of("name", "passwordHash"),
                    "facets", List.of("name", "passwordHash")))));
    store.write(soon(), tx -> tx.insert("User", Map.of("name", "ann", "passwordHash", "secret")));
    Access client =
        new Access() {
          @Override
          public boolean seesHiddenFields() {
            return false;
          }
        };

    Map<String, @Nullable Object> answer = store.as(client).search("User", Map.of("query", "ann"));
    assertThat(hits(answer)).singleElement().isEqualTo(Map.of("id", idOf(answer), "name", "ann"));
    assertThat(counts(answer)).containsOnlyKeys("name");
    assertThat(store.as(client).search("User", Map.of("query", "sec"))).containsEntry("total", 0L);
    assertThat(store.as(client).query("User", Map.of("$search", "sec"))).isEmpty();
    assertThat(hits(store.search("User", Map.of("query", "ann"))).getFirst())
        .containsEntry("passwordHash", "secret");
  }

  private static Object idOf(Map<String, @Nullable Object> answer) {
    return Objects.requireNonNull(hits(answer).getFirst().get("id"));
  }

  // ---- following the rows ----

  @Test
  void theIndexFollowsEveryWrite() {
    String id = shoe(Map.of("name", "red boot", "brand", "acme", "inStock", true, "price", 4));

    store.write(soon(), tx -> tx.update("Shoe", id, Map.of("inStock", false, "price", 5.0)));
    assertThat(counts(search("{\"query\": \"boot\"}")).get("inStock"))
        .containsExactly(entry("false", 1L));
    assertThat(counts(search("{}")).get("price")).containsExactly(entry("5", 1L));

    store.write(soon(), tx -> tx.update("Shoe", id, Map.of("name", "blue boot")));
    assertThat(find("red")).isEmpty();
    assertThat(find("blue")).containsExactly("blue boot");
    assertThat(counts(search("{}")).get("brand")).containsExactly(entry("acme", 1L));

    store.write(soon(), tx -> tx.delete("Shoe", id));
    assertThat(find("blue")).isEmpty();
    assertThat(counts(search("{}"))).isEmpty();
    assertThat(store.query("Shoe", Map.of("$search", "blue"))).isEmpty();
  }

  @Test
  void valuesThatNoRowHasAnyMoreTakeNoRoom() {
    String id = shoe(Map.of("name", "boot", "price", 1));
    shoe(Map.of("name", "sandal", "price", 1));
    for (int price = 1; price <= 20; price++) {
      double next = price / 2.0;
      store.write(soon(), tx -> tx.update("Shoe", id, Map.of("price", next, "name", "n" + next)));
    }
    assertThat(kinds()).isEqualTo(2);

    store.write(soon(), tx -> tx.update("Shoe", id, Map.of("price", 1)));
    assertThat(kinds()).isEqualTo(1);

    store.write(soon(), tx -> tx.delete("Shoe", id));
    assertThat(kinds()).isEqualTo(1);
    assertThat(counts(search("{}")).get("price")).containsExactly(entry("1", 1L));
  }

  private long kinds() {
    return store.own(session ->
        session
            .one(Sql.of("SELECT count(*) FROM \"_fts_Shoe.kinds\""), row -> row.integer(0))
            .orElseThrow());
  }

  @Test
  void aTransactionFindsWhatItWroteAndNobodyWhatWasUndone() {
    shoe("red boot");

    assertThatThrownBy(() ->
            store.write(
                soon(),
                tx -> {
                  tx.insert("Shoe", Map.of("name", "red sandal", "brand", "acme"));
                  Map<String, @Nullable Object> answer = tx.search("Shoe", Map.of("query", "red"));
                  assertThat(names(answer)).containsExactly("red boot", "red sandal");
                  assertThat(counts(answer).get("brand")).containsExactly(entry("acme", 1L));
                  assertThat(tx.query("Shoe", Map.of("$search", "sandal"))).hasSize(1);
                  throw new IllegalStateException("changed my mind");
                }))
        .hasMessage("changed my mind");

    assertThat(find("red")).containsExactly("red boot");
    assertThat(counts(search("{}"))).isEmpty();
  }

  @Test
  void aRefusedWriteLeavesTheIndexAsItWas() {
    store.write(
        soon(),
        tx -> {
          List<Map<String, @Nullable Object>> rows =
              List.of(Map.of("name", "red"), Map.of("name", "red", "size", "large"));
          assertThat(refusal(() -> tx.insertMany("Shoe", rows)).code())
              .isEqualTo(StoreError.INVALID_DATA);
          assertThat(names(tx.search("Shoe", Map.of("query", "red")))).isEmpty();
          return tx.insert("Shoe", Map.of("name", "red boot"));
        });

    assertThat(find("red")).containsExactly("red boot");
  }

  // ---- $search ----

  @Test
  void filtersSearchTooAndGoTogetherWithAllElse() {
    someShoes();
    shoe(Map.of("name", "a boot", "size", 40));

    assertThat(store.query("Shoe", object("{\"$search\": \"a\", \"name\": {\"$like\": \"boot\"}}")))
        .hasSize(1);
    assertThat(store.query("Shoe", object("{\"$or\": [{\"$search\": \"boo\"}, {\"size\": 42}]}")))
        .hasSize(2);
    assertThat(store.query("Shoe", object("{\"$search\": \"  \"}"))).hasSize(5);
  }

  @Test
  void filtersGiveTheBestFirstUnlessTheyHaveAnOrder() {
    shoe(Map.of("name", "beginning", "about", "redwood", "size", 1));
    shoe(Map.of("name", "once", "about", "red", "size", 2));
    shoe(Map.of("name", "often", "about", "red red red red", "size", 3));

    assertThat(names("{\"$search\": \"red\"}")).containsExactly("often", "once", "beginning");
    assertThat(names("{\"$search\": \"red\", \"size\": {\"$lt\": 3}, \"$limit\": 1}"))
        .containsExactly("once");
    assertThat(names("{\"$search\": \"red\", \"$order\": {\"size\": \"asc\"}}"))
        .containsExactly("beginning", "once", "often");
    assertThat(names("{\"$and\": [{\"$search\": \"red\"}]}"))
        .containsExactly("beginning", "once", "often");
    var each = new ArrayList<String>();
    store.each("Shoe", Map.of("$search", "red"), row -> each.add(String.valueOf(row.get("name"))));
    assertThat(each).containsExactly("beginning", "once", "often");
  }

  private List<String> names(String filter) {
    return store.query("Shoe", object(filter)).stream()
        .map(row -> String.valueOf(row.get("name")))
        .toList();
  }

  // ---- being made ----

  @Test
  void rowsFromBeforeTheIndexAreFound() {
    reopen(UNSEARCHED);
    insertAll(
        IntStream.range(0, 10_000)
            .<Map<String, @Nullable Object>>mapToObj(
                i -> Map.of("name", "shoe n" + i, "size", i % 3))
            .toList());

    reopen(MANIFEST);

    assertThat(find("n9999")).containsExactly("shoe n9999");
    Map<String, @Nullable Object> answer = search("{\"query\": \"shoe\"}");
    assertThat(answer).contains(entry("total", 10_000L));
    assertThat(counts(answer).get("size"))
        .containsExactly(entry("0", 3_334L), entry("1", 3_333L), entry("2", 3_333L));
  }

  @Test
  void anotherConfigurationMakesTheIndexAnew() {
    shoe(Map.of("name", "red boot", "about", "for winter", "brand", "acme"));

    store.apply(
        Manifests.of(with(SHOE, "search", Map.of("text", List.of("about"), "facets", List.of()))),
        "test");

    assertThat(find("red")).isEmpty();
    assertThat(find("winter")).containsExactly("red boot");
    assertThat(counts(search("{}"))).isEmpty();
  }

  @Test
  void anIndexIsDroppedWithItsConfigurationAndMadeAgainWithIt() {
    shoe("red boot");

    reopen(UNSEARCHED);
    assertThat(indexTables()).isEmpty();
    shoe("red sandal");
    reopen(MANIFEST);

    assertThat(find("red")).containsExactly("red boot", "red sandal");
  }

  private List<String> indexTables() {
    return store.own(session ->
        session.dialect().tables(session).stream()
            .map(table -> table.name())
            .filter(name -> name.startsWith("_fts_"))
            .toList());
  }

  @Test
  void facetsAloneNeedNoText() {
    store.apply(Manifests.of(with(SHOE, "search", Map.of("facets", List.of("brand")))), "test");
    String id = shoe(Map.of("name", "a", "brand", "acme"));

    assertThat(counts(search("{\"query\": \"whatever\"}")).get("brand"))
        .containsExactly(entry("acme", 1L));
    store.write(soon(), tx -> tx.delete("Shoe", id));
    assertThat(counts(search("{}"))).isEmpty();
  }

  @Test
  void aSearchThatNamesUnknownFieldsOrNumbersAsTextPassesThemOver() {
    var search = Map.of("text", List.of("name", "size", "ghost"), "facets", List.of("ghost"));
    store.apply(Manifests.of(with(SHOE, "search", search)), "test");
    shoe(Map.of("name", "red", "size", 40));

    assertThat(find("red")).hasSize(1);
    assertThat(find("40")).isEmpty();
  }

  @Test
  void aStartGoesOnWithAnIndexThatWasNotFilledToTheEnd() {
    reopen(UNSEARCHED);
    List<Map<String, @Nullable Object>> rows =
        IntStream.range(0, 1_000)
            .<Map<String, @Nullable Object>>mapToObj(i -> Map.of("name", "shoe n" + i))
            .toList();
    List<String> ids = store.write(soon(), tx -> tx.insertMany("Shoe", rows));
    Model model = Model.of(MANIFEST, store.own(session -> session.dialect()));
    var indexes = new SearchIndexes(store.own(session -> session.dialect()));
    store.write(
        soon(),
        tx ->
            tx.own(session -> {
              indexes.prepare(session, model.indexes());
              indexes.fill(session, model.indexes().getFirst());
              return session.execute(Sql.of("DELETE FROM \"Shoe\" WHERE id = ?", ids.getLast()));
            }));

    reopen(MANIFEST);

    assertThat(search("{\"query\": \"shoe\"}")).contains(entry("total", 999L));
    assertThat(find("n0")).containsExactly("shoe n0");
    assertThat(find("n998")).containsExactly("shoe n998");
  }

  @Test
  void writesWhileAnIndexIsBeingFilledAreNeitherLostNorCountedTwice() {
    reopen(UNSEARCHED);
    List<Map<String, @Nullable Object>> rows =
        IntStream.range(0, 1_000)
            .<Map<String, @Nullable Object>>mapToObj(i -> Map.of("name", "shoe n" + i, "size", 1))
            .toList();
    List<String> ids = store.write(soon(), tx -> tx.insertMany("Shoe", rows));
    Model model = Model.of(MANIFEST, store.own(session -> session.dialect()));
    var indexes = new SearchIndexes(store.own(session -> session.dialect()));
    var index = model.indexes().getFirst();
    store.write(
        soon(),
        tx ->
            tx.own(session -> {
              indexes.prepare(session, model.indexes());
              indexes.fill(session, index);
              for (String id : List.of(ids.getFirst(), ids.getLast())) {
                var table = model.table("Shoe");
                var before = session.one(table.selectById(id), table.reader()).orElseThrow();
                session.execute(table.update(id, Map.of("name", "changed", "size", 2)));
                var after = session.one(table.selectById(id), table.reader()).orElseThrow();
                index.updated(session, before, after);
              }
              String gone = ids.get(998);
              var table = model.table("Shoe");
              var before = session.one(table.selectById(gone), table.reader()).orElseThrow();
              session.execute(table.delete(gone));
              index.deleted(session, before);
              return true;
            }));

    reopen(MANIFEST);

    assertThat(search("{\"query\": \"changed\"}")).contains(entry("total", 2L));
    assertThat(search("{\"query\": \"shoe\"}")).contains(entry("total", 997L));
    assertThat(counts(search("{}")).get("size")).containsExactly(entry("1", 997L), entry("2", 2L));
  }

  @Test
  void entitiesWithLongOrCunningNamesHaveIndexesOfTheirOwn() {
    String longName = "E" + "x".repeat(60);
    var search = Map.of("text", List.of("t"), "facets", List.of("t"));
    reopen(
        Manifests.of(
            with(entity("Post", "t:string"), "search", search),
            with(entity("Post_words", "t:string"), "search", search),
            with(entity("Post_data", "t:string"), "search", search),
            with(entity(longName, "t:string"), "search", search)));

    for (String entity : List.of("Post", "Post_words", "Post_data", longName)) {
      store.write(soon(), tx -> tx.insert(entity, Map.of("t", "in " + entity)));
      assertThat(hits(store.search(entity, Map.of("query", "in")))).hasSize(1);
    }
  }
}
