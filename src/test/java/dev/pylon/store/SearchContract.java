package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.Stores.refusal;
import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.model.PylonException;
import dev.pylon.store.query.QueryError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a search answers on every database: order, pages, totals and facets. Each engine's own test
 * extends this.
 */
abstract class SearchContract extends Shoes {

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
  void rowsWithTextsOfAnyLengthAreCountedAsAllOthers() {
    reopen(
        Manifests.withPolicies(
            List.of(
                Map.of("name", "p", "entity", "Shoe", "allowRead", "auth.userId == data.brand")),
            with(SHOE, "search", Map.of("facets", List.of("size"), "sortable", List.of("size")))));
    // No database makes it much shorter.
    String endless =
        new Random(1).ints(1_000).mapToObj(Integer::toHexString).collect(Collectors.joining());
    insertAll(
        List.of(
            Map.of("name", "a", "brand", "acme", "size", 40L),
            Map.of("name", "b", "brand", endless, "size", 40L),
            Map.of("name", "c", "brand", endless, "size", 41L),
            Map.of("name", "d", "size", 41L)));
    String grows = shoe(Map.of("name", "e", "brand", "acme", "size", 40L));
    store.write(soon(), tx -> tx.update("Shoe", grows, Map.of("brand", endless)));

    assertThat(countedBySize(Map.of("brand", endless))).isEqualTo(Map.of("40", 2L, "41", 1L));
    assertThat(countedBySize(Map.of("brand", "acme"))).isEqualTo(Map.of("40", 1L));
    assertThat(countedBySize(Map.of("brand", Map.of("$ne", "zeta"))))
        .isEqualTo(Map.of("40", 3L, "41", 1L));
  }

  /** Of the shoes that {@code filter} lets be seen, the largest size first. */
  private Map<String, Long> countedBySize(Map<String, @Nullable Object> filter) {
    Map<String, @Nullable Object> answer =
        store
            .as(FilteredAccess.of(Map.of("Shoe", filter)))
            .search("Shoe", Map.of("sort", List.of("size", "desc"), "facets", List.of("size")));
    Map<String, Long> counts = Objects.requireNonNull(counts(answer).get("size"));
    assertThat(answer)
        .containsEntry("total", counts.values().stream().mapToLong(Long::longValue).sum());
    assertThat(hits(answer))
        .map(row -> row.get("size"))
        .isSortedAccordingTo(Collections.reverseOrder());
    return counts;
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
}
