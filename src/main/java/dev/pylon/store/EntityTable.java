package dev.pylon.store;

import dev.pylon.db.Columns;
import dev.pylon.db.Dialect;
import dev.pylon.db.RowReader;
import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.store.migration.StoredTypes;
import dev.pylon.store.query.EntityColumns;
import dev.pylon.store.query.Instants;
import dev.pylon.store.query.Source;
import dev.pylon.store.search.Hits;
import dev.pylon.store.search.SearchIndex;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An entity made ready to be read and written: its statements, written once, and the way from a row
 * of the table to values and back. Column 0 is {@code id}. Immutable.
 */
final class EntityTable {
  /** Characters of all texts in a row. */
  private static final int ROW_CHARS_MAX = 16 * 1024 * 1024;

  private final Entity entity;
  private final Field[] fields;
  private final FieldType.Kind[] kinds;
  private final Row.Shape shape;
  private final Source source;
  private final String selectById;
  private final String insert;
  private final String updatePrefix;
  private final String delete;
  private final Dialect dialect;
  private final RowReader<Map<String, @Nullable Object>> reader = this::read;
  private final Hits hits;
  private final @Nullable SearchIndex index;

  /**
   * @param judged the fields by which policies say who may see a row
   */
  EntityTable(Entity entity, List<Field> judged, Dialect dialect) {
    this.entity = entity;
    this.dialect = dialect;
    this.fields = entity.fields().toArray(Field[]::new);
    this.kinds = new FieldType.Kind[fields.length + 1];
    kinds[0] = FieldType.Kind.ID;
    var names = new String[fields.length + 1];
    names[0] = "id";
    var positions = new HashMap<String, Integer>();
    positions.put("id", 0);
    for (int i = 0; i < fields.length; i++) {
      kinds[i + 1] = fields[i].type().kind();
      names[i + 1] = fields[i].name();
      positions.put(fields[i].name(), i + 1);
    }
    this.shape = new Row.Shape(names, Map.copyOf(positions));

    String table = dialect.quote(entity.name());
    String id = dialect.quote("id");
    String columns = Arrays.stream(names).map(dialect::quote).collect(Collectors.joining(", "));
    this.hits = new Hits(columns, reader);
    this.index = SearchIndex.of(entity, judged, dialect, new StoredTypes(dialect)).orElse(null);
    // All of these go by the primary key.
    this.source = new Source(columns, table, index);
    this.selectById = "SELECT %s FROM %s WHERE %s = ?".formatted(columns, table, id);
    this.insert =
        "INSERT INTO %s (%s) VALUES (%s)"
            .formatted(table, columns, "?" + ", ?".repeat(fields.length));
    this.updatePrefix = "UPDATE " + table + " SET ";
    this.delete = "DELETE FROM " + table + " WHERE " + id + " = ?";
  }

  Entity entity() {
    return entity;
  }

  /** Who keeps the rows searchable; null where they are not. */
  @Nullable SearchIndex index() {
    return index;
  }

  /** How the rows of a search are read. */
  Hits hits() {
    return hits;
  }

  RowReader<Map<String, @Nullable Object>> reader() {
    return reader;
  }

  /** Every column of the table, and its search index. */
  Source source() {
    return source;
  }

  Sql selectById(String id) {
    return Sql.of(selectById, id);
  }

  Sql delete(String id) {
    return Sql.of(delete, id);
  }

  Sql insert(Row row) {
    return new Sql(insert, row.cells());
  }

  /** Sets the columns of {@code patch}, which is not empty and holds stored values. */
  Sql update(String id, Map<String, @Nullable Object> patch) {
    var text = new StringBuilder(updatePrefix);
    var values = new @Nullable Object[patch.size() + 1];
    int count = 0;
    for (Map.Entry<String, @Nullable Object> change : patch.entrySet()) {
      text.append(count == 0 ? "" : ", ").append(dialect.quote(change.getKey())).append(" = ?");
      values[count++] = change.getValue();
    }
    values[count] = id;
    return Sql.of(
        text.append(" WHERE ").append(dialect.quote("id")).append(" = ?").toString(), values);
  }

  /** What is stored for {@code row}, whose own {@code id}, if any, is ignored. */
  Row rowToInsert(String id, Map<String, @Nullable Object> row) {
    requireColumns(row);
    var values = new @Nullable Object[fields.length + 1];
    values[0] = id;
    for (int i = 0; i < fields.length; i++) {
      values[i + 1] = cell(fields[i], row.get(fields[i].name()));
    }
    return sized(new Row(shape, values));
  }

  /**
   * {@code row} as a policy judges it: what is there in another form than it would be stored in, as
   * 1 for true, is there in that form. What cannot be stored stays as it is; it is refused later.
   */
  Map<String, @Nullable Object> judged(Map<String, @Nullable Object> row) {
    var judged = new LinkedHashMap<String, @Nullable Object>();
    row.forEach((name, value) -> judged.put(name, judged(name, value)));
    return judged;
  }

  private @Nullable Object judged(String name, @Nullable Object value) {
    Integer position = shape.positions().get(name);
    if (value == null || position == null || position == 0) {
      return value;
    }
    Field field = fields[position - 1];
    return switch (field.type().kind()) {
      case STRING, RICHTEXT, ID -> value;
      case INT, FLOAT, BOOL, DATETIME -> Cell.ifStorable(field, value).orElse(value);
    };
  }

  /** What is stored of {@code patch}, in its order; empty where it names nothing but {@code id}. */
  Map<String, @Nullable Object> patch(Map<String, @Nullable Object> patch) {
    requireColumns(patch);
    var stored = new LinkedHashMap<String, @Nullable Object>();
    patch.forEach((name, value) -> {
      Integer position = shape.positions().get(name);
      if (position != null && position > 0) {
        stored.put(name, cell(fields[position - 1], value));
      }
    });
    return stored;
  }

  /** {@code value} as the row will have it when it is read. */
  private @Nullable Object cell(Field field, @Nullable Object value) {
    @Nullable Object stored = Cell.of(entity, field, value);
    return stored instanceof String text
            && field.type().kind() == FieldType.Kind.DATETIME
            && !dialect.keepsInstantsAsText()
        ? Instants.full(text)
        : stored;
  }

  /** The fields of {@code patch}, which holds stored values, that {@code before} has otherwise. */
  Map<String, @Nullable Object> changed(
      Map<String, @Nullable Object> before, Map<String, @Nullable Object> patch) {
    var changed = new LinkedHashMap<String, @Nullable Object>();
    patch.forEach((name, value) -> {
      if (!Objects.equals(value, before.get(name))) {
        changed.put(name, value);
      }
    });
    return changed;
  }

  /** {@code before} with the stored values of {@code patch} in their places. */
  Row merged(Map<String, @Nullable Object> before, Map<String, @Nullable Object> patch) {
    var values = new @Nullable Object[fields.length + 1];
    values[0] = before.get("id");
    for (int i = 0; i < fields.length; i++) {
      String name = fields[i].name();
      values[i + 1] = patch.containsKey(name) ? patch.get(name) : before.get(name);
    }
    return sized(new Row(shape, values));
  }

  private Row sized(Row row) {
    long chars = 0;
    for (@Nullable Object cell : row.cells()) {
      chars += cell instanceof String text ? text.length() : 0;
    }
    if (chars > ROW_CHARS_MAX) {
      throw new PylonException(
          StoreError.INVALID_DATA,
          "A row of \"%s\" takes up to %d characters of text, not %d"
              .formatted(entity.name(), ROW_CHARS_MAX, chars));
    }
    return row;
  }

  private void requireColumns(Map<String, @Nullable Object> row) {
    for (String name : row.keySet()) {
      if (!shape.positions().containsKey(name)) {
        throw EntityColumns.unknown(entity, name);
      }
    }
  }

  /** {@code row}, which may have more fields, with those of this table. */
  Row shown(Map<String, @Nullable Object> row) {
    var values = new @Nullable Object[shape.names().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(shape.names()[i]);
    }
    return new Row(shape, values);
  }

  private Map<String, @Nullable Object> read(Columns row) {
    var values = new @Nullable Object[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      values[i] = value(row, i, kinds[i]);
    }
    return new Row(shape, values);
  }

  /** What stands in {@code column}, which is of {@code kind}. */
  static @Nullable Object value(Columns row, int column, FieldType.Kind kind) {
    return switch (kind) {
      case STRING, RICHTEXT, ID -> row.text(column);
      case DATETIME -> Instants.shown(row.text(column));
      case INT, FLOAT -> row.value(column);
      case BOOL -> flag(row.value(column));
    };
  }

  private static @Nullable Object flag(@Nullable Object stored) {
    return stored instanceof Long number ? number != 0 : stored;
  }
}
