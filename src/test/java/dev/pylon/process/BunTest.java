package dev.pylon.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Bun is looked for, first to last: each place counts where those before it hold none. */
class BunTest {
  @TempDir private Path machine;

  private Path chosen;
  private Path onPath;
  private Path inProject;
  private Path aboveProject;
  private Path ours;
  private Path ofUser;

  @BeforeEach
  void everywhere() throws IOException {
    chosen = program("chosen/bun");
    onPath = program("usr/bin/bun");
    inProject = program("work/shop/node_modules/.bin/bun");
    aboveProject = program("work/node_modules/.bin/bun");
    ours = program("pylon/target/node/node_modules/bun/bin/bun.exe");
    ofUser = program("home/.bun/bin/bun");
  }

  private Path program(String name) throws IOException {
    Path file = machine.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private Bun bun(@Nullable Path named) {
    return new Bun(
        named,
        machine.resolve("bin") + ":" + machine.resolve("usr/bin"),
        machine.resolve("work/shop"),
        machine.resolve("pylon"),
        machine.resolve("home"));
  }

  @Test
  void theNearestPlaceCounts() throws IOException {
    assertThat(bun(chosen).find()).contains(chosen);
    for (Path next : new Path[] {onPath, inProject, aboveProject, ours, ofUser}) {
      assertThat(bun(null).find()).contains(next);
      Files.delete(next);
    }
    assertThat(bun(null).find()).isEmpty();
  }

  @Test
  void whatIsNamedIsNotReplacedByAnother() throws IOException {
    Files.delete(chosen);

    assertThat(bun(chosen).find()).isEmpty();
  }

  @Test
  void aFolderOfThatNameIsNoProgram() throws IOException {
    Files.createDirectories(machine.resolve("bin/bun"));

    assertThat(bun(null).find()).contains(onPath);
    assertThat(bun(machine.resolve("bin/bun")).find()).isEmpty();
  }

  @Test
  void whatMayNotBeRunIsNoProgram() {
    assertThat(onPath.toFile().setExecutable(false)).isTrue();

    assertThat(bun(null).find()).contains(inProject);
  }
}
