package dev.pylon.store;

import dev.pylon.db.Database;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Work;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaPlan;
import dev.pylon.schema.SchemaRequest;
import dev.pylon.store.migration.SchemaPush;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The rows of one application in a database, whichever it is. Thread-safe. */
public final class SqlStore extends SqlReads implements Store {
  private static final System.Logger LOG = System.getLogger(SqlStore.class.getName());

  /** How long a change of schema waits for the writers before it. */
  private static final Duration APPLY_PATIENCE = Duration.ofSeconds(30);

  private final Database database;
  private final SchemaPush push;
  private final IndexFilling filling;
  private final int rowsMax;
  private final IdSource ids;
  private final InstantSource clock;
  private final SqlChangeLog log;
  private final List<WriteStep> steps = new CopyOnWriteArrayList<>();
  private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();

  /** Put in place only by who has the turn to write. */
  private volatile Model model;

  private SqlStore(
      Database database,
      Manifest manifest,
      int rowsMax,
      IdSource ids,
      InstantSource clock,
      LogLimits limits) {
    this.database = database;
    this.push = new SchemaPush(clock);
    this.filling = new IndexFilling(database, database.dialect(), this::model);
    this.rowsMax = rowsMax;
    this.ids = ids;
    this.clock = clock;
    this.model = Model.of(manifest, database.dialect());
    this.log = new SqlChangeLog(database, this::model, limits, clock);
  }

  /**
   * Makes {@code database} fit {@code manifest}, adding only, and opens it as a store, which closes
   * it. Where it does not fit, {@code database} stays open.
   *
   * @param baseline who asks, for the schema history: {@code dev}, {@code start}, …
   * @param rowsMax rows an answer may have
   * @throws dev.pylon.model.PylonException {@code PUSH_BLOCKED}
   */
  public static SqlStore open(
      Database database,
      Manifest manifest,
      String baseline,
      int rowsMax,
      IdSource ids,
      InstantSource clock) {
    return open(database, manifest, baseline, rowsMax, ids, clock, LogLimits.STANDARD);
  }

  static SqlStore open(
      Database database,
      Manifest manifest,
      String baseline,
      int rowsMax,
      IdSource ids,
      InstantSource clock,
      LogLimits limits) {
    var store = new SqlStore(database, manifest, rowsMax, ids, clock, limits);
    store.apply(manifest, baseline);
    return store;
  }

  @Override
  public Manifest manifest() {
    return model.manifest();
  }

  @Override
  Model model() {
    return model;
  }

  @Override
  Dialect dialect() {
    return database.dialect();
  }

  @Override
  int rowsMax() {
    return rowsMax;
  }

  @Override
  Access access() {
    return Access.EVERYTHING;
  }

  @Override
  boolean isPartial(String entity) {
    return filling.isPartial(entity);
  }

  List<WriteStep> steps() {
    return steps;
  }

  IdSource ids() {
    return ids;
  }

  InstantSource clock() {
    return clock;
  }

  @Override
  <R> R run(Work<R, RuntimeException> work) {
    return database.read(work);
  }

  @Override
  public <R, X extends Exception> R own(Work<R, X> work) throws X {
    return database.read(work);
  }

  @Override
  public <R, X extends Exception> R writeOwn(Deadline patience, Work<R, X> work) throws X {
    return database.writeOwn(patience, transaction -> transaction.run(work));
  }

  @Override
  public <R, X extends Exception> R makeOwn(Deadline patience, Work<R, X> work) throws X {
    return database.alter(patience, transaction -> transaction.run(work));
  }

  @Override
  public void execute(Runnable work) {
    database.execute(work);
  }

  @Override
  public boolean tryExecute(List<? extends Runnable> reads) {
    return database.tryExecute(reads);
  }

  @Override
  public ChangeLog log() {
    return log;
  }

  @Override
  public void onCommit(CommitListener listener) {
    listeners.add(listener);
  }

  @Override
  public Rows as(Access access) {
    return new AccessedRows(this, access);
  }

  @Override
  public void beforeWrite(WriteStep step) {
    steps.add(step);
  }

  @Override
  public <R, X extends Exception> R write(Deadline patience, Writing<R, X> work) throws X {
    return write(patience, Access.EVERYTHING, work);
  }

  <R, X extends Exception> R write(Deadline patience, Access access, Writing<R, X> work) throws X {
    var progress = new Progress();
    try {
      return database.write(
          patience,
          transaction -> {
            var tx = new SqlTransaction(transaction, model, access, this);
            progress.begins(tx);
            transaction.beforeCommit(tx::log);
            transaction.afterCommit(() -> {
              announce(tx.changes());
              tx.close();
            });
            progress.at = Progress.Step.WORK;
            R result = work.run(tx);
            progress.at = Progress.Step.COMMIT;
            return result;
          });
    } catch (DatabaseException e) {
      progress.failed();
      throw switch (progress.at) {
        case BEGIN -> Refusals.ofBegin(e);
        case WORK -> e.reason().endsTransaction() ? Refusals.ofWork(e) : e;
        case COMMIT -> Refusals.ofCommit(e);
      };
    } catch (Throwable e) {
      progress.failed();
      throw e;
    }
  }

  /** How far a transaction has come; the same failure means something else at each step. */
  private static final class Progress {
    private enum Step {
      BEGIN,
      WORK,
      COMMIT
    }

    private Step at = Step.BEGIN;
    private @Nullable SqlTransaction tx;

    /** Perhaps once more, after what the one before did was undone. */
    private void begins(SqlTransaction next) {
      failed();
      tx = next;
    }

    private void failed() {
      if (tx != null) {
        tx.close();
      }
    }
  }

  private void announce(List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    for (CommitListener listener : listeners) {
      try {
        listener.committed(changes);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a listener failed on a commit", e);
      }
    }
  }

  @Override
  public SchemaPlan plan(Manifest next) {
    return database.read(session -> push.plan(session, SchemaRequest.toFit(next)));
  }

  @Override
  public SchemaPlan apply(Manifest next, String baseline) {
    Model fitting = Model.of(next, dialect());
    try {
      return database.alter(
          Deadline.after(APPLY_PATIENCE),
          transaction -> {
            SchemaPlan done = transaction.run(session -> change(session, fitting, baseline));
            Set<String> lacking =
                transaction.run(session -> filling.prepare(session, fitting.indexes()));
            // A writer that begins in between still writes rows of the old shape, which fit.
            transaction.afterCommit(() -> {
              model = fitting;
              filling.begin(lacking);
            });
            return done;
          });
    } catch (DatabaseException e) {
      throw Refusals.ofPush(e);
    }
  }

  private SchemaPlan change(Session session, Model next, String baseline) {
    LogTable.create(session);
    return push.apply(session, SchemaRequest.toFit(next.manifest()), baseline);
  }

  @Override
  public boolean fillIndexes() {
    try {
      return filling.fillSome();
    } catch (DatabaseException e) {
      throw Refusals.ofWork(e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
