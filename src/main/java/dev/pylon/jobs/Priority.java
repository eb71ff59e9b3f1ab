package dev.pylon.jobs;

import java.util.Locale;

/** Which of the jobs that are due goes first; stored as its ordinal. */
public enum Priority {
  LOW,
  NORMAL,
  HIGH,
  CRITICAL;

  /** Any other text is normal (services contract, 1.3). */
  public static Priority parse(String text) {
    for (Priority priority : values()) {
      if (priority.text().equals(text.toLowerCase(Locale.ROOT))) {
        return priority;
      }
    }
    return NORMAL;
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
