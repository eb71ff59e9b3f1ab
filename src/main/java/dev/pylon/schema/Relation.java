package dev.pylon.schema;

/**
 * A named way from one entity to another.
 *
 * @param field the column that holds the other row's id: of the declaring entity, or of the target
 *     for a {@code many} relation whose declaring entity has no such column
 */
public record Relation(String name, String target, String field, boolean many) {}
