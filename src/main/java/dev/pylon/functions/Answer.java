package dev.pylon.functions;

import dev.pylon.json.RawJson;
import dev.pylon.model.PylonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a call ended. */
public sealed interface Answer {

  /** The handler's value, and for a mutation the commit held. */
  record Returned(RawJson value) implements Answer {}

  /**
   * The handler failed, or we refused.
   *
   * @param status the HTTP status that carries it; it follows from where the failure arose
   * @param members of the error object beside code and message
   * @param detail what a developer may see: the place in their code, what was kept from the caller
   */
  record Failed(
      String code,
      String message,
      int status,
      Map<String, Object> members,
      @Nullable Map<String, @Nullable Object> detail)
      implements Answer {

    static Failed of(PylonException refusal) {
      return new Failed(
          refusal.code().name(),
          refusal.message(),
          refusal.code().status(),
          refusal.details(),
          null);
    }
  }
}
