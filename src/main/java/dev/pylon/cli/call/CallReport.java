package dev.pylon.cli.call;

import dev.pylon.cli.command.Failure;

/** Says how a call went, while it goes. */
interface CallReport {

  /** A piece of streamed output, as it came. */
  void chunk(byte[] data);

  /** An event the function named itself. */
  void event(String name, byte[] data);

  /** The value the function returned, as JSON. */
  void returned(byte[] value, CallFacts facts);

  /**
   * The call failed.
   *
   * @param advice what the user may try, if we know something better than the server
   */
  void failed(Failure failure, CallFacts facts);
}
