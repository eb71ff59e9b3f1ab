package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What functions see of the environment (functions contract, 19, W30). */
@NeedsBun
class VisibleEnvironmentTest {
  /** What every function sees: without it no runtime starts. */
  private static final Set<String> NEEDED =
      Set.of("PATH", "HOME", "TMPDIR", "TZ", "LANG", "NODE_ENV", "XDG_CACHE_HOME");

  @TempDir private Path folder;

  @BeforeEach
  void writeSecrets() throws IOException {
    Files.writeString(folder.resolve(".env"), "SECRET_OF_FILE=1\nSHOWN_OF_FILE=1\n");
    Files.createDirectories(folder.resolve("functions"));
    Files.writeString(
        folder.resolve("functions/names.ts"),
        """
        import { query } from "@pylonsync/functions";
        export default query({ handler: (ctx: any) => Object.keys(ctx.env) });
        """);
  }

  private List<?> names(Map<String, String> settings) {
    try (Server server = Server.start(folder, "acceptance/surface", Runtime.BUILT_IN, settings)) {
      return (List<?>) server.value("names");
    }
  }

  @Test
  void functionsSeeAllOfItByDefault() {
    assertThat(names(Map.of()).stream().map(String::valueOf))
        .contains("PATH", "SECRET_OF_FILE", "SHOWN_OF_FILE");
  }

  @Test
  void functionsSeeWhatIsNamedAndNothingElse() {
    // The server is told of the environment that its children get from this process.
    var settings = new HashMap<>(System.getenv());
    settings.keySet().removeIf(name -> name.startsWith("PYLON_"));
    String unneeded =
        settings.keySet().stream().filter(name -> !NEEDED.contains(name)).findFirst().orElseThrow();
    settings.put("PYLON_FN_ENV_ALLOW", "SHOWN_OF_FILE, ANOTHER");

    List<String> names = names(settings).stream().map(String::valueOf).toList();

    assertThat(names).contains("PATH").doesNotContain("SECRET_OF_FILE", unneeded);
  }
}
