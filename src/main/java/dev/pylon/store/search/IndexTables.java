package dev.pylon.store.search;

import dev.pylon.db.ColumnType;
import dev.pylon.db.Dialect;
import dev.pylon.db.Sql;
import dev.pylon.schema.ColumnTypes;
import dev.pylon.schema.Field;
import dev.pylon.store.query.Column;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The tables of one entity's index. {@code _fts_<E>} has a narrow row for each row of the entity:
 * its number, its id, how many words it has, its {@linkplain Kinds kind}, what it is sorted by and
 * what policies judge it by, so that none of them asks for the rows themselves. {@code
 * _fts_<E>.words} has its words under its number, {@code _fts_<E>.kinds} the values of the facets.
 * The number is a column, so it outlives a {@code VACUUM}.
 *
 * <p>Names of ours have a dot, which no entity and no field has.
 *
 * @param judged by what policies say who may see a row
 */
record IndexTables(
    Dialect dialect, String entity, List<Field> facets, List<Field> sortable, List<Field> judged) {
  static final String NUMBER = "\"fts.number\"";
  static final String LENGTH = "\"fts.length\"";
  static final String KIND = "\"fts.kind\"";

  /** Whether what policies go by stands in an index; where {@link #mayBeLong}. */
  static final String SHORT = "\"fts.short\"";

  /** Of a kind: its number, and its {@linkplain Kinds#name name}. */
  static final String CODE = "\"fts.code\"";

  static final String NAME = "\"fts.name\"";

  /** Postgres has room for 32 columns in an index, and some are for other things. */
  private static final int JUDGED_MAX = 28;

  /** Bytes of a name that Postgres keeps, less what we append. */
  private static final int NAME_BYTES_MAX = 63 - ".words.gin".length();

  IndexTables {
    facets = List.copyOf(facets);
    sortable = List.copyOf(sortable);
    judged = List.copyOf(judged);
  }

  /** The fields that a narrow row has of its row. */
  List<Field> held() {
    return Stream.concat(sortable.stream(), judged.stream()).distinct().toList();
  }

  /** Whether a narrow row tells what stands in {@code column} of its row. */
  boolean holds(Column column) {
    return column.equals(Column.ID) || held().stream().map(Column::of).anyMatch(column::equals);
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

  String kindsName() {
    return rowsName() + ".kinds";
  }

  String rows() {
    return dialect.quote(rowsName());
  }

  String words() {
    return dialect.quote(wordsName());
  }

  String kinds() {
    return dialect.quote(kindsName());
  }

  /** The names of all. */
  List<String> names() {
    return List.of(rowsName(), wordsName(), kindsName());
  }

  /** Makes all, empty. */
  List<Sql> create(ColumnTypes types) {
    var statements = new ArrayList<Sql>();
    statements.add(createKinds(types));
    statements.add(createRows(types));
    statements.add(
        Sql.of(
            "CREATE INDEX %s ON %s (%s, id%s)"
                .formatted(dialect.quote(rowsName() + ".kind"), rows(), KIND, alongside())));
    if (leadsToTheVisible()) {
      statements.addAll(createSeen());
    }
    for (Field field : sortable) {
      statements.addAll(createOrders(field));
    }
    statements.addAll(dialect.textIndex().create(wordsName()));
    return statements;
  }

  private Sql createKinds(ColumnTypes types) {
    return Sql.of(
        "CREATE TABLE %s (%s %s, %s %s NOT NULL UNIQUE%s)"
            .formatted(
                kinds(),
                CODE,
                dialect.sequence(),
                NAME,
                dialect.declare(ColumnType.TEXT),
                columns(facets, types)));
  }

  /**
   * What policies go by stands in front: a row is taken apart from its beginning, as far as it is
   * asked for.
   */
  private Sql createRows(ColumnTypes types) {
    List<Field> behind = held().stream().filter(field -> !judged.contains(field)).toList();
    return Sql.of(
        "CREATE TABLE %s (%s %s, %s %s NOT NULL, %s %s NOT NULL%s%s, id %s NOT NULL UNIQUE%s)"
            .formatted(
                rows(),
                NUMBER,
                dialect.sequence(),
                LENGTH,
                dialect.declare(ColumnType.INTEGER),
                KIND,
                dialect.declare(ColumnType.INTEGER),
                isShort().map(IndexTables::computed).orElse(""),
                columns(judged, types),
                dialect.declare(ColumnType.TEXT),
                columns(behind, types)));
  }

  /** Kept, so that the database knows that nearly all rows are. */
  private static String computed(String isShort) {
    return ", %s BOOLEAN GENERATED ALWAYS AS (%s) STORED".formatted(SHORT, isShort);
  }

  private String columns(List<Field> fields, ColumnTypes types) {
    return fields.stream()
        .map(field -> ", %s %s".formatted(dialect.quote(field.name()), types.declare(field.type())))
        .collect(Collectors.joining());
  }

  /**
   * Whether an index leads to the rows of a kind by what policies go by: then nobody looks at those
   * of others. Not to those that {@linkplain #mayBeLong are too long}.
   */
  boolean leadsToTheVisible() {
    return !judged.isEmpty() && judged.size() <= JUDGED_MAX;
  }

  /**
   * Whether there may be rows with texts too long for that index. They are few and in an index of
   * their own; {@link #SHORT} tells them apart.
   */
  boolean mayBeLong() {
    return isShort().isPresent();
  }

  private Optional<String> isShort() {
    List<String> texts =
        judged.stream().filter(SearchIndex::isText).map(Field::name).map(dialect::quote).toList();
    return texts.isEmpty() ? Optional.empty() : dialect.fitAnIndex(texts);
  }

  private List<Sql> createSeen() {
    String create = "CREATE INDEX %s ON %s (%s%s)%s";
    String seen = dialect.quote(rowsName() + ".seen");
    String others = dialect.quote(rowsName() + ".long");
    if (!mayBeLong()) {
      return List.of(Sql.of(create.formatted(seen, rows(), KIND, list(judged), "")));
    }
    return List.of(
        Sql.of(create.formatted(seen, rows(), KIND, list(judged), " WHERE " + SHORT)),
        Sql.of(create.formatted(others, rows(), KIND, "", " WHERE NOT " + SHORT)));
  }

  /** What policies go by stands in an index too, where it may: so they open no row to count it. */
  private String alongside() {
    return leadsToTheVisible() && !mayBeLong() ? list(judged) : "";
  }

  /**
   * Pages through all rows in the order of a field, without a look at the rows themselves. Where
   * policies do look at them, a page that descends has an index of its own: ids ascend in it too,
   * so nobody looks at more rows of one value than the page has.
   */
  private List<Sql> createOrders(Field field) {
    Sql ascends = createOrder(field, "." + sortable.indexOf(field), false);
    return mayBeLong()
        ? List.of(ascends, createOrder(field, ".%d.desc".formatted(sortable.indexOf(field)), true))
        : List.of(ascends);
  }

  private Sql createOrder(Field field, String name, boolean descending) {
    return Sql.of(
        "CREATE INDEX %s ON %s (%s, id%s)"
            .formatted(
                dialect.quote(rowsName() + name),
                rows(),
                dialect.order(dialect.quote(field.name()), descending, field.optional()),
                alongside()));
  }

  /** Drops all, and whatever an older version of ours or another server had in their places. */
  List<Sql> drop() {
    return List.of(words(), rows(), kinds()).stream()
        .map(table -> Sql.of("DROP TABLE IF EXISTS " + table))
        .toList();
  }

  /** {@code fields} as they stand behind other columns, each led by a comma. */
  String list(List<Field> fields) {
    return fields.stream()
        .map(field -> ", " + dialect.quote(field.name()))
        .collect(Collectors.joining());
  }
}
