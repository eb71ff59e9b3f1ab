package dev.pylon.schema;

/** What only a person knows: that something goes on under another name. */
public sealed interface Rename {

  record OfEntity(String name, String to) implements Rename {}

  /**
   * @param entity by the name it has after the renames before this one
   */
  record OfField(String entity, String name, String to) implements Rename {}
}
