package dev.pylon.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

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

/** {@code pylon schema} and {@code pylon migrate} where the database is Postgres. */
@NeedsPostgres
class PostgresSchemaCommandsTest {
  private static final String MANIFEST =
      """
      {"manifest_version":1,"name":"app","version":"1","routes":[],"entities":[
        {"name":"Todo","indexes":[{"name":"by_due","fields":["due"],"unique":false}],"fields":[
          {"name":"title","type":"string","optional":false,"unique":true},
          {"name":"done","type":"bool","optional":true,"unique":false},
          {"name":"points","type":"int","optional":true,"unique":false},
          {"name":"due","type":"datetime","optional":true,"unique":false}]}]}
      """;

  private final String url = PostgresServer.shared().newDatabase();

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    manifest(MANIFEST);
  }

  private void manifest(String text) throws IOException {
    Files.writeString(folder.resolve("pylon.manifest.json"), text);
  }

  private void file(String name, String text) throws IOException {
    Files.createDirectories(folder.resolve("migrations"));
    Files.writeString(folder.resolve("migrations").resolve(name), text);
  }

  private Cli.Result run(String line) {
    return Cli.in(folder).with("DATABASE_URL", url).run(line.split(" "));
  }

  @Test
  void aPushIsDoneOnceAndRemembered() {
    Cli.Result first = run("schema push pylon.manifest.json --json --postgres " + url);
    Cli.Result second = run("schema push pylon.manifest.json --json --postgres " + url);

    assertThat(first.status()).isEqualTo(ExitStatus.OK);
    assertThat(first.out())
        .contains("\"code\":\"PUSH_APPLIED\"", "\"adapter\":\"postgres\"", "live_postgres")
        .contains("create_entity", "add_index");
    assertThat(second.out()).contains("{\"operations\":[{\"op\":\"noop\"}]}");
    assertThat(run("schema history --json --postgres " + url).out())
        .contains("\"operation_count\":2")
        .containsOnlyOnce("\"baseline\"");
    assertThat(run("schema inspect --postgres " + url).out())
        .contains("title TEXT NOT NULL", "done BOOLEAN", "points BIGINT", "due TIMESTAMPTZ")
        .contains("Todo_by_due")
        .doesNotContain("_pylon");
  }

  @Test
  void filesRunInOrderAndOnceAndThenTheManifestIsMadeToFit() throws IOException {
    run("migrate apply");
    file("0002_second.sql", "INSERT INTO \"Todo\" (id, title) VALUES ('2', 'b;c');\n-- down\nno;");
    file(
        "0001_first.sql",
        """
        CREATE TABLE log (text TEXT);
        CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN INSERT INTO log VALUES (new.title); RETURN new; END $$;
        CREATE TRIGGER noted AFTER INSERT ON "Todo" FOR EACH ROW EXECUTE FUNCTION noted();
        """);
    manifest(MANIFEST.replace("\"points\"", "\"stars\""));

    Cli.Result applied = run("migrate apply --rename-column Todo.points:stars");
    Cli.Result again = run("migrate apply --json");

    assertThat(applied.out())
        .isEqualTo("0001_first.sql\n0002_second.sql\nTodo.points > Todo.stars\n");
    assertThat(again.out()).contains("\"up_to_date\":true");
  }

  @Test
  void aFileThatFailsLeavesNothingBehind() throws IOException {
    run("migrate apply");
    file("0001_bad.sql", "CREATE TABLE log (text TEXT);\nINSERT INTO gone VALUES (1);");

    Cli.Result failed = run("migrate apply --json");

    assertThat(failed.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(failed.out()).contains("MIGRATION_FAILED", "0001_bad.sql, statement 2", "gone");
    assertThat(run("schema inspect --postgres " + url).out()).doesNotContain("log");
  }
}
