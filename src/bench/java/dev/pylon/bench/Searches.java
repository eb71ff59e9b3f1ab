package dev.pylon.bench;

import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.model.Identity;
import dev.pylon.policy.Policies;
import dev.pylon.schema.Manifest;
import dev.pylon.store.Reads;
import dev.pylon.store.SqlStore;
import dev.pylon.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Searches over products of a shop: how long each kind takes, beside a look at every row, and what
 * the heap holds afterwards.
 *
 * <p>{@code Searches ROWS SEARCHES sqlite|POSTGRES_URL}: the rows are there before the index, so the
 * time to put them into it is shown as well. Words are as rare as in a language: the n-th most common one
 * stands in one of n texts or so.
 */
final class Searches {
  private static final int VOCABULARY = 20_000;
  private static final int ROWS_AT_A_TIME = 5_000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "bench", "version": "1", "routes": [], "entities": [
        {"name": "Product", "indexes": [], "fields": [
          {"name": "name", "type": "string", "optional": false, "unique": false},
          {"name": "about", "type": "richtext", "optional": true, "unique": false},
          {"name": "brand", "type": "string", "optional": true, "unique": false},
          {"name": "category", "type": "string", "optional": true, "unique": false},
          {"name": "price", "type": "float", "optional": true, "unique": false},
          {"name": "stars", "type": "int", "optional": true, "unique": false},
          {"name": "inStock", "type": "bool", "optional": true, "unique": false},
          {"name": "owner", "type": "string", "optional": true, "unique": false}]%s}],
       "policies": [{"name": "own", "entity": "Product", "allow": "auth.userId == data.owner"}]}""";

  private static final String SEARCH =
      """
      , "search": {"text": ["name", "about"], "facets": ["brand", "category", "stars", "inStock"],
                   "sortable": ["price"]}""";

  private static final Random RANDOM = new Random(7);

  private Searches() {}

  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[0]);
    int searches = Integer.parseInt(args[1]);
    if (args[2].equals("sqlite")) {
      Path file = Files.createTempDirectory("pylon-bench-").resolve("app.db");
      measure("SQLite", SqliteDatabase.open(file), rows, searches);
    } else {
      measure("Postgres", PostgresDatabase.open(args[2]), rows, searches);
    }
  }

  private static void measure(String name, Database database, int rows, int searches) {
    InstantSource clock = InstantSource.system();
    try (Store store =
        SqlStore.open(database, manifest(""), "bench", 1_000_000, new IdSource(clock), clock)) {
      fill(store, rows);
      long start = System.nanoTime();
      store.apply(manifest(SEARCH), "bench");
      System.out.printf("%s: the index is made in %.0f ms%n", name, seconds(start) * 1e3);
      while (store.fillIndexes()) {
        // On to the next piece.
      }
      System.out.printf("  %,d rows put into it in %.1f s%n", rows, seconds(start));
      write(store);
      Reads owners =
          store.as(Policies.of(store.manifest()).access(Identity.user("o7", null)));
      for (Map.Entry<String, Map<String, Object>> question : questions().entrySet()) {
        Object total = store.search("Product", question.getValue()).get("total");
        times(
            "%s (%,d)".formatted(question.getKey(), total),
            searches,
            () -> store.search("Product", question.getValue()));
      }
      Map<String, Object> common = Map.of("query", word(100));
      times(
          "a common word, rows of one owner (%,d)"
              .formatted(owners.search("Product", common).get("total")),
          searches,
          () -> owners.search("Product", common));
      times(
          "a common word, $search in a filter",
          searches,
          () -> store.query("Product", Map.of("$search", word(100), "$limit", 20)));
      times(
          "beside: every row looked at for it",
          Math.max(1, searches / 50),
          () ->
              store.query(
                  "Product",
                  Map.of("$or", List.of(like("name", word(4_000)), like("about", word(4_000))), "$limit", 20)));
    }
  }

  private static Map<String, Object> like(String field, String word) {
    return Map.of(field, Map.of("$contains", word));
  }

  private static Manifest manifest(String search) {
    return Manifest.parse(MANIFEST.formatted(search).getBytes(StandardCharsets.UTF_8));
  }

  /** What is looked for; a word is called by how common it is. */
  private static Map<String, Map<String, Object>> questions() {
    var questions = new LinkedHashMap<String, Map<String, Object>>();
    questions.put("a rare word", Map.of("query", word(5_000)));
    questions.put("a common word", Map.of("query", word(100)));
    questions.put("a very common word", Map.of("query", word(20)));
    questions.put("the most common word", Map.of("query", word(1)));
    questions.put("two common words", Map.of("query", word(20) + " " + word(30)));
    questions.put("a beginning of two letters", Map.of("query", word(100).substring(0, 2)));
    questions.put(
        "a common word, of a brand",
        Map.of("query", word(100), "filters", Map.of("brand", "brand 3")));
    questions.put(
        "a common word, sorted by price",
        Map.of("query", word(100), "sort", List.of("price", "desc")));
    questions.put("a brand", Map.of("filters", Map.of("brand", "brand 3")));
    questions.put(
        "all, sorted by price, page 50", Map.of("sort", List.of("price", "asc"), "page", 50));
    questions.put("all", Map.of());
    return questions;
  }

  /** What writers pay: rows one by one in one transaction, with the index. */
  private static void write(Store store) {
    int count = 2_000;
    long start = System.nanoTime();
    store.write(
        Deadline.after(PATIENCE),
        tx -> {
          for (int i = 0; i < count; i++) {
            tx.insert("Product", row(i));
          }
          return count;
        });
    System.out.printf("  %,d rows written in %.0f ms%n", count, seconds(start) * 1e3);
  }

  private static void times(String what, int runs, Runnable work) {
    for (int i = 0; i < Math.max(1, runs / 10); i++) {
      work.run();
    }
    long before = heap();
    var nanos = new long[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      work.run();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "  %-42s p50 %7.2f ms  p99 %7.2f ms  heap %d -> %d MB%n",
        what, nanos[runs / 2] / 1e6, nanos[runs * 99 / 100] / 1e6, before, heap());
  }

  /** Megabytes in use after a collection. */
  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  private static void fill(Store store, int count) {
    for (int done = 0; done < count; done += ROWS_AT_A_TIME) {
      var rows = new ArrayList<Map<String, Object>>();
      for (int i = done; i < Math.min(done + ROWS_AT_A_TIME, count); i++) {
        rows.add(row(i));
      }
      store.write(
          Deadline.after(PATIENCE), tx -> tx.insertMany("Product", List.copyOf(rows)));
    }
  }

  private static Map<String, Object> row(int i) {
    return Map.of(
        "name", text(4),
        "about", text(25),
        "brand", "brand " + rank(50),
        "category", "category " + rank(12),
        "price", RANDOM.nextInt(100_000) / 100.0,
        "stars", 1 + RANDOM.nextInt(5),
        "inStock", RANDOM.nextInt(4) > 0,
        "owner", "o" + i % 100);
  }

  private static String text(int words) {
    var text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append(word(rank(VOCABULARY)));
    }
    return text.toString();
  }

  /** From 1 to {@code most}, each in proportion to its inverse. */
  private static int rank(int most) {
    return (int) Math.exp(RANDOM.nextDouble() * Math.log(most + 1.0));
  }

  /** The word of this rank: letters that say nothing, two of them telling words apart early. */
  private static String word(int rank) {
    var letters = new StringBuilder();
    for (long rest = rank * 2_654_435_761L % 4_294_967_296L + 400; rest > 0; rest /= 20) {
      letters.append("bcdfghjklmnpqrstvwxz".charAt((int) (rest % 20)));
      if (letters.length() % 3 == 1) {
        letters.append("aeiou".charAt((int) (rest % 5)));
      }
    }
    return letters.toString();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
