package dev.pylon.boot;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Decides when files have come to rest after a change. One saved file is settled after a moment; as
 * soon as a second one changes somebody is saving many (an editor's "save all", a branch switched),
 * and all of them are waited for. Whoever never stops saving is not waited for longer than {@link
 * #MAX}.
 *
 * <p>Times are nanoseconds of one clock, given by the caller. Single-threaded.
 */
final class QuietTime {
  /** After one file. Writing a file and moving it into place are some milliseconds apart. */
  static final long ONE = 20_000_000;

  /** After several (command line contract, 14.2). */
  static final long SEVERAL = 75_000_000;

  static final long MAX = 500_000_000;

  /**
   * After one that is empty: whoever saves a file may empty it first, and is nearly always about to
   * fill it again.
   */
  static final long EMPTY = 200_000_000;

  /** Names kept of one change; a change of more files than this is a change of everything. */
  private static final int FILES_MAX = 10_000;

  private Set<Path> files = new LinkedHashSet<>();
  private final Set<Path> empty = new HashSet<>();
  private long first;
  private long last;

  /**
   * {@code file} has changed.
   *
   * @param isEmpty whether it is there with nothing in it
   */
  void changed(Path file, boolean isEmpty, long now) {
    if (files.isEmpty()) {
      first = now;
    }
    last = now;
    if (files.size() < FILES_MAX) {
      files.add(file);
      if (isEmpty) {
        empty.add(file);
      } else {
        empty.remove(file);
      }
    }
  }

  boolean isIdle() {
    return files.isEmpty();
  }

  /** Nanoseconds until the files have rested, 0 where they have. Not to be asked when idle. */
  long remaining(long now) {
    return Math.max(0, Math.min(last + rest(), first + MAX) - now);
  }

  private long rest() {
    if (!empty.isEmpty()) {
      return EMPTY;
    }
    return files.size() == 1 ? ONE : SEVERAL;
  }

  /** The files that changed, in the order they did; then nothing has. */
  Set<Path> take() {
    Set<Path> taken = files;
    files = new LinkedHashSet<>();
    empty.clear();
    return taken;
  }
}
