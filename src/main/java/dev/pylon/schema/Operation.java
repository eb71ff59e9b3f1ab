package dev.pylon.schema;

import java.util.List;

/** A named query or action with its inputs, as the manifest declares them. */
public record Operation(String name, List<Field> input) {
  public Operation {
    input = List.copyOf(input);
  }
}
