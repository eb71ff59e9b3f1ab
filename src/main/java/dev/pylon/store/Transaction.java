package dev.pylon.store;

import dev.pylon.db.Work;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows inside one transaction: reads see what it wrote. An operation that is refused has done
 * nothing, and the transaction goes on. After its end every method throws {@link
 * IllegalStateException}.
 */
public interface Transaction extends Reads {

  /**
   * Adds a row and returns its id. An {@code id} in {@code row} is ignored.
   *
   * @throws dev.pylon.model.PylonException {@code INVALID_COLUMN}, {@code INVALID_DATA} with the
   *     detail {@code field}, or {@code INSERT_FAILED} with {@code reason: UNIQUE_VIOLATION}
   */
  String insert(String entity, Map<String, @Nullable Object> row);

  /**
   * Adds a row under an id that somebody has given it before: only for who brings rows back.
   *
   * @throws dev.pylon.model.PylonException as {@link #insert}, with {@code field: id} where the id
   *     is taken
   */
  void restore(String entity, String id, Map<String, @Nullable Object> row);

  /**
   * Brings all of {@code rows} back or none; those without an id get one.
   *
   * @return how many of them were there and have been changed
   * @throws dev.pylon.model.PylonException as {@link #restore}, naming the row that cannot be had
   *     with the details {@code entity}, {@code index} and {@code line}
   */
  int restoreAll(List<SentRow> rows, IfThere ifThere);

  /** What becomes of a row that is brought back where there is one of its id. */
  enum IfThere {
    /** It is not brought back. */
    REFUSE,
    /** The fields that it names become what it says. */
    CHANGE
  }

  /** Adds all rows or none; the ids are in the order of the rows. */
  List<String> insertMany(String entity, List<Map<String, @Nullable Object>> rows);

  /**
   * Changes the fields that {@code patch} names; null clears. An {@code id} in it is ignored. Where
   * every field already is what it names nothing is written, and nobody hears of it.
   *
   * @return whether the row exists
   */
  boolean update(String entity, String id, Map<String, @Nullable Object> patch);

  /** Returns whether there was such a row. */
  boolean delete(String entity, String id);

  /**
   * Points the relation's field at {@code targetId}; returns whether the row exists.
   *
   * @throws dev.pylon.model.PylonException {@code INVALID_DATA} where {@link Access} hides the
   *     target
   */
  boolean link(String entity, String id, String relation, String targetId);

  /** Clears the relation's field; returns whether the row exists. */
  boolean unlink(String entity, String id, String relation);

  /** Reads and writes our own tables; commits with this transaction. */
  <R, X extends Exception> R own(Work<R, X> work) throws X;

  /**
   * Runs {@code work} after the commit, in commit order, before {@code write} returns; never after
   * a rollback.
   */
  void afterCommit(Runnable work);

  /** What this transaction has changed so far, in order. */
  List<Change> changes();
}
