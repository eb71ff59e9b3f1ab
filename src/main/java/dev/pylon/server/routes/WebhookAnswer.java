package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook is answered with: the JSON of what its action returned. Whoever calls may want
 * something else, such as their challenge as plain text; so an action may return the whole answer,
 * {@code {__http: {status?, headers?, body?}}} (functions contract, W28). What is not quite that is
 * a value like any other.
 */
final class WebhookAnswer {
  private static final byte[] BEGINNING = "{\"__http\":".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NOTHING = {};

  private static final Set<String> PARTS = Set.of("status", "headers", "body");

  private static final Pattern NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,100}");

  /** Text of one line. */
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]{0,4000}");

  /** How long an answer is and how it travels is the server's to say. */
  private static final Set<String> SERVERS_OWN =
      Set.of(
          "connection",
          "content-length",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private WebhookAnswer() {}

  static Response.Full of(RawJson value) {
    Response.Full whole = beginsAsOne(value) ? wholeOf(value) : null;
    return whole == null ? Response.json(200, value) : whole;
  }

  /** A value of another form is carried, not read. */
  private static boolean beginsAsOne(RawJson value) {
    return value.size() > BEGINNING.length
        && Arrays.equals(value.bytes(), 0, BEGINNING.length, BEGINNING, 0, BEGINNING.length);
  }

  private static Response.@Nullable Full wholeOf(RawJson value) {
    Map<String, @Nullable Object> members = Json.parseObject(value.bytes());
    if (members.size() != 1
        || !(members.get("__http") instanceof Map<?, ?> parts)
        || !PARTS.containsAll(parts.keySet())) {
      return null;
    }
    Object status = parts.containsKey("status") ? parts.get("status") : Long.valueOf(200);
    Map<String, String> headers = headersOf(parts.get("headers"));
    if (headers == null || !(status instanceof Long code) || code < 200 || code > 599) {
      return null;
    }
    String type = headers.remove("content-type");
    Object body = parts.get("body");
    boolean isEmpty = body == null || code == 204 || code == 304;
    if (type == null) {
      type =
          isEmpty ? "" : body instanceof String ? "text/plain; charset=utf-8" : "application/json";
    }
    return new Response.Full(code.intValue(), type, headers, isEmpty ? NOTHING : bytesOf(body));
  }

  private static byte[] bytesOf(@Nullable Object body) {
    return body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : Json.bytes(body);
  }

  /** By names in small letters; null where one of them cannot be sent. */
  private static @Nullable Map<String, String> headersOf(@Nullable Object given) {
    var headers = new LinkedHashMap<String, String>();
    if (given == null) {
      return headers;
    }
    if (!(given instanceof Map<?, ?> map)) {
      return null;
    }
    for (Map.Entry<?, ?> header : map.entrySet()) {
      String name = String.valueOf(header.getKey()).toLowerCase(Locale.ROOT);
      if (!NAME.matcher(name).matches()
          || SERVERS_OWN.contains(name)
          || !(header.getValue() instanceof String value)
          || !VALUE.matcher(value).matches()) {
        return null;
      }
      headers.put(name, value);
    }
    return headers;
  }
}
