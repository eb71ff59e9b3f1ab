package dev.pylon.db.sqlite;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Moves what is committed from the write-ahead log into the file, on a connection of its own: that
 * waits for the disk, some ten milliseconds each time, and the writer would wait with it.
 * Thread-safe.
 *
 * <p>While there is always somebody writing it never catches up, and the log would grow for ever:
 * at {@link #PAGES_MAX} the writer does the rest itself and begins the log anew.
 */
final class Checkpoints {
  /** Pages of the log at which the writer itself takes part; of four KiB each. */
  static final int PAGES_MAX = 8_000;

  /** Commits between two of them: about a thousand pages where each changes a row. */
  private static final int COMMITS = 256;

  private static final Sql CHECKPOINT = Sql.of("PRAGMA wal_checkpoint(PASSIVE)");

  private final Lanes lane;
  private final AtomicBoolean underWay = new AtomicBoolean();

  /** Since the last one was asked for; the writer's thread only. */
  private int commits;

  /** Takes charge of {@code lane}, whose connection may write. */
  Checkpoints(Lanes lane) {
    this.lane = lane;
  }

  /** To be called after each commit, on the writer's thread. Never throws. */
  void committed() {
    if (++commits >= COMMITS && underWay.compareAndSet(false, true)) {
      commits = 0;
      try {
        lane.submit(this::checkpoint);
      } catch (DatabaseException _) {
        underWay.set(false); // It is closing, and the writer does the rest when it closes.
      }
    }
  }

  private void checkpoint(Session session) {
    try {
      session.first(CHECKPOINT, _ -> true);
    } finally {
      underWay.set(false);
    }
  }

  void close(Duration patience) {
    lane.close(patience);
  }
}
