package dev.pylon.schema;

import java.util.Locale;
import java.util.Optional;

/** How concurrent edits of one field merge. */
public enum CrdtKind {
  LWW,
  TEXT,
  COUNTER,
  LIST,
  MOVABLE_LIST,
  TREE;

  /** The kind a manifest calls {@code text}, in kebab case. */
  static Optional<CrdtKind> parse(String text) {
    for (CrdtKind kind : values()) {
      if (kind.text().equals(text)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** As the manifest writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
