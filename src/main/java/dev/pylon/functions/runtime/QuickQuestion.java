package dev.pylon.functions.runtime;

/**
 * A question that takes no longer to answer than to hand to another thread. Those that come in one
 * breath are answered together. To run it is to answer it.
 */
public interface QuickQuestion extends Runnable {
  /** Has it answered by others, for it would have to wait here. */
  void handOver();
}
