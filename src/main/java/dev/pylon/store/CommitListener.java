package dev.pylon.store;

import java.util.List;

/** Hears of committed changes, in commit order, once. Must be quick: commits wait for it. */
@FunctionalInterface
public interface CommitListener {
  /**
   * The changes of one transaction, in the order they were made; never empty. Those of a large one
   * are read from a disk while they are gone through, and cannot be read any more when everybody
   * has heard of them.
   */
  void committed(List<Change> changes);
}
