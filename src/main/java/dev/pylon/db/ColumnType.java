package dev.pylon.db;

/** What a column holds; a dialect says how it is declared. */
public enum ColumnType {
  TEXT,
  INTEGER,
  REAL,
  BOOLEAN,
  INSTANT
}
