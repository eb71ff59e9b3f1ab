package dev.pylon.cli.traces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaterfallTest {
  private static final Style PLAIN = new Style(false, false);

  private static Trace trace(String ops, String more) {
    return new Trace(
        Json.parseObject(
            """
            {"call_id":"c_1","fn_name":"addComment","fn_type":"mutation","started_at":1000,"duration_ms":8.0,
             "queue_ms":1.0,"commit_ms":1.0,"outcome":{"status":"ok","value":{"id":"x"}},"ops":[%s]%s}\
            """
                .formatted(ops, more)
                .getBytes(UTF_8)));
  }

  private static final String OPS =
      """
      {"op":"get","entity":"Issue","id":"l9","duration_ms":1.0,"row_count":1,"ok":true,"start_ms":0.0},
      {"op":"insert","entity":"Comment","duration_ms":2.0,"ok":false,"start_ms":4.0}\
      """;

  @Test
  void barsStandWhereTheTimeWent() {
    List<String> lines =
        Waterfall.of(
            trace(
                OPS,
                """
                ,"schedules":[{"fn_name":"notify","delay_ms":5000}],"logs":[{"t_ms":1,"level":"warn","text":"careful"}]\
                """),
            "addComment",
            PLAIN,
            82);

    assertThat(String.join("\n", lines))
        .isEqualTo(
            """
            addComment
              queue                               1.0 ms  ▕██▏                  ▏
              get      Issue l9                   1.0 ms  ▕  ██▎                ▏  1 row
              insert   Comment                    2.0 ms  ▕          ████▊      ▏  failed
              schedule notify +5s
              commit                              1.0 ms  ▕                  ███▏
              console  warn  careful
              → {"id":"x"}\
            """);
  }

  @Test
  void asciiNeedsNoOtherLetters() {
    assertThat(Waterfall.of(trace(OPS, ""), "x", new Style(false, true), 82))
        .allSatisfy(line -> assertThat(line).isASCII())
        .anyMatch(line -> line.contains("[          ####"));
  }

  @Test
  void manyEqualOperationsAreOneRow() {
    String ops =
        IntStream.range(0, 1_000)
            .mapToObj(i ->
                "{\"op\":\"insert\",\"entity\":\"Product\",\"duration_ms\":%s,\"ok\":true,\"start_ms\":%d}"
                    .formatted(i == 500 ? "4.0" : "1.0", i))
            .collect(Collectors.joining(","));

    assertThat(Waterfall.of(trace(ops, ",\"ops_dropped\":7"), "x", PLAIN, 82))
        .hasSize(6)
        .anyMatch(line -> line.contains("insert   Product x1 000") && line.contains("max 4.0 ms"))
        .anyMatch(line -> line.contains("7 more operations"));
  }

  @Test
  void childrenStandInsideWithTheirOwnOperations() {
    String child =
        """
        ,"children":[{"call_id":"c_2","fn_name":"inner","fn_type":"query","started_at":1002,"duration_ms":3.0,\
        "outcome":{"status":"error","code":"NO","message":"not \\u0007 today"},"ops":[]}]\
        """;

    assertThat(Waterfall.of(trace("", child), "x", PLAIN, 82))
        .anyMatch(line -> line.startsWith("  inner query") && line.endsWith("c_2"))
        .anyMatch(line -> line.equals("    ✗ NO  not � today"));
  }
}
