package dev.pylon.boot;

import java.nio.file.Path;
import java.util.function.Consumer;

class WatcherTest extends WatcherContract {
  @Override
  Watcher open(WatchScope scope, Consumer<Path> changed) {
    return Watcher.start(scope, changed, _ -> {});
  }
}
