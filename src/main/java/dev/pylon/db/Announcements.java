package dev.pylon.db;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is to be said after commits, in commit order. Thread-safe.
 *
 * <p>Whoever commits {@linkplain #enqueue enqueues} while it is still the only writer, so the queue
 * is in commit order, and {@linkplain #deliver delivers} when others may write again. The lock
 * keeps two from speaking at once; a transaction begun by a listener leaves its own words to
 * whoever is speaking. The queue is bounded by the transactions that have committed and not yet
 * returned.
 */
public final class Announcements {
  private static final System.Logger LOG = System.getLogger(Announcements.class.getName());

  private final Queue<Announcement> queue = new ConcurrentLinkedQueue<>();
  private final ReentrantLock speaking = new ReentrantLock();

  /** Up to which whoever holds the lock has to speak. Guarded by {@code speaking}. */
  private Announcement last = new Announcement(List.of());

  /** What one commit has to say. */
  public static final class Announcement {
    private final List<Runnable> words;
    private volatile boolean said;

    private Announcement(List<Runnable> words) {
      this.words = words;
    }
  }

  /** Takes the place of one commit. To be called before the next transaction can begin. */
  public Announcement enqueue(List<Runnable> words) {
    var announcement = new Announcement(words);
    queue.add(announcement);
    return announcement;
  }

  /** Returns when {@code ours} has been said, after all that were committed before it. */
  public void deliver(Announcement ours) {
    if (speaking.isHeldByCurrentThread()) {
      last = ours;
      return;
    }
    speaking.lock();
    try {
      last = ours;
      while (!last.said) {
        say(queue.remove());
      }
    } finally {
      speaking.unlock();
    }
  }

  private static void say(Announcement announcement) {
    for (Runnable word : announcement.words) {
      try {
        word.run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a commit was not heard by everybody", e);
      }
    }
    announcement.said = true;
  }
}
