package dev.pylon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.config.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchScopeTest {
  @TempDir private Path top;
  private Path app;

  @BeforeEach
  void anAppInAWorkspace() throws IOException {
    app = Files.createDirectories(top.resolve("apps/api"));
    write("apps/api/app.ts", "");
    write("apps/api/.gitignore", "generated/\n/local-*\n*.gen.ts\n!keep.gen.ts\n");
  }

  private Path write(String name, String content) throws IOException {
    Path file = top.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private WatchScope scope(Path... imported) {
    var project = new Project(app, app.resolve("app.ts"), app.resolve("pylon.manifest.json"));
    return WatchScope.of(
        project, app.resolve("functions"), List.of(top.resolve(".env")), Set.of(imported));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app.ts",
        "functions/a.ts",
        "lib/deep/er/b.js",
        ".env",
        ".env.local",
        "package.json",
        "bun.lock",
        "tsconfig.json",
        "keep.gen.ts",
        "../../.env"
      })
  void sourcesAndSettingsMatter(String name) {
    assertThat(scope().covers(app.resolve(name).normalize())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node_modules/x/index.js",
        "lib/node_modules/x.ts",
        ".pylon/dev.json",
        "dist/a.js",
        ".git/config.json",
        "pylon.client.ts",
        "pylon.manifest.json",
        "README.md",
        "a.ts~",
        ".a.ts.swp",
        "#a.ts#",
        "4913",
        "a.ts.tmp",
        "generated/a.ts",
        "local-a.ts",
        "lib/x.gen.ts",
        "../other/a.ts",
        "../../package.json5"
      })
  void everythingElseDoesNot(String name) {
    assertThat(scope().covers(app.resolve(name).normalize())).isFalse();
  }

  @Test
  void whatIsImportedMattersWhereverItIs() throws IOException {
    Path shared = write("packages/shared/text.txt", "");
    Path generated = app.resolve("generated/a.ts");

    assertThat(scope(shared, generated).covers(shared)).isTrue();
    assertThat(scope(shared, generated).covers(generated)).isTrue();
    assertThat(scope(shared).roots()).contains(shared.getParent());
    assertThat(scope(shared).covers(shared.resolveSibling("other.txt"))).isFalse();
  }

  @Test
  void foldersOfPackagesAreNotEntered() throws IOException {
    write("apps/api/node_modules/x/index.js", "");
    write("apps/api/functions/a.ts", "");
    write("apps/api/functions/notes.md", "");
    write(".env", "");
    write("elsewhere/a.ts", "");

    assertThat(scope().files())
        .containsExactlyInAnyOrder(
            app.resolve("app.ts"), app.resolve("functions/a.ts"), top.resolve(".env"));
  }
}
