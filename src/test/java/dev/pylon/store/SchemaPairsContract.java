package dev.pylon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.db.Columns;
import dev.pylon.db.Database;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaDiff.Removal;
import dev.pylon.schema.SchemaPlan;
import dev.pylon.schema.SchemaRequest;
import dev.pylon.store.migration.SchemaPush;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The law of schema changes, over random pairs of schemas: what is planned is what is done, nothing
 * is left to plan then, rows keep what they hold, and the tables keep what the manifest says. Where
 * the rows forbid it, nothing changes at all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SchemaPairsContract {
  private static final int PAIRS = 2_000;

  private final SchemaPush push = new SchemaPush(InstantSource.system());
  private final List<Database> databases = new ArrayList<>();

  /**
   * How many databases are asked at once: one that answers from afar mostly waits for questions.
   */
  abstract int databases();

  abstract Database open();

  /** Makes the database empty. */
  abstract void clear(Session session);

  @AfterAll
  void close() {
    databases.forEach(Database::close);
  }

  @Test
  @Timeout(600)
  void whatIsPlannedIsDoneAndNothingIsLeftToPlan() throws Exception {
    var seeds = new AtomicInteger();
    var changed = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(databases())) {
      var ends = new ArrayList<Future<?>>();
      for (int i = 0; i < databases(); i++) {
        Database database = open();
        databases.add(database);
        ends.add(threads.submit(() -> changed.addAndGet(changedOf(seeds, database))));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }

    System.Logger log = System.getLogger(getClass().getName());
    log.log(System.Logger.Level.INFO, "pairs={0} changed={1}", PAIRS, changed);
    assertThat(changed.get()).isBetween(1, PAIRS - 1);
  }

  /** Takes seed after seed, as long as there are some; how many second schemas could be had. */
  private int changedOf(AtomicInteger seeds, Database database) {
    int changed = 0;
    for (int seed = seeds.getAndIncrement(); seed < PAIRS; seed = seeds.getAndIncrement()) {
      try {
        changed += new Pair(database).holds(new Random(seed)) ? 1 : 0;
      } catch (AssertionError | RuntimeException e) {
        seeds.set(PAIRS);
        throw new AssertionError("the pair of seed " + seed, e);
      }
    }
    return changed;
  }

  /** One schema, then another, in a database that held something else. */
  private final class Pair {
    private final Database database;

    Pair(Database database) {
      this.database = database;
    }

    /** Whether the second schema could be had. */
    boolean holds(Random random) {
      in(SchemaPairsContract.this::clear);
      var schemas = new RandomSchemas(random);
      Manifest first = schemas.next();
      apply(SchemaRequest.toFit(first));
      in(session -> fill(session, first, random));
      Manifest second = schemas.after(first);
      var request =
          new SchemaRequest(
              second, random.nextInt(3) == 0 ? Removal.DROP : Removal.KEEP, List.of(), null);
      Map<String, List<Map<String, String>>> before = rows();

      SchemaPlan planned = plan(request);
      if (planned.isBlocked()) {
        List<Table> tables = tables();
        assertThatThrownBy(() -> apply(request)).isInstanceOf(PylonException.class);
        assertThat(tables()).isEqualTo(tables);
        assertThat(rows()).isEqualTo(before);
        return false;
      }
      assertThat(apply(request)).isEqualTo(planned);
      assertThat(plan(request).operations()).isEmpty();
      if (request.removal() == Removal.DROP) {
        assertThat(plan(SchemaRequest.toFit(second)).operations()).isEmpty();
      }
      List<Table> tables = tables();
      second.entities().forEach(entity -> keepsItsWord(entity, tables));
      survived(before, request);
      return true;
    }

    private SchemaPlan plan(SchemaRequest request) {
      return database.read(session -> push.plan(session, request));
    }

    private SchemaPlan apply(SchemaRequest request) {
      return database.alter(
          Deadline.after(Duration.ofSeconds(10)),
          transaction -> transaction.run(session -> push.apply(session, request, "test")));
    }

    private interface Doing {
      void with(Session session);
    }

    private void in(Doing work) {
      database.alter(
          Deadline.after(Duration.ofSeconds(10)),
          transaction ->
              transaction.run(session -> {
                work.with(session);
                return true;
              }));
    }

    private List<Table> tables() {
      return database.read(session -> session.dialect().tables(session));
    }

    private static void fill(Session session, Manifest manifest, Random random) {
      for (Entity entity : manifest.entities()) {
        // There are but two booleans.
        int rows = random.nextInt(3);
        for (int i = 0; i < rows; i++) {
          session.execute(insert(session, entity, i, random));
        }
      }
    }

    private static Sql insert(Session session, Entity entity, int row, Random random) {
      var columns = new ArrayList<String>(List.of("id"));
      var values = new ArrayList<Object>(List.of("row " + row));
      for (Field field : entity.fields()) {
        if (!field.optional() || random.nextBoolean()) {
          columns.add(session.dialect().quote(field.name()));
          values.add(value(field, isUnique(entity, field) ? row : 0));
        }
      }
      return Sql.of(
          "INSERT INTO %s (%s) VALUES (%s)"
              .formatted(
                  session.dialect().quote(entity.name()),
                  String.join(", ", columns),
                  columns.stream().map(_ -> "?").collect(Collectors.joining(", "))),
          values.toArray());
    }

    private static boolean isUnique(Entity entity, Field field) {
      return field.unique()
          || entity.indexes().stream()
              .anyMatch(index -> index.unique() && index.fields().contains(field.name()));
    }

    private static Object value(Field field, int number) {
      return switch (field.type().kind()) {
        case STRING, RICHTEXT, ID -> "text " + number;
        case INT -> 7 + number;
        case FLOAT -> 7.25 + number;
        case BOOL -> number == 0;
        case DATETIME -> "2026-01-01T00:00:0" + number + ".000Z";
      };
    }

    /** All rows of tables that are not our own, as text, by table and in the order of their ids. */
    private Map<String, List<Map<String, String>>> rows() {
      return database.read(session -> {
        var rows = new TreeMap<String, List<Map<String, String>>>();
        for (Table table : session.dialect().tables(session)) {
          if (!table.name().startsWith("_pylon_")) {
            rows.put(table.name(), rows(session, table));
          }
        }
        return rows;
      });
    }

    private static List<Map<String, String>> rows(Session session, Table table) {
      String columns =
          table.columns().stream()
              .map(column -> session.dialect().quote(column.name()))
              .collect(Collectors.joining(", "));
      return session.list(
          Sql.of(
              "SELECT %s FROM %s ORDER BY id"
                  .formatted(columns, session.dialect().quote(table.name()))),
          row -> row(table, row));
    }

    private static Map<String, String> row(Table table, Columns row) {
      var values = new TreeMap<String, String>();
      for (int i = 0; i < table.columns().size(); i++) {
        values.put(table.columns().get(i).name(), String.valueOf(row.value(i)));
      }
      return values;
    }

    private void survived(Map<String, List<Map<String, String>>> before, SchemaRequest request) {
      Map<String, List<Map<String, String>>> after = rows();
      before.forEach((table, rows) -> {
        boolean dropped = request.removal() == Removal.DROP;
        if (dropped && request.manifest().entity(table).isEmpty()) {
          assertThat(after).doesNotContainKey(table);
          return;
        }
        List<Map<String, String>> now = after.get(table);
        assertThat(now).as(table).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
          var expected = new TreeMap<>(rows.get(i));
          if (dropped) {
            expected
                .keySet()
                .removeIf(column ->
                    !column.equals("id")
                        && request.manifest().entity(table).orElseThrow().field(column).isEmpty());
          }
          assertThat(now.get(i)).containsAllEntriesOf(expected);
        }
      });
    }

    /** Whether the table is what the manifest says, seen without the code under test. */
    private static void keepsItsWord(Entity entity, List<Table> tables) {
      Table table =
          tables.stream().filter(one -> one.name().equals(entity.name())).findFirst().orElseThrow();
      for (Field field : entity.fields()) {
        Table.Column column =
            table.columns().stream()
                .filter(one -> one.name().equals(field.name()))
                .findFirst()
                .orElseThrow();
        boolean indexed =
            entity.indexes().stream()
                .anyMatch(index -> index.unique() && index.fields().equals(List.of(field.name())));
        assertThat(column.notNull()).as("NOT NULL of %s", field).isEqualTo(!field.optional());
        assertThat(
                table.indexes().stream()
                    .anyMatch(
                        index -> index.unique() && index.columns().equals(List.of(field.name()))))
            .as("uniqueness of %s", field)
            .isEqualTo(field.unique() || indexed);
      }
      assertThat(
              table.indexes().stream()
                  .filter(index -> !index.implied() && !index.name().endsWith("$unique"))
                  .map(index -> index.name() + index.columns() + index.unique()))
          .containsExactlyInAnyOrderElementsOf(
              entity.indexes().stream()
                  .map(
                      index -> entity.name() + "_" + index.name() + index.fields() + index.unique())
                  .toList());
    }
  }
}
