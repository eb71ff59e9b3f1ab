package dev.pylon.server.routes;

import dev.pylon.ai.ChatModel;
import dev.pylon.ai.Message;
import dev.pylon.auth.AuthError;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.JsonBody;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.server.sse.EventText;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/ai}: hands what a user says to a language model, and what it answers back while it
 * comes (functions contract, 11.3).
 */
public final class AiRoutes {
  private static final Logger LOG = System.getLogger(AiRoutes.class.getName());

  private static final String DONE = "[DONE]";

  private final Callers callers;
  private final Optional<ChatModel> model;

  /**
   * @param model empty where nobody has said which one
   */
  public AiRoutes(Callers callers, Optional<ChatModel> model) {
    this.callers = callers;
    this.model = model;
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
    ChatModel asked =
        model.orElseThrow(() ->
            new PylonException(
                HttpError.AI_NOT_CONFIGURED, "Set PYLON_AI_PROVIDER and PYLON_AI_API_KEY"));
    if (!(JsonBody.of(request) instanceof Map<?, ?> body)
        || !(body.get("messages") instanceof List<?> messages)) {
      throw new PylonException(DataError.MISSING_FIELD, "\"messages\" array is required");
    }
    String other = body.get("model") instanceof String name && !name.isEmpty() ? name : null;
    List<Message> said = messages.stream().flatMap(one -> message(one).stream()).toList();
    return new Response.Streaming(
        200,
        "text/event-stream",
        Map.of("Cache-Control", "no-cache"),
        Response.Begin.AT_ONCE,
        output -> relay(asked, said, other, output, request.id()));
  }

  /** What is no message is left out. */
  private static Optional<Message> message(@Nullable Object one) {
    return one instanceof Map<?, ?> plain
            && plain.get("role") instanceof String role
            && plain.get("content") instanceof String content
        ? Optional.of(new Message(role, content))
        : Optional.empty();
  }

  private static void relay(
      ChatModel model,
      List<Message> said,
      @Nullable String other,
      Response.Output output,
      String requestId)
      throws InterruptedException {
    try (ChatModel.Reply reply = model.ask(said, other)) {
      output.onGone(reply::close);
      for (Optional<String> piece = reply.next(); piece.isPresent(); piece = reply.next()) {
        output.write(EventText.chunk(null, Json.text(choice(piece.get()))));
        if (!output.awaitRoom()) {
          return;
        }
      }
      output.write(EventText.chunk(null, DONE));
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "a model did not answer request={0} reason={1}",
          requestId,
          e.getMessage());
      output.write(EventText.chunk(null, Json.text(failure(e))));
    }
  }

  private static Map<String, @Nullable Object> choice(String piece) {
    var choice = new LinkedHashMap<String, @Nullable Object>();
    choice.put("delta", Map.of("content", piece));
    choice.put("index", 0);
    return Map.of("choices", List.of(choice));
  }

  private static Map<String, @Nullable Object> failure(IOException why) {
    var error = new LinkedHashMap<String, @Nullable Object>();
    error.put("message", "The model cannot be heard: " + why.getMessage());
    error.put("type", "stream_error");
    return Map.of("error", error);
  }
}
