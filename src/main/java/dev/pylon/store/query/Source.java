package dev.pylon.store.query;

import org.jspecify.annotations.Nullable;

/**
 * Where a statement finds its rows.
 *
 * @param columns what it selects of each, quoted
 * @param table the table, quoted
 * @param search the table's search index, or null where it has none and thus is not asked
 */
public record Source(String columns, String table, @Nullable TextSearch search) {}
