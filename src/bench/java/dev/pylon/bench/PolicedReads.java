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
import java.util.function.Consumer;

/**
 * What policies cost: the same questions with and without them, in turns, over rows all of which
 * may be seen, so that both have the same answers.
 *
 * <p>{@code PolicedReads ROWS ROUNDS [POSTGRES_URL]}
 */
final class PolicedReads {
  private static final int ROWS_AT_A_TIME = 5_000;

  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "bench", "version": "1", "routes": [], "entities": [
        {"name": "Todo", "indexes": [], "fields": [
          {"name": "title", "type": "string", "optional": false, "unique": false},
          {"name": "about", "type": "string", "optional": true, "unique": false},
          {"name": "list", "type": "string", "optional": true, "unique": false},
          {"name": "stars", "type": "int", "optional": true, "unique": false},
          {"name": "due", "type": "datetime", "optional": true, "unique": false},
          {"name": "open", "type": "bool", "optional": true, "unique": false},
          {"name": "owner", "type": "string", "optional": true, "unique": false}]}],
       "policies": [{"name": "p", "entity": "Todo", "allowRead": "%s"}]}
      """;

  private PolicedReads() {}

  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Path file = Files.createTempDirectory("pylon-bench-").resolve("app.db");
    measure("SQLite", SqliteDatabase.open(file), rows, rounds);
    if (args.length > 2) {
      measure("Postgres", PostgresDatabase.open(args[2]), rows, rounds);
    }
  }

  private static Manifest manifest(String rule) {
    return Manifest.parse(MANIFEST.formatted(rule).getBytes(StandardCharsets.UTF_8));
  }

  private static void measure(String name, Database database, int rows, int rounds) {
    InstantSource clock = InstantSource.system();
    try (Store store =
        SqlStore.open(
            database, manifest("true"), "bench", 1_000_000, new IdSource(clock), clock)) {
      fill(store, rows);
      for (String rule :
          List.of(
              "auth.userId == data.owner",
              "auth.userId == data.owner || data.open == true",
              "auth.userId != null && (data.open == true || data.list in ['a', 'b'])")) {
        Reads policed =
            store.as(Policies.of(manifest(rule)).access(Identity.user("ann", null)));
        System.out.printf("%s, %,d rows, %s%n", name, rows, rule);
        questions().forEach((question, ask) -> compare(question, ask, store, policed, rounds));
      }
    }
  }

  private static void fill(Store store, int rows) {
    for (int from = 0; from < rows; from += ROWS_AT_A_TIME) {
      var some = new ArrayList<Map<String, Object>>();
      for (int n = from; n < Math.min(rows, from + ROWS_AT_A_TIME); n++) {
        var row = new LinkedHashMap<String, Object>();
        row.put("title", "title of todo number " + n);
        row.put("about", "some more words about todo number " + n + ", as people write them");
        row.put("list", n % 2 == 0 ? "a" : "b");
        row.put("stars", (long) (n % 5));
        row.put("due", "2026-01-%02dT00:00:00.000Z".formatted(n % 28 + 1));
        row.put("open", true);
        row.put("owner", "ann");
        some.add(row);
      }
      store.write(Deadline.after(Duration.ofMinutes(5)), tx -> tx.insertMany("Todo", some));
    }
  }

  private static Map<String, Consumer<Reads>> questions() {
    var questions = new LinkedHashMap<String, Consumer<Reads>>();
    questions.put("a page of 100", rows -> rows.paginate("Todo", null, 100));
    questions.put(
        "100 of those with 3 stars",
        rows -> rows.query("Todo", Map.of("stars", 3L, "$limit", 100L)));
    questions.put(
        "20 by due, of all",
        rows -> rows.query("Todo", Map.of("$order", Map.of("due", "desc"), "$limit", 20L)));
    questions.put("all rows", rows -> rows.list("Todo"));
    questions.put(
        "stars by list",
        rows ->
            rows.aggregate(
                "Todo",
                Map.of("count", "*", "sum", List.of("stars"), "groupBy", List.of("list"))));
    questions.put("a count", rows -> rows.aggregate("Todo", Map.of("count", "*")));
    return questions;
  }

  private static void compare(
      String question, Consumer<Reads> ask, Reads plain, Reads policed, int rounds) {
    double[] without = new double[rounds];
    double[] with = new double[rounds];
    for (int round = -rounds; round < rounds; round++) {
      double one = millis(() -> ask.accept(plain));
      double other = millis(() -> ask.accept(policed));
      if (round >= 0) {
        without[round] = one;
        with[round] = other;
      }
    }
    Arrays.sort(without);
    Arrays.sort(with);
    double before = without[rounds / 2];
    double after = with[rounds / 2];
    System.out.printf(
        "  %-28s without %9.3f ms  with %9.3f ms  %+6.1f %%%n",
        question, before, after, (after / before - 1) * 100);
  }

  private static double millis(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }
}
