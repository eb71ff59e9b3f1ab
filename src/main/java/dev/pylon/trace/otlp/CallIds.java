package dev.pylon.trace.otlp;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ids that follow from the call, because a nested call is exported before the call it is nested in:
 * the same request gives the same trace, the same call the same span. Confined to the exporting
 * thread.
 */
final class CallIds implements IdGenerator {
  private final String instance;
  private @Nullable String nextTraceId;
  private @Nullable String nextSpanId;

  /**
   * @param instance makes the ids of this start differ from those of another
   */
  CallIds(String instance) {
    this.instance = instance;
  }

  /** The next span is given these; the ones after it are random again. */
  void next(String traceId, String spanId) {
    nextTraceId = traceId;
    nextSpanId = spanId;
  }

  String traceIdOf(String request) {
    return HexFormat.of().formatHex(digest("trace " + request), 0, 16);
  }

  String spanIdOf(String callId) {
    return HexFormat.of().formatHex(digest("span " + callId), 0, 8);
  }

  private byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest((instance + " " + text).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String generateTraceId() {
    String id = nextTraceId;
    nextTraceId = null;
    return id != null ? id : random(16);
  }

  @Override
  public String generateSpanId() {
    String id = nextSpanId;
    nextSpanId = null;
    return id != null ? id : random(8);
  }

  private static String random(int bytes) {
    var id = ByteBuffer.allocate(bytes);
    while (id.hasRemaining()) {
      id.putLong(ThreadLocalRandom.current().nextLong());
    }
    return HexFormat.of().formatHex(id.array());
  }
}
