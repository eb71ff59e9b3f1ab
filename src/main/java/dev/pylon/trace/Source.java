package dev.pylon.trace;

import java.util.Locale;

/** Where a call came from. */
public enum Source {
  HTTP,
  SSE,
  WEBHOOK,
  CLI,
  JOB,
  CRON,
  WORKFLOW,
  NESTED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name in lower case. */
  public String wireName() {
    return wireName;
  }

  /** Whether the caller is outside this server: then limits and {@code internal} apply. */
  public boolean isOutside() {
    return this == HTTP || this == SSE || this == WEBHOOK || this == CLI;
  }
}
