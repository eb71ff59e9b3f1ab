package dev.pylon.cli.remote;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * An answer: its head, and its body to be read once.
 *
 * @param headers by lower-case name
 */
public record HttpReply(int status, Map<String, String> headers, InputStream body) {
  /** No answer of ours that is read at once is longer. */
  private static final int BODY_BYTES_MAX = 128 * 1024 * 1024;

  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  /** Whether the body is a stream of events. */
  public boolean isEventStream() {
    return header("content-type").filter(type -> type.startsWith("text/event-stream")).isPresent();
  }

  /** The whole body. */
  byte[] bytes() throws IOException {
    byte[] bytes = body.readNBytes(BODY_BYTES_MAX);
    if (bytes.length == BODY_BYTES_MAX) {
      throw new IOException("the answer is longer than " + BODY_BYTES_MAX + " bytes");
    }
    return bytes;
  }
}
