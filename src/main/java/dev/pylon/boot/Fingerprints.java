package dev.pylon.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Remembers what files contained, to tell a change from a touch. Confined to the thread that
 * reloads.
 *
 * <p>Filled before the project is loaded for the first time: a file that changes meanwhile then
 * differs from what we remember, and is loaded once more.
 */
final class Fingerprints {
  /** Files remembered. What does not fit is taken for changed whenever it is touched. */
  private static final int FILES_MAX = 20_000;

  private final Map<Path, Long> known = new HashMap<>();

  /** Remembers what these contain now. */
  void remember(Collection<Path> files) {
    files.forEach(this::isChanged);
  }

  /**
   * Those of {@code paths} that contain something else than when last asked, or are new, or are
   * gone.
   */
  Set<Path> changed(Collection<Path> paths) {
    var changed = new LinkedHashSet<Path>();
    for (Path path : paths) {
      if (Files.isRegularFile(path)) {
        if (isChanged(path)) {
          changed.add(path);
        }
      } else if (!Files.isDirectory(path)) {
        changed.addAll(forget(path));
      }
    }
    return changed;
  }

  private boolean isChanged(Path file) {
    long print;
    try {
      print = print(Files.readAllBytes(file));
    } catch (IOException e) {
      // Gone or locked a moment after it was there: its next event tells more.
      print = -1;
    }
    if (known.size() >= FILES_MAX && !known.containsKey(file)) {
      return true;
    }
    Long before = known.put(file, print);
    return before == null || before != print;
  }

  private static long print(byte[] content) {
    var sum = new CRC32C();
    sum.update(content);
    return (sum.getValue() << 31) ^ (Arrays.hashCode(content) & 0x7fff_ffffL);
  }

  /** The files that were known under a path that is no longer there. */
  private Set<Path> forget(Path gone) {
    var forgotten = new LinkedHashSet<Path>();
    known.keySet().removeIf(file -> file.startsWith(gone) && forgotten.add(file));
    return forgotten;
  }
}
