package dev.pylon.db;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the transactions of every engine have in common: what is to be done last and to be said
 * afterwards, and the failure after which nothing that follows can be kept.
 *
 * <p>Words may be given from any thread. Whatever is {@linkplain #guarded guarded} runs where the
 * transaction's statements run, one after the other.
 */
public abstract class OpenTransaction implements Database.Transaction {
  private final List<Runnable> words = new ArrayList<>();
  private volatile Consumer<Session> last = _ -> {};

  /** The database may have rolled back by itself then; what followed would commit alone. */
  private volatile @Nullable DatabaseException broken;

  @Override
  public final void beforeCommit(Consumer<Session> work) {
    last = work;
  }

  @Override
  public final void afterCommit(Runnable word) {
    synchronized (words) {
      words.add(word);
    }
  }

  /** What was to be said after the commit, in order. */
  public final List<Runnable> wordsAfterCommit() {
    synchronized (words) {
      return List.copyOf(words);
    }
  }

  /** Does what is to be done right before the commit. */
  protected final void doLast(Session session) {
    last.accept(session);
  }

  /**
   * Runs {@code work}, unless the transaction has ended or is broken; a failure that ends
   * transactions breaks it.
   */
  protected final <R, X extends Exception> R guarded(Session session, Work<R, X> work) throws X {
    requireOpen();
    if (broken != null) {
      throw broken;
    }
    try {
      return work.run(session);
    } catch (DatabaseException e) {
      if (e.reason().endsTransaction()) {
        broken = e;
      }
      throw e;
    }
  }

  /** From now on nothing can be done any more. */
  protected final void breakBy(DatabaseException failure) {
    broken = failure;
  }

  /** Why nothing of it can be kept, or null. */
  public final @Nullable DatabaseException broken() {
    return broken;
  }

  /** Throws where the transaction has ended. */
  protected abstract void requireOpen();
}
