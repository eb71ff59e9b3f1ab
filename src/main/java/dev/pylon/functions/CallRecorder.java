package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.trace.Trace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a call does while it does it. Guarded by itself: operations begin on the reader
 * thread and end on the store's.
 */
final class CallRecorder {
  /**
   * Operations kept of one call; a seed function may make ten thousand (functions contract, 13.3).
   */
  private static final int OPS_MAX = 500;

  private static final int LOGS_MAX = 500;

  /** Characters kept of all that a call prints: a thousand traces have to fit into memory. */
  private static final int LOG_CHARS_MAX = 128 * 1024;

  private static final int SCHEDULES_MAX = 500;

  /** Characters kept of what should be a name or an id, and may be anything. */
  private static final int NAME_CHARS_MAX = 256;

  /** Bytes kept of a returned value. */
  private static final int VALUE_BYTES_MAX = 8 * 1024;

  private static final double NANOS_PER_MILLI = 1_000_000;

  private final FunctionRequest request;
  private final String callId;
  private final @Nullable String parentCallId;
  private final long startedAtMillis;
  private final long asked = System.nanoTime();
  private final List<OpInProgress> ops = new ArrayList<>();
  private final List<Trace.LogLine> logs = new ArrayList<>();
  private final List<Trace.Scheduled> schedules = new ArrayList<>();
  private long sent;
  private long answered;
  private long committed;
  private long dbNanos;
  private int logChars;
  private boolean logsAreFull;
  private int opsDropped;
  private long streamBytes;
  private long streamChunks;
  private boolean rolledBack;
  private boolean tookRuntimeDown;

  CallRecorder(
      FunctionRequest request, String callId, @Nullable String parentCallId, long nowMillis) {
    this.request = request;
    this.callId = callId;
    this.parentCallId = parentCallId;
    this.startedAtMillis = nowMillis;
  }

  /** One question of the handler, from its frame to our answer. */
  final class OpInProgress {
    private final String name;
    private final @Nullable String entity;
    private final @Nullable String id;
    private final long start;
    private long end;
    private @Nullable Integer rows;
    private boolean ok;

    private OpInProgress(String name, @Nullable String entity, @Nullable String id, long start) {
      this.start = start;
      this.name = name;
      this.entity = entity;
      this.id = id;
    }

    void done(@Nullable Integer rowCount) {
      finish(true, rowCount);
    }

    void failed() {
      finish(false, null);
    }

    private void finish(boolean succeeded, @Nullable Integer rowCount) {
      finish(succeeded, rowCount, System.nanoTime());
    }

    private void finish(boolean succeeded, @Nullable Integer rowCount, long now) {
      synchronized (CallRecorder.this) {
        end = now;
        ok = succeeded;
        rows = rowCount;
        dbNanos += end - start;
      }
    }

    private Trace.Op frozen() {
      return new Trace.Op(
          name,
          entity,
          id,
          millis(start - sent),
          millis((end == 0 ? System.nanoTime() : end) - start),
          rows,
          ok);
    }
  }

  OpInProgress begin(DbOp op) {
    return begin(op.name(), op.entity().isEmpty() ? null : op.entity(), op.rowId());
  }

  OpInProgress begin(String name, @Nullable String entity, @Nullable String id) {
    return begin(name, entity, id, System.nanoTime());
  }

  private synchronized OpInProgress begin(
      String name, @Nullable String entity, @Nullable String id, long start) {
    var op = new OpInProgress(name, clippedName(entity), clippedName(id), start);
    if (ops.size() < OPS_MAX) {
      ops.add(op);
    } else {
      opsDropped++;
    }
    return op;
  }

  /** An operation that was done before it was asked for. */
  void readAhead(DbOp.Get op, long start, long end, @Nullable Integer rows) {
    begin(op.name(), op.entity(), op.id(), start).finish(true, rows, end);
  }

  synchronized void log(String level, String text) {
    if (logsAreFull) {
      return;
    }
    logChars += text.length();
    logsAreFull = logs.size() == LOGS_MAX || logChars > LOG_CHARS_MAX;
    double at = sent == 0 ? 0 : millis(System.nanoTime() - sent);
    logs.add(
        logsAreFull
            ? new Trace.LogLine(at, "warn", "… more was printed than a trace keeps")
            : new Trace.LogLine(at, level, text));
  }

  synchronized void scheduled(RuntimeFrame.Schedule frame) {
    if (schedules.size() < SCHEDULES_MAX) {
      schedules.add(
          new Trace.Scheduled(
              clipped(frame.function(), NAME_CHARS_MAX), frame.delayMillis(), frame.runAtMillis()));
    }
  }

  synchronized void streamed(String chunk) {
    streamChunks++;
    streamBytes += utf8Length(chunk);
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Whether its caller has been given anything to read. */
  synchronized boolean hasStreamed() {
    return streamChunks > 0;
  }

  /** The call goes to its runtime now: what came before was waiting. */
  synchronized void sent() {
    if (sent == 0) {
      sent = System.nanoTime();
    }
  }

  /** The handler begins anew; what it scheduled is undone with the rest of its transaction. */
  synchronized void runsAgain() {
    schedules.clear();
    log("warn", "runs again: others changed the same rows at the same time");
  }

  synchronized boolean neverSent() {
    return sent == 0;
  }

  /** The handler has answered, or we gave up on it. */
  synchronized void answered() {
    answered = System.nanoTime();
  }

  /** The transaction is decided. */
  synchronized void committed() {
    committed = System.nanoTime();
  }

  synchronized void rolledBack() {
    rolledBack = true;
  }

  /** The runtime has ended, and the call may be why. */
  synchronized void tookRuntimeDown() {
    tookRuntimeDown = true;
  }

  synchronized CallOutcome outcome(Answer answer) {
    long now = System.nanoTime();
    long sentAt = sent == 0 ? now : sent;
    long answeredAt = answered == 0 ? now : answered;
    return new CallOutcome(
        callId,
        answer,
        millis(sentAt - asked),
        millis(Math.max(0, answeredAt - sentAt)),
        millis(dbNanos),
        committed == 0 ? 0 : millis(committed - answeredAt),
        tookRuntimeDown);
  }

  synchronized Trace trace(CallOutcome outcome, @Nullable String kind) {
    boolean truncated =
        outcome.answer() instanceof Answer.Returned(RawJson value)
            && value.size() > VALUE_BYTES_MAX;
    return new Trace(
        callId,
        request.function(),
        kind,
        request.identity().userId(),
        startedAtMillis,
        outcome.runMillis(),
        kept(outcome.answer()),
        frozenOps(),
        streamBytes,
        streamChunks,
        List.copyOf(schedules),
        parentCallId,
        request.identity().tenantId(),
        request.source(),
        request.by().requestId(),
        outcome.queueMillis(),
        outcome.commitMillis(),
        request.attempt(),
        rolledBack,
        request.by().impersonatedBy(),
        List.copyOf(logs),
        opsDropped,
        truncated);
  }

  /** A loop: this runs once a call, and a stream costs as much as the rest of the trace. */
  private List<Trace.Op> frozenOps() {
    if (ops.isEmpty()) {
      return List.of();
    }
    var frozen = new ArrayList<Trace.Op>(ops.size());
    for (OpInProgress op : ops) {
      frozen.add(op.frozen());
    }
    return Collections.unmodifiableList(frozen);
  }

  private static Trace.Outcome kept(Answer answer) {
    return switch (answer) {
      case Answer.Returned(RawJson value) when value.size() > VALUE_BYTES_MAX ->
          new Trace.Ok(beginning(value));
      case Answer.Returned(RawJson value) -> new Trace.Ok(value);
      case Answer.Failed failed ->
          new Trace.Error(
              clipped(failed.code(), NAME_CHARS_MAX),
              clipped(failed.message(), VALUE_BYTES_MAX),
              failed.detail());
    };
  }

  private static @Nullable String clippedName(@Nullable String name) {
    return name == null ? null : clipped(name, NAME_CHARS_MAX);
  }

  private static String clipped(String text, int charsMax) {
    return text.length() <= charsMax ? text : text.substring(0, charsMax) + "…";
  }

  /** The beginning of a value's text, as a JSON string. */
  private static RawJson beginning(RawJson value) {
    return Json.raw(new String(value.bytes(), 0, VALUE_BYTES_MAX, StandardCharsets.UTF_8));
  }

  private static double millis(long nanos) {
    return nanos / NANOS_PER_MILLI;
  }
}
