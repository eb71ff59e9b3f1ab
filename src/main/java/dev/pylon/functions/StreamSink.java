package dev.pylon.functions;

import org.jspecify.annotations.Nullable;

/** Where the output of a handler goes while it runs. Called on a reader thread; must not block. */
@FunctionalInterface
public interface StreamSink {
  StreamSink NONE = (_, _) -> {};

  /** {@code event} is null for plain text. */
  void write(@Nullable String event, String data);

  /**
   * Tells {@code listener}, and nobody named before it, when the reader has gone away; at once
   * where it has. The listener must not block. A sink whose reader cannot go away tells nobody.
   */
  default void onGone(Runnable listener) {}
}
