package dev.pylon.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.db.Database;
import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Policy;
import dev.pylon.store.Page;
import dev.pylon.store.Rows;
import dev.pylon.store.SqlStore;
import dev.pylon.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The law of read rules: whatever they say and however one asks, one finds the rows for which they
 * hold when each row is judged by itself, and no others; pages are full and counts are right.
 */
abstract class VisibleRowsContract {
  private static final long SEED = Long.getLong("pylon.rules.seed", 20_261_121);
  private static final int DATA_SETS = Integer.getInteger("pylon.rules.sets", 500);
  private static final int RULES_FOR_EACH = 10;

  /** Names some fields and not others, so that rules are judged in the search index and outside. */
  private static final String INDEXED =
      "data.owner == data.org || data.title == '' || data.size > 1 || data.flag || data.due > ''";

  private static final Manifest MANIFEST =
      Manifest.parse(
          """
          {"manifest_version": 1, "name": "t", "version": "1", "routes": [], "entities": [
            {"name": "Doc", "indexes": [], "fields": [
              {"name": "owner", "type": "string", "optional": true, "unique": false},
              {"name": "org", "type": "string", "optional": true, "unique": false},
              {"name": "title", "type": "string", "optional": false, "unique": false},
              {"name": "note", "type": "richtext", "optional": true, "unique": false},
              {"name": "size", "type": "int", "optional": true, "unique": false},
              {"name": "max", "type": "int", "optional": true, "unique": false},
              {"name": "price", "type": "float", "optional": true, "unique": false},
              {"name": "flag", "type": "bool", "optional": true, "unique": false},
              {"name": "hid", "type": "bool", "optional": false, "unique": false},
              {"name": "due", "type": "datetime", "optional": true, "unique": false},
              {"name": "at", "type": "datetime", "optional": true, "unique": false},
              {"name": "boxId", "type": "id(Box)", "optional": true, "unique": false}],
             "search": {"text": ["title", "note"], "facets": ["flag"], "sortable": ["size"]},
             "relations": [{"name": "box", "target": "Box", "field": "boxId"}]},
            {"name": "Box", "indexes": [], "fields": [
              {"name": "owner", "type": "string", "optional": true, "unique": false},
              {"name": "flag", "type": "bool", "optional": true, "unique": false}],
             "relations": [{"name": "docs", "target": "Doc", "field": "boxId", "many": true}]}],
           "policies": [{"name": "indexed", "entity": "Doc", "allowRead": "%s"}]}
          """
              .formatted(INDEXED)
              .getBytes(StandardCharsets.UTF_8));

  private static final List<Identity> CALLERS =
      List.of(
          Identity.ANONYMOUS,
          new Identity("ann", false, "acme", List.of("editor", "ann"), false),
          Identity.user("bob", null),
          Identity.user("guest_1", "zeta"));

  private static final List<String> TEXTS =
      List.of("", "ann", "bob", "acme", "a", "ab", "A", "é", "5", "2.5", "😀", "\uffee", "%");

  /** Longer than an index has room for on any database. */
  private static final String LONG_TEXT = "ann".repeat(700);

  private static final List<String> TIMES =
      List.of("2026-01-01", "2026-01-02", "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z");

  private final Random random = new Random(SEED);
  private final RandomRules rules = new RandomRules(random);
  private Store store;

  abstract Database open();

  @BeforeEach
  void openStore() {
    store =
        SqlStore.open(
            open(),
            MANIFEST,
            "test",
            1_000,
            new IdSource(InstantSource.system()),
            InstantSource.system());
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  // ---- rows ----

  private void hold() {
    store.write(
        Deadline.after(Duration.ofSeconds(30)),
        tx -> {
          for (String entity : List.of("Doc", "Box")) {
            tx.list(entity).forEach(row -> tx.delete(entity, String.valueOf(row.get("id"))));
          }
          var boxes = new ArrayList<String>();
          for (int n = random.nextInt(1, 4); n > 0; n--) {
            boxes.add(tx.insert("Box", Json.object("owner", text(), "flag", flag())));
          }
          for (int n = random.nextInt(12); n > 0; n--) {
            String id = tx.insert("Doc", doc(boxes));
            if (random.nextBoolean()) {
              tx.update("Doc", id, some(doc(boxes)));
            }
          }
          return true;
        });
  }

  private Map<String, @Nullable Object> doc(List<String> boxes) {
    return Json.object(
        "owner", text(),
        "org", text(),
        "title", Objects.requireNonNullElse(text(), "x"),
        "note", text(),
        "size", number(),
        "max", number(),
        "price", random.nextInt(4) == 0 ? null : oneOf(List.of(2.5, 5.0, 0.0, -1.25, 1e20)),
        "flag", flag(),
        "hid", random.nextBoolean(),
        "due", random.nextInt(4) == 0 ? null : oneOf(TIMES),
        "at", random.nextInt(4) == 0 ? null : oneOf(TIMES),
        "boxId", random.nextInt(4) == 0 ? null : oneOf(boxes));
  }

  /** One of the fields of {@code row}. */
  private Map<String, @Nullable Object> some(Map<String, @Nullable Object> row) {
    String name = oneOf(List.copyOf(row.keySet()));
    return Json.object(name, row.get(name));
  }

  private @Nullable String text() {
    if (random.nextInt(50) == 0) {
      return LONG_TEXT;
    }
    return random.nextInt(4) == 0 ? null : oneOf(TEXTS);
  }

  private @Nullable Boolean flag() {
    return random.nextInt(4) == 0 ? null : (Boolean) random.nextBoolean();
  }

  private @Nullable Long number() {
    return random.nextInt(4) == 0 ? null : oneOf(List.of(0L, 2L, 5L, -1L, 9_007_199_254_740_993L));
  }

  private <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  // ---- the law ----

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void whatIsSeenIsWhatTheRuleHoldsFor() {
    int judgedByRow = 0;
    int refused = 0;
    for (int set = 0; set < DATA_SETS; set++) {
      hold();
      for (int n = 0; n < RULES_FOR_EACH; n++) {
        var question = new Question(rules.next(), rules.next(), oneOf(CALLERS));
        try {
          question.check();
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError(
              "seed %d, data set %d, rule %d: %s".formatted(SEED, set, n, question), e);
        }
        judgedByRow += question.isJudgedByRow() ? 1 : 0;
        refused += question.isRefused("Doc", question.docRule) ? 1 : 0;
      }
    }

    assertThat(judgedByRow).as("rules that no database judges are among them").isPositive();
    assertThat(refused).as("and some that hold for no row").isPositive();
  }

  /** Two rules and a caller, about the rows that there are. */
  private final class Question {
    private final Rule docRule;
    private final Rule boxRule;
    private final Identity caller;
    private final Rows rows;

    Question(String docRule, String boxRule, Identity caller) {
      this.docRule = Rule.of("docs", "allowRead", docRule);
      this.boxRule = Rule.of("boxes", "allowRead", boxRule);
      this.caller = caller;
      List<Policy> policies =
          List.of(
              new Policy("docs", "Doc", null, "", docRule, null, null, null, null),
              new Policy("boxes", "Box", null, "", boxRule, null, null, null, null));
      Manifest m = MANIFEST;
      this.rows =
          store.as(
              Policies.of(
                      new Manifest(
                          m.name(),
                          m.version(),
                          m.entities(),
                          m.routes(),
                          m.queries(),
                          m.actions(),
                          policies,
                          m.auth(),
                          m.text(),
                          m.warnings()))
                  .access(caller));
    }

    @Override
    public String toString() {
      return "%s may see Doc: %s; Box: %s; of %s"
          .formatted(caller, docRule.text(), boxRule.text(), Json.text(store.list("Doc")));
    }

    boolean isJudgedByRow() {
      return RuleCompiler.compile(
              Objects.requireNonNull(docRule.expression()), entity("Doc"), caller)
          .isEmpty();
    }

    boolean isRefused(String entity, Rule rule) {
      return rule.truth(Facts.ofAny(caller, entity(entity))) == Truth.FALSE;
    }

    private static Entity entity(String name) {
      return MANIFEST.entity(name).orElseThrow();
    }

    /** The ids of the rows for which the rule holds. */
    private Set<String> seen(String entity, Rule rule) {
      var seen = new LinkedHashSet<String>();
      for (Map<String, @Nullable Object> row : store.list(entity)) {
        if (rule.truth(Facts.of(caller, entity(entity), row)) == Truth.TRUE) {
          seen.add(id(row));
        }
      }
      return seen;
    }

    void check() {
      assertThat(docRule.meaning()).isInstanceOf(Rule.Meaning.Read.class);
      if (isRefused("Doc", docRule)) {
        assertThat(seen("Doc", docRule)).isEmpty();
        checkRefused();
        return;
      }
      Set<String> seen = seen("Doc", docRule);
      checkLists(seen);
      checkQuery(seen);
      checkSingle(seen);
      checkAggregate(seen);
      checkGraph(seen);
      checkSearch(seen);
    }

    private void checkRefused() {
      for (Supplier<?> read :
          List.<Supplier<?>>of(
              () -> rows.list("Doc"),
              () -> rows.paginate("Doc", null, 3),
              () -> rows.query("Doc", Map.of()),
              () -> rows.graph(Map.of("Doc", Map.of())),
              () -> rows.aggregate("Doc", Map.of("count", "*")),
              () -> rows.lookup("Doc", "title", "x"),
              () -> rows.search("Doc", Map.of()),
              () -> rows.get("Doc", "x"))) {
        assertThatThrownBy(read::get)
            .isInstanceOfSatisfying(
                PylonException.class,
                e -> assertThat(e.code()).isEqualTo(PolicyError.POLICY_DENIED));
      }
    }

    private void checkLists(Set<String> seen) {
      assertThat(ids(rows.list("Doc"))).as("list").containsExactlyElementsOf(seen);

      var paged = new ArrayList<String>();
      Page page = rows.paginate("Doc", null, 3);
      paged.addAll(ids(page.rows()));
      while (!page.isDone()) {
        assertThat(page.rows()).as("a page that is not the last is full").hasSize(3);
        page = rows.paginate("Doc", page.nextCursor(), 3);
        paged.addAll(ids(page.rows()));
      }
      assertThat(paged).as("pages").containsExactlyElementsOf(seen);

      var each = new ArrayList<Map<String, @Nullable Object>>();
      rows.each("Doc", Map.of(), each::add);
      assertThat(ids(each)).as("each").containsExactlyElementsOf(seen);
    }

    private void checkQuery(Set<String> seen) {
      var filter = new LinkedHashMap<String, @Nullable Object>();
      filter.put("title", Map.of("$gte", "a"));
      filter.put("$order", Map.of("size", "desc"));
      List<String> expected =
          ids(store.query("Doc", filter)).stream().filter(seen::contains).toList();
      filter.put("$limit", 2L);
      filter.put("$offset", 1L);

      assertThat(ids(rows.query("Doc", filter)))
          .as("query")
          .containsExactlyElementsOf(expected.stream().skip(1).limit(2).toList());
    }

    private void checkSingle(Set<String> seen) {
      for (Map<String, @Nullable Object> row : store.list("Doc")) {
        assertThat(rows.get("Doc", id(row)).isPresent())
            .as("get %s", row)
            .isEqualTo(seen.contains(id(row)));
      }
      for (String text : List.of("ann", "a")) {
        String first =
            store.list("Doc").stream()
                .filter(row -> text.equals(row.get("title")) && seen.contains(id(row)))
                .map(row -> id(row))
                .findFirst()
                .orElse(null);
        assertThat(rows.lookup("Doc", "title", text).map(row -> id(row)).orElse(null))
            .as("lookup %s", text)
            .isEqualTo(first);
      }
    }

    private void checkAggregate(Set<String> seen) {
      Map<String, @Nullable Object> question =
          Map.of("count", "*", "sum", List.of("size"), "groupBy", List.of("org"));
      var ofThese = new LinkedHashMap<>(question);
      ofThese.put("where", Map.of("id", Map.of("$in", List.copyOf(seen))));

      assertThat(rows.aggregate("Doc", question))
          .as("aggregate")
          .isEqualTo(store.aggregate("Doc", ofThese));
      assertThat(rows.aggregate("Doc", Map.of("count", "*")).get("rows"))
          .isEqualTo(List.of(Map.of("count", (long) seen.size())));
    }

    private void checkSearch(Set<String> seen) {
      for (String words : List.of("", "a")) {
        var request =
            Json.object("query", words, "facets", List.of("flag"), "page_size", 3L, "page", 0L);
        var everything = Json.object("query", words, "page_size", 100L);
        List<Map<String, @Nullable Object>> hits =
            hits(store.search("Doc", everything)).stream()
                .filter(hit -> seen.contains(id(hit)))
                .toList();

        Map<String, @Nullable Object> found = rows.search("Doc", request);

        assertThat(ids(hits(found)))
            .as("search for \"%s\"", words)
            .containsExactlyElementsOf(ids(hits).stream().limit(3).toList());
        assertThat(found.get("total")).as("total").isEqualTo((long) hits.size());
        assertThat(found.get("facetCounts")).as("facets").isEqualTo(flags(hits));
      }
    }

    private static Map<String, Map<String, Long>> flags(List<Map<String, @Nullable Object>> hits) {
      Map<String, Long> counts =
          hits.stream()
              .filter(hit -> hit.get("flag") != null)
              .collect(
                  Collectors.groupingBy(
                      hit -> String.valueOf(hit.get("flag")), Collectors.counting()));
      return counts.isEmpty() ? Map.of() : Map.of("flag", counts);
    }

    private static List<Map<String, @Nullable Object>> hits(Map<String, @Nullable Object> answer) {
      var hits = new ArrayList<Map<String, @Nullable Object>>();
      ((List<?>) Objects.requireNonNull(answer.get("hits")))
          .forEach(hit -> hits.add(Json.asObject((Map<?, ?>) hit)));
      return hits;
    }

    private void checkGraph(Set<String> seen) {
      Set<String> boxes = seen("Box", boxRule);
      for (Map<String, @Nullable Object> doc :
          rows.graph(Map.of("Doc", Map.of("include", Map.of("box", Map.of())))).get("Doc")) {
        assertThat(seen).as("graph").contains(id(doc));
        assertThat(doc.containsKey("box"))
            .as("the box of %s", doc)
            .isEqualTo(boxes.contains(String.valueOf(doc.get("boxId"))));
      }
      if (isRefused("Box", boxRule)) {
        return;
      }
      var include = Map.of("docs", Map.of("limit", 2L, "include", Map.of("box", Map.of())));
      List<Map<String, @Nullable Object>> found =
          rows.graph(Map.of("Box", Map.of("include", include))).get("Box");
      assertThat(ids(found)).as("boxes of the graph").containsExactlyElementsOf(boxes);
      for (Map<String, @Nullable Object> box : found) {
        List<String> expected =
            store.query("Doc", Map.of("boxId", id(box))).stream()
                .map(row -> id(row))
                .filter(seen::contains)
                .limit(2)
                .toList();
        List<?> docs = (List<?>) Objects.requireNonNull(box.get("docs"));
        assertThat(docs.stream().map(doc -> ((Map<?, ?>) doc).get("id")).toList())
            .as("docs of %s", box)
            .isEqualTo(expected);
      }
    }
  }

  private static String id(Map<String, @Nullable Object> row) {
    return String.valueOf(row.get("id"));
  }

  private static List<String> ids(List<Map<String, @Nullable Object>> rows) {
    return rows.stream().map(row -> id(row)).toList();
  }
}
