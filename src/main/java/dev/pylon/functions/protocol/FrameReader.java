package dev.pylon.functions.protocol;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.json.RawJson;
import dev.pylon.model.PylonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes the lines of a runtime. Never fails: what was to be a frame and cannot be read becomes
 * {@link RuntimeFrame.Broken}, what never was one {@link RuntimeFrame.Noise}.
 *
 * <p>What ordinary handler code gets wrong is put right where its meaning is plain (functions
 * contract, 2.9). Immutable.
 */
public final class FrameReader {
  private static final Pattern CALL_ID = Pattern.compile("\"call_id\"\\s*:\\s*\"(c_\\d+)\"");
  private static final Pattern OP_ID = Pattern.compile("\"op_id\"\\s*:\\s*\"([^\"\\\\]{1,64})\"");

  /** An answer: nothing in it can be asked again. */
  private static final Pattern ENDING = Pattern.compile("\\{\"type\"\\s*:\\s*\"(return|error)\"");

  /**
   * Where text printed past the fence ends and a frame begins, if one of {@link #TYPES} follows.
   */
  private static final byte[] FRAME_START = "{\"type\":\"".getBytes(StandardCharsets.UTF_8);

  private static final Set<String> TYPES =
      Set.of(
          "ready",
          "standby",
          "pong",
          "log",
          "db",
          "stream",
          "schedule",
          "cancel_schedule",
          "run_fn",
          "ahead",
          "return",
          "error");

  private static final int TYPE_CHARS_MAX =
      TYPES.stream().mapToInt(String::length).max().orElseThrow();

  /** How much of an unreadable line is repeated in a log. */
  private static final int SHOWN_CHARS_MAX = 200;

  /** The frame in a line. */
  public RuntimeFrame read(byte[] buffer, int from, int length) {
    int end = trimmedEnd(buffer, from, length);
    try {
      return frame(buffer, from, end);
    } catch (JsonException notWhole) {
      int start = frameStart(buffer, from, end);
      if (start <= from) {
        return unreadable(buffer, from, end, start == from, notWhole);
      }
      try {
        return frame(buffer, start, end);
      } catch (JsonException e) {
        return unreadable(buffer, from, end, true, e);
      }
    }
  }

  private static RuntimeFrame frame(byte[] buffer, int start, int end) {
    return frame(new Fields(Json.members(buffer, start, end - start)));
  }

  private static int trimmedEnd(byte[] buffer, int from, int length) {
    int end = from + length;
    while (end > from && (buffer[end - 1] == '\r' || buffer[end - 1] == ' ')) {
      end--;
    }
    return end;
  }

  /** The first place where a frame of a known type begins, or -1. */
  private static int frameStart(byte[] buffer, int from, int end) {
    search:
    for (int i = from; i + FRAME_START.length <= end; i++) {
      for (int j = 0; j < FRAME_START.length; j++) {
        if (buffer[i + j] != FRAME_START[j]) {
          continue search;
        }
      }
      if (TYPES.contains(name(buffer, i + FRAME_START.length, end))) {
        return i;
      }
    }
    return -1;
  }

  /** What stands before the next quote. */
  private static String name(byte[] buffer, int from, int end) {
    int to = from;
    while (to < end && to - from < TYPE_CHARS_MAX && buffer[to] != '"') {
      to++;
    }
    return new String(buffer, from, to - from, StandardCharsets.UTF_8);
  }

  private static RuntimeFrame unreadable(
      byte[] buffer, int from, int end, boolean begun, JsonException why) {
    String reason = String.valueOf(why.getMessage());
    String line = new String(buffer, from, end - from, StandardCharsets.UTF_8);
    Matcher callId = CALL_ID.matcher(line);
    boolean named = callId.find();
    if (begun || named) {
      Matcher opId = OP_ID.matcher(line);
      boolean question = !ENDING.matcher(line).find() && opId.find();
      return new RuntimeFrame.Broken(
          named ? callId.group(1) : null, question ? opId.group(1) : null, reason);
    }
    String shown =
        line.length() > SHOWN_CHARS_MAX ? line.substring(0, SHOWN_CHARS_MAX) + "…" : line;
    return new RuntimeFrame.Noise(shown.isBlank() ? reason : shown);
  }

  private static RuntimeFrame frame(Fields fields) {
    String callId = fields.text("call_id");
    return switch (fields.text("type")) {
      case "db" -> db(fields, callId);
      case "return" -> new RuntimeFrame.Return(callId, fields.raw("value", RawJson.NULL));
      case "ahead" -> new RuntimeFrame.Ahead(callId);
      case "error" ->
          new RuntimeFrame.Failed(
              callId, fields.text("code"), fields.text("message"), fields.object("detail"));
      case "stream" -> stream(fields, callId);
      case "log" -> log(fields);
      case "run_fn" -> runFunction(fields, callId);
      case "schedule" -> schedule(fields, callId);
      case "cancel_schedule" ->
          new RuntimeFrame.CancelSchedule(callId, fields.opId(), fields.text("schedule_id"));
      case "ready" -> ready(fields);
      case "standby" -> new RuntimeFrame.Standby();
      case "pong" -> new RuntimeFrame.Pong(fields.number("id").orElse(-1L));
      default ->
          callId.isEmpty()
              ? new RuntimeFrame.Noise("unknown frame type " + fields.text("type"))
              : new RuntimeFrame.Malformed(
                  callId,
                  fields.opId(),
                  "PROTOCOL_ERROR",
                  "Unknown frame type \"" + fields.text("type") + "\"");
    };
  }

  private static RuntimeFrame db(Fields fields, String callId) {
    Optional<DbOp> op;
    try {
      op = DbOpReader.read(fields);
    } catch (PylonException e) {
      return new RuntimeFrame.Malformed(callId, fields.opId(), e.code().name(), e.message());
    }
    if (op.isEmpty() && fields.text("op").equals("transact")) {
      return new RuntimeFrame.Malformed(
          callId,
          fields.opId(),
          FunctionError.NESTED_TRANSACTION.name(),
          "There is no ctx.db.transact(): a mutation is one transaction, from its first operation"
              + " to its last");
    }
    if (op.isEmpty()) {
      return new RuntimeFrame.Malformed(
          callId,
          fields.opId(),
          "PROTOCOL_ERROR",
          "Unknown database operation \"" + fields.text("op") + "\"");
    }
    return new RuntimeFrame.Db(callId, fields.opId(), op.get());
  }

  private static RuntimeFrame stream(Fields fields, String callId) {
    if (!fields.has("data")) {
      return new RuntimeFrame.Noise("a chunk without data");
    }
    String event = fields.text("event");
    String text =
        switch (fields.get("data")) {
          case String string -> string;
          case RawJson raw -> raw.toString();
          case null -> "null";
          case Object scalar -> Json.text(scalar);
        };
    return new RuntimeFrame.Stream(callId, event.isEmpty() ? null : event, text);
  }

  private static RuntimeFrame log(Fields fields) {
    String callId = fields.text("call_id");
    return callId.isEmpty()
        ? new RuntimeFrame.RuntimeLog(fields.text("level"), fields.text("text"))
        : new RuntimeFrame.Log(callId, fields.text("level"), fields.text("text"));
  }

  private static RuntimeFrame runFunction(Fields fields, String callId) {
    return new RuntimeFrame.RunFunction(
        callId,
        fields.opId(),
        fields.text("fn_name"),
        FunctionKind.parse(fields.text("fn_type")).orElse(null),
        fields.raw("args", RawJson.EMPTY_OBJECT));
  }

  private static RuntimeFrame schedule(Fields fields, String callId) {
    if (fields.text("fn_name").isEmpty()) {
      return new RuntimeFrame.Malformed(
          callId, fields.opId(), "INVALID_ARGS", "a schedule needs the name of a function");
    }
    try {
      return new RuntimeFrame.Schedule(
          callId,
          fields.opId(),
          fields.text("fn_name"),
          fields.raw("args", RawJson.EMPTY_OBJECT),
          fields.has("delay_ms") ? Moments.delayMillis(fields.get("delay_ms")) : null,
          fields.has("run_at") ? Moments.epochMillis(fields.get("run_at")) : null);
    } catch (JsonException e) {
      return new RuntimeFrame.Malformed(
          callId, fields.opId(), "INVALID_ARGS", String.valueOf(e.getMessage()));
    }
  }

  private static RuntimeFrame ready(Fields fields) {
    var functions = new ArrayList<Definition>();
    var failed = new ArrayList<LoadFailure>();
    for (Fields entry : fields.objects("functions")) {
      definition(entry).ifPresentOrElse(functions::add, () -> failed.add(unknownKind(entry)));
    }
    for (Fields entry : fields.objects("failed")) {
      failed.add(
          new LoadFailure(
              entry.text("name"),
              entry.text("file"),
              entry.number("line").map(Long::intValue).orElse(null),
              entry.number("column").map(Long::intValue).orElse(null),
              entry.text("message")));
    }
    String bun = fields.text("bun");
    String error = fields.text("error");
    List<String> capabilities = fields.texts("capabilities");
    return new RuntimeFrame.Ready(
        List.copyOf(functions),
        List.copyOf(failed),
        fields.texts("files"),
        capabilities.contains("multiplex"),
        capabilities.contains("ahead"),
        bun.isEmpty() ? null : bun,
        error.isEmpty() ? null : error);
  }

  private static Optional<Definition> definition(Fields entry) {
    return FunctionKind.parse(entry.text("fn_type"))
        .map(kind ->
            new Definition(
                entry.text("name"),
                kind,
                entry.get("args_schema") instanceof RawJson schema ? schema : null,
                Boolean.TRUE.equals(entry.get("internal")),
                entry.number("timeout_ms").filter(millis -> millis > 0).orElse(null),
                entry.get("description") instanceof String text ? text : null));
  }

  private static LoadFailure unknownKind(Fields entry) {
    return new LoadFailure(
        entry.text("name"),
        entry.text("name"),
        null,
        null,
        "\"%s\" is not a kind of function; it must be query, mutation or action"
            .formatted(entry.text("fn_type")));
  }
}
