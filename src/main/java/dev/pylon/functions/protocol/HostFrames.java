package dev.pylon.functions.protocol;

import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Encodes the lines we write to a runtime, break included (functions contract, 2.3). */
public final class HostFrames {
  private HostFrames() {}

  /**
   * What a webhook's handler sees of the request.
   *
   * @param path with its query string
   * @param headers names in lower case, repeated ones joined
   */
  public record WebhookRequest(
      String method, String path, Map<String, String> headers, byte[] body) {}

  /**
   * A row that a handler is expected to ask for first.
   *
   * @param row null where there is none
   */
  public record Ahead(String entity, String id, @Nullable Object row) {}

  /**
   * Starts a call.
   *
   * @param timeoutMillis what it has left
   * @param ahead for runtimes that say they know what to do with it
   */
  public static byte[] call(
      String callId,
      Definition function,
      RawJson args,
      Identity identity,
      long timeoutMillis,
      @Nullable WebhookRequest request,
      @Nullable Ahead ahead) {
    var line = new Line();
    try (JsonGenerator out = line.begin("call")) {
      out.writeStringProperty("call_id", callId);
      out.writeStringProperty("fn_name", function.name());
      out.writeStringProperty("fn_type", function.kind().wireName());
      out.writeName("args");
      Json.write(out, args);
      out.writeName("auth");
      writeAuth(out, identity);
      out.writeNumberProperty("timeout_ms", timeoutMillis);
      if (request != null) {
        writeRequest(out, request);
      }
      if (ahead != null) {
        out.writeName("ahead");
        out.writeStartObject();
        out.writeStringProperty("entity", ahead.entity());
        out.writeStringProperty("id", ahead.id());
        out.writeName("row");
        Json.write(out, ahead.row());
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    return line.end();
  }

  private static void writeAuth(JsonGenerator out, Identity identity) {
    out.writeStartObject();
    if (identity.userId() != null) {
      out.writeStringProperty("user_id", identity.userId());
    }
    out.writeBooleanProperty("is_admin", identity.admin());
    if (identity.tenantId() != null) {
      out.writeStringProperty("tenant_id", identity.tenantId());
    }
    if (!identity.roles().isEmpty()) {
      out.writeName("roles");
      Json.write(out, identity.roles());
    }
    if (identity.email() != null) {
      out.writeStringProperty("email", identity.email());
    }
    if (identity.isGuest()) {
      out.writeBooleanProperty("is_guest", true);
    }
    if (identity.trustedDevice()) {
      out.writeBooleanProperty("is_trusted_device", true);
    }
    if (identity.system()) {
      out.writeBooleanProperty("is_system", true);
    }
    out.writeEndObject();
  }

  private static void writeRequest(JsonGenerator out, WebhookRequest request) {
    out.writeName("request");
    out.writeStartObject();
    out.writeStringProperty("method", request.method());
    out.writeStringProperty("path", request.path());
    out.writeName("headers");
    Json.write(out, request.headers());
    String text = new String(request.body(), StandardCharsets.UTF_8);
    out.writeStringProperty("raw_body", text);
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), request.body())) {
      out.writeStringProperty(
          "raw_body_base64", Base64.getEncoder().encodeToString(request.body()));
    }
    out.writeEndObject();
  }

  /** Answers a question; {@code opId} is echoed where the question had one. */
  public static byte[] result(String callId, @Nullable String opId, @Nullable Object data) {
    var line = new Line();
    try (JsonGenerator out = line.begin("result")) {
      writeQuestion(out, callId, opId);
      out.writeName("data");
      Json.write(out, data);
      out.writeEndObject();
    }
    return line.end();
  }

  /** Refuses a question. */
  public static byte[] refusal(String callId, @Nullable String opId, String code, String message) {
    var line = new Line();
    try (JsonGenerator out = line.begin("result")) {
      writeQuestion(out, callId, opId);
      out.writeName("error");
      out.writeStartObject();
      out.writeStringProperty("code", code);
      out.writeStringProperty("message", message);
      out.writeEndObject();
      out.writeEndObject();
    }
    return line.end();
  }

  private static void writeQuestion(JsonGenerator out, String callId, @Nullable String opId) {
    out.writeStringProperty("call_id", callId);
    if (opId != null) {
      out.writeStringProperty("op_id", opId);
    }
  }

  /**
   * Tells the runtime that a call is over for us: {@code timeout}, {@code disconnect}, {@code
   * shutdown}.
   */
  public static byte[] cancel(String callId, String reason) {
    var line = new Line();
    try (JsonGenerator out = line.begin("cancel")) {
      out.writeStringProperty("call_id", callId);
      out.writeStringProperty("reason", reason);
      out.writeEndObject();
    }
    return line.end();
  }

  /** Asks for a {@code pong}: whether the event loop turns. */
  public static byte[] ping(long id) {
    var line = new Line();
    try (JsonGenerator out = line.begin("ping")) {
      out.writeNumberProperty("id", id);
      out.writeEndObject();
    }
    return line.end();
  }

  /** Lets a runtime on standby load the functions; a null value removes a variable. */
  public static byte[] load(Map<String, @Nullable String> environment) {
    var line = new Line();
    try (JsonGenerator out = line.begin("load")) {
      out.writeName("env");
      Json.write(out, environment);
      out.writeEndObject();
    }
    return line.end();
  }

  /** One line being written. */
  private static final class Line {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    JsonGenerator begin(String type) {
      JsonGenerator out = Json.generator(bytes);
      out.writeStartObject();
      out.writeStringProperty("type", type);
      return out;
    }

    byte[] end() {
      bytes.write('\n');
      return bytes.toByteArray();
    }
  }
}
