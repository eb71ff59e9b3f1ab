package dev.pylon.server.http;

import dev.pylon.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON answer that is written piece by piece. A streamed one goes out in the pace of whoever
 * reads it: little more than one chunk is held, however long the answer gets. Used by one thread.
 */
public final class JsonStream {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Response.@Nullable Output output;
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();

  private JsonStream(Response.@Nullable Output output) {
    this.output = output;
  }

  /** Says what the answer is. */
  @FunctionalInterface
  public interface Content {
    /** Writing throws where nobody reads any more; that is to be passed on. */
    void writeTo(JsonStream out);
  }

  /** Nobody reads any more. */
  private static final class Unread extends RuntimeException {
    Unread() {
      super("the client went away or stopped reading", null, false, false);
    }
  }

  /** An answer that is complete, for content that is known to be small. */
  public static Response.Full complete(int status, Content content) {
    var out = new JsonStream(null);
    content.writeTo(out);
    return new Response.Full(status, Response.JSON, Map.of(), out.chunk.toByteArray());
  }

  /**
   * An answer of what {@code content} writes while it is sent. What fails before a first chunk is
   * full is answered as an error.
   */
  public static Response.Streaming streaming(int status, Content content) {
    return streaming(status, Response.JSON, content);
  }

  /** The same for JSON of another type, such as a value on each line. */
  public static Response.Streaming streaming(int status, String type, Content content) {
    return new Response.Streaming(
        status,
        type,
        Map.of(),
        Response.Begin.WITH_CONTENT,
        output -> {
          var out = new JsonStream(output);
          try {
            content.writeTo(out);
            out.send(output);
          } catch (Unread e) {
            if (Thread.interrupted()) {
              throw new InterruptedException("stopped before the end of the answer");
            }
            // Else the connection is closed already.
          }
        });
  }

  /** Adds text that is part of the JSON. */
  public JsonStream text(String json) {
    chunk.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    return sendIfFull();
  }

  /** Adds a whole value. */
  public JsonStream value(@Nullable Object value) {
    Json.write(chunk, value);
    return sendIfFull();
  }

  private JsonStream sendIfFull() {
    if (output != null && chunk.size() >= CHUNK_BYTES) {
      send(output);
    }
    return this;
  }

  private void send(Response.Output to) {
    try {
      if (!to.write(chunk.toByteArray()) || !to.awaitRoom()) {
        throw new Unread();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unread();
    }
    chunk.reset();
  }
}
