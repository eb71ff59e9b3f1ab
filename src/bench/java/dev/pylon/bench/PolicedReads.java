package dev.pylon.bench;

import dev.pylon.db.Database;
import dev.pylon.db.Sql;
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
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What policies cost: the same questions with and without them, in turns, over rows all of which
 * may be seen, so that both have the same answers. Questions that look at every row are also asked
 * in SQL as one would write it by hand, with the condition of the rule: what that takes more than
 * the question without a policy is what it costs to judge the rows, whoever writes the SQL.
 *
 * <p>Of SQLite, which runs in this process, the processor time is told: it is the same however busy
 * the machine is. Of Postgres it is the time that passed.
 *
 * <p>{@code PolicedReads ROWS ROUNDS sqlite|POSTGRES_URL}
 */
final class PolicedReads {
  private static final int ROWS_AT_A_TIME = 5_000;

  /** A question is asked again and again for so long, and what one took is an average. */
  private static final long ROUND_NANOS = 40_000_000;

  /** Rounds that do not count. */
  private static final int WARM_UPS = 3;

  /** Rounds of each question before all others: until then a page takes twice as long. */
  private static final int WARM_UPS_OF_ALL = 15;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** A rule, and the condition that it comes to for the user "ann". */
  private record Ruled(String rule, Sql condition) {}

  /** A question, and what it is in SQL around a condition; null where that is not asked. */
  private record Question(String name, Consumer<Reads> ask, String byHand) {
    Question(String name, Consumer<Reads> ask) {
      this(name, ask, null);
    }
  }

  private static final List<Ruled> RULES =
      List.of(
          new Ruled("auth.userId == data.owner", Sql.of("\"owner\" = ?", "ann")),
          new Ruled(
              "auth.userId == data.owner || data.open == true",
              Sql.of("(\"open\" = ? OR \"owner\" = ?)", true, "ann")),
          new Ruled(
              "auth.userId != null && (data.open == true || data.list in ['a', 'b'])",
              Sql.of("(\"open\" = ? OR \"list\" IN (?, ?))", true, "a", "b")));

  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "bench", "version": "1", "routes": [], "entities": [
        {"name": "Todo", "indexes": [%s], "fields": [
          {"name": "title", "type": "string", "optional": false, "unique": false},
          {"name": "about", "type": "string", "optional": true, "unique": false},
          {"name": "list", "type": "string", "optional": true, "unique": false},
          {"name": "stars", "type": "int", "optional": true, "unique": false},
          {"name": "due", "type": "datetime", "optional": true, "unique": false},
          {"name": "open", "type": "bool", "optional": true, "unique": false},
          {"name": "owner", "type": "string", "optional": true, "unique": false}]%s}],
       "policies": [{"name": "p", "entity": "Todo", "allowRead": "%s"}]}
      """;

  private static final String SEARCH =
      """
      , "search": {"text": ["title", "about"], "facets": ["list", "open"], "sortable": ["due"]}""";

  /** What the rows are held by: a rule that names the fields of all others. */
  private static final String EVERY_FIELD =
      "auth.userId == data.owner || data.open == true || data.list == 'a'";

  private static final List<String> FACETS = List.of("list", "open");

  private static final Question COUNT =
      new Question(
          "a count",
          rows -> rows.aggregate("Todo", Map.of("count", "*")),
          "SELECT COUNT(*) FROM \"Todo\" WHERE %s");

  private static final String COLUMNS =
      "SELECT \"id\", \"title\", \"about\", \"list\", \"stars\", \"due\", \"open\", \"owner\"";

  private static final String KINDS =
      "SELECT \"fts.kind\", COUNT(*) FROM \"_fts_Todo\" WHERE %s GROUP BY \"fts.kind\"";

  private static final List<Question> QUESTIONS =
      List.of(
          new Question(
              "a page of 100",
              rows -> rows.paginate("Todo", null, 100),
              COLUMNS + " FROM \"Todo\" WHERE %s ORDER BY \"id\" LIMIT 101"),
          new Question(
              "100 of those with 3 stars",
              rows -> rows.query("Todo", Map.of("stars", 3L, "$limit", 100L)),
              COLUMNS + " FROM \"Todo\" WHERE \"stars\" = 3 AND %s ORDER BY \"id\" LIMIT 100"),
          new Question(
              "20 by due, of all",
              rows -> rows.query("Todo", Map.of("$order", Map.of("due", "desc"), "$limit", 20L)),
              COLUMNS + " FROM \"Todo\" WHERE %s ORDER BY \"due\" DESC, \"id\" LIMIT 20"),
          new Question("all rows", rows -> rows.list("Todo")),
          new Question(
              "stars by list",
              rows ->
                  rows.aggregate(
                      "Todo",
                      Map.of("count", "*", "sum", List.of("stars"), "groupBy", List.of("list"))),
              "SELECT \"list\", COUNT(*), SUM(\"stars\") FROM \"Todo\" WHERE %s GROUP BY \"list\""),
          new Question(
              "those with 3 stars counted",
              rows -> rows.aggregate("Todo", Map.of("count", "*", "where", Map.of("stars", 3L))),
              "SELECT COUNT(*) FROM \"Todo\" WHERE \"stars\" = 3 AND %s"),
          new Question(
              "a lookup",
              rows -> rows.lookup("Todo", "title", "title of todo number 7"),
              COLUMNS
                  + " FROM \"Todo\" WHERE \"title\" = 'title of todo number 7' AND %s"
                  + " ORDER BY \"id\" LIMIT 1"),
          new Question(
              "a search, finds 11,100", rows -> rows.search("Todo", Map.of("query", "rare7"))),
          new Question(
              "a search, finds 5,000", rows -> rows.search("Todo", Map.of("query", "often7"))),
          new Question(
              "a search, finds all", rows -> rows.search("Todo", Map.of("query", "words"))),
          new Question(
              "a facet",
              rows -> rows.search("Todo", Map.of("filters", Map.of("list", "a"), "facets", FACETS)),
              KINDS),
          new Question(
              "all by due, with facets",
              rows -> rows.search("Todo", Map.of("sort", List.of("due", "desc"), "facets", FACETS)),
              KINDS),
          COUNT);

  private final int rounds;
  private final LongSupplier nanos;

  /** What a database does by itself within a minute after many rows have come. */
  private final Runnable settle;

  private PolicedReads(int rounds, LongSupplier nanos, Runnable settle) {
    this.rounds = rounds;
    this.nanos = nanos;
    this.settle = settle;
  }

  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    if (args[2].equals("sqlite")) {
      Path file = Files.createTempDirectory("pylon-bench-").resolve("app.db");
      new PolicedReads(rounds, PolicedReads::processorNanos, () -> {})
          .measure("SQLite", SqliteDatabase.open(file), rows);
    } else {
      new PolicedReads(rounds, System::nanoTime, () -> vacuum(args[2]))
          .measure("Postgres", PostgresDatabase.open(args[2]), rows);
    }
  }

  /** What the threads that ask and answer have had of the processors. */
  private static long processorNanos() {
    long nanos = 0;
    for (long thread : THREADS.getAllThreadIds()) {
      nanos += THREADS.getThreadCpuTime(thread);
    }
    return nanos;
  }

  /** Until then Postgres takes the rows for far fewer, and plans accordingly. */
  private static void vacuum(String url) {
    String jdbc =
        url.replaceFirst("postgres(?:ql)?://([^@:]+)@(.+)", "jdbc:postgresql://$2?user=$1");
    try (var connection = DriverManager.getConnection(jdbc);
        var statement = connection.createStatement()) {
      statement.execute("VACUUM ANALYZE");
    } catch (SQLException e) {
      throw new IllegalStateException("Postgres was not vacuumed", e);
    }
  }

  private static Manifest manifest(String rule, String indexes, String search) {
    return Manifest.parse(
        MANIFEST.formatted(indexes, search, rule).getBytes(StandardCharsets.UTF_8));
  }

  private void measure(String name, Database database, int rows) {
    InstantSource clock = InstantSource.system();
    try (Store store =
        SqlStore.open(
            database, manifest(EVERY_FIELD, "", SEARCH), "bench", 1_000_000, new IdSource(clock), clock)) {
      fill(store, rows);
      while (store.fillIndexes()) {
        // On to the next piece.
      }
      settle.run();
      Reads first = policed(store, RULES.getFirst().rule());
      for (Question question : QUESTIONS) {
        for (int round = 0; round < WARM_UPS_OF_ALL; round++) {
          millis(() -> question.ask().accept(store));
          millis(() -> question.ask().accept(first));
        }
      }
      for (Ruled ruled : RULES) {
        System.out.printf("%s, %,d rows, %s%n", name, rows, ruled.rule());
        Reads policed = policed(store, ruled.rule());
        QUESTIONS.forEach(question -> compare(store, policed, question, ruled.condition()));
      }
      String covering =
          "{\"name\": \"seen\", \"fields\": [\"owner\", \"open\", \"list\"], \"unique\": false}";
      store.apply(manifest("true", covering, ""), "bench");
      settle.run();
      for (Ruled ruled : RULES) {
        System.out.printf(
            "%s, %,d rows, an index over owner, open and list, %s%n", name, rows, ruled.rule());
        Reads policed = policed(store, ruled.rule());
        compare(store, policed, COUNT, ruled.condition());
      }
    }
  }

  private static Reads policed(Store store, String rule) {
    return store.as(Policies.of(manifest(rule, "", "")).access(Identity.user("ann", null)));
  }

  private static void fill(Store store, int rows) {
    for (int from = 0; from < rows; from += ROWS_AT_A_TIME) {
      var some = new ArrayList<Map<String, Object>>();
      for (int n = from; n < Math.min(rows, from + ROWS_AT_A_TIME); n++) {
        var row = new LinkedHashMap<String, Object>();
        row.put("title", "title of todo number " + n);
        row.put("about", "some more words, rare%d or often%d, as they come".formatted(n % 1_000, n % 20));
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

  /** As the store reads it: every column of every row. */
  private static Runnable byHand(Store store, String statement, Sql condition) {
    Sql sql = new Sql(statement.formatted(condition.text()), condition.values());
    int columns = statement.substring(0, statement.indexOf(" FROM ")).split(",").length;
    return () ->
        store.own(session ->
            session.list(
                sql,
                row -> {
                  var cells = new ArrayList<Object>();
                  for (int i = 0; i < columns; i++) {
                    cells.add(row.value(i));
                  }
                  return cells;
                }));
  }

  /** The machine's moods last longer than a round: what a way costs more is told round by round. */
  private void compare(Store store, Reads policed, Question question, Sql condition) {
    var ways = new ArrayList<Runnable>();
    ways.add(() -> question.ask().accept(store));
    ways.add(() -> question.ask().accept(policed));
    if (question.byHand() != null) {
      ways.add(byHand(store, question.byHand(), condition));
    }
    double[][] millis = millis(ways);
    System.out.printf(
        "  %-28s without %9.3f ms  with %9.3f ms  %+6.1f %%",
        question.name(), median(millis[0]), median(millis[1]), more(millis[0], millis[1]));
    if (ways.size() > 2) {
      System.out.printf(
          "  by hand %9.3f ms  %+6.1f %%", median(millis[2]), more(millis[0], millis[2]));
    }
    System.out.println();
  }

  /** Of each way and round. Who comes first has the colder caches, so they take turns at it. */
  private double[][] millis(List<Runnable> ways) {
    double[][] millis = new double[ways.size()][rounds];
    for (int round = -WARM_UPS; round < rounds; round++) {
      for (int turn = 0; turn < ways.size(); turn++) {
        int way = Math.floorMod(round + turn, ways.size());
        double taken = millis(ways.get(way));
        if (round >= 0) {
          millis[way][round] = taken;
        }
      }
    }
    return millis;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** What {@code other} took more than {@code one}, in percent. */
  private static double more(double[] one, double[] other) {
    double[] ratios = new double[one.length];
    Arrays.setAll(ratios, round -> other[round] / one[round]);
    return (median(ratios) - 1) * 100;
  }

  private double millis(Runnable work) {
    long begun = System.nanoTime();
    long start = nanos.getAsLong();
    int times = 0;
    do {
      work.run();
      times++;
    } while (System.nanoTime() - begun < ROUND_NANOS);
    return (nanos.getAsLong() - start) / 1e6 / times;
  }
}
