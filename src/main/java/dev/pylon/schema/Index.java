package dev.pylon.schema;

import java.util.List;

/** An index over fields of one entity; in the database it is called {@code <entity>_<name>}. */
public record Index(String name, List<String> fields, boolean unique) {
  public Index {
    fields = List.copyOf(fields);
  }
}
