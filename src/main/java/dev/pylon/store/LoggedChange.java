package dev.pylon.store;

import dev.pylon.store.Change.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the {@link ChangeLog}. It keeps no copy of what the row became: whoever serves it
 * reads the row as it is now.
 *
 * @param fields what an update changed; empty for other kinds; null where the entry stands for
 *     earlier ones too, so that only the whole row tells what changed
 * @param before the row as it was; null for an insert, where the entry stands for earlier ones too,
 *     and where no policy of the entity needed it
 */
public record LoggedChange(
    long seq,
    String entity,
    String rowId,
    Kind kind,
    @Nullable List<String> fields,
    @Nullable Map<String, @Nullable Object> before,
    Instant at) {}
