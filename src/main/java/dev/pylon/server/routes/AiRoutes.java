package dev.pylon.server.routes;

import dev.pylon.auth.AuthError;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;

/**
 * {@code /api/ai}: no model is reached from here yet, and whoever asks hears it in codes that
 * shipped clients know (functions contract, 11.3).
 */
public final class AiRoutes {
  private final Callers callers;

  public AiRoutes(Callers callers) {
    this.callers = callers;
  }

  public void addTo(Router router) {
    router.on("POST", "/api/ai/complete", this::complete);
    router.on("POST", "/api/ai/stream", this::stream);
  }

  private Response complete(Request request, List<String> none) {
    throw new PylonException(
        HttpError.AI_NOT_CONFIGURED, "AI completion is not available on this platform");
  }

  private Response stream(Request request, List<String> none) {
    if (!callers.of(request).identity().isKnown()) {
      throw new PylonException(
          AuthError.AUTH_REQUIRED, "/api/ai/stream requires an authenticated session");
    }
    throw new PylonException(HttpError.NOT_IMPLEMENTED, "AI streaming is not built yet");
  }
}
