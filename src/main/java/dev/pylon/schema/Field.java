package dev.pylon.schema;

import org.jspecify.annotations.Nullable;

/**
 * One named value of an entity, or one input of a query or an action.
 *
 * @param crdt how concurrent edits merge, or null for the type's usual way
 */
public record Field(
    String name, FieldType type, boolean optional, boolean unique, @Nullable CrdtKind crdt) {}
