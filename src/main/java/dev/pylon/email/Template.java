package dev.pylon.email;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a letter says, with {@code {{name}}} where something belongs. A name that is not given is
 * left out; braces that are not closed stay as they are (services contract, 7.2).
 */
public record Template(String subject, String text) {
  private static final Pattern NAME = Pattern.compile("\\{\\{([A-Za-z0-9_]{1,64})}}");

  /** The letter to {@code to}. Nothing in a subject begins another line. */
  public Letter letter(String to, Map<String, String> values) {
    return new Letter(
        to, filled(subject, values).replaceAll("\\p{Cntrl}+", " "), filled(text, values));
  }

  private static String filled(String text, Map<String, String> values) {
    return NAME.matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
  }
}
