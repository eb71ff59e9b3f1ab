package dev.pylon.cli.text;

/** How text may look on one stream: with colours or without, with signs beyond ASCII or without. */
public record Style(boolean colored, boolean ascii) {

  public String red(String text) {
    return sgr("31", text);
  }

  public String green(String text) {
    return sgr("32", text);
  }

  public String yellow(String text) {
    return sgr("33", text);
  }

  public String cyan(String text) {
    return sgr("36", text);
  }

  public String bold(String text) {
    return sgr("1", text);
  }

  public String dim(String text) {
    return sgr("2", text);
  }

  private String sgr(String attribute, String text) {
    return colored && !text.isEmpty() ? "\u001b[" + attribute + "m" + text + "\u001b[0m" : text;
  }

  /** The sign of success. */
  public String tick() {
    return ascii ? "ok" : "✓";
  }

  /** The sign of failure. */
  public String cross() {
    return ascii ? "x" : "✗";
  }

  /** {@code sign}, or {@code plain} where only ASCII may be written. */
  public String sign(String sign, String plain) {
    return ascii ? plain : sign;
  }

  /** {@code untrusted} without control characters, which could move the cursor or hide text. */
  public static String clean(String untrusted) {
    for (int i = 0; i < untrusted.length(); i++) {
      if (Character.isISOControl(untrusted.charAt(i))) {
        return cleaned(untrusted);
      }
    }
    return untrusted;
  }

  private static String cleaned(String untrusted) {
    var clean = new StringBuilder(untrusted.length());
    for (int i = 0; i < untrusted.length(); i++) {
      char c = untrusted.charAt(i);
      clean.append(Character.isISOControl(c) && c != '\t' ? '\uFFFD' : c);
    }
    return clean.toString();
  }
}
