package dev.pylon.process;

import java.util.List;

/** Hears what a child says. Each method is called on the thread of its pipe and must not block. */
public interface ChildListener {

  /**
   * A line of standard output, without its line break. The bytes are only lent for the length of
   * the call.
   */
  void line(byte[] buffer, int from, int length);

  /** Standard output holds no further whole line just now. */
  default void rest() {}

  /** Lines that are about to be written together. */
  default void beforeWriting(List<LateLine> lines) {}

  /** A line of standard error. */
  void log(String line);

  /** The end, told once, after the last line of standard output. */
  void exited(int status);
}
