package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.relation;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.Stores.refusal;
import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import dev.pylon.store.query.QueryError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows with what they point at, on every database. */
abstract class GraphContract {
  private static final int ROWS_MAX = 2_000;

  private static final Manifest MANIFEST =
      Manifests.of(
          with(
              entity("Author", "name:string", "rank:int?"),
              "relations",
              List.of(
                  relation("books", "Book", "authorId", true),
                  relation("peers", "Author", "rank", true),
                  relation("byName", "Book", "rank", true),
                  relation("nowhere", "Nope", "authorId", true))),
          with(
              entity("Book", "title:string", "authorId:id(Author)?", "pages:int?", "rank:string?"),
              "relations",
              List.of(
                  relation("author", "Author", "authorId", false),
                  relation("pages", "Page", "bookId", true),
                  relation("siblings", "Book", "authorId", true))),
          entity("Page", "bookId:id(Book)", "no:int"));

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

  private String insert(String entity, Map<String, @Nullable Object> row) {
    return store.write(soon(), tx -> tx.insert(entity, row));
  }

  /** Authors {@code ann}, {@code bob}, {@code cid} with 3, 2 and no books of 4 pages each. */
  private void library() {
    for (String name : List.of("ann", "bob", "cid")) {
      String author = insert("Author", Map.of("name", name, "rank", (long) name.length()));
      int books = name.equals("ann") ? 3 : name.equals("bob") ? 2 : 0;
      for (int n = 1; n <= books; n++) {
        String book =
            insert("Book", Map.of("title", name + n, "authorId", author, "pages", (long) (10 - n)));
        for (long page = 1; page <= 4; page++) {
          insert("Page", Map.of("bookId", book, "no", page));
        }
      }
    }
    insert("Book", Map.of("title", "orphan", "authorId", "gone"));
    insert("Book", Map.of("title", "anonymous"));
  }

  private static Map<String, @Nullable Object> json(String singleQuoted) {
    return Json.parseObject(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** The answer in short: names instead of rows. */
  private String ask(String query) {
    return ask(store, query);
  }

  private static String ask(Reads rows, String query) {
    return Json.text(shortened(rows.graph(json(query)))).replace('"', '\'');
  }

  private static @Nullable Object shortened(@Nullable Object value) {
    return switch (value) {
      case List<?> rows -> rows.stream().map(GraphContract::shortened).toList();
      case Map<?, ?> row when row.containsKey("id") -> {
        var parts = new ArrayList<Object>();
        row.forEach((name, cell) -> {
          if (List.of("name", "title", "no").contains(name)) {
            parts.add(cell);
          } else if (cell instanceof List<?> || cell instanceof Map<?, ?>) {
            parts.add(shortened(cell));
          }
        });
        yield parts.size() == 1 ? parts.getFirst() : parts;
      }
      case Map<?, ?> roots -> {
        var parts = new LinkedHashMap<Object, @Nullable Object>();
        roots.forEach((name, rows) -> parts.put(name, shortened(rows)));
        yield parts;
      }
      case null, default -> value;
    };
  }

  @Test
  void aRelationToManyBringsTheRowsThatPointBack() {
    library();

    assertThat(ask("{'Author': {'include': {'books': {}}}}"))
        .isEqualTo(
            "{'Author':[['ann',['ann1','ann2','ann3']],['bob',['bob1','bob2']],['cid',[]]]}");
  }

  @Test
  void aRelationToManyByAFieldTheRowHasBringsRowsWithTheSameValue() {
    library();

    assertThat(ask("{'Book': {'where': {'title': 'bob1'}, 'include': {'siblings': {}}}}"))
        .isEqualTo("{'Book':[['bob1',['bob1','bob2']]]}");
    assertThat(ask("{'Author': {'limit': 1, 'include': {'peers': true}}}"))
        .isEqualTo("{'Author':[['ann',['ann','bob','cid']]]}");
    assertThat(ask("{'Book': {'where': {'authorId': null}, 'include': {'siblings': {}}}}"))
        .isEqualTo("{'Book':[['anonymous',[]]]}");
  }

  @Test
  void aRelationToOneIsAbsentWhereItLeadsNowhere() {
    library();

    assertThat(
            ask(
                "{'Book': {'where': {'title': {'$in': ['ann1', 'orphan', 'anonymous']}},"
                    + " 'include': {'author': {}}}}"))
        .isEqualTo("{'Book':[['ann1','ann'],'orphan','anonymous']}");
    assertThat(
            ask(
                "{'Book': {'where': {'title': {'$startsWith': 'B'}},"
                    + " 'include': {'author': {'where': {'name': 'ann'}}}}}"))
        .isEqualTo("{'Book':['bob1','bob2']}");
  }

  @Test
  void everyLevelHasItsOwnFilterOrderAndLimit() {
    library();

    assertThat(
            ask(
                """
                {'Author': {'order': {'name': 'desc'}, 'include': {'books': {
                   'where': {'pages': {'$lt': 9}}, 'order': {'title': 'desc'}, 'limit': 2,
                   'include': {'pages': {'order': [['no', 'desc']], 'where': {'$offset': 1},
                                         'limit': 2}, 'author': {}}}}}}\
                """))
        .isEqualTo(
            "{'Author':[['cid',[]],['bob',[['bob2',[3,2],'bob']]],"
                + "['ann',[['ann3',[3,2],'ann'],['ann2',[3,2],'ann']]]]}");
  }

  @Test
  void aLimitCountsForEachParentBeforeAnythingIsIncluded() {
    library();

    assertThat(ask("{'Author': {'include': {'books': {'limit': 1}}}}"))
        .isEqualTo("{'Author':[['ann',['ann1']],['bob',['bob1']],['cid',[]]]}");
    assertThat(ask("{'Author': {'include': {'books': {'where': {'$limit': 2, '$offset': 1}}}}}"))
        .isEqualTo("{'Author':[['ann',['ann2','ann3']],['bob',['bob2']],['cid',[]]]}");
    assertThat(ask("{'Author': {'include': {'books': {'limit': 0}}}}"))
        .isEqualTo("{'Author':[['ann',[]],['bob',[]],['cid',[]]]}");
    assertThat(ask("{'Author': {'where': {'$limit': 9}, 'limit': 1}, 'Book': {'limit': 1}}"))
        .isEqualTo("{'Author':['ann'],'Book':['ann1']}");
    assertThat(
            ask(
                "{'Author': {'limit': 1, 'include': {'books': {'limit': 9223372036854775807,"
                    + " 'where': {'$offset': 2}}}}}"))
        .isEqualTo("{'Author':[['ann',['ann3']]]}");
  }

  @Test
  void manyChildrenDoNotCountWhereFewAreAskedFor() {
    String author = insert("Author", Map.of("name", "ann"));
    var books = new ArrayList<Map<String, @Nullable Object>>();
    for (int n = 0; n < 2 * ROWS_MAX; n++) {
      books.add(Map.of("title", "b" + n, "authorId", author, "pages", (long) n));
    }
    store.write(soon(), tx -> tx.insertMany("Book", books));

    assertThat(ask("{'Author': {'include': {'books': {'order': {'pages': 'desc'}, 'limit': 2}}}}"))
        .isEqualTo("{'Author':[['ann',['b3999','b3998']]]}");
    assertThat(refusal(() -> ask("{'Author': {'include': {'books': {}}}}")).code())
        .isEqualTo(StoreError.RESULT_TOO_LARGE);
    assertThat(refusal(() -> ask("{'Author': {'include': {'books': {'limit': 3000}}}}")).code())
        .isEqualTo(StoreError.RESULT_TOO_LARGE);
  }

  @Test
  void whatTheAnswerRepeatsCounts() {
    String author = insert("Author", Map.of("name", "ann"));
    var books = new ArrayList<Map<String, @Nullable Object>>();
    for (int n = 0; n < 100; n++) {
      books.add(Map.of("title", "b" + n, "authorId", author));
    }
    store.write(soon(), tx -> tx.insertMany("Book", books));

    assertThat(ask("{'Book': {'include': {'author': {}}}}")).contains("['b99','ann']");
    assertThat(
            refusal(() -> ask("{'Book': {'include': {'author': {'include': {'books': {}}}}}}"))
                .code())
        .isEqualTo(StoreError.RESULT_TOO_LARGE);
  }

  @Test
  void whatLeadsNowhereIsIgnored() {
    library();

    assertThat(
            ask(
                "{'Author': {'limit': 1, 'include': {'nowhere': {}, 'unknown': {}, 'byName': {},"
                    + " 'books': false, 'peers': null}}}"))
        .isEqualTo("{'Author':[['ann',['ann','bob','cid']]]}");
    assertThat(ask("{'Author': null}")).isEqualTo("{'Author':['ann','bob','cid']}");
    assertThat(ask("{'Author': {'limit': 'x', 'where': null, 'include': []}}"))
        .isEqualTo("{'Author':['ann','bob','cid']}");
    assertThat(ask("{}")).isEqualTo("{}");
  }

  @Test
  void manyParentsAreServedTogether() {
    store.write(
        soon(),
        tx -> {
          for (int n = 0; n < 700; n++) {
            String author = tx.insert("Author", Map.of("name", "a" + n));
            tx.insert("Book", Map.of("title", "t" + n, "authorId", author));
          }
          return true;
        });

    var authors =
        store.graph(json("{'Author': {'include': {'books': {'limit': 1}}}}")).get("Author");

    assertThat(authors).hasSize(700);
    for (Map<String, @Nullable Object> author : authors) {
      assertThat((List<?>) author.get("books"))
          .singleElement()
          .asInstanceOf(InstanceOfAssertFactories.MAP)
          .containsEntry("title", "t" + ((String) author.get("name")).substring(1));
    }
  }

  @Test
  void onlyRowsThatMayBeSeenAreIncluded() {
    library();
    Access access =
        FilteredAccess.of(
            Map.of(
                "Book", Map.of("title", Map.of("$ne", "ann1")),
                "Author", Map.of("name", Map.of("$ne", "bob"))));

    assertThat(ask(store.as(access), "{'Author': {'include': {'books': {'limit': 1}}}}"))
        .isEqualTo("{'Author':[['ann',['ann2']],['cid',[]]]}");
    assertThat(ask(store.as(access), "{'Book': {'include': {'author': {}}}}"))
        .isEqualTo("{'Book':[['ann2','ann'],['ann3','ann'],'bob1','bob2','orphan','anonymous']}");
  }

  @Test
  void aTransactionSeesWhatItWrote() {
    store.write(
        soon(),
        tx -> {
          String author = tx.insert("Author", Map.of("name", "eve"));
          tx.insert("Book", Map.of("title", "e1", "authorId", author));

          assertThat(ask(tx, "{'Author': {'include': {'books': {'limit': 1}}}}"))
              .isEqualTo("{'Author':[['eve',['e1']]]}");
          assertThat(ask("{'Author': {}}")).isEqualTo("{'Author':[]}");
          return true;
        });
  }

  @Test
  void whatHasNoMeaningIsRefused() {
    String deep = "{'include': {'books': {'include': {'author': ".repeat(6);
    assertThat(refusal(() -> ask("{'Author': " + deep + "{}" + "}}}}".repeat(6) + "}")).code())
        .isEqualTo(QueryError.INVALID_QUERY);
    assertThat(refusal(() -> ask("{'Author': {'include': {'books': {'where': {'x': 1}}}}}")).code())
        .isEqualTo(QueryError.INVALID_COLUMN);
    assertThat(refusal(() -> ask("{'Author': {'order': {'x': 'asc'}}}")).code())
        .isEqualTo(QueryError.INVALID_COLUMN);
    assertThat(refusal(() -> ask("{'Author': {'where': {'name': {'$x': 1}}}}")).code())
        .isEqualTo(QueryError.INVALID_QUERY);
    assertThat(refusal(() -> ask("{'_pylon_changes': {}}")).code())
        .isEqualTo(StoreError.ENTITY_NOT_FOUND);
  }
}
