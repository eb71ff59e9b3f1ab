package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import dev.pylon.trace.Source;
import dev.pylon.trace.Trace;
import dev.pylon.trace.TraceJson;
import dev.pylon.trace.Traces;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the trace of a call that reads one row costs: beside the processor time of the whole call,
 * two cores divided by the calls a second of {@code calls.sh}, it is the share that tracing takes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TraceBench {
  private static final String ID = "000000000000000018ea058893fbc92000000000";

  private final Traces traces = new Traces();
  private final RawJson value =
      Json.check(
          ("{\"id\":\"" + ID + "\",\"title\":\"milk\",\"done\":false}")
              .getBytes(StandardCharsets.UTF_8));
  private final FunctionRequest request =
      FunctionRequest.of("one", RawJson.EMPTY_OBJECT, Identity.ANONYMOUS, Source.HTTP);
  private final DbOp get = new DbOp.Get("Todo", ID);

  /** Everything from the first note to the trace in the ring. */
  @Benchmark
  public Trace recorded() {
    var recorder = new CallRecorder(request, "c_17", null, 1_767_225_600_123L);
    recorder.sent();
    recorder.begin(get).done(1);
    recorder.answered();
    CallOutcome outcome = recorder.outcome(new Answer.Returned(value));
    Trace trace = recorder.trace(outcome, "query");
    traces.add(trace);
    return trace;
  }

  /** The line that {@code dev} keeps of it, which is written aside. */
  @Benchmark
  public String line() {
    return Json.text(TraceJson.of(recorded()));
  }
}
