package dev.pylon.functions.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.functions.protocol.HostFrames.WebhookRequest;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds our half of the protocol to the transcripts, whose other half the runtime replays: each
 * line of the runtime is understood with every member it has, and each line of the host is one we
 * can write.
 */
class TranscriptsTest {
  private static final Path FOLDER = Path.of("src/test/resources/transcripts");

  private final FrameReader frames = new FrameReader();

  static List<Path> transcripts() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> transcripts =
          files.filter(file -> file.toString().endsWith(".ndjson")).sorted().toList();
      assertThat(transcripts).hasSizeGreaterThan(15);
      return transcripts;
    }
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void everyLineOfTheRuntimeIsUnderstood(Path transcript) throws IOException {
    for (String line : lines(transcript, "< ")) {
      Map<String, @Nullable Object> said = Json.parseObject(line.getBytes(StandardCharsets.UTF_8));

      RuntimeFrame frame = read(line);

      assertThat(understood(frame)).as(line).containsAllEntriesOf(expected(said));
    }
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void everyLineOfTheHostIsOneWeWrite(Path transcript) throws IOException {
    for (String line : lines(transcript, "> ")) {
      Map<String, @Nullable Object> said;
      try {
        said = Json.parseObject(line.getBytes(StandardCharsets.UTF_8));
      } catch (JsonException e) {
        continue; // what a host must not send is in a transcript to show that it does no harm
      }
      byte[] written = written(said);
      if (written != null) {
        assertThat(Json.parseObject(written)).as(line).containsAllEntriesOf(known(said));
        assertThat(written).endsWith((byte) '\n');
      }
    }
  }

  private RuntimeFrame read(String line) {
    byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
    return frames.read(utf8, 0, utf8.length);
  }

  private static List<String> lines(Path transcript, String side) throws IOException {
    return Files.readAllLines(transcript).stream()
        .filter(line -> line.startsWith(side))
        .map(line -> line.substring(side.length()))
        .toList();
  }

  // ---- the runtime's side ----

  /** What a line says that a host has to know; texts that a transcript leaves open are left out. */
  private static Map<String, @Nullable Object> expected(Map<String, @Nullable Object> said) {
    var expected = new LinkedHashMap<String, @Nullable Object>(said);
    if (said.get("type") instanceof String type) {
      switch (type) {
        case "ready" -> expected.keySet().retainAll(List.of("type"));
        case "standby", "pong" -> expected.keySet().retainAll(List.of("type", "id"));
        case "error" -> expected.remove("detail");
        case "db" ->
            expected.keySet().retainAll(List.of("type", "call_id", "op_id", "op", "entity"));
        default -> {}
      }
    }
    if ("".equals(expected.get("event"))) {
      expected.remove("event");
    }
    expected.values().removeIf(value -> value instanceof String text && text.endsWith("…"));
    if (said.get("op") instanceof String && !(said.get("entity") instanceof String)) {
      expected.keySet().retainAll(List.of("call_id", "op_id"));
    }
    return expected;
  }

  private static Map<String, @Nullable Object> understood(RuntimeFrame frame) {
    return switch (frame) {
      case RuntimeFrame.Ready _ -> of("type", "ready");
      case RuntimeFrame.Standby _ -> of("type", "standby");
      case RuntimeFrame.Pong(long id) -> of("type", "pong", "id", id);
      case RuntimeFrame.RuntimeLog(String level, String text) ->
          of("type", "log", "level", level, "text", text);
      case RuntimeFrame.Log(String call, String level, String text) ->
          of("type", "log", "call_id", call, "level", level, "text", text);
      case RuntimeFrame.Db(String call, String id, DbOp op) ->
          of("type", "db", "call_id", call, "op_id", id, "op", op.name(), "entity", op.entity());
      case RuntimeFrame.Ahead(String call) -> of("type", "ahead", "call_id", call);
      case RuntimeFrame.Return(String call, RawJson value) ->
          of("type", "return", "call_id", call, "value", Json.parse(value.bytes()));
      case RuntimeFrame.Failed(String call, String code, String message, _) ->
          of("type", "error", "call_id", call, "code", code, "message", message);
      case RuntimeFrame.Stream(String call, String event, String data) ->
          of("type", "stream", "call_id", call, "event", event, "data", data);
      case RuntimeFrame.RunFunction(
              String call,
              String id,
              String name,
              FunctionKind kind,
              RawJson args) ->
          of(
              "type",
              "run_fn",
              "call_id",
              call,
              "op_id",
              id,
              "fn_name",
              name,
              "fn_type",
              kind == null ? null : kind.wireName(),
              "args",
              Json.parse(args.bytes()));
      case RuntimeFrame.Schedule(
              String call,
              String id,
              String name,
              RawJson args,
              Long delay,
              Long at) ->
          of(
              "type",
              "schedule",
              "call_id",
              call,
              "op_id",
              id,
              "fn_name",
              name,
              "args",
              Json.parse(args.bytes()),
              "delay_ms",
              delay,
              "run_at",
              at);
      case RuntimeFrame.CancelSchedule(String call, String id, String job) ->
          of("type", "cancel_schedule", "call_id", call, "op_id", id, "schedule_id", job);
      case RuntimeFrame.Malformed(String call, String id, _, _) -> of("call_id", call, "op_id", id);
      case RuntimeFrame.Unreadable(String call, _) -> of("call_id", call);
      case RuntimeFrame.Broken(String call, String id, _) -> of("call_id", call, "op_id", id);
      case RuntimeFrame.Noise(String text) -> of("noise", text);
    };
  }

  private static Map<String, @Nullable Object> of(@Nullable Object... namesAndValues) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return map;
  }

  // ---- the host's side ----

  private static byte @Nullable [] written(Map<String, @Nullable Object> said) {
    String callId = String.valueOf(said.get("call_id"));
    return switch (String.valueOf(said.get("type"))) {
      case "call" -> call(said, callId);
      case "result" -> result(said, callId);
      case "cancel" -> HostFrames.cancel(callId, String.valueOf(said.get("reason")));
      case "ping" -> HostFrames.ping(((Number) said.getOrDefault("id", 0L)).longValue());
      case "load" -> HostFrames.load(texts(object(said, "env")));
      default -> null; // unknown on purpose
    };
  }

  private static byte[] result(Map<String, @Nullable Object> said, String callId) {
    String opId = said.get("op_id") instanceof String id ? id : null;
    Map<String, @Nullable Object> error = object(said, "error");
    return error == null
        ? HostFrames.result(callId, opId, said.get("data"))
        : HostFrames.refusal(
            callId, opId, String.valueOf(error.get("code")), String.valueOf(error.get("message")));
  }

  private static byte @Nullable [] call(Map<String, @Nullable Object> said, String callId) {
    Map<String, @Nullable Object> auth = object(said, "auth");
    if (auth == null || !(said.get("fn_type") instanceof String type)) {
      return null; // a call that no host of ours makes
    }
    var identity =
        new Identity(
            (String) auth.get("user_id"),
            Boolean.TRUE.equals(auth.get("is_admin")),
            (String) auth.get("tenant_id"),
            auth.get("roles") instanceof List<?> roles
                ? roles.stream().map(String::valueOf).toList()
                : List.of(),
            Boolean.TRUE.equals(auth.get("is_system")));
    var function =
        new Definition(
            String.valueOf(said.get("fn_name")),
            FunctionKind.parse(type).orElseThrow(),
            null,
            false,
            null,
            null);
    Map<String, @Nullable Object> request = object(said, "request");
    return HostFrames.call(
        callId,
        function,
        Json.raw(said.get("args")),
        identity,
        said.get("timeout_ms") instanceof Number left ? left.longValue() : 1,
        request == null ? null : webhook(request),
        null);
  }

  private static WebhookRequest webhook(Map<String, @Nullable Object> request) {
    var headers = new LinkedHashMap<String, String>();
    texts(object(request, "headers")).forEach((name, value) -> headers.put(name, "" + value));
    return new WebhookRequest(
        String.valueOf(request.get("method")),
        String.valueOf(request.get("path")),
        headers,
        String.valueOf(request.get("raw_body")).getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Map<String, @Nullable Object> object(
      Map<String, @Nullable Object> from, String name) {
    return from.get(name) instanceof Map<?, ?> map ? Json.asObject(map) : null;
  }

  private static Map<String, @Nullable String> texts(
      @Nullable Map<String, @Nullable Object> members) {
    var texts = new LinkedHashMap<String, @Nullable String>();
    if (members != null) {
      members.forEach((name, value) -> texts.put(name, (String) value));
    }
    return texts;
  }

  /** A foreign host says who is asking in camel case as well; ours never does. */
  private static Map<String, @Nullable Object> known(Map<String, @Nullable Object> said) {
    var known = new LinkedHashMap<String, @Nullable Object>(said);
    known
        .keySet()
        .retainAll(
            new ArrayList<>(
                List.of(
                    "type",
                    "call_id",
                    "op_id",
                    "fn_name",
                    "fn_type",
                    "args",
                    "request",
                    "timeout_ms",
                    "data",
                    "error",
                    "reason",
                    "id",
                    "env")));
    return known;
  }
}
