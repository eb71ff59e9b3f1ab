package dev.pylon.cli.console;

/** How the command line says what many of its commands say: one voice for all of them. */
public interface Wording {
  /** A length of time, such as {@code 8.4 ms}. */
  String duration(double millis);

  /** A moment, such as {@code 12:03:11.204}. */
  String time(long epochMillis);

  /** {@code sign}, or {@code plain} where only ASCII may be written. */
  String sign(String sign, String plain);

  /** Text of others without what could move the cursor. */
  String clean(String untrusted);
}
