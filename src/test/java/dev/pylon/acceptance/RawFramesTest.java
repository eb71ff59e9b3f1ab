package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Runtime;
import dev.pylon.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What no context offers and a frame can ask all the same (functions contract, 3.1, 5.4 and 8). The
 * runtime here asks what its caller tells it to, and returns the answer.
 */
@NeedsBun
class RawFramesTest {
  private static final String ASKS =
      """
      const say = (frame) => process.stdout.write(JSON.stringify(frame) + "\\n");
      const entry = (name, fn_type) => ({ name, fn_type, args_schema: null });
      say({ type: "ready", functions: [entry("mutate", "mutation"), entry("look", "query"), entry("inner", "mutation")] });
      for await (const line of console) {
        const { type, call_id, args, error, data } = JSON.parse(line);
        if (type === "call") say({ ...args, call_id, op_id: "o_1" });
        if (type === "result") say({ type: "return", call_id, value: error ?? data });
      }
      """;

  @TempDir private static Path folder;
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(folder.resolve("runtime.ts"), ASKS);
    server =
        Server.begin(
            folder,
            "acceptance/runner",
            Runtime.BUILT_IN,
            Map.of("PYLON_FUNCTIONS_RUNTIME", "runtime.ts"));
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  private static Map<String, Object> running(String function, String kind) {
    return Map.of("type", "run_fn", "fn_name", function, "fn_type", kind, "args", Map.of());
  }

  private static String heard(String function, Map<String, Object> question) {
    Map<?, ?> answer = Json.asObject((Map<?, ?>) server.call(function, question).json());
    return answer.get("code") + " " + answer.get("message");
  }

  @Test
  void aMutationRunsNoOther() {
    assertThat(heard("mutate", running("inner", "mutation")))
        .startsWith(
            "NESTED_MUTATION ctx.runMutation(\"inner\") is not allowed from inside another mutation handler");
  }

  @Test
  void aQueryRunsNothingThatWrites() {
    assertThat(heard("look", running("inner", "mutation"))).startsWith("READ_ONLY ");
    assertThat(
            heard(
                "look",
                Map.of(
                    "type", "db", "op", "insert", "entity", "Note", "data", Map.of("text", "x"))))
        .startsWith("READ_ONLY A query cannot write");
    assertThat(heard("look", Map.of("type", "schedule", "fn_name", "inner", "delay_ms", 1)))
        .startsWith("READ_ONLY ");
  }

  @Test
  void aMutationBeginsNoOtherTransaction() {
    assertThat(heard("mutate", Map.of("type", "db", "op", "transact", "entity", "")))
        .startsWith("NESTED_TRANSACTION ")
        .contains("ctx.db.transact()");
  }

  @Test
  void anOperationThatIsNoneIsAnswered() {
    assertThat(heard("look", Map.of("type", "db", "op", "aggregate", "entity", "Note")))
        .isEqualTo("PROTOCOL_ERROR Unknown database operation \"aggregate\"");
  }
}
