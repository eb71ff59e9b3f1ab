package dev.pylon.store.query;

/**
 * A moment to compare a datetime with. Where such columns are text, a date alone and a time without
 * an offset are kept as they were written; each means a moment too and is shorter than the full
 * form. So all ways to write one moment stand between two texts, and no other moment does.
 *
 * @param shortest the shortest text that means this moment
 * @param full the same with milliseconds and {@code Z}
 */
public record Moment(String shortest, String full) {
  private static final int DATE_CHARS = 10;
  private static final int MINUTE_CHARS = 16;
  private static final int SECOND_CHARS = 19;

  /** The moment that {@code full} writes with milliseconds and {@code Z}. */
  static Moment of(String full) {
    return new Moment(shortest(full), full);
  }

  private static String shortest(String full) {
    String time = full.substring(DATE_CHARS);
    if (time.equals("T00:00:00.000Z")) {
      return full.substring(0, DATE_CHARS);
    }
    if (time.endsWith(":00.000Z")) {
      return full.substring(0, MINUTE_CHARS);
    }
    if (time.endsWith(".000Z")) {
      return full.substring(0, SECOND_CHARS);
    }
    int end = full.length() - 1;
    while (full.charAt(end - 1) == '0') {
      end--;
    }
    return full.substring(0, end);
  }
}
