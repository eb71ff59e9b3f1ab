package dev.pylon.server.http;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request carries, as values. */
public final class JsonBody {
  private JsonBody() {}

  /**
   * The body, whatever it is.
   *
   * @throws PylonException {@code INVALID_JSON} where it is not one JSON value in UTF-8
   */
  public static @Nullable Object of(Request request) {
    try {
      return Json.parseUtf8(request.body());
    } catch (JsonException e) {
      throw new PylonException(HttpError.INVALID_JSON, "Invalid request body", e)
          .with("hint", String.valueOf(e.getMessage()));
    }
  }

  /**
   * The body, which must be an object.
   *
   * @param otherwise how anything else that is JSON is refused
   */
  public static Map<String, @Nullable Object> object(Request request, ErrorCode otherwise) {
    if (of(request) instanceof Map<?, ?> map) {
      return Json.asObject(map);
    }
    throw new PylonException(otherwise, "The request body must be a JSON object");
  }
}
