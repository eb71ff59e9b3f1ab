package dev.pylon.store.differential;

import static org.assertj.core.api.Assertions.fail;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.schema.Manifest;
import dev.pylon.store.SqlStore;
import dev.pylon.store.differential.Subject.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever is done, SQLite, Postgres and a plain model of the contract say the same: answers,
 * refusals, change events. What differs is told with the shortest way there that was found; {@code
 * -Dpylon.differential.seed=…} goes another way, {@code -Dpylon.differential.acts=…} further.
 */
@NeedsPostgres
@Timeout(300)
class DifferentialTest {
  private static final long SEED = Long.getLong("pylon.differential.seed", 20_261_121);
  private static final int ACTS = Integer.getInteger("pylon.differential.acts", 10_000);

  /** Acts before everybody begins again without rows, so that what differs has a short history. */
  private static final int EPISODE = 500;

  /** Few, so that some answers have too many. */
  private static final int ROWS_MAX = 60;

  private static final Duration SHRINKING = Duration.ofSeconds(45);

  private static final Manifest MANIFEST =
      Manifest.parse(
          """
          {"manifest_version": 1, "name": "differential", "version": "1", "routes": [], "entities": [
            {"name": "Team", "fields": [
               {"name": "title", "type": "string", "optional": false, "unique": false},
               {"name": "where", "type": "string", "optional": true, "unique": false},
               {"name": "größe \\"x\\"", "type": "int", "optional": true, "unique": false}],
             "indexes": [],
             "relations": [{"name": "members", "target": "Person", "field": "teamId", "many": true},
                           {"name": "nowhere", "target": "Nothing", "field": "x", "many": true}]},
            {"name": "Person", "fields": [
               {"name": "name", "type": "string", "optional": false, "unique": true},
               {"name": "age", "type": "int", "optional": true, "unique": false},
               {"name": "score", "type": "float", "optional": true, "unique": false},
               {"name": "active", "type": "bool", "optional": true, "unique": false},
               {"name": "born", "type": "datetime", "optional": true, "unique": false},
               {"name": "bio", "type": "richtext", "optional": true, "unique": false},
               {"name": "teamId", "type": "id(Team)", "optional": true, "unique": false}],
             "indexes": [{"name": "seat", "fields": ["teamId", "age"], "unique": true},
                         {"name": "by_score", "fields": ["score"], "unique": false}],
             "relations": [{"name": "team", "target": "Team", "field": "teamId"},
                           {"name": "peers", "target": "Person", "field": "teamId", "many": true},
                           {"name": "tasks", "target": "Task", "field": "ownerId", "many": true}]},
            {"name": "Task", "fields": [
               {"name": "title", "type": "string", "optional": true, "unique": false},
               {"name": "points", "type": "int", "optional": false, "unique": false},
               {"name": "ratio", "type": "float", "optional": true, "unique": false},
               {"name": "done", "type": "bool", "optional": false, "unique": false},
               {"name": "due", "type": "datetime", "optional": true, "unique": false},
               {"name": "notes", "type": "richtext", "optional": true, "unique": false},
               {"name": "ownerId", "type": "id(Person)", "optional": true, "unique": false}],
             "search": {"text": ["title", "notes"], "sortable": ["due", "points"],
                        "facets": ["points", "done", "ratio", "due", "ownerId"]},
             "indexes": [{"name": "by_owner", "fields": ["ownerId", "due"], "unique": false}],
             "relations": [{"name": "owner", "target": "Person", "field": "ownerId"}]}]}
          """
              .getBytes(StandardCharsets.UTF_8));

  private final Subject.Model model = Subject.model(MANIFEST, ROWS_MAX);
  private List<Subject> subjects = List.of();

  @BeforeEach
  void open() {
    subjects =
        List.of(
            model,
            Subject.of("SQLite", store(SqliteDatabase.temporary())),
            Subject.of(
                "Postgres", store(PostgresDatabase.open(PostgresServer.shared().newDatabase()))));
  }

  private static SqlStore store(Database database) {
    return SqlStore.open(
        database,
        MANIFEST,
        "test",
        ROWS_MAX,
        new IdSource(InstantSource.system()),
        InstantSource.system());
  }

  @AfterEach
  void close() {
    subjects.forEach(Subject::close);
  }

  @Test
  void everyStoreSaysWhatTheContractSays() {
    for (int episode = 0; episode * EPISODE < ACTS; episode++) {
      var acts = new RandomActs(new Random(SEED + episode), MANIFEST, model);
      subjects.forEach(Subject::empty);
      var done = new ArrayList<Act>();
      while (done.size() < EPISODE) {
        Act act = acts.next();
        done.add(act);
        String difference = difference(act);
        if (difference != null) {
          fail(
              "%s%nseed %d, episode %d, act %d; what leads there:%n%s",
              difference, SEED, episode, done.size(), lines(shrunk(done)));
        }
      }
      for (Subject subject : subjects) {
        String fault = subject.faultOfLog();
        if (!fault.isEmpty()) {
          fail("%s: %s%nseed %d, episode %d", subject.title(), fault, SEED, episode);
        }
      }
    }
  }

  /** Does {@code act} to everybody and says who differs; null where nobody does. */
  private @Nullable String difference(Act act) {
    List<Outcome> outcomes = subjects.stream().map(subject -> subject.play(act)).toList();
    boolean same = outcomes.stream().map(Outcome::told).distinct().count() == 1;
    // The model has no words of its own.
    boolean sameWords = outcomes.stream().skip(1).map(Outcome::words).distinct().count() == 1;
    if (same && sameWords) {
      return null;
    }
    var difference = new StringBuilder(act.toString());
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      difference
          .append("%n%-10s ".formatted(subjects.get(i).title()))
          .append(same ? outcome.words() : outcome.told());
    }
    return difference.toString();
  }

  /**
   * A part of {@code acts} whose last one still makes a difference: pieces are left out in turn.
   */
  private List<Act> shrunk(List<Act> acts) {
    Deadline patience = Deadline.after(SHRINKING);
    List<Act> shortest = acts;
    for (int size = acts.size() / 2; size > 0 && !patience.isPast(); size /= 2) {
      for (int from = 0; from < shortest.size() - 1 && !patience.isPast(); ) {
        var shorter = new ArrayList<>(shortest.subList(0, from));
        shorter.addAll(
            shortest.subList(Math.min(from + size, shortest.size() - 1), shortest.size()));
        if (differsAtTheEnd(shorter)) {
          shortest = shorter;
        } else {
          from += size;
        }
      }
    }
    return shortest;
  }

  private boolean differsAtTheEnd(List<Act> acts) {
    subjects.forEach(Subject::empty);
    for (Act act : acts.subList(0, acts.size() - 1)) {
      if (difference(act) != null) {
        return false;
      }
    }
    return difference(acts.getLast()) != null;
  }

  private static String lines(List<Act> acts) {
    return acts.stream().map(Act::toString).collect(Collectors.joining("\n"));
  }
}
