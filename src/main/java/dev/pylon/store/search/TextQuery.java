package dev.pylon.store.search;

import dev.pylon.model.PylonException;
import dev.pylon.store.query.QueryError;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Words to look for. A row must have each of {@code whole} and a word that begins with {@code
 * last}, for whoever types has not finished yet. Whatever else stands in a text has no meaning.
 *
 * @param last null where the text had no word at all, which every row fulfils
 */
record TextQuery(List<String> whole, @Nullable String last) {
  /** Words of one question; each adds three selects to the statement, and SQLite takes 500. */
  private static final int WORDS_MAX = 32;

  /** What every row fulfils. */
  static final TextQuery NONE = new TextQuery(List.of(), null);

  TextQuery {
    whole = List.copyOf(whole);
  }

  /**
   * @throws PylonException {@link QueryError#INVALID_QUERY} where {@code text} has too many words
   */
  static TextQuery parse(String text) {
    List<String> words = Words.of(text, Integer.MAX_VALUE);
    if (words.isEmpty()) {
      return NONE;
    }
    var whole = new LinkedHashSet<>(words.subList(0, words.size() - 1));
    if (whole.size() >= WORDS_MAX) {
      throw new PylonException(
          QueryError.INVALID_QUERY,
          "A search looks for at most %d different words".formatted(WORDS_MAX));
    }
    return new TextQuery(List.copyOf(whole), words.getLast());
  }

  boolean isEmpty() {
    return last == null;
  }
}
