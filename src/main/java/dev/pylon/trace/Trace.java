package dev.pylon.trace;

import dev.pylon.json.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one call, finished. Durations are milliseconds with fractions, offsets count from
 * {@code startedAtMillis}, which is milliseconds since 1970.
 *
 * @param fnType null where the function is unknown
 * @param valueTruncated whether {@code outcome} holds only the beginning of the value
 * @param opsDropped operations beyond those kept
 * @param attempt from 1; above 1 for jobs that are tried again
 */
public record Trace(
    String callId,
    String fnName,
    @Nullable String fnType,
    @Nullable String userId,
    long startedAtMillis,
    double durationMillis,
    Outcome outcome,
    List<Op> ops,
    long streamBytes,
    long streamChunks,
    List<Scheduled> schedules,
    @Nullable String parentCallId,
    @Nullable String tenantId,
    Source source,
    @Nullable String requestId,
    double queueMillis,
    double commitMillis,
    int attempt,
    boolean rolledBack,
    @Nullable String impersonatedBy,
    List<LogLine> logs,
    int opsDropped,
    boolean valueTruncated) {

  /** How the call ended. */
  public sealed interface Outcome {}

  /** The handler returned and, for a mutation, the commit held. */
  public record Ok(RawJson value) implements Outcome {}

  /**
   * {@code detail} is for the developer: where in their code, and what was redacted for the caller.
   */
  public record Error(String code, String message, @Nullable Map<String, @Nullable Object> detail)
      implements Outcome {}

  /** One operation on the store, or another question the handler asked of the host. */
  public record Op(
      String op,
      @Nullable String entity,
      @Nullable String id,
      double startMillis,
      double durationMillis,
      @Nullable Integer rowCount,
      boolean ok) {}

  /** An attempt to schedule, also where it failed or was rolled back. */
  public record Scheduled(String fnName, @Nullable Long delayMillis, @Nullable Long runAtMillis) {}

  /** A console line of the handler. */
  public record LogLine(double millis, String level, String text) {}

  public boolean failed() {
    return outcome instanceof Error;
  }
}
