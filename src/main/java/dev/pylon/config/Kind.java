package dev.pylon.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What a setting's text means.
 *
 * @param expected what a right value looks like, to end the sentence "… expected"
 * @param reader throws {@link IllegalArgumentException} for text it cannot read
 */
record Kind<T>(String expected, Function<String, T> reader) {
  private static final List<String> YES = List.of("1", "true", "yes", "on");

  static final Kind<String> TEXT = new Kind<>("text", text -> text);

  /** On for {@code 1 true yes on} in any case, off for everything else: no text is wrong. */
  static final Kind<Boolean> FLAG = new Kind<>("1 or 0", Kind::saysYes);

  /** A number is seconds; {@code ms} and {@code s} may follow it. */
  static final Kind<Duration> DURATION =
      new Kind<>("seconds, or a number with ms or s such as 500ms", Kind::duration);

  static final Kind<Path> PATH = new Kind<>("a path", Kind::path);

  /** Parts between commas, without blanks around them; empty parts do not count. */
  static final Kind<List<String>> LIST = new Kind<>("a list separated by commas", Kind::list);

  static final Kind<Integer> COUNT = whole(0, Integer.MAX_VALUE);

  /** Windows of the rate limits: no use is known for more than a day. */
  static final Kind<Integer> WINDOW_SECONDS = whole(1, 86_400);

  static Kind<Integer> whole(int least, int most) {
    return new Kind<>(
        "a whole number from %d to %d".formatted(least, most),
        text -> {
          int number = Integer.parseInt(text);
          if (number < least || number > most) {
            throw new IllegalArgumentException(text);
          }
          return number;
        });
  }

  /** One of a few words, in any case. */
  static Kind<String> oneOf(String... words) {
    List<String> known = List.of(words);
    return new Kind<>(
        "one of " + String.join(", ", known),
        text -> {
          String word = text.strip().toLowerCase(Locale.ROOT);
          if (!known.contains(word)) {
            throw new IllegalArgumentException(text);
          }
          return word;
        });
  }

  /** Some of a few words. */
  static Kind<List<String>> listOf(List<String> known) {
    return new Kind<>(
        "one or more of " + String.join(", ", known),
        text -> {
          List<String> chosen = list(text);
          if (!known.containsAll(chosen) || chosen.isEmpty()) {
            throw new IllegalArgumentException(text);
          }
          return chosen;
        });
  }

  static boolean saysYes(String text) {
    return YES.contains(text.toLowerCase(Locale.ROOT));
  }

  /** A value as somebody would type it. */
  static String shown(Object value) {
    return switch (value) {
      case Duration d when d.toMillis() % 1_000 == 0 -> d.toSeconds() + "s";
      case Duration d -> d.toMillis() + "ms";
      case List<?> list -> String.join(",", list.stream().map(String::valueOf).toList());
      default -> value.toString();
    };
  }

  private static Duration duration(String text) {
    String number = text.strip();
    int millisEach = 1_000;
    if (number.endsWith("ms")) {
      number = number.substring(0, number.length() - 2);
      millisEach = 1;
    } else if (number.endsWith("s")) {
      number = number.substring(0, number.length() - 1);
    }
    var millis = new BigDecimal(number.strip()).multiply(BigDecimal.valueOf(millisEach));
    if (millis.signum() < 0 || millis.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException(text);
    }
    return Duration.ofMillis(millis.longValue());
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
