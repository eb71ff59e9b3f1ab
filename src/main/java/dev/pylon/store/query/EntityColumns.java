package dev.pylon.store.query;

import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import java.util.stream.Collectors;

/** The columns a caller may name: {@code id} and the fields of the manifest. */
public final class EntityColumns {
  private EntityColumns() {}

  /**
   * The column called {@code name}.
   *
   * @throws PylonException {@link QueryError#INVALID_COLUMN} where there is no such column
   */
  public static Column require(Entity entity, String name) {
    if (name.equals("id")) {
      return Column.ID;
    }
    return entity.field(name).map(Column::of).orElseThrow(() -> unknown(entity, name));
  }

  /** The refusal of a column that {@code entity} does not have. */
  public static PylonException unknown(Entity entity, String column) {
    String columns = entity.fields().stream().map(Field::name).collect(Collectors.joining(", "));
    return new PylonException(
        QueryError.INVALID_COLUMN,
        "Unknown column \"%s\" -- valid columns: id, %s".formatted(column, columns));
  }
}
