package dev.pylon.functions;

import org.jspecify.annotations.Nullable;

/** Where the output of a handler goes while it runs. Called on a reader thread; must not block. */
@FunctionalInterface
public interface StreamSink {
  StreamSink NONE = (_, _) -> {};

  /** {@code event} is null for plain text. */
  void write(@Nullable String event, String data);
}
