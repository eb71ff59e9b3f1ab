package dev.pylon.store.migration;

import dev.pylon.db.ColumnType;
import dev.pylon.db.Dialect;
import dev.pylon.schema.ColumnTypes;
import dev.pylon.schema.FieldType;

/** Types of fields as columns of one database. */
public record StoredTypes(Dialect dialect) implements ColumnTypes {

  @Override
  public String declare(FieldType type) {
    return dialect.declare(of(type));
  }

  @Override
  public boolean fits(FieldType type, String declared) {
    return dialect.holds(declared, of(type));
  }

  static ColumnType of(FieldType type) {
    return switch (type.kind()) {
      case STRING, RICHTEXT, ID -> ColumnType.TEXT;
      case INT -> ColumnType.INTEGER;
      case FLOAT -> ColumnType.REAL;
      case BOOL -> ColumnType.BOOLEAN;
      case DATETIME -> ColumnType.INSTANT;
    };
  }
}
