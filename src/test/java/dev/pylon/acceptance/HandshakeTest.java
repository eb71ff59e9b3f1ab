package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a runtime introduces itself, well or badly (functions contract, 2.2 and 20, points 1 and 10).
 * Each runtime here is a script of a few lines.
 */
@NeedsBun
class HandshakeTest {
  /** Answers every call, once it has said that it can. */
  private static final String ANSWERS =
      """
      const say = (text) => process.stdout.write(text);
      const ready = '{"type":"ready","functions":[{"name":"hello","fn_type":"query","args_schema":null}]}';
      const answer = async () => {
        for await (const line of console) {
          const { call_id, fn_name } = JSON.parse(line);
          say(fn_name === "hello"
            ? `{"type":"return","call_id":"${call_id}","value":"hello"}\\n`
            : `{"type":"error","call_id":"${call_id}","code":"FN_NOT_FOUND","message":"no"}\\n`);
        }
      };
      """;

  @TempDir private Path folder;
  private @Nullable Server server;

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  private Server with(String script) throws IOException {
    Files.writeString(folder.resolve("runtime.ts"), script);
    server =
        Server.begin(
            folder,
            "acceptance/runner",
            Runtime.BUILT_IN,
            Map.of("PYLON_FUNCTIONS_RUNTIME", "runtime.ts"));
    return server;
  }

  @Test
  void oneThatSaysReadyIsGivenCalls() throws IOException {
    Server greeted = with(ANSWERS + "say(`${ready}\\n`); await answer();");

    assertThat(greeted.value("hello")).isEqualTo("hello");
  }

  @Test
  void linesMayComeInPiecesWithBlankOnesBetween() throws IOException {
    Server greeted =
        with(
            ANSWERS
                + """
                say("\\n \\n");
                say(ready.slice(0, 20));
                await Bun.sleep(50);
                say(ready.slice(20) + "\\n\\n");
                await answer();
                """);

    assertThat(greeted.value("hello")).isEqualTo("hello");
  }

  @Test
  void aSecondReadyIsIgnored() throws IOException {
    Server greeted =
        with(
            ANSWERS
                + """
                say(`${ready}\\n`);
                say('{"type":"ready","functions":[]}\\n');
                await answer();
                """);

    assertThat(greeted.value("hello")).isEqualTo("hello");
  }

  @Test
  void aDefinitionOfAnUnknownKindFailsAlone() throws IOException {
    Server greeted =
        with(
            ANSWERS
                + """
                say(ready.replace("]", ',{"name":"odd","fn_type":"weird","args_schema":null}]') + "\\n");
                await answer();
                """);

    assertThat(greeted.value("hello")).isEqualTo("hello");
    assertThat(greeted.call("odd").code()).isEqualTo("FN_LOAD_FAILED");
  }

  @Test
  void oneThatSaysItCannotIsBelieved() throws IOException {
    Server refused =
        with(
            "console.log('{\"type\":\"ready\",\"functions\":[],\"error\":\"no functions today\"}'); await Bun.sleep(60_000);");

    refused.awaitLog("start failed no functions today");
    assertThat(refused.call("hello").status()).isEqualTo(503);
  }

  @Test
  void oneThatEndsIsQuotedAndTriedAgain() throws IOException {
    Server refused = with("console.error('cannot find my keys'); process.exit(3);");

    refused.awaitLog("start failed the runtime ended before it said ready: cannot find my keys");
    Eventually.within(
        SOON,
        () -> refused.log().stream().filter(line -> line.startsWith("start failed")).count() > 2,
        refused::log);
  }

  @Test
  void oneThatBeginsWithAnythingElseIsRefusedAtOnce() throws IOException {
    Server refused =
        with(
            "console.log('{\"type\":\"return\",\"call_id\":\"c_0\",\"value\":1}'); await Bun.sleep(60_000);");

    refused.awaitLog("start failed expected the handshake, got a frame of the call c_0");
  }

  @Test
  void oneThatSaysNothingIsGivenTenSecondsAndNobodyIsToldThatThereIsNoFunction()
      throws IOException {
    Server refused = with("await Bun.sleep(60_000);");

    assertThat(refused.call("hello").code()).isEqualTo("FUNCTIONS_NOT_AVAILABLE");
    refused.awaitLog("start failed the runtime did not say ready within 10 s");
    assertThat(refused.call("hello").status()).isEqualTo(503);
  }

  @Test
  void oneThatComesUpLateIsServedFromThen() throws IOException {
    Server late =
        with(
            ANSWERS
                + """
                import { existsSync, writeFileSync } from "node:fs";
                if (!existsSync("tried")) {
                  writeFileSync("tried", "");
                  process.exit(1);
                }
                say(`${ready}\\n`);
                await answer();
                """);

    late.awaitLog("start failed");
    Eventually.within(SOON, () -> late.call("hello").status() == 200, late::log);
  }
}
