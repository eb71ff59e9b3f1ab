package dev.pylon.store.query;

import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns a caller may name: {@code id} and the fields of the manifest. */
public final class EntityColumns {
  private EntityColumns() {}

  /**
   * The field called {@code column}, or null for {@code id}, which is none.
   *
   * @throws PylonException {@link QueryError#INVALID_COLUMN} where there is no such column
   */
  public static @Nullable Field require(Entity entity, String column) {
    if (column.equals("id")) {
      return null;
    }
    return entity.field(column).orElseThrow(() -> unknown(entity, column));
  }

  /** The refusal of a column that {@code entity} does not have. */
  public static PylonException unknown(Entity entity, String column) {
    String columns = entity.fields().stream().map(Field::name).collect(Collectors.joining(", "));
    return new PylonException(
        QueryError.INVALID_COLUMN,
        "Unknown column \"%s\" -- valid columns: id, %s".formatted(column, columns));
  }
}
