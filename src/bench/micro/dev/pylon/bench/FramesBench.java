package dev.pylon.bench;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.FrameReader;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.protocol.HostFrames;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The frames of one call that reads one row, each encoded or decoded by itself. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FramesBench {
  private static final String ID = "000000000000000018ea058893fbc92000000000";

  private final FrameReader reader = new FrameReader();
  private final byte[] get =
      utf8(
          "{\"type\":\"db\",\"call_id\":\"c_17\",\"op_id\":\"c_17#3\",\"op\":\"get\",\"entity\":\"Todo\",\"id\":\""
              + ID
              + "\"}");
  private final byte[] answer =
      utf8(
          "{\"type\":\"return\",\"call_id\":\"c_17\",\"value\":{\"id\":\""
              + ID
              + "\",\"title\":\"milk\",\"done\":false,\"notes\":null}}");
  private final byte[] args = utf8("{\"id\":\"" + ID + "\"}");
  private final Definition function =
      new Definition("one", FunctionKind.QUERY, null, false, null, null);
  private final Map<String, @Nullable Object> row = new LinkedHashMap<>();

  public FramesBench() {
    row.put("id", ID);
    row.put("title", "milk");
    row.put("done", false);
    row.put("notes", null);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public RawJson checkArguments() {
    return Json.check(args);
  }

  @Benchmark
  public byte[] writeCall() {
    return HostFrames.call(
        "c_17", function, RawJson.trusted(args), Identity.ANONYMOUS, 30_000, null, null);
  }

  @Benchmark
  public RuntimeFrame readGet() {
    return reader.read(get, 0, get.length);
  }

  @Benchmark
  public byte[] writeRow() {
    return HostFrames.result("c_17", "c_17#3", row);
  }

  @Benchmark
  public RuntimeFrame readReturn() {
    return reader.read(answer, 0, answer.length);
  }
}
