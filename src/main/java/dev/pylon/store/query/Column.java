package dev.pylon.store.query;

import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;

/**
 * A column that is known to exist.
 *
 * @param optional whether a cell may be null
 */
public record Column(String name, FieldType.Kind kind, boolean optional) {
  public static final Column ID = new Column("id", FieldType.Kind.ID, false);

  public static Column of(Field field) {
    return new Column(field.name(), field.type().kind(), field.optional());
  }
}
