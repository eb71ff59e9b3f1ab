package dev.pylon.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCommandTest {
  private static final String MANIFEST =
      """
      {
        "manifest_version": 1, "name": "app", "version": "1.0.0", "routes": [],
        "entities": [
          {"name": "Todo", "indexes": [], "fields": [
            {"name": "title", "type": "string", "optional": false, "unique": false},
            {"name": "due", "type": "datetime", "optional": true, "unique": false}
          ]}
        ]
      }
      """;

  private static final String WITHOUT_DUE =
      MANIFEST
          .replace("\"unique\": false},\n", "\"unique\": false}\n")
          .replaceAll("(?m)^.*\"due\".*$\n", "");

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    write("pylon.manifest.json", MANIFEST);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Cli.Result run(String line) {
    return Cli.in(folder).run(line.split(" "));
  }

  private Map<String, Object> json(Cli.Result result) {
    return Json.asObject(Json.parseObject(result.out().getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aGoodManifestIsOk() {
    Cli.Result result = run("schema check --json");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(json(result)).containsEntry("code", "SCHEMA_OK").containsEntry("entities", 1L);
    assertThat(run("schema check pylon.manifest.json").out()).contains("app 1.0.0: 1 entities");
  }

  @Test
  void whatIsWrongIsNamedWithItsPlace() throws IOException {
    write("bad.json", MANIFEST.replace("datetime", "date"));
    write("torn.json", MANIFEST.substring(0, 160));

    Cli.Result result = run("schema check bad.json");
    Cli.Result torn = run("schema check torn.json");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.err())
        .contains("error[FIELD_TYPE_UNKNOWN] bad.json:6:31: Field \"due\" of \"Todo\"")
        .contains("hint: one of string");
    assertThat(torn.err()).contains("error[MANIFEST_PARSE_ERROR] torn.json:5:");
  }

  @Test
  void inJsonModeWhatIsWrongIsOneDocument() throws IOException {
    write("bad.json", MANIFEST.replace("\"Todo\"", "\"_pylon_x\""));

    Cli.Result result = run("schema check bad.json --json");

    assertThat(result.err()).isEmpty();
    assertThat(Json.text(json(result)))
        .contains("\"code\":\"MANIFEST_INVALID\"")
        .contains("\"code\":\"ENTITY_NAME_RESERVED\"")
        .contains("\"span\":{\"file\":\"bad.json\",\"line\":4,\"column\":5}")
        .endsWith("\"exit\":1}");
  }

  @Test
  void twoManifestsAreCompared() throws IOException {
    write("old.json", WITHOUT_DUE.replace("\"optional\": false", "\"optional\": true"));

    Cli.Result result = run("schema diff old.json pylon.manifest.json");

    assertThat(result.out())
        .isEqualTo("~ field Todo.title: string optional > string\n+ field Todo.due\n");
    assertThat(json(run("schema diff pylon.manifest.json old.json --json")).get("summary"))
        .isEqualTo(Map.of("total", 2L, "added", 0L, "removed", 1L, "changed", 1L));
  }

  @Test
  void aPushAddsAndASecondOneFindsNothingToDo() {
    Cli.Result first = run("schema push pylon.manifest.json --sqlite app.db --json");
    Cli.Result second = run("schema push pylon.manifest.json --sqlite app.db --json");

    assertThat(first.status()).isEqualTo(ExitStatus.OK);
    assertThat(json(first))
        .containsEntry("code", "PUSH_APPLIED")
        .containsEntry("adapter", "sqlite")
        .containsEntry("baseline", "live_sqlite")
        .containsEntry("applied", true);
    assertThat(Json.text(json(second).get("plan")))
        .isEqualTo("{\"operations\":[{\"op\":\"noop\"}]}");
    assertThat(run("schema history --sqlite app.db --json").out())
        .contains("\"operation_count\":1")
        .contains("\"baseline\":\"live_sqlite\"");
    assertThat(run("schema inspect --sqlite app.db --json").out())
        .startsWith("{\"tables\":[{\"name\":\"Todo\",\"columns\":[{\"name\":\"id\"")
        .doesNotContain("_pylon");
    assertThat(run("schema inspect --sqlite app.db").out()).contains("  title TEXT NOT NULL\n");
  }

  @Test
  void whatWouldLoseDataNeedsConsent() throws IOException {
    write("less.json", WITHOUT_DUE);
    run("schema push pylon.manifest.json --sqlite app.db");

    Cli.Result kept = run("schema push less.json --sqlite app.db");
    Cli.Result refused =
        run("schema push less.json --sqlite app.db --from pylon.manifest.json --json");
    Cli.Result consented = run("schema push less.json --sqlite app.db --allow-destructive");

    assertThat(kept.status()).isEqualTo(ExitStatus.OK);
    assertThat(kept.err()).contains("COLUMN_LEFT");
    assertThat(refused.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(json(refused)).containsEntry("code", "PUSH_BLOCKED").containsEntry("applied", false);
    assertThat(Json.text(json(refused).get("analysis")))
        .contains("\"destructive\":true")
        .contains("DESTRUCTIVE_REMOVE_FIELD");
    assertThat(consented.out()).isEqualTo("-Todo.due\n");
    assertThat(run("schema inspect --sqlite app.db").out()).doesNotContain("due");
  }

  @Test
  void aDryRunTouchesNothing() throws IOException {
    write("less.json", WITHOUT_DUE);

    Cli.Result result = run("schema push less.json --dry-run --from pylon.manifest.json --json");

    assertThat(json(result))
        .containsEntry("code", "PUSH_DRY_RUN")
        .containsEntry("dry_run", true)
        .containsEntry("baseline", "manifest");
    assertThat(Json.text(json(result).get("plan"))).contains("remove_field");
    assertThat(run("schema push pylon.manifest.json --dry-run").out()).isEqualTo("+Todo\n");
    assertThat(folder.resolve(".pylon")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "schema,64,USAGE",
    "schema chek,64,USAGE",
    "schema diff a.json,64,USAGE",
    "schema check app.ts,64,USAGE",
    "schema check gone.json,66,INPUT_UNREADABLE",
    "schema push,64,PUSH_MISSING_MANIFEST",
    "schema push pylon.manifest.json,64,PUSH_NO_TARGET",
    "schema push pylon.manifest.json --sqlite a --postgres b,64,PUSH_AMBIGUOUS_MODE",
    "schema push pylon.manifest.json --sqlite a --dry-run,64,PUSH_AMBIGUOUS_MODE",
    "schema inspect,66,NO_SUCH_DATABASE",
    "schema history --sqlite gone.db,66,NO_SUCH_DATABASE"
  })
  void whatCannotBeDoneEndsWithItsStatus(String line, int status, String code) {
    Cli.Result result = run(line + " --json");

    assertThat(result.status().code()).isEqualTo(status);
    assertThat(result.out()).contains("\"code\":\"" + code + "\"");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anEntryOfTheHistoryHasItsSteps() {
    run("schema push pylon.manifest.json --sqlite app.db");
    Object id =
        ((List<?>) Json.parse(run("schema history --sqlite app.db --json").out()))
            .stream().map(entry -> Json.asObject((Map<?, ?>) entry).get("id")).toList().getFirst();

    Cli.Result result = run("schema history --sqlite app.db --id " + id + " --json");

    assertThat(Json.text(json(result).get("plan"))).contains("create_entity");
    assertThat(run("schema history --sqlite app.db --id 1").status()).isEqualTo(ExitStatus.FAILED);
  }
}
