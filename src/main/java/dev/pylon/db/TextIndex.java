package dev.pylon.db;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a database finds rows by their words. Words live in a table of their own, {@code rowid} being
 * the number of the row they belong to. A word is letters, digits and marks that are neither spaces
 * nor ASCII punctuation; words are told apart byte by byte, so every database finds the same.
 *
 * <p>A table's name is given as it is; here it is quoted.
 */
public interface TextIndex {

  /** Makes an empty table of words, ready to be asked. */
  List<Sql> create(String table);

  /**
   * Sets the words of row {@code number}, whatever they were.
   *
   * @param words parted by spaces
   */
  Sql put(String table, long number, String words);

  /** Forgets the words of row {@code number}. */
  Sql remove(String table, long number);

  /**
   * A condition that holds in {@code table} for rows that have each of {@code words}, one that
   * begins with {@code prefix} unless that is null, and not {@code without} unless that is null.
   *
   * @param words at least one, where there is no {@code prefix}
   */
  Sql matches(String table, List<String> words, @Nullable String prefix, @Nullable String without);
}
