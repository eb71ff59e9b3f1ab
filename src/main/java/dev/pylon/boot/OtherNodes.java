package dev.pylon.boot;

import dev.pylon.auth.Accounts;
import dev.pylon.db.Database;
import java.time.Duration;

/** Hears what other nodes with the same database tell of people, on a thread of its own. */
final class OtherNodes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Thread thread;

  private OtherNodes(Thread thread) {
    this.thread = thread;
  }

  /** The thread ends at once where nodes do not share {@code database}. */
  static OtherNodes hear(Database database, Accounts accounts) {
    return new OtherNodes(
        Thread.ofVirtual()
            .name("other-nodes")
            .start(() -> database.hear(Accounts.NODES, accounts.otherNodes())));
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      boolean unused = thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
