package dev.pylon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.RawJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {
  private static final long BYTES_MAX = 1024 * 1024;

  private @TempDir Path folder;
  private Path path;
  private final Traces traces = new Traces();

  @BeforeEach
  void nameTheFile() {
    path = folder.resolve("traces.ndjson");
  }

  @Test
  void whatWasKeptIsReadBackAsItWas() throws IOException {
    Trace ok = trace("c_1", new Trace.Ok(RawJson.trusted("{\"n\":1}".getBytes())));
    Trace failed = trace("c_2", new Trace.Error("BOOM", "no", Map.of("line", 3L)));
    try (var _ = TraceFile.keep(traces, path, 100, BYTES_MAX)) {
      traces.add(ok);
      traces.add(failed);
    }

    assertThat(TraceFile.read(path, 100)).containsExactly(ok, failed);
  }

  @Test
  void refusedCallsAreKeptToo() throws IOException {
    try (var _ = TraceFile.keep(traces, path, 100, BYTES_MAX)) {
      traces.addRefused(trace("c_1", new Trace.Error("FN_NOT_FOUND", "no", null)));
    }

    assertThat(TraceFile.read(path, 100)).extracting(Trace::callId).containsExactly("c_1");
  }

  @Test
  void whatWasThereBeforeIsNotWrittenAgain() throws IOException {
    traces.restore(List.of(trace("c_0", new Trace.Ok(RawJson.NULL))));
    try (var _ = TraceFile.keep(traces, path, 100, BYTES_MAX)) {
      traces.add(trace("c_1", new Trace.Ok(RawJson.NULL)));
    }

    assertThat(TraceFile.read(path, 100)).extracting(Trace::callId).containsExactly("c_1");
  }

  @Test
  void aFileTwiceItsBoundIsCutToItsNewestLines() throws IOException {
    for (int start = 0; start < 5; start++) {
      try (var _ = TraceFile.keep(traces, path, 10, BYTES_MAX)) {
        for (int i = 0; i < 6; i++) {
          traces.add(trace("c_" + (start * 6 + i), new Trace.Ok(RawJson.NULL)));
        }
      }
    }

    List<Trace> kept = TraceFile.read(path, 100);
    assertThat(kept).hasSizeBetween(10, 26);
    assertThat(kept.getLast().callId()).isEqualTo("c_29");
  }

  @Test
  void aBrokenLineIsLeftOut() throws IOException {
    try (var _ = TraceFile.keep(traces, path, 100, BYTES_MAX)) {
      traces.add(trace("c_1", new Trace.Ok(RawJson.NULL)));
    }
    Files.writeString(path, "{\"call_id\":\"c_2\",\n", StandardOpenOption.APPEND);

    assertThat(TraceFile.read(path, 100)).extracting(Trace::callId).containsExactly("c_1");
  }

  @Test
  void aFileThatIsNotThereHoldsNothing() throws IOException {
    assertThat(TraceFile.read(path, 100)).isEmpty();
  }

  private static Trace trace(String callId, Trace.Outcome outcome) {
    return new Trace(
        callId,
        "fn",
        "query",
        null,
        1_767_225_600_000L,
        1.5,
        outcome,
        List.of(new Trace.Op("get", "Todo", "t", 0.5, 0.25, 1, true)),
        0,
        0,
        List.of(new Trace.Scheduled("later", 5L, null)),
        null,
        "t_1",
        Source.HTTP,
        "r",
        0.125,
        0.5,
        1,
        false,
        null,
        List.of(new Trace.LogLine(0.5, "info", "hi")),
        0,
        false);
  }
}
