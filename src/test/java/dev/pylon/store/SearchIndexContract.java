package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.Stores.refusal;
import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.db.Sql;
import dev.pylon.store.search.SearchIndexes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How an index follows its rows, and how it is made, on every database. Each engine's own test
 * extends this.
 */
abstract class SearchIndexContract extends Shoes {

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
  void rowsThatComeTogetherAreFoundEachByItsOwnWords() {
    List<Map<String, @Nullable Object>> rows =
        List.of(
            Map.of("name", "red boot", "brand", "acme"),
            Map.of("name", "blue boot", "brand", "acme"),
            Map.of("name", "sandal"));

    store.write(
        soon(),
        tx -> {
          List<String> ids = tx.insertMany("Shoe", rows);
          assertThat(tx.get("Shoe", ids.get(1)).orElseThrow()).containsEntry("name", "blue boot");
          assertThat(names(tx.search("Shoe", Map.of("query", "blue"))))
              .containsExactly("blue boot");
          return ids;
        });

    assertThat(find("red")).containsExactly("red boot");
    assertThat(find("sandal")).containsExactly("sandal");
    assertThat(counts(search("{\"query\": \"boot\"}")).get("brand"))
        .containsExactly(entry("acme", 2L));
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
        IntStream.range(0, 1_000)
            .<Map<String, @Nullable Object>>mapToObj(
                i -> Map.of("name", "shoe n" + i, "size", i % 3))
            .toList());

    reopen(MANIFEST);
    Map<String, @Nullable Object> early = search("{\"query\": \"shoe\"}");
    String late = shoe("late shoe");

    assertThat(early).contains(entry("partial", true), entry("total", 200L));
    assertThat(names(early)).hasSize(20);
    assertThat(find("late")).containsExactly("late shoe");
    assertThat(store.fillIndexes()).isTrue();
    assertThat(search("{\"query\": \"shoe\"}")).containsEntry("total", 401L);

    fillIndexes();
    store.write(soon(), tx -> tx.delete("Shoe", late));
    assertThat(find("n999")).containsExactly("shoe n999");
    Map<String, @Nullable Object> answer = search("{\"query\": \"shoe\"}");
    assertThat(answer).contains(entry("total", 1_000L)).doesNotContainKey("partial");
    assertThat(counts(answer).get("size"))
        .containsExactly(entry("0", 334L), entry("1", 333L), entry("2", 333L));
  }

  @Test
  void anotherConfigurationMakesTheIndexAnew() {
    shoe(Map.of("name", "red boot", "about", "for winter", "brand", "acme"));

    store.apply(
        Manifests.of(with(SHOE, "search", Map.of("text", List.of("about"), "facets", List.of()))),
        "test");

    assertThat(find("red")).isEmpty();
    assertThat(find("winter")).containsExactly("red boot");
    assertThat(search("{}")).containsEntry("total", 1L).doesNotContainKey("partial");
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
              assertThat(indexes.fill(session, model.indexes().getFirst())).isTrue();
              return session.execute(Sql.of("DELETE FROM \"Shoe\" WHERE id = ?", ids.getLast()));
            }));

    reopen(MANIFEST);
    assertThat(search("{}")).contains(entry("partial", true), entry("total", 400L));
    fillIndexes();

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
    fillIndexes();

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
