package dev.pylon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.config.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is heard of changed files, whether the system tells of them or we look for them. */
abstract class WatcherContract {
  @TempDir private Path folder;
  private final BlockingQueue<Path> changed = new LinkedBlockingQueue<>();
  private Watcher watcher;

  /** Starts watching. */
  abstract Watcher open(WatchScope scope, Consumer<Path> changed);

  @BeforeEach
  void watch() throws IOException {
    Files.createDirectories(folder.resolve("functions"));
    Files.createDirectories(folder.resolve("node_modules/x"));
    Files.writeString(folder.resolve("functions/old.ts"), "");
    var project =
        new Project(folder, folder.resolve("app.ts"), folder.resolve("pylon.manifest.json"));
    var scope = WatchScope.of(project, folder.resolve("functions"), List.of(), Set.of());
    watcher = open(scope, changed::add);
  }

  @AfterEach
  void stop() throws IOException {
    watcher.close();
  }

  private void assertHeard(Path file) throws InterruptedException {
    Path heard;
    do {
      heard = changed.poll(30, TimeUnit.SECONDS);
      assertThat(heard).as("no change of %s was heard", file).isNotNull();
    } while (!file.equals(heard));
  }

  @Test
  void newChangedAndDeletedFilesAreHeard() throws Exception {
    Path file = folder.resolve("functions/a.ts");
    Files.writeString(file, "1");
    assertHeard(file);

    Files.delete(file);
    assertHeard(file);

    Files.writeString(folder.resolve("functions/old.ts"), "2");
    assertHeard(folder.resolve("functions/old.ts"));
  }

  @Test
  void filesOfANewFolderAreHeard() throws Exception {
    Path file = folder.resolve("lib/deep/a.ts");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "1");

    assertHeard(file);
  }

  @Test
  void whatDoesNotMatterIsNotHeard() throws Exception {
    Files.writeString(folder.resolve("node_modules/x/index.js"), "1");
    Files.writeString(folder.resolve("pylon.client.ts"), "1");
    Path last = Files.writeString(folder.resolve("app.ts"), "1");

    assertHeard(last);
    assertThat(changed)
        .doesNotContain(
            folder.resolve("node_modules/x/index.js"), folder.resolve("pylon.client.ts"));
  }
}
