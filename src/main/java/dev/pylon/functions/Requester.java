package dev.pylon.functions;

import dev.pylon.model.Identity;
import dev.pylon.trace.Source;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for a function, and through which door.
 *
 * @param requestId of the HTTP request, for logs and traces
 * @param clientAddress where an outside caller sits; the limiter knows anonymous callers by it
 * @param impersonatedBy who stands behind {@code identity}, where an admin speaks for a user
 */
public record Requester(
    Identity identity,
    Source source,
    @Nullable String requestId,
    @Nullable String clientAddress,
    @Nullable String impersonatedBy) {

  /** One who comes through no door of HTTP. */
  public static Requester of(Identity identity, Source source) {
    return new Requester(identity, source, null, null, null);
  }

  /** A handler that asks for another function on behalf of this one. */
  Requester nested() {
    return new Requester(identity, Source.NESTED, requestId, null, impersonatedBy);
  }
}
