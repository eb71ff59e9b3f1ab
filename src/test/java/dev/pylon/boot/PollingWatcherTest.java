package dev.pylon.boot;

import java.nio.file.Path;
import java.util.function.Consumer;

class PollingWatcherTest extends WatcherContract {
  @Override
  Watcher open(WatchScope scope, Consumer<Path> changed) {
    return Watcher.look(scope, changed, _ -> {});
  }
}
