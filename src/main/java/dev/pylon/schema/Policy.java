package dev.pylon.schema;

import org.jspecify.annotations.Nullable;

/** Who may do what with an entity or an action. Expressions are text here; {@code policy} reads them. */
public record Policy(
    String name,
    @Nullable String entity,
    @Nullable String action,
    String allow,
    @Nullable String allowRead,
    @Nullable String allowInsert,
    @Nullable String allowUpdate,
    @Nullable String allowDelete,
    @Nullable String allowWrite) {}
