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

  /**
   * Some handler keeps the event loop, and another runtime stands by: a call that does no harm by
   * running there from its beginning ends here. Must not block.
   *
   * @param askedNanos what was sent later than this, on the line of {@link System#nanoTime}, has
   *     not been read
   * @param isStuck whether that has lasted for so long that it may last much longer
   */
  void runtimeLate(long askedNanos, boolean isStuck);

  /** The runtime is gone; nothing more will come. Must not block. */
  void runtimeGone(PylonException refusal);
}
