package dev.pylon.store.search;

import dev.pylon.db.ColumnType;
import dev.pylon.db.Dialect;
import dev.pylon.db.Sql;
import dev.pylon.schema.ColumnTypes;
import dev.pylon.schema.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * The tables of one entity's index. {@code _fts_<E>} has a narrow row for each row of the entity:
 * its number, its id, how many words it has, and what it is counted and sorted by, so that neither
 * asks for the rows themselves. {@code _fts_<E>.words} has its words under its number. The number
 * is a column, so it outlives a {@code VACUUM}.
 *
 * <p>Names of ours have a dot, which no entity and no field has.
 *
 * @param kept the fields that are counted or sorted by
 */
record IndexTables(Dialect dialect, String entity, List<Field> kept) {
  static final String NUMBER = "\"fts.number\"";
  static final String LENGTH = "\"fts.length\"";

  /** Bytes of a name that Postgres keeps, less what we append. */
  private static final int NAME_BYTES_MAX = 63 - ".words.gin".length();

  IndexTables {
    kept = List.copyOf(kept);
  }

  String rowsName() {
    String name = "_fts_" + entity;
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= NAME_BYTES_MAX) {
      return name;
    }
    var sum = new CRC32();
    sum.update(bytes);
    return "_fts_.%08x".formatted(sum.getValue());
  }

  String wordsName() {
    return rowsName() + ".words";
  }

  String rows() {
    return dialect.quote(rowsName());
  }

  String words() {
    return dialect.quote(wordsName());
  }

  /** Makes both, empty. */
  List<Sql> create(ColumnTypes types) {
    var statements = new ArrayList<Sql>();
    statements.add(createRows(types));
    for (Field field : kept) {
      statements.add(createIndex(field));
    }
    statements.addAll(dialect.textIndex().create(wordsName()));
    return statements;
  }

  private Sql createRows(ColumnTypes types) {
    String columns =
        kept.stream()
            .map(field ->
                ", %s %s".formatted(dialect.quote(field.name()), types.declare(field.type())))
            .collect(Collectors.joining());
    return Sql.of(
        "CREATE TABLE %s (%s %s, id %s NOT NULL UNIQUE, %s %s NOT NULL%s)"
            .formatted(
                rows(),
                NUMBER,
                dialect.sequence(),
                dialect.declare(ColumnType.TEXT),
                LENGTH,
                dialect.declare(ColumnType.INTEGER),
                columns));
  }

  /** Counts a field, and pages through what has one value of it, without a look at the rows. */
  private Sql createIndex(Field field) {
    return Sql.of(
        "CREATE INDEX %s ON %s (%s, id)"
            .formatted(
                dialect.quote(rowsName() + "." + kept.indexOf(field)),
                rows(),
                dialect.order(dialect.quote(field.name()), false, field.optional())));
  }

  /** Drops both, and whatever an older version of ours or another server had in their places. */
  List<Sql> drop() {
    return List.of(
        Sql.of("DROP TABLE IF EXISTS " + words()), Sql.of("DROP TABLE IF EXISTS " + rows()));
  }
}
