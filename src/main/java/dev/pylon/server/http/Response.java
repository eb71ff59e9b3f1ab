package dev.pylon.server.http;

import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is answered. */
public sealed interface Response {
  String JSON = "application/json";

  String COOKIE = "Set-Cookie";

  /** Parts the values of a header that is sent more than once. */
  String LINE = "\n";

  int status();

  String contentType();

  /** Headers beside the ones every answer has. */
  Map<String, String> headers();

  /** An answer that is complete. */
  record Full(int status, String contentType, Map<String, String> headers, byte[] body)
      implements Response {

    /** The same with one more header. */
    public Full with(String name, String value) {
      var more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Full(status, contentType, more, body);
    }

    /** The same with one more cookie: of this header there may be several, a line each. */
    public Full withCookie(String cookie) {
      String before = headers.get(COOKIE);
      return with(COOKIE, before == null ? cookie : before + LINE + cookie);
    }
  }

  /** An answer that is written while it arises. */
  record Streaming(
      int status, String contentType, Map<String, String> headers, Begin begin, StreamBody body)
      implements Response {}

  /** When status and headers of a streamed answer are sent. */
  enum Begin {
    /** Now: whoever reads is told that something will come. */
    AT_ONCE,
    /** With the first bytes: what fails before them is answered as an error. */
    WITH_CONTENT
  }

  /**
   * Writes a streamed body. Returning ends it; throwing cuts it off, so that nobody takes a part
   * for the whole. Run on the request's virtual thread; a {@code HEAD} request runs none.
   */
  @FunctionalInterface
  interface StreamBody {
    void writeTo(Output output) throws InterruptedException;
  }

  /** Where a streamed body goes. Thread-safe; only {@link #awaitRoom} blocks. */
  interface Output {
    /**
     * Queues bytes and sends them at once.
     *
     * @return false where the client is gone, or so slow that it was given up
     */
    boolean write(byte[] bytes);

    /**
     * Waits until little of what was written is still on its way, so that whoever writes much keeps
     * step with the client. A client that takes too long for it is given up.
     *
     * @return false where the client is gone or was given up
     */
    boolean awaitRoom() throws InterruptedException;

    /** Whether the client is gone. */
    boolean isClosed();

    /**
     * Tells {@code listener}, and nobody named before it, when the client goes away before the end;
     * at once where it has. The listener must not block.
     */
    void onGone(Runnable listener);
  }

  /** A JSON value. */
  static Full json(int status, @Nullable Object value) {
    return new Full(status, JSON, Map.of(), Json.bytes(value));
  }

  /** JSON text as it is. */
  static Full json(int status, RawJson value) {
    return new Full(status, JSON, Map.of(), value.bytes());
  }

  /** No body. */
  static Full empty(int status) {
    return new Full(status, "", Map.of(), new byte[0]);
  }
}
