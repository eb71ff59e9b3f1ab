package dev.pylon.functions.protocol;

import dev.pylon.json.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line a runtime writes to its standard output. */
public sealed interface RuntimeFrame {

  /** The runtime is up and waits for the frame that tells it to load the project's functions. */
  record Standby() implements RuntimeFrame {}

  /**
   * The functions it has loaded; sent once.
   *
   * @param failed files that could not be loaded, the others can be called
   * @param files what the functions import, absolute, as far as the runtime knows
   * @param multiplexes whether calls may overlap in it without limit
   * @param takesRowsAhead whether a call may bring the row that its handler asks for first
   * @param bun the version of the engine, as far as the runtime says
   * @param error why nothing could be loaded
   */
  record Ready(
      List<Definition> functions,
      List<LoadFailure> failed,
      List<String> files,
      boolean multiplexes,
      boolean takesRowsAhead,
      @Nullable String bun,
      @Nullable String error)
      implements RuntimeFrame {}

  /** Its event loop turns. */
  record Pong(long id) implements RuntimeFrame {}

  /** A console line that belongs to no call. */
  record RuntimeLog(String level, String text) implements RuntimeFrame {}

  /** A line that is no frame: printed past the fence. */
  record Noise(String text) implements RuntimeFrame {}

  /**
   * A line that was to be a frame and cannot be read: cut, mixed with another, or beyond our
   * limits.
   *
   * @param callId of the call it is about, as far as that can be made out
   * @param opId of the question in it, likewise
   */
  record Broken(@Nullable String callId, @Nullable String opId, String reason)
      implements RuntimeFrame {}

  /** A line about one call in flight. */
  sealed interface OfCall extends RuntimeFrame {
    String callId();
  }

  /** A line that the host answers with a result of the same {@code opId}. */
  sealed interface Question extends OfCall {
    @Nullable String opId();
  }

  record Db(String callId, @Nullable String opId, DbOp op) implements Question {}

  /** {@code delayMillis} wins over {@code runAtMillis}; neither means now. */
  record Schedule(
      String callId,
      @Nullable String opId,
      String function,
      RawJson args,
      @Nullable Long delayMillis,
      @Nullable Long runAtMillis)
      implements Question {}

  record CancelSchedule(String callId, @Nullable String opId, String scheduleId)
      implements Question {}

  record RunFunction(
      String callId,
      @Nullable String opId,
      String function,
      @Nullable FunctionKind kind,
      RawJson args)
      implements Question {}

  /** A question we could not read but can answer: its author hears what was wrong with it. */
  record Malformed(String callId, @Nullable String opId, String code, String message)
      implements Question {}

  /** {@code event} is null for plain text. */
  record Stream(String callId, @Nullable String event, String data) implements OfCall {}

  record Log(String callId, String level, String text) implements OfCall {}

  /** The handler has asked for the row that came with its call. */
  record Ahead(String callId) implements OfCall {}

  record Return(String callId, RawJson value) implements OfCall {}

  /** A line of a call that cannot be read: its end may have been in it. */
  record Unreadable(String callId, String reason) implements OfCall {}

  /** {@code detail} is what the developer sees and the caller does not. */
  record Failed(
      String callId, String code, String message, @Nullable Map<String, @Nullable Object> detail)
      implements OfCall {}
}
