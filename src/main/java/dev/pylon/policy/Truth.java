package dev.pylon.policy;

import java.util.Locale;

/** Whether something holds, where it may depend on a row that nobody has looked at yet. */
public enum Truth {
  TRUE,
  FALSE,
  /** It depends on the row. */
  UNKNOWN;

  static Truth of(boolean holds) {
    return holds ? TRUE : FALSE;
  }

  Truth not() {
    return switch (this) {
      case TRUE -> FALSE;
      case FALSE -> TRUE;
      case UNKNOWN -> UNKNOWN;
    };
  }

  /** As it is written in answers. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
