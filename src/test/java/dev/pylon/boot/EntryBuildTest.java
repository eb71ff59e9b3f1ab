package dev.pylon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.config.Project;
import dev.pylon.process.Bun;
import dev.pylon.schema.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries of many sorts, run with the real Bun. */
class EntryBuildTest {
  private static final String APP =
      """
      import { buildManifest, entity, field } from "@pylonsync/sdk";
      const Todo = entity("Todo", { title: field.string() });
      console.log(JSON.stringify(buildManifest({ name: process.env.NAME ?? "todo", version: "1.0.0",
        entities: [Todo], routes: [], queries: [], actions: [], policies: [] })));
      """;

  @TempDir private static Path cache;
  @TempDir private Path folder;
  private static TypeScript typeScript;

  @BeforeAll
  static void unpack() {
    typeScript = TypeScript.unpack(cache);
  }

  private EntryBuild.Result build(String app) throws Exception {
    Files.writeString(folder.resolve("app.ts"), app);
    return build(Path.of(System.getenv("PYLON_BUN")), Duration.ofSeconds(10));
  }

  private EntryBuild.Result build(@Nullable Path bun, Duration timeout)
      throws InterruptedException {
    var project =
        new Project(folder, folder.resolve("app.ts"), folder.resolve("pylon.manifest.json"));
    return new EntryBuild(
            project, typeScript, new Bun(bun, null, folder, null, null), timeout, null)
        .build(Map.of("NAME", "shop"));
  }

  private static Diagnostic broken(EntryBuild.Result result) {
    assertThat(result).isInstanceOf(EntryBuild.Result.Broken.class);
    return ((EntryBuild.Result.Broken) result).diagnostics().getFirst();
  }

  @Test
  void anEntryNeedsNothingInstalled() throws Exception {
    EntryBuild.Result result = build(APP);

    assertThat(result)
        .isInstanceOfSatisfying(
            EntryBuild.Result.Built.class,
            built -> {
              assertThat(built.manifest().name()).isEqualTo("shop");
              assertThat(built.text()).startsWith("{").endsWith("}");
            });
  }

  @Test
  void aSyntaxErrorIsToldWithItsPlace() throws Exception {
    Files.createDirectories(folder.resolve("lib"));
    Files.writeString(folder.resolve("lib/x.ts"), "export const y = 1;\nexport const x = (;\n");

    Diagnostic error = broken(build("import { x } from './lib/x';\nconsole.log(x);\n"));

    assertThat(error.code()).isEqualTo("BUN_EXIT");
    assertThat(error.message()).isEqualTo("Unexpected ;");
    assertThat(error.span()).isEqualTo(new Diagnostic.Span("lib/x.ts", 2, 19));
    assertThat(error.hint()).contains("2 | export const x = (;");
  }

  @Test
  void anErrorThrownIsToldWithItsPlace() throws Exception {
    Diagnostic error = broken(build("const a = 1;\nthrow new TypeError('no ' + a);\n"));

    assertThat(error.message()).isEqualTo("TypeError: no 1");
    assertThat(error.span()).isNotNull().extracting(Diagnostic.Span::line).isEqualTo(2);
  }

  @Test
  void whatFailsWithoutAWordIsNamed() throws Exception {
    Diagnostic error = broken(build("process.exit(3);\n"));

    assertThat(error.message()).isEqualTo("app.ts failed");
    assertThat(error.hint()).isEqualTo("app.ts ended with status 3");
  }

  @Test
  void whatIsSaidInOneLineIsSaidOnce() throws Exception {
    Diagnostic error = broken(build("console.error('error: no luck'); process.exit(1);\n"));

    assertThat(error.message()).isEqualTo("no luck");
    assertThat(error.hint()).isNull();
  }

  @Test
  void outputThatIsNoManifestIsShown() throws Exception {
    Diagnostic error = broken(build("console.log('starting up');\n" + APP));

    assertThat(error.code()).isEqualTo("BUN_INVALID_OUTPUT");
    assertThat(error.message()).isEqualTo("app.ts printed \"starting up\", not a manifest");
  }

  @Test
  void silenceIsNoManifest() throws Exception {
    assertThat(broken(build("")).message()).isEqualTo("app.ts printed nothing, not a manifest");
  }

  @Test
  void anEntryThatNeverEndsIsEnded() throws Exception {
    Files.writeString(
        folder.resolve("app.ts"), "console.error('waiting'); setInterval(() => {}, 1000);\n");

    Diagnostic error = broken(build(Path.of(System.getenv("PYLON_BUN")), Duration.ofSeconds(1)));

    assertThat(error.code()).isEqualTo("BUN_EXIT");
    assertThat(error.hint()).isEqualTo("app.ts did not end within 1 s\nwaiting");
  }

  @Test
  void aMissingBunIsSaidWithWhatToDo() throws Exception {
    assertThat(broken(build(null, Duration.ofSeconds(1))).message()).contains("npm install -g bun");
    assertThat(broken(build(folder.resolve("bun"), Duration.ofSeconds(1))).message())
        .isEqualTo("No Bun at %s, named by --bun or PYLON_BUN".formatted(folder.resolve("bun")));
  }

  @Test
  void aReadyManifestIsRead() throws Exception {
    build(APP);
    Files.writeString(
        folder.resolve("ready.json"),
        """
        {"manifest_version":1,"name":"ready","version":"1","entities":[{"name":"A","fields":[],"indexes":[]}],"routes":[]}
        """);
    var project = new Project(folder, null, folder.resolve("ready.json"));

    EntryBuild.Result result =
        new EntryBuild(project, typeScript, new Bun(null, null, folder, null, null))
            .build(Map.of());

    assertThat(result)
        .isInstanceOfSatisfying(
            EntryBuild.Result.Built.class,
            built -> assertThat(built.manifest().name()).isEqualTo("ready"));
  }

  @Test
  void aReadyManifestThatIsBrokenIsToldWithItsPlace() throws Exception {
    build(APP);
    Files.writeString(folder.resolve("ready.json"), "{\"manifest_version\": 1,\n");
    var project = new Project(folder, null, folder.resolve("ready.json"));

    EntryBuild.Result result =
        new EntryBuild(project, typeScript, new Bun(null, null, folder, null, null))
            .build(Map.of());

    assertThat(broken(result).code()).isEqualTo("MANIFEST_PARSE_ERROR");
    assertThat(broken(result).span()).isEqualTo(new Diagnostic.Span("ready.json", 2, 1));
  }

  @Test
  void whatIsUnpackedIsCompleteAndUnpackedOnce() throws IOException {
    assertThat(List.of(typeScript.runtime(), typeScript.preload()))
        .allSatisfy(file -> assertThat(file).exists());
    assertThat(TypeScript.unpack(cache)).isEqualTo(typeScript);
    try (var entries = Files.list(cache)) {
      assertThat(entries).containsExactly(typeScript.folder());
    }
  }
}
