package dev.pylon.process;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to a child's standard input: added by anybody, written by one thread,
 * everything that waits in one write.
 *
 * <p>Thread-safe without a lock: many calls add at the same time, and one that had to wait for a
 * lock would cost more than its line.
 */
final class InputQueue {
  private static final Logger LOG = System.getLogger(InputQueue.class.getName());

  /** Bytes that may wait while the child is not reading; beyond that it is stuck or gone. */
  private static final int WAITING_BYTES_MAX = 256 * 1024 * 1024;

  /** As much as a pipe takes at once. */
  private static final int BATCH_BYTES = 64 * 1024;

  private static final byte[] NOTHING = {};

  /** The newest entry, over the older ones; one without a line is the end, and stays. */
  private final AtomicReference<@Nullable Entry> newest = new AtomicReference<>();

  private final AtomicLong waitingBytes = new AtomicLong();
  private volatile @Nullable Thread writer;

  /** A line, made or to be made; neither is the end. */
  private static final class Entry {
    private final byte @Nullable [] line;
    private final @Nullable LateLine late;
    private @Nullable Entry older;

    Entry(byte @Nullable [] line, @Nullable LateLine late) {
      this.line = line;
      this.late = late;
    }

    boolean isEnd() {
      return line == null && late == null;
    }

    /** Its bytes; none where a line cannot be made, which harms no other. */
    byte[] bytes() {
      if (line != null) {
        return line;
      }
      try {
        return late == null ? NOTHING : late.bytes();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a line for a child could not be made", e);
        return NOTHING;
      }
    }
  }

  /**
   * Queues a line for writing; false where the pipe is closed or the child reads nothing. What is
   * counted first is refused first, so many who add at once do not get past the bound together.
   */
  boolean add(byte[] line) {
    if (waitingBytes.addAndGet(line.length) > WAITING_BYTES_MAX) {
      waitingBytes.addAndGet(-line.length);
      return false;
    }
    return push(new Entry(line, null));
  }

  /** The same for a line yet to be made; whoever adds these has a bound for them. */
  boolean add(LateLine line) {
    return push(new Entry(null, line));
  }

  /** Nothing more is taken; what is queued is still written, then the pipe is closed. */
  void close() {
    boolean unused = push(new Entry(null, null));
  }

  private boolean push(Entry entry) {
    Entry below;
    do {
      below = newest.get();
      if (below != null && below.isEnd()) {
        return false;
      }
      entry.older = below;
    } while (!newest.compareAndSet(below, entry));
    if (below == null || entry.isEnd()) {
      LockSupport.unpark(writer);
    }
    return true;
  }

  /**
   * Writes what comes until {@link #close}. Run by the one writing thread.
   *
   * @param prepare sees the late lines of each batch before they are asked for their bytes
   */
  void drainTo(OutputStream pipe, Consumer<List<LateLine>> prepare) throws IOException {
    writer = Thread.currentThread();
    var out = new BufferedOutputStream(pipe, BATCH_BYTES);
    while (!Thread.currentThread().isInterrupted()) {
      Entry taken = newest.get();
      if (taken == null) {
        LockSupport.park(this);
      } else if (taken.isEnd()) {
        write(taken, out, prepare);
        return;
      } else if (newest.compareAndSet(taken, null)) {
        write(taken, out, prepare);
      }
    }
  }

  private void write(Entry youngest, OutputStream out, Consumer<List<LateLine>> prepare)
      throws IOException {
    List<Entry> batch = oldestFirst(youngest);
    var late = new ArrayList<LateLine>();
    for (Entry entry : batch) {
      if (entry.late != null) {
        late.add(entry.late);
      }
    }
    if (!late.isEmpty()) {
      prepare.accept(late);
    }
    for (Entry entry : batch) {
      out.write(entry.bytes());
    }
    out.flush();
  }

  private List<Entry> oldestFirst(Entry youngest) {
    var batch = new ArrayList<Entry>();
    long bytes = 0;
    for (Entry at = youngest; at != null; at = at.older) {
      batch.add(at);
      bytes += at.line == null ? 0 : at.line.length;
    }
    waitingBytes.addAndGet(-bytes);
    return batch.reversed();
  }
}
