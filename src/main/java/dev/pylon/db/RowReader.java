package dev.pylon.db;

/** Turns the current row into a value. */
@FunctionalInterface
public interface RowReader<T> {
  T read(Columns row);
}
