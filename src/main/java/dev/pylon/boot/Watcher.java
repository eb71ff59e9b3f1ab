package dev.pylon.boot;

import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryWatcher;
import io.methvin.watcher.visitor.FileTreeVisitor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears of changed files in a {@link WatchScope} from the operating system; where that cannot be
 * had, looks for them itself. Thread-safe. Tells paths as they come, several times for one save.
 */
final class Watcher implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Watcher.class.getName());

  /** Between two looks, where we have to look (command line contract, 14.2). */
  private static final long POLL_MILLIS = 150;

  private final WatchScope scope;
  private final Consumer<Path> changed;
  private final Consumer<String> trouble;
  private final @Nullable DirectoryWatcher nativeWatcher;
  private final ExecutorService listening =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("file-watcher").daemon(true).factory());
  private final ScheduledExecutorService polling =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("file-poller").daemon(true).factory());

  /** Confined to the poller. */
  private Map<Path, Look> seen = new HashMap<>();

  private boolean pollingBegun;

  private record Look(FileTime modified, long size) {}

  private Watcher(
      WatchScope scope,
      Consumer<Path> changed,
      Consumer<String> trouble,
      @Nullable DirectoryWatcher nativeWatcher) {
    this.scope = scope;
    this.changed = changed;
    this.trouble = trouble;
    this.nativeWatcher = nativeWatcher;
  }

  /**
   * Starts watching. When this returns no later change is missed.
   *
   * @param changed hears of files; must not block
   * @param trouble hears once why files have to be looked for, if so
   */
  static Watcher start(WatchScope scope, Consumer<Path> changed, Consumer<String> trouble) {
    @Nullable DirectoryWatcher nativeWatcher = null;
    String reason = "";
    try {
      nativeWatcher = open(scope, changed);
    } catch (IOException | UnsupportedOperationException e) {
      reason = String.valueOf(e.getMessage());
    }
    var watcher = new Watcher(scope, changed, trouble, nativeWatcher);
    if (nativeWatcher == null) {
      watcher.poll(reason);
    } else {
      watcher.listen(nativeWatcher);
    }
    return watcher;
  }

  /** Starts looking for changes, as {@link #start} does where the system does not tell. */
  static Watcher look(WatchScope scope, Consumer<Path> changed, Consumer<String> trouble) {
    var watcher = new Watcher(scope, changed, trouble, null);
    watcher.poll("told not to ask it");
    return watcher;
  }

  private static DirectoryWatcher open(WatchScope scope, Consumer<Path> changed)
      throws IOException {
    FileTreeVisitor visitor = (start, folder, file) -> scope.visit(start, folder::call, file::call);
    return DirectoryWatcher.builder()
        .paths(List.copyOf(scope.roots()))
        .fileHashing(false)
        .fileTreeVisitor(visitor)
        .listener(event -> tell(scope, changed, event))
        .build();
  }

  private static void tell(WatchScope scope, Consumer<Path> changed, DirectoryChangeEvent event) {
    if (event.eventType() == DirectoryChangeEvent.EventType.OVERFLOW) {
      rescan(scope, changed);
    } else if (event.isDirectory()
        ? event.eventType() == DirectoryChangeEvent.EventType.DELETE && scope.descends(event.path())
        : scope.covers(event.path())) {
      changed.accept(event.path());
    }
  }

  /** Events were lost: any file may have changed. */
  private static void rescan(WatchScope scope, Consumer<Path> changed) {
    try {
      scope.files().forEach(changed);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "files could not be listed reason={0}", e.getMessage());
    }
  }

  /** Folders are registered before this returns, so that no change slips between. */
  private void listen(DirectoryWatcher watcher) {
    var _ =
        watcher
            .watchAsync(listening)
            .exceptionally(failure -> {
              poll(String.valueOf(failure.getMessage()));
              return null;
            });
  }

  private synchronized void poll(String reason) {
    if (pollingBegun) {
      return;
    }
    pollingBegun = true;
    try {
      seen = look();
      var _ =
          polling.scheduleWithFixedDelay(
              this::lookAgain, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
      trouble.accept(reason);
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: there is nothing to watch any more.
    }
  }

  private void lookAgain() {
    Map<Path, Look> now = look();
    now.forEach((file, look) -> {
      if (!look.equals(seen.get(file))) {
        changed.accept(file);
      }
    });
    seen.keySet().stream().filter(file -> !now.containsKey(file)).forEach(changed);
    seen = now;
  }

  private Map<Path, Look> look() {
    var looks = new HashMap<Path, Look>();
    try {
      for (Path file : scope.files()) {
        look(file).ifPresent(look -> looks.put(file, look));
      }
      return looks;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "files could not be listed reason={0}", e.getMessage());
      return seen;
    }
  }

  private static Optional<Look> look(Path file) {
    try {
      return Optional.of(new Look(Files.getLastModifiedTime(file), Files.size(file)));
    } catch (IOException e) {
      // Gone since it was listed.
      return Optional.empty();
    }
  }

  /** Stops; a second call does nothing. */
  @Override
  public void close() throws IOException {
    if (nativeWatcher != null) {
      nativeWatcher.close();
    }
    listening.shutdownNow();
    polling.shutdownNow();
  }
}
