package dev.pylon.email;

/** A letter in plain text. Its text may hold a secret that only {@code to} may read. */
public record Letter(String to, String subject, String text) {

  /** Shows neither text nor address: letters end up in logs otherwise. */
  @Override
  public String toString() {
    return "Letter[subject=%s]".formatted(subject);
  }
}
