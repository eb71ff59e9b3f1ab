package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Session;
import dev.pylon.db.Work;
import dev.pylon.model.Deadline;
import dev.pylon.schema.Entity;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The change log in the tables {@code _pylon_changes} and {@code _pylon_changes_state}. It is
 * written by the transactions themselves; here it is read and kept in order. Thread-safe.
 */
final class SqlChangeLog implements ChangeLog {
  private static final int PAGE_MAX = 1_000;

  /** Entries or rows that one turn of {@link #keep} looks at, so that writers wait little. */
  private static final int BATCH = 500;

  /** How long a turn waits for the writers before it. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Remembered names: up to where entries have been folded, and the last deletion forgotten. */
  private static final String FOLDED = "folded";

  private static final String FORGOTTEN = "forgotten";

  /** Before the name of an entity: up to which row it has been entered; {@link #ALL} at the end. */
  private static final String ENTERED = "entered:";

  /** Greater than every id. */
  private static final String ALL = "\uffff";

  private final Database database;
  private final Supplier<Model> model;
  private final LogLimits limits;
  private final InstantSource clock;

  SqlChangeLog(Database database, Supplier<Model> model, LogLimits limits, InstantSource clock) {
    this.database = database;
    this.model = model;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public long head() {
    return read(session -> Math.max(LogTable.newest(session), number(session, FORGOTTEN)));
  }

  @Override
  public long forgotten() {
    return read(session -> number(session, FORGOTTEN));
  }

  @Override
  public List<LoggedChange> after(long seq, int limit) {
    int size = Math.clamp(limit, 1, PAGE_MAX);
    return read(session -> LogTable.after(session, seq, size));
  }

  private <R> R read(Work<R, RuntimeException> work) {
    try {
      return database.read(work);
    } catch (DatabaseException e) {
      throw Refusals.ofRead(e);
    }
  }

  private static long number(Session session, String name) {
    String value = LogTable.state(session, name);
    return value == null ? 0 : Long.parseLong(value);
  }

  @Override
  public boolean keep() {
    try {
      return keepSome();
    } catch (DatabaseException e) {
      throw Refusals.ofBegin(e);
    }
  }

  private boolean keepSome() {
    String entity = database.read(this::notEntered);
    if (entity != null) {
      turn(session -> enter(session, entity));
      return true;
    }
    if (database.read(this::endOfFold).isPresent()) {
      turn(this::fold);
      return true;
    }
    if (database.read(this::endOfForgetting).isPresent()) {
      turn(this::forget);
      return true;
    }
    return false;
  }

  private void turn(Consumer<Session> work) {
    database.writeOwn(
        Deadline.after(PATIENCE),
        transaction ->
            transaction.run(session -> {
              work.accept(session);
              return true;
            }));
  }

  private @Nullable String notEntered(Session session) {
    for (Entity entity : model.get().manifest().entities()) {
      if (!ALL.equals(LogTable.state(session, ENTERED + entity.name()))) {
        return entity.name();
      }
    }
    return null;
  }

  private void enter(Session session, String entity) {
    LogTable.takeTurn(session);
    String from = LogTable.state(session, ENTERED + entity);
    String last = LogTable.enter(session, entity, from == null ? "" : from, BATCH, clock.millis());
    LogTable.remember(session, ENTERED + entity, last == null ? ALL : last);
  }

  private OptionalLong endOfFold(Session session) {
    return LogTable.endOfBatch(
        session,
        number(session, FOLDED),
        LogTable.newest(session) - limits.entries(),
        before(limits.age()),
        BATCH);
  }

  private void fold(Session session) {
    endOfFold(session)
        .ifPresent(end -> {
          LogTable.fold(session, number(session, FOLDED), end);
          LogTable.remember(session, FOLDED, Long.toString(end));
        });
  }

  private OptionalLong endOfForgetting(Session session) {
    return LogTable.endOfDeletions(
        session, number(session, FOLDED), before(limits.deletions()), BATCH);
  }

  private void forget(Session session) {
    endOfForgetting(session)
        .ifPresent(end -> {
          LogTable.forget(session, end);
          LogTable.remember(session, FORGOTTEN, Long.toString(end));
        });
  }

  private long before(Duration age) {
    return clock.instant().minus(age).toEpochMilli();
  }
}
