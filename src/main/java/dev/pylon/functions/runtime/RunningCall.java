package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.model.PylonException;

/** A call in flight, as its runtime sees it. */
public interface RunningCall {

  /** Unique among all calls of this process. */
  String id();

  /** Takes a frame of this call. Called on the runtime's reader thread; must not block. */
  void accept(RuntimeFrame.OfCall frame);

  /** Looks at the clock, on the line of {@link System#nanoTime}: a call past its deadline ends. */
  void expire(long nowNanos);

  /** The runtime is gone; nothing more will come. Must not block. */
  void runtimeGone(PylonException refusal);
}
