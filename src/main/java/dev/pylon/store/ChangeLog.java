package dev.pylon.store;

import java.util.List;

/**
 * The durable log of changes: an entry for each row that a transaction wrote, committed with it.
 * Numbers grow in the order in which changes became visible; some may be missing, none is given
 * twice. Old entries go when a newer one tells of the same row, so the newest entry of every row
 * stays and {@code after(0, …)} always leads to the present state. Thread-safe.
 */
public interface ChangeLog {

  /** The number of the newest entry there has been; 0 where there is none. */
  long head();

  /**
   * The number of the newest deletion that has been forgotten; 0 where none has. Who has read to an
   * earlier number, other than 0, may hold rows that are gone, and must begin again.
   */
  long forgotten();

  /**
   * The entries after {@code seq}, oldest first.
   *
   * @param limit entries at most; clamped to 1 to 1,000
   */
  List<LoggedChange> after(long seq, int limit);

  /**
   * Does a piece of what keeps the log complete and bounded: enters rows that were there before the
   * log was, drops entries that newer ones have replaced, forgets old deletions. Goes on where it
   * stopped, also after a restart.
   *
   * @return whether there is more to be done now
   */
  boolean keep();
}
