package dev.pylon.boot;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The files being watched, whose set changes with what is imported. Confined to one thread at a
 * time; what is heard of them is told on others.
 */
final class WatchedFiles implements AutoCloseable {
  private static final Logger LOG = System.getLogger(WatchedFiles.class.getName());

  private final Consumer<Path> changed;
  private final Consumer<String> trouble;
  private final Fingerprints fingerprints = new Fingerprints();
  private @Nullable WatchScope scope;
  private @Nullable Watcher watcher;

  /**
   * @param changed hears of files that may have changed; must not block
   * @param trouble hears once why files have to be looked for, if so
   */
  WatchedFiles(Consumer<Path> changed, Consumer<String> trouble) {
    this.changed = changed;
    this.trouble = trouble;
  }

  /**
   * Watches {@code wanted} from now on. No change is missed between the old scope and the new; what
   * files contain is remembered when they are first watched.
   */
  void watch(WatchScope wanted) {
    if (scope != null && wanted.isWithin(scope)) {
      return;
    }
    Watcher next = Watcher.start(wanted, changed, trouble);
    close();
    try {
      fingerprints.remember(wanted.files());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "watched files could not be listed reason={0}", e.getMessage());
    }
    scope = wanted;
    watcher = next;
  }

  /** Those of {@code files} that contain something else than before. */
  Set<Path> changed(Collection<Path> files) {
    return fingerprints.changed(files);
  }

  /** Watches no more. */
  @Override
  public void close() {
    Watcher last = watcher;
    watcher = null;
    scope = null;
    if (last != null) {
      try {
        last.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "a watcher was not closed", e);
      }
    }
  }
}
