package dev.pylon.store;

import java.util.List;

/** Hears of committed changes, in commit order, once. Must be quick: commits wait for it. */
@FunctionalInterface
public interface CommitListener {
  /** The changes of one transaction, in the order they were made; never empty. */
  void committed(List<Change> changes);
}
