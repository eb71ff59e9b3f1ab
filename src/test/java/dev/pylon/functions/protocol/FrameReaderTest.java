package dev.pylon.functions.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.functions.protocol.RuntimeFrame.Broken;
import dev.pylon.functions.protocol.RuntimeFrame.CancelSchedule;
import dev.pylon.functions.protocol.RuntimeFrame.Db;
import dev.pylon.functions.protocol.RuntimeFrame.Failed;
import dev.pylon.functions.protocol.RuntimeFrame.Log;
import dev.pylon.functions.protocol.RuntimeFrame.Malformed;
import dev.pylon.functions.protocol.RuntimeFrame.Noise;
import dev.pylon.functions.protocol.RuntimeFrame.Pong;
import dev.pylon.functions.protocol.RuntimeFrame.Ready;
import dev.pylon.functions.protocol.RuntimeFrame.Return;
import dev.pylon.functions.protocol.RuntimeFrame.RunFunction;
import dev.pylon.functions.protocol.RuntimeFrame.RuntimeLog;
import dev.pylon.functions.protocol.RuntimeFrame.Schedule;
import dev.pylon.functions.protocol.RuntimeFrame.Standby;
import dev.pylon.functions.protocol.RuntimeFrame.Stream;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of a runtime, good and bad (functions contract, 2.4 and 2.9). */
class FrameReaderTest {
  private final FrameReader frames = new FrameReader();

  private RuntimeFrame read(String line) {
    return read(line.getBytes(StandardCharsets.UTF_8));
  }

  /** Read out of the middle of a larger buffer, as the splitter hands lines on. */
  private RuntimeFrame read(byte[] line) {
    byte[] buffer = new byte[line.length + 20];
    System.arraycopy(line, 0, buffer, 10, line.length);
    return frames.read(buffer, 10, line.length);
  }

  private static RawJson raw(String json) {
    return Json.raw(Json.parse(json));
  }

  // ---- every frame ----

  @Test
  void aReadyNamesFunctionsAndFailures() {
    var ready =
        (Ready)
            read(
                """
                {"type":"ready","functions":[{"name":"a","fn_type":"mutation",\
                "args_schema":{"id":{"type":"id","table":"Lot"}},"internal":true,"timeout_ms":500,\
                "description":"Does a"},{"name":"b","fn_type":"query","args_schema":null}],\
                "failed":[{"name":"c","file":"functions/c.ts","line":3,"column":7,"message":"no"}],\
                "files":["/p/functions/a.ts"],"capabilities":["multiplex","op_id"]}\
                """);

    assertThat(ready.functions())
        .containsExactly(
            new Definition(
                "a",
                FunctionKind.MUTATION,
                raw("{\"id\":{\"type\":\"id\",\"table\":\"Lot\"}}"),
                true,
                500L,
                "Does a"),
            new Definition("b", FunctionKind.QUERY, null, false, null, null));
    assertThat(ready.failed()).containsExactly(new LoadFailure("c", "functions/c.ts", 3, 7, "no"));
    assertThat(ready.failed().getFirst().text()).isEqualTo("functions/c.ts:3:7: no");
    assertThat(ready.files()).containsExactly("/p/functions/a.ts");
    assertThat(ready.multiplexes()).isTrue();
    assertThat(ready.error()).isNull();
  }

  @Test
  void aDefinitionOfAnUnknownKindFailsAlone() {
    var ready =
        (Ready)
            read(
                """
                {"type":"ready","functions":[{"name":"odd","fn_type":"weird","args_schema":null},\
                {"name":"good","fn_type":"query","args_schema":null}]}\
                """);

    assertThat(ready.functions()).extracting(Definition::name).containsExactly("good");
    assertThat(ready.failed()).extracting(LoadFailure::name).containsExactly("odd");
  }

  @Test
  void aReadyMayTellThatNothingWorks() {
    var ready = (Ready) read("{\"type\":\"ready\",\"functions\":[],\"error\":\"no such folder\"}");

    assertThat(ready.error()).isEqualTo("no such folder");
  }

  @Test
  void theOtherFramesAreReadAsTheyAreWritten() {
    assertThat(read("{\"type\":\"standby\",\"bun\":\"1.4.5\",\"pid\":1}")).isEqualTo(new Standby());
    assertThat(read("{\"type\":\"pong\",\"id\":7}")).isEqualTo(new Pong(7));
    assertThat(read("{\"type\":\"log\",\"level\":\"warn\",\"text\":\"t\"}"))
        .isEqualTo(new RuntimeLog("warn", "t"));
    assertThat(read("{\"type\":\"log\",\"call_id\":\"c_1\",\"level\":\"info\",\"text\":\"t\"}"))
        .isEqualTo(new Log("c_1", "info", "t"));
    assertThat(read("{\"type\":\"return\",\"call_id\":\"c_1\",\"value\":{\"a\":1}}"))
        .isEqualTo(new Return("c_1", raw("{\"a\":1}")));
    assertThat(
            read(
                "{\"type\":\"error\",\"call_id\":\"c_1\",\"code\":\"NO\",\"message\":\"m\","
                    + "\"detail\":{\"line\":4}}"))
        .isEqualTo(new Failed("c_1", "NO", "m", Map.of("line", 4L)));
    assertThat(read("{\"type\":\"stream\",\"call_id\":\"c_1\",\"event\":\"e\",\"data\":\"d\"}"))
        .isEqualTo(new Stream("c_1", "e", "d"));
    assertThat(
            read(
                "{\"type\":\"run_fn\",\"call_id\":\"c_1\",\"op_id\":\"c_1#2\",\"fn_name\":\"f\","
                    + "\"fn_type\":\"action\",\"args\":[1]}"))
        .isEqualTo(new RunFunction("c_1", "c_1#2", "f", FunctionKind.ACTION, raw("[1]")));
    assertThat(
            read(
                "{\"type\":\"schedule\",\"call_id\":\"c_1\",\"op_id\":\"o\",\"fn_name\":\"f\","
                    + "\"args\":{},\"delay_ms\":5,\"run_at\":9}"))
        .isEqualTo(new Schedule("c_1", "o", "f", RawJson.EMPTY_OBJECT, 5L, 9L));
    assertThat(read("{\"type\":\"cancel_schedule\",\"call_id\":\"c_1\",\"schedule_id\":\"job_1\"}"))
        .isEqualTo(new CancelSchedule("c_1", null, "job_1"));
  }

  @Test
  void membersMayComeInAnyOrder() {
    assertThat(read("{\"value\":[1],\"call_id\":\"c_1\",\"type\":\"return\"}"))
        .isEqualTo(new Return("c_1", raw("[1]")));
  }

  @Test
  void aValueKeepsItsTextAndItsStrings() {
    assertThat(read("{\"type\":\"return\",\"call_id\":\"c_1\",\"value\":\"a\\n\\u00e9\"}"))
        .isEqualTo(new Return("c_1", Json.raw("a\né")));
    assertThat(read("{\"type\":\"return\",\"call_id\":\"c_1\",\"value\":{\"n\":1.50}}"))
        .isEqualTo(
            new Return("c_1", RawJson.trusted("{\"n\":1.50}".getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void everyOperationIsReadWithItsMembers() {
    assertThat(op("\"op\":\"get\",\"entity\":\"E\",\"id\":\"1\""))
        .isEqualTo(new DbOp.Get("E", "1"));
    assertThat(op("\"op\":\"list\",\"entity\":\"E\"")).isEqualTo(new DbOp.All("E"));
    assertThat(op("\"op\":\"paginate\",\"entity\":\"E\",\"after\":\"x\",\"limit\":5"))
        .isEqualTo(new DbOp.Paginate("E", "x", 5));
    assertThat(op("\"op\":\"paginate\",\"entity\":\"E\""))
        .isEqualTo(new DbOp.Paginate("E", null, 20));
    assertThat(op("\"op\":\"paginate\",\"entity\":\"E\",\"limit\":0"))
        .isEqualTo(new DbOp.Paginate("E", null, 1));
    assertThat(op("\"op\":\"paginate\",\"entity\":\"E\",\"limit\":99999"))
        .isEqualTo(new DbOp.Paginate("E", null, 1_000));
    assertThat(op("\"op\":\"lookup\",\"entity\":\"E\",\"field\":\"f\",\"value\":\"v\""))
        .isEqualTo(new DbOp.Lookup("E", "f", "v"));
    assertThat(op("\"op\":\"query\",\"entity\":\"E\",\"data\":{\"a\":1}"))
        .isEqualTo(new DbOp.Query("E", Map.of("a", 1L)));
    assertThat(op("\"op\":\"query\",\"entity\":\"E\"")).isEqualTo(new DbOp.Query("E", Map.of()));
    assertThat(op("\"op\":\"query_graph\",\"entity\":\"\",\"data\":{\"E\":{}}"))
        .isEqualTo(new DbOp.Graph(Map.of("E", Map.of())));
    assertThat(op("\"op\":\"search\",\"entity\":\"E\",\"data\":{\"query\":\"q\"}"))
        .isEqualTo(new DbOp.Search("E", Map.of("query", "q")));
    assertThat(op("\"op\":\"insert\",\"entity\":\"E\",\"data\":{\"a\":null}"))
        .satisfies(op -> assertThat(((DbOp.Insert) op).row()).containsEntry("a", null));
    assertThat(op("\"op\":\"insert_many\",\"entity\":\"E\",\"data\":[{\"a\":1},{}]"))
        .isEqualTo(new DbOp.InsertMany("E", List.of(Map.of("a", 1L), Map.of())));
    assertThat(op("\"op\":\"update\",\"entity\":\"E\",\"id\":\"1\",\"data\":{\"a\":2}"))
        .isEqualTo(new DbOp.Update("E", "1", Map.of("a", 2L)));
    assertThat(op("\"op\":\"delete\",\"entity\":\"E\",\"id\":\"1\""))
        .isEqualTo(new DbOp.Delete("E", "1"));
    assertThat(
            op(
                "\"op\":\"link\",\"entity\":\"E\",\"id\":\"1\",\"relation\":\"r\",\"target_id\":\"2\""))
        .isEqualTo(new DbOp.Link("E", "1", "r", "2"));
    assertThat(op("\"op\":\"unlink\",\"entity\":\"E\",\"id\":\"1\",\"relation\":\"r\""))
        .isEqualTo(new DbOp.Unlink("E", "1", "r"));
  }

  private DbOp op(String members) {
    return ((Db)
            read("{\"type\":\"db\",%s,\"call_id\":\"c_1\",\"op_id\":\"c_1#1\"}".formatted(members)))
        .op();
  }

  // ---- what ordinary handler code gets wrong ----

  @Test
  void missingArgumentsAreAnEmptyObject() {
    assertThat(
            ((RunFunction) read("{\"type\":\"run_fn\",\"call_id\":\"c_1\",\"fn_name\":\"f\"}"))
                .args())
        .isEqualTo(RawJson.EMPTY_OBJECT);
    assertThat(
            ((Schedule) read("{\"type\":\"schedule\",\"call_id\":\"c_1\",\"fn_name\":\"f\"}"))
                .args())
        .isEqualTo(RawJson.EMPTY_OBJECT);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {"1234.5,1235", "-5,0", "'\"250\"',250", "0,0", "1e3,1000", "'\" 7.2 \"',8"})
  void aDelayIsWholeMillisecondsAndNeverNegative(String delay, long millis) {
    assertThat(schedule("\"delay_ms\":" + delay))
        .isInstanceOfSatisfying(
            Schedule.class, frame -> assertThat(frame.delayMillis()).isEqualTo(millis));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "1767225600000,1767225600000",
        "'\"2026-01-01T00:00:00Z\"',1767225600000",
        "'\"2026-01-01T00:00:00.000Z\"',1767225600000",
        "'\"2026-01-01T01:00:00+01:00\"',1767225600000",
        "'\"1767225600000\"',1767225600000"
      })
  void aMomentIsANumberOrAnIsoDate(String moment, long millis) {
    assertThat(schedule("\"run_at\":" + moment))
        .isInstanceOfSatisfying(
            Schedule.class, frame -> assertThat(frame.runAtMillis()).isEqualTo(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"delay_ms\":null",
        "\"delay_ms\":\"soon\"",
        "\"delay_ms\":{}",
        "\"delay_ms\":true",
        "\"run_at\":null",
        "\"run_at\":\"tomorrow\"",
        "\"run_at\":[]"
      })
  void aTimeThatIsNoneIsRefusedWithTheAuthorsMistake(String member) {
    assertThat(schedule(member))
        .isInstanceOfSatisfying(
            Malformed.class,
            frame -> {
              assertThat(frame.code()).isEqualTo("INVALID_ARGS");
              assertThat(frame.opId()).isEqualTo("o");
            });
  }

  private RuntimeFrame schedule(String member) {
    return read(
        "{\"type\":\"schedule\",\"call_id\":\"c_1\",\"op_id\":\"o\",\"fn_name\":\"f\",%s}"
            .formatted(member));
  }

  @Test
  void numbersWhereTextWasMeantAreTakenAsSuch() {
    assertThat(op("\"op\":\"get\",\"entity\":\"E\",\"id\":5")).isEqualTo(new DbOp.Get("E", "5"));
    assertThat(op("\"op\":\"lookup\",\"entity\":\"E\",\"field\":\"n\",\"value\":5"))
        .isEqualTo(new DbOp.Lookup("E", "n", 5L));
  }

  @Test
  void aRowWithoutAnIdIsTheRowOfTheEmptyId() {
    assertThat(op("\"op\":\"get\",\"entity\":\"E\"")).isEqualTo(new DbOp.Get("E", ""));
    assertThat(op("\"op\":\"get\",\"entity\":\"E\",\"id\":null")).isEqualTo(new DbOp.Get("E", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "op":"list"                                     | INVALID_ARGS
          "op":"list","entity":null                       | INVALID_ARGS
          "op":"list","entity":{"a":1}                    | INVALID_ARGS
          "op":"insert","entity":"E","data":"text"        | INVALID_DATA
          "op":"insert","entity":"E","data":[1]           | INVALID_DATA
          "op":"insert_many","entity":"E","data":{}       | INVALID_DATA
          "op":"insert_many","entity":"E","data":[1]      | INVALID_DATA
          "op":"update","entity":"E","id":"1","data":true | INVALID_DATA
          "op":"query_graph","entity":"","data":5         | INVALID_QUERY
          """)
  void anOperationWithoutMeaningIsRefusedToItsAuthor(String members, String code) {
    assertThat(read("{\"type\":\"db\",%s,\"call_id\":\"c_1\",\"op_id\":\"o\"}".formatted(members)))
        .isInstanceOfSatisfying(
            Malformed.class,
            frame -> {
              assertThat(frame.callId()).isEqualTo("c_1");
              assertThat(frame.opId()).isEqualTo("o");
              assertThat(frame.code()).isEqualTo(code);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"fn_name\":\"\"", ",\"fn_name\":null"})
  void aScheduleOfNothingIsRefusedAtOnce(String name) {
    assertThat(
            read(
                "{\"type\":\"schedule\",\"call_id\":\"c_1\",\"op_id\":\"o\",\"args\":{}%s}"
                    .formatted(name)))
        .isEqualTo(
            new Malformed("c_1", "o", "INVALID_ARGS", "a schedule needs the name of a function"));
  }

  @Test
  void whatIsNestedTooDeepIsNamedInOurWords() {
    String deep = "[".repeat(200) + "]".repeat(200);

    assertThat(read("{\"type\":\"return\",\"call_id\":\"c_1\",\"value\":" + deep + "}"))
        .isEqualTo(
            new RuntimeFrame.Broken(
                "c_1", null, "Document nesting depth (129) exceeds the maximum allowed (128)"));
  }

  @Test
  void chunksThatAreNoTextAreWrittenAsJsonAndMissingOnesDropped() {
    assertThat(read("{\"type\":\"stream\",\"call_id\":\"c_1\",\"data\":{\"a\":1}}"))
        .isEqualTo(new Stream("c_1", null, "{\"a\":1}"));
    assertThat(read("{\"type\":\"stream\",\"call_id\":\"c_1\",\"data\":5}"))
        .isEqualTo(new Stream("c_1", null, "5"));
    assertThat(read("{\"type\":\"stream\",\"call_id\":\"c_1\"}")).isInstanceOf(Noise.class);
  }

  @Test
  void aValueThatIsMissingIsNull() {
    assertThat(read("{\"type\":\"return\",\"call_id\":\"c_1\"}"))
        .isEqualTo(new Return("c_1", RawJson.NULL));
  }

  // ---- what is no frame ----

  @Test
  void textPrintedBeforeAFrameIsPassedOver() {
    assertThat(read("progress 5%{\"type\":\"return\",\"call_id\":\"c_1\",\"value\":1}"))
        .isEqualTo(new Return("c_1", raw("1")));
    assertThat(read("{oops{\"type\":\"return\",\"call_id\":\"c_1\",\"value\":1}"))
        .isEqualTo(new Return("c_1", raw("1")));
    assertThat(read("{\"a\":1}{\"type\":\"return\",\"call_id\":\"c_1\",\"value\":1}"))
        .isEqualTo(new Return("c_1", raw("1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "hello", "null", "[1]", "5", "{}", "{\"type\":", "{\"type\":5}", "{"})
  void aLineThatIsNoFrameIsNoise(String line) {
    assertThat(read(line)).isInstanceOf(Noise.class);
  }

  @Test
  void aFrameThatIsCutNamesItsCallAsFarAsItIsThere() {
    assertThat(
            read(
                "{\"type\":\"db\",\"call_id\":\"c_17\",\"op_id\":\"c_17#3\",\"op\":\"get\",\"enti"))
        .isInstanceOfSatisfying(
            Broken.class,
            frame -> {
              assertThat(frame.callId()).isEqualTo("c_17");
              assertThat(frame.opId()).isEqualTo("c_17#3");
            });
    assertThat(read("{\"type\":\"db\",\"op\":\"insert\",\"data\":\"xxx"))
        .isInstanceOfSatisfying(Broken.class, frame -> assertThat(frame.callId()).isNull());
    assertThat(read("xxx\",\"call_id\":\"c_17\"}"))
        .isInstanceOfSatisfying(
            Broken.class, frame -> assertThat(frame.callId()).isEqualTo("c_17"));
  }

  @Test
  void whatOnlyLooksLikeAFrameIsNone() {
    assertThat(read("{\"type\":\"lot\",\"id\":")).isInstanceOf(Noise.class);
  }

  @Test
  void whoeverCanBeAnsweredIsAnswered() {
    assertThat(read("{\"type\":\"colour\",\"call_id\":\"c_1\",\"op_id\":\"o\"}"))
        .isEqualTo(new Malformed("c_1", "o", "PROTOCOL_ERROR", "Unknown frame type \"colour\""));
    assertThat(read("{\"type\":\"db\",\"op\":\"aggregate\",\"entity\":\"E\",\"call_id\":\"c_1\"}"))
        .isEqualTo(
            new Malformed(
                "c_1", null, "PROTOCOL_ERROR", "Unknown database operation \"aggregate\""));
  }

  /** The caller must not wait for an end that has come and could not be read. */
  @Test
  void anAnswerThatCannotBeReadIsStillTheEndOfItsCall() {
    String deep = "[".repeat(200) + "\"op_id\":\"x\"" + "]".repeat(200);

    assertThat(read("{\"type\":\"return\",\"call_id\":\"c_1\",\"value\":%s}".formatted(deep)))
        .isInstanceOfSatisfying(
            Broken.class,
            frame -> {
              assertThat(frame.callId()).isEqualTo("c_1");
              assertThat(frame.opId()).isNull();
            });
    assertThat(read("{\"type\":\"error\",\"call_id\":\"c_2\",\"code\":"))
        .isInstanceOfSatisfying(Broken.class, frame -> assertThat(frame.callId()).isEqualTo("c_2"));
  }

  @Test
  void carriageReturnsAndTrailingSpaceDoNoHarm() {
    assertThat(read("{\"type\":\"pong\",\"id\":1} \r")).isEqualTo(new Pong(1));
  }

  @Test
  void aFrameOfTenMegabytesIsReadInTime() {
    String text = "é".repeat(5 * 1024 * 1024);
    byte[] line =
        "{\"type\":\"return\",\"call_id\":\"c_1\",\"value\":\"%s\"}"
            .formatted(text)
            .getBytes(StandardCharsets.UTF_8);

    long before = System.nanoTime();
    RuntimeFrame frame = read(line);

    assertThat(frame).isEqualTo(new Return("c_1", Json.raw(text)));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
  }

  /**
   * The law: no line makes the reader throw, and a spoiled frame of a call is never taken for good.
   */
  @Test
  void noLineMakesTheReaderFail() {
    long seed = 42;
    var random = new Random(seed);
    byte[] good =
        "{\"type\":\"db\",\"call_id\":\"c_17\",\"op_id\":\"c_17#3\",\"op\":\"get\",\"entity\":\"E\",\"id\":\"1\"}"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] spoiled = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        spoiled[random.nextInt(spoiled.length)] = (byte) random.nextInt();
      }
      byte[] cut = java.util.Arrays.copyOf(spoiled, random.nextInt(spoiled.length + 1));

      assertThat(read(spoiled)).as("seed %d, round %d", seed, i).isNotNull();
      assertThat(read(cut)).as("seed %d, round %d", seed, i).isNotNull();
    }
  }
}
