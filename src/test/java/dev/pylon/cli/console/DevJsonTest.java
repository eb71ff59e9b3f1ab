package dev.pylon.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.boot.DevEvent;
import dev.pylon.functions.Reloaded;
import dev.pylon.json.Json;
import dev.pylon.schema.Diagnostic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DevJsonTest {
  @Test
  void aLoadHasTheMembersOfTheContractInOneObject() {
    var event =
        new DevEvent.Loaded(
            DevEvent.Reason.SCHEMA,
            3,
            List.of("app.ts"),
            new Reloaded(1, List.of("a"), List.of("b"), List.of(), List.of()),
            null,
            List.of(),
            List.of(new DevEvent.BrokenFile("c", "functions/c.ts", 1, null, "no", "do")),
            List.of(Diagnostic.error("BUN_EXIT", "Unexpected ;")),
            Duration.ofMillis(42));

    assertThat(Json.text(DevJson.of(event)))
        .isEqualTo(
            """
            {"event":"reload","reason":"schema","files":["app.ts"],\
            "functions":{"added":["a"],"removed":["b"],"changed":[],\
            "failed":[{"name":"c","file":"functions/c.ts","line":1,"message":"no","hint":"do"}]},\
            "schema":{"operations":[]},"ms":42.0,"ok":false,"code":"DEV_ERROR","rebuild":3,\
            "error":"Unexpected ;",\
            "diagnostics":[{"severity":"error","code":"BUN_EXIT","message":"Unexpected ;"}]}\
            """);
  }
}
