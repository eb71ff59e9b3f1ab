package dev.pylon.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts files and folders in the place of others, all or none: what was there stands beside it, as
 * {@code <name>.replaced}, until everything has its place, and goes back where something fails. A
 * process that is killed in between leaves it there.
 */
final class Swap implements AutoCloseable {
  private final Deque<Done> done = new ArrayDeque<>();

  /**
   * @param old where what was there stands now; null where nothing was there
   */
  private record Done(Path place, @Nullable Path old) {}

  /** Takes what is at {@code place} away. */
  void clear(Path place) throws IOException {
    Path old = null;
    if (Files.exists(place)) {
      old = beside(place, ".replaced");
      delete(old);
      Files.move(place, old);
    }
    done.push(new Done(place, old));
  }

  /** Puts {@code fresh}, which may lie on another disk, in the place of what is there. */
  void put(Path fresh, Path place) throws IOException {
    Path near = beside(place, ".restored");
    delete(near);
    Files.createDirectories(near.getParent());
    try {
      bring(fresh, near);
      clear(place);
      Files.move(near, place);
    } finally {
      delete(near);
    }
  }

  private static void bring(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.move(file, target);
        }
      }
    }
  }

  /** Everything has its place: what was there goes. */
  void commit() throws IOException {
    for (Done step = done.poll(); step != null; step = done.poll()) {
      if (step.old() != null) {
        delete(step.old());
      }
    }
  }

  /** Puts back what was there, unless {@link #commit} was called. */
  @Override
  public void close() throws IOException {
    for (Done step = done.poll(); step != null; step = done.poll()) {
      delete(step.place());
      if (step.old() != null) {
        Files.move(step.old(), step.place());
      }
    }
  }

  private static Path beside(Path place, String ending) {
    Path absolute = place.toAbsolutePath();
    return absolute.resolveSibling(absolute.getFileName() + ending);
  }

  /** Deletes a file or a folder with all that is in it; nothing where there is none. */
  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
