package dev.pylon.store.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the index keeps of a row's texts: its words, and which of them it says more than once.
 *
 * @param length how many words the texts have
 * @param words each word once, then marked once more where it stands {@link #OFTEN} or {@link
 *     #VERY_OFTEN} times
 */
record RowText(int length, String words) {
  /** Characters of one row's words; Postgres keeps no more than a megabyte of them. */
  private static final int CHARS_MAX = 200_000;

  static final int OFTEN = 2;
  static final int VERY_OFTEN = 4;

  /** Before a word that stands in the row twice or more. No word has such a character. */
  private static final String OFTEN_MARK = "²";

  private static final String VERY_OFTEN_MARK = "⁴";

  static String often(String word) {
    return OFTEN_MARK + word;
  }

  static String veryOften(String word) {
    return VERY_OFTEN_MARK + word;
  }

  static RowText of(List<String> texts) {
    var counts = new LinkedHashMap<String, Integer>();
    int room = CHARS_MAX;
    int length = 0;
    for (String text : texts) {
      for (String word : Words.of(text, room)) {
        counts.merge(word, 1, Integer::sum);
        room -= word.length();
        length++;
      }
    }
    var words = new StringBuilder();
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      words.append(entry.getKey()).append(' ');
      if (entry.getValue() >= OFTEN) {
        words.append(often(entry.getKey())).append(' ');
      }
      if (entry.getValue() >= VERY_OFTEN) {
        words.append(veryOften(entry.getKey())).append(' ');
      }
    }
    return new RowText(length, words.toString().stripTrailing());
  }
}
