package dev.pylon.auth;

import dev.pylon.db.Database;
import dev.pylon.db.DatabaseError;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Work;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where sessions, codes and keys are kept: a database of our own tables, opened when somebody first
 * presents or wants a token, for many servers never see one. Thread-safe.
 */
public final class Vault implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Vault.class.getName());

  /** How long a sign-in waits for others to write theirs. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Supplier<Database> opener;
  private final boolean owned;
  private volatile @Nullable Database database;
  private boolean closed;

  private Vault(Supplier<Database> opener, boolean owned) {
    this.opener = opener;
    this.owned = owned;
  }

  /**
   * @param opener asked when it is first needed; again, where it is not {@code owned}, for the same
   * @param owned whether what it opens is ours alone, and closed with us
   */
  public static Vault of(Supplier<Database> opener, boolean owned) {
    return new Vault(opener, owned);
  }

  private Database open() {
    Database opened = database;
    return opened == null ? openNow() : opened;
  }

  private synchronized Database openNow() {
    Database known = database;
    if (known != null) {
      return known;
    }
    if (closed) {
      throw new PylonException(DatabaseError.DATABASE_UNAVAILABLE, "The server is stopping");
    }
    Database opened = opener.get();
    try {
      boolean unused =
          opened.alter(Deadline.after(PATIENCE), transaction -> transaction.run(Tables::prepare));
    } catch (RuntimeException e) {
      if (owned) {
        opened.close();
      }
      throw e;
    }
    database = opened;
    return opened;
  }

  /** What is kept, as it is committed. */
  <R extends @Nullable Object> R read(Work<R, RuntimeException> work) {
    try {
      return open().read(work);
    } catch (DatabaseException e) {
      throw unavailable(e);
    }
  }

  /** Changes what is kept: each statement does all or nothing, and what others commit is seen. */
  <R> R write(Work<R, RuntimeException> work) {
    try {
      return open().writeOwn(Deadline.after(PATIENCE), transaction -> transaction.run(work));
    } catch (DatabaseException e) {
      throw unavailable(e);
    }
  }

  /** Tells other nodes that share the database; where that fails what was done is done. */
  void tell(String channel, String words) {
    if (owned) {
      return;
    }
    try {
      opener.get().tell(channel, words);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "other nodes were not told, and find out within a minute", e);
    }
  }

  private static PylonException unavailable(DatabaseException e) {
    return new PylonException(
        DatabaseError.DATABASE_UNAVAILABLE, "Accounts cannot be reached at the moment", e);
  }

  @Override
  public synchronized void close() {
    closed = true;
    Database opened = database;
    if (owned && opened != null) {
      opened.close();
    }
  }
}
