package dev.pylon.schema;

/** How a database declares columns. */
public interface ColumnTypes {

  /** How a new column for values of {@code type} is declared. */
  String declare(FieldType type);

  /** Whether a column that was declared as {@code declared} takes values of {@code type}. */
  boolean fits(FieldType type, String declared);
}
