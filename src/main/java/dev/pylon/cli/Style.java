package dev.pylon.cli;

/** How text may look on one stream: with colours or without, with signs beyond ASCII or without. */
record Style(boolean colored, boolean ascii) {

  String red(String text) {
    return sgr("31", text);
  }

  String green(String text) {
    return sgr("32", text);
  }

  String yellow(String text) {
    return sgr("33", text);
  }

  String cyan(String text) {
    return sgr("36", text);
  }

  String bold(String text) {
    return sgr("1", text);
  }

  String dim(String text) {
    return sgr("2", text);
  }

  private String sgr(String attribute, String text) {
    return colored && !text.isEmpty() ? "\u001b[" + attribute + "m" + text + "\u001b[0m" : text;
  }

  /** The sign of success. */
  String tick() {
    return ascii ? "ok" : "✓";
  }

  /** The sign of failure. */
  String cross() {
    return ascii ? "x" : "✗";
  }

  /** {@code sign}, or {@code plain} where only ASCII may be written. */
  String sign(String sign, String plain) {
    return ascii ? plain : sign;
  }

  /** {@code untrusted} without control characters, which could move the cursor or hide text. */
  static String clean(String untrusted) {
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
