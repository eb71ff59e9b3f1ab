package dev.pylon.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that build a project without serving it: {@code codegen}, {@code test}, {@code doctor}.
 */
@NeedsBun
class ProjectCommandsTest {
  @TempDir private Path folder;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(folder.resolve("functions"));
    Files.writeString(
        folder.resolve("app.ts"),
        """
        console.log(JSON.stringify({manifest_version: 1, name: "shop", version: "1.2.3", routes: [],
          entities: [{name: "Note", indexes: [], fields: [
            {name: "text", type: "string", optional: false, unique: false}]}],
          queries: [], actions: [], policies: []}));
        """);
    Files.writeString(
        folder.resolve("functions/addNote.ts"),
        """
        import { mutation, v } from "@pylonsync/functions";
        export default mutation({
          args: { text: v.string() },
          handler: (ctx, args) => ctx.db.insert("Note", { text: args.text }),
        });
        """);
  }

  private Cli.Result run(String... args) {
    return Cli.in(folder)
        .with("PYLON_BUN", NeedsBun.Bun.path().toString())
        .with("XDG_CACHE_HOME", Path.of("target").toAbsolutePath().toString())
        .with("PYLON_PORT", "0")
        .run(args);
  }

  @Test
  void theManifestIsWhatTheEntryPrints() {
    Cli.Result result = run("codegen");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out()).contains("\"name\":\"shop\"").endsWith("}\n");
    assertThat(folder.resolve("pylon.manifest.json")).doesNotExist();
  }

  @Test
  void theClientIsTypedFromFunctionsAndAlwaysTheSame() throws IOException {
    run("codegen", "client", "--out", "one.ts");
    Cli.Result result = run("codegen", "client", "--out", "two.ts", "--json");

    assertThat(result.out())
        .isEqualTo(
            "{\"code\":\"CODEGEN_CLIENT_OK\",\"path\":\"two.ts\",\"entities\":1,\"queries\":0,"
                + "\"actions\":0,\"functions\":1}\n");
    assertThat(folder.resolve("two.ts")).hasSameTextualContentAs(folder.resolve("one.ts"));
    assertThat(Files.readString(folder.resolve("one.ts"))).contains("addNote").contains("Note");
  }

  @Test
  void eachTestFileRunsAgainstAnEmptyServerOfItsOwn() throws IOException {
    Files.createDirectories(folder.resolve("tests"));
    String test =
        """
        import { expect, test } from "bun:test";
        import { resetDb } from "@pylonsync/functions";
        const api = (path: string, init?: RequestInit) =>
          fetch(process.env.PYLON_URL + path, init).then((answer) => answer.json());
        test("begins empty", async () => {
          expect((await api("/api/entities/Note")).count ?? 0).toBe(0);
          await resetDb(process.env.PYLON_URL);
          const id = await api("/api/fn/addNote", { method: "POST", body: '{"text":"x"}' });
          expect(typeof id).toBe("string");
        });
        """;
    Files.writeString(folder.resolve("tests/a.test.ts"), test);
    Files.writeString(folder.resolve("tests/b.test.ts"), test);

    Cli.Result result = run("test", "--json");

    assertThat(result.out()).contains("\"total\":2,\"passed\":2,\"failed\":0");
    assertThat(result.status()).isEqualTo(ExitStatus.OK);
  }

  @Test
  void aTestThatFailsShowsWhy() throws IOException {
    Files.createDirectories(folder.resolve("tests"));
    Files.writeString(
        folder.resolve("tests/bad.test.ts"),
        """
        import { expect, test } from "bun:test";
        test("cannot be", () => expect(1).toBe(2));
        """);

    Cli.Result result = run("test", "bad");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.out()).contains("✗ tests/bad.test.ts").contains("cannot be");
  }

  /** One test tells the engines apart, as what it returns says; it passes on both. */
  @Test
  @NeedsPostgres
  void backendsThatDifferFailTheRun() throws IOException {
    String postgres = PostgresServer.shared().newDatabase();
    Files.createDirectories(folder.resolve("tests"));
    Files.writeString(
        folder.resolve("tests/a.test.ts"),
        """
        import { expect, test } from "bun:test";
        const post = (path: string, body: string) =>
          fetch(process.env.PYLON_URL + path, { method: "POST", body }).then((answer) => answer.json());
        test("is written and emptied", async () => {
          expect(typeof (await post("/api/fn/addNote", '{"text":"x"}'))).toBe("string");
          expect(await post("/api/__test__/reset", "{}")).toEqual({ reset: true });
        });
        test.skipIf(process.env.PYLON_TEST_BACKEND === "postgres")("is not for all", () => {});
        """);

    Cli.Result result =
        run("test", "--json", "--backend", "sqlite,postgres", "--postgres", postgres);

    assertThat(result.out())
        .contains("\"total\":2,\"passed\":2,\"failed\":0")
        .contains("\"differences\":[{\"file\":\"tests/a.test.ts\",\"test\":\"")
        .contains("\"outcomes\":{\"sqlite\":\"passed\",\"postgres\":\"skipped\"}}]");
    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    PostgresServer.shared()
        .execute(
            "postgres",
            """
            DO $$ BEGIN
              IF EXISTS (SELECT FROM pg_database WHERE datname LIKE 'pylon_test%') THEN
                RAISE 'a database of the tests was left';
              END IF;
            END $$
            """);
  }

  @Test
  void aBackendThatIsNoneIsRefused() {
    assertThat(run("test", "--backend", "oracle").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("test", "--backend", "postgres").err()).contains("--postgres postgres://");
  }

  @Test
  void aSoundProjectPasses() {
    Cli.Result result = run("doctor", "--json");

    assertThat(result.out()).contains("\"errors\":0").contains("1 can be called");
    assertThat(result.status()).isEqualTo(ExitStatus.OK);
  }

  @Test
  void everyBrokenPartIsFoundInOneGo() throws IOException {
    Files.writeString(folder.resolve("functions/broken.ts"), "export default (((;");
    Files.writeString(
        folder.resolve("package.json"), "{\"dependencies\":{\"left-pad\":\"1.0.0\"}}");
    Files.createDirectories(folder.resolve(".pylon"));
    Files.writeString(folder.resolve(".pylon/dev.db"), "this is no database at all");

    Cli.Result result = run("doctor");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.out())
        .contains("✗ functions")
        .contains("functions/broken.ts")
        .contains("! packages")
        .contains("bun install")
        .contains("✗ database");
  }

  @Test
  void anEntryThatDoesNotBuildIsFoundWithItsPlace() throws IOException {
    Files.writeString(folder.resolve("app.ts"), "throw new Error('no entry today')");

    Cli.Result result = run("doctor");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.out()).contains("✗ manifest").contains("no entry today");
  }

  @Test
  void withoutAProjectOrBunTheDoctorSaysSo(@TempDir Path empty) {
    Cli.Result result = Cli.in(empty).run("doctor");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.out()).contains("✗ project").contains("pylon init");
  }
}
