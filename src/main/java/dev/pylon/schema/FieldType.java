package dev.pylon.schema;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a field holds.
 *
 * @param target the entity an {@link Kind#ID} points at, null for every other kind
 */
public record FieldType(Kind kind, @Nullable String target) {
  static final FieldType TEXT = new FieldType(Kind.STRING, null);

  /** The sorts of values a field can hold. */
  public enum Kind {
    STRING,
    INT,
    FLOAT,
    BOOL,
    DATETIME,
    RICHTEXT,
    ID
  }

  /**
   * The type a manifest calls {@code text}, such as {@code int} or {@code id(User)}; empty for any
   * other text.
   */
  public static Optional<FieldType> parse(String text) {
    if (text.startsWith("id(") && text.endsWith(")") && text.length() > 4) {
      return Optional.of(new FieldType(Kind.ID, text.substring(3, text.length() - 1)));
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.ID && text.equals(kind.name().toLowerCase(Locale.ROOT))) {
        return Optional.of(new FieldType(kind, null));
      }
    }
    return Optional.empty();
  }

  /** The text of the manifest. */
  public String text() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return target == null ? name : name + "(" + target + ")";
  }

  /** Whether values of both types stand in the same sort of column, whatever the database. */
  public boolean isStoredLike(FieldType other) {
    return column() == other.column();
  }

  /** Of the kinds that share a sort of column, the one that stands for all of them. */
  private Kind column() {
    return switch (kind) {
      case STRING, RICHTEXT, ID -> Kind.STRING;
      case INT, FLOAT, BOOL, DATETIME -> kind;
    };
  }

  /** Whether values are stored as plain text that people wrote. */
  public boolean isText() {
    return kind == Kind.STRING || kind == Kind.RICHTEXT;
  }
}
