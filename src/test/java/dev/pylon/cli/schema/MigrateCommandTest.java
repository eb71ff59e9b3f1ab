package dev.pylon.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {
  private static final String MANIFEST =
      """
      {"manifest_version":1,"name":"app","version":"1","routes":[],"entities":[
        {"name":"Todo","indexes":[],"fields":[
          {"name":"title","type":"string","optional":false,"unique":false}]}]}
      """;

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

  private Cli.Result run(String... words) {
    return Cli.in(folder).run(words);
  }

  @Test
  void aFileIsMadeWithTheNextNumber() throws IOException {
    run("migrate", "create", "Fill due dates!");

    Cli.Result second = run("migrate", "create", "again", "--json");

    assertThat(folder.resolve("migrations/0001_fill_due_dates.sql"))
        .hasContent("-- Fill due dates!\n-- up\n\n-- down\n");
    assertThat(second.out()).contains("\"created\":\"0002_again.sql\"").contains("\"number\":2");
    assertThat(run("migrate", "list").out())
        .isEqualTo("pending\t0001_fill_due_dates.sql\npending\t0002_again.sql\n");
  }

  @Test
  void filesRunInOrderAndOnceAndThenTheManifestIsMadeToFit() throws IOException {
    run("migrate", "apply");
    file("0002_second.sql", "INSERT INTO \"Todo\" (id, title) VALUES ('2', 'b;c');\n-- down\nno;");
    file(
        "0001_first.sql",
        """
        -- up
        CREATE TABLE log (text TEXT); /* a ; comment */
        CREATE TRIGGER noted AFTER INSERT ON "Todo" BEGIN
          INSERT INTO log VALUES (new.title); INSERT INTO log VALUES ('twice');
        END;
        """);
    manifest(MANIFEST.replace("\"unique\":false}]", "\"unique\":true}]"));

    Cli.Result plan = run("migrate", "plan", "--json");
    Cli.Result applied = run("migrate", "apply");
    Cli.Result again = run("migrate", "apply", "--json");

    assertThat(plan.out())
        .contains("\"applied\":0")
        .contains("{\"type\":\"sql_file\",\"number\":1,\"filename\":\"0001_first.sql\"")
        .contains("\"type\":\"alter_column\",\"table\":\"Todo\"");
    assertThat(applied.out()).isEqualTo("0001_first.sql\n0002_second.sql\n~Todo.title\n");
    assertThat(again.out()).contains("\"up_to_date\":true").contains("\"applied\":0");
    assertThat(run("migrate", "status", "--json").out())
        .isEqualTo("{\"total\":2,\"applied\":2,\"pending\":0,\"changed\":0,\"missing\":0}\n");
  }

  @Test
  void aFileThatFailsLeavesNothingBehind() throws IOException {
    run("migrate", "auto");
    file("0001_bad.sql", "CREATE TABLE log (text TEXT);\nINSERT INTO gone VALUES (1);");

    Cli.Result failed = run("migrate", "apply", "--json");

    assertThat(failed.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(failed.out())
        .contains("MIGRATION_FAILED")
        .contains("0001_bad.sql, statement 2")
        .contains("no such table: gone");
    assertThat(run("schema", "inspect").out()).doesNotContain("log");
    assertThat(run("migrate", "list").out()).startsWith("pending");
  }

  @Test
  void aFileMayNotEndItsTransaction() throws IOException {
    file("0001_bad.sql", "CREATE TABLE log (text TEXT); COMMIT;");

    assertThat(run("migrate", "apply").err()).contains("\"COMMIT\" cannot stand in a migration");
    assertThat(run("schema", "inspect").out()).doesNotContain("log");
  }

  @Test
  void aFileThatWasChangedAfterwardsIsRefused() throws IOException {
    file("0001_first.sql", "CREATE TABLE log (text TEXT);");
    run("migrate", "apply");
    file("0001_first.sql", "CREATE TABLE other (text TEXT);");

    Cli.Result result = run("migrate", "apply");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.err()).contains("0001_first.sql was changed");
    assertThat(run("migrate", "list").out()).startsWith("changed");
  }

  @Test
  void whatIsGoneIsDroppedOnConsentAndWhatIsRenamedKeepsItsRows() throws IOException {
    run("migrate", "apply");
    file("0001_rows.sql", "INSERT INTO \"Todo\" (id, title) VALUES ('1', 'milk')");
    run("migrate", "apply");
    manifest(MANIFEST.replace("title", "text"));

    Cli.Result refused = run("migrate", "auto");
    Cli.Result renamed = run("migrate", "auto", "--rename-column", "Todo.title:text");
    manifest(MANIFEST.replace("Todo", "Note").replace("title", "text"));
    Cli.Result dropped = run("migrate", "auto", "--allow-destructive", "--json");

    assertThat(refused.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(refused.err()).contains("--allow-destructive");
    assertThat(renamed.out()).isEqualTo("Todo.title > Todo.text\n");
    assertThat(dropped.out())
        .contains("\"type\":\"drop_table\"")
        .contains("\"destructive\":true")
        .contains("\"applied\":2");
    assertThat(run("migrate", "plan").out()).isEmpty();
  }

  @Test
  void aHintThatCannotBeReadIsRefused() {
    Cli.Result result = run("migrate", "plan", "--rename-table", "Todo", "--json");

    assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(Json.parse(result.out())).isNotNull();
  }
}
