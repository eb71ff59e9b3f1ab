package dev.pylon.process;

/**
 * A line that is made only when its turn to be written has come. Used on the thread that writes,
 * which must not be kept.
 */
public interface LateLine extends Runnable {
  /**
   * Prepares the line. {@link ChildListener#beforeWriting} has the lines that are written together
   * prepared together, or leaves it.
   */
  @Override
  void run();

  /** The line, break included, prepared or not. */
  byte[] bytes();
}
