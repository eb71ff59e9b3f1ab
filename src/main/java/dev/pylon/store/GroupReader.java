package dev.pylon.store;

import dev.pylon.db.Columns;
import dev.pylon.db.RowReader;
import dev.pylon.model.PylonException;
import dev.pylon.schema.FieldType.Kind;
import dev.pylon.store.query.Aggregate;
import dev.pylon.store.query.Column;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From a group of an aggregate to its values, by name. Immutable. */
final class GroupReader implements RowReader<Map<String, @Nullable Object>> {
  private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private final List<Column> columns;
  private final Row.Shape shape;

  GroupReader(Aggregate aggregate) {
    this.columns = aggregate.outputs().stream().map(Aggregate.Output::result).toList();
    var positions = new HashMap<String, Integer>();
    for (Column column : columns) {
      positions.put(column.name(), positions.size());
    }
    this.shape =
        new Row.Shape(columns.stream().map(Column::name).toArray(String[]::new), positions);
  }

  @Override
  public Map<String, @Nullable Object> read(Columns group) {
    var values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(group, i);
    }
    return new Row(shape, values);
  }

  private @Nullable Object value(Columns group, int i) {
    Column column = columns.get(i);
    @Nullable Object value = EntityTable.value(group, i, column.kind());
    if (column.kind() == Kind.INT && value != null) {
      return whole(column, value);
    }
    return column.kind() == Kind.FLOAT && value != null ? finite(column, value) : value;
  }

  private static Long whole(Column column, Object value) {
    return switch (value) {
      case Long number -> number;
      case BigDecimal number
          when number.compareTo(LONG_MIN) >= 0 && number.compareTo(LONG_MAX) <= 0 ->
          number.longValue();
      default -> throw tooLarge(column);
    };
  }

  private static Double finite(Column column, Object value) {
    double number = ((Number) value).doubleValue();
    if (!Double.isFinite(number)) {
      throw tooLarge(column);
    }
    return number;
  }

  private static PylonException tooLarge(Column column) {
    return new PylonException(
            StoreError.RESULT_TOO_LARGE,
            "\"%s\" is larger than a number can be".formatted(column.name()))
        .with("field", column.name());
  }
}
