package dev.pylon.store.search;

import dev.pylon.db.RowReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of an entity are read.
 *
 * @param columns all of them, as they stand after {@code SELECT}
 */
public record Hits(String columns, RowReader<Map<String, @Nullable Object>> reader) {}
