package dev.pylon.store.search;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a text, the same for what is stored and what is asked, and so on every database:
 * runs of letters and digits, in lower case, without accents, in compatible form (“ﬁ” is “fi”).
 * Scripts that put no space between words give each letter as a word. Nothing is stemmed and no
 * word is too common.
 */
final class Words {
  /** Characters of a word that count; words that differ later are the same to us. */
  static final int WORD_CHARS_MAX = 64;

  private final List<String> found = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private int room;

  private Words(int room) {
    this.room = room;
  }

  /**
   * The words of {@code text}, in order.
   *
   * @param charsMax characters all words together may have; what follows is not looked at
   */
  static List<String> of(String text, int charsMax) {
    var words = new Words(charsMax);
    words.read(isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKD));
    return words.found;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private void read(String text) {
    int at = 0;
    while (at < text.length() && room > 0) {
      int letter = text.codePointAt(at);
      at += Character.charCount(letter);
      switch (Character.getType(letter)) {
        case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> {
          // An accent, or what belongs to the letter before it: dropped, and the word goes on.
        }
        case Character.COMBINING_SPACING_MARK -> append(letter);
        default -> {
          if (!Character.isLetterOrDigit(letter)) {
            end();
          } else if (standsAlone(letter)) {
            end();
            append(letter);
            end();
          } else {
            append(letter);
          }
        }
      }
    }
    end();
  }

  private static boolean standsAlone(int letter) {
    // Nothing before Thai is written without spaces.
    return letter >= 0x0E00
        && switch (UnicodeScript.of(letter)) {
          case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
          default -> false;
        };
  }

  private void append(int letter) {
    if (word.length() < WORD_CHARS_MAX) {
      // By way of the upper case, so that both small sigmas are one letter.
      word.appendCodePoint(Character.toLowerCase(Character.toUpperCase(letter)));
    }
  }

  private void end() {
    if (!word.isEmpty()) {
      room -= word.length();
      if (room >= 0) {
        found.add(word.toString());
      }
      word.setLength(0);
    }
  }
}
