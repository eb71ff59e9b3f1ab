package dev.pylon.bench;

import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.schema.Manifest;
import dev.pylon.store.SqlStore;
import dev.pylon.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Look-ups by id and filtered pages through the store, beside hand-written JDBC on the same rows in the
 * same run.
 *
 * <p>{@code StoreReads ROUNDS}: in each round plain JDBC on one thread, then the store as the functions
 * engine uses it (work handed over, 64 in flight), then the store from 64 virtual threads that wait.
 */
final class StoreReads {
  private static final int ROWS = 10_000;
  private static final int READS = 200_000;
  private static final int AT_ONCE = 64;
  private static final int PAGE = 20;
  private static final int PAGES = 20_000;

  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "bench", "version": "1", "routes": [], "entities": [
        {"name": "Todo", "indexes": [{"name": "by_points", "fields": ["owner", "points"], "unique": false}],
         "fields": [
          {"name": "title", "type": "string", "optional": false, "unique": false},
          {"name": "done", "type": "bool", "optional": true, "unique": false},
          {"name": "points", "type": "int", "optional": true, "unique": false},
          {"name": "due", "type": "datetime", "optional": true, "unique": false},
          {"name": "owner", "type": "string", "optional": true, "unique": false}]}]}""";

  private StoreReads() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("pylon-bench-");
    Path file = folder.resolve("app.db");
    InstantSource clock = InstantSource.system();
    Manifest manifest = Manifest.parse(MANIFEST.getBytes(StandardCharsets.UTF_8));
    try (Store store =
            SqlStore.open(
                SqliteDatabase.open(file), manifest, "bench", ROWS, new IdSource(clock), clock);
        Connection plain = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      List<String> ids = fill(store);
      for (int round = 1; round <= Integer.parseInt(args[0]); round++) {
        double jdbc = jdbc(plain, ids);
        double handed = handedOver(store, ids);
        double waiting = waiting(store, ids);
        System.out.printf(
            "round %d, look-ups/s: plain JDBC %,.0f  store, handed over %,.0f (%.2f)  store, 64 waiting"
                + " %,.0f (%.2f)%n",
            round, jdbc, handed, handed / jdbc, waiting, waiting / jdbc);
        double pages = pagesByHand(plain);
        double found = pages(store);
        System.out.printf(
            "round %d, filtered pages of %d/s: plain JDBC %,.0f  store, handed over %,.0f (%.2f)%n",
            round, PAGE, pages, found, found / pages);
      }
    }
  }

  private static List<String> fill(Store store) {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          Map.of("title", "todo " + i, "done", true, "points", i, "due", "2026-01-01", "owner", "ann"));
    }
    return store.write(
        Deadline.after(Duration.ofSeconds(30)), tx -> tx.insertMany("Todo", List.copyOf(rows)));
  }

  /** What one would write by hand: a prepared statement, a map. */
  private static double jdbc(Connection connection, List<String> ids) throws Exception {
    long start = System.nanoTime();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id, title, done, points, due, owner FROM Todo WHERE id = ?")) {
      for (int i = 0; i < READS; i++) {
        statement.setString(1, ids.get(i % ROWS));
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          require(map(row).size() == 6);
        }
      }
    }
    return perSecond(start, READS);
  }

  private static Map<String, Object> map(ResultSet row) throws Exception {
    var map = new LinkedHashMap<String, Object>();
    map.put("id", row.getString(1));
    map.put("title", row.getString(2));
    map.put("done", row.getLong(3) != 0);
    map.put("points", row.getLong(4));
    map.put("due", row.getString(5));
    map.put("owner", row.getString(6));
    return map;
  }

  private static double handedOver(Store store, List<String> ids) throws InterruptedException {
    var places = new Semaphore(AT_ONCE);
    long start = System.nanoTime();
    for (int i = 0; i < READS; i++) {
      places.acquire();
      String id = ids.get(i % ROWS);
      store.execute(
          () -> {
            require(store.get("Todo", id).isPresent());
            places.release();
          });
    }
    places.acquire(AT_ONCE);
    return perSecond(start, READS);
  }

  private static double waiting(Store store, List<String> ids) {
    long start = System.nanoTime();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int caller = 0; caller < AT_ONCE; caller++) {
        int first = caller;
        tasks.execute(
            () -> {
              for (int i = first; i < READS; i += AT_ONCE) {
                require(store.get("Todo", ids.get(i % ROWS)).isPresent());
              }
            });
      }
    }
    return perSecond(start, READS);
  }

  /** Rows with more points than some, in the order of their points. */
  private static double pagesByHand(Connection connection) throws Exception {
    long start = System.nanoTime();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id, title, done, points, due, owner FROM Todo WHERE owner = ? AND points > ?"
                + " ORDER BY points, id LIMIT ?")) {
      for (int i = 0; i < PAGES; i++) {
        statement.setString(1, "ann");
        statement.setLong(2, i % (ROWS - PAGE - 1));
        statement.setInt(3, PAGE);
        try (ResultSet row = statement.executeQuery()) {
          var page = new ArrayList<Map<String, Object>>();
          while (row.next()) {
            page.add(map(row));
          }
          require(page.size() == PAGE);
        }
      }
    }
    return perSecond(start, PAGES);
  }

  private static double pages(Store store) throws InterruptedException {
    var places = new Semaphore(AT_ONCE);
    long start = System.nanoTime();
    for (int i = 0; i < PAGES; i++) {
      places.acquire();
      Map<String, Object> filter =
          Map.of(
              "owner",
              "ann",
              "points",
              Map.of("$gt", (long) (i % (ROWS - PAGE - 1))),
              "$order",
              Map.of("points", "asc"),
              "$limit",
              (long) PAGE);
      store.execute(
          () -> {
            require(store.query("Todo", filter).size() == PAGE);
            places.release();
          });
    }
    places.acquire(AT_ONCE);
    return perSecond(start, PAGES);
  }

  private static double perSecond(long start, int count) {
    return count * 1e9 / (System.nanoTime() - start);
  }

  private static void require(boolean held) {
    if (!held) {
      throw new IllegalStateException("a row is missing");
    }
  }
}
