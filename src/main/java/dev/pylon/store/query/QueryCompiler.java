package dev.pylon.store.query;

import dev.pylon.db.ColumnType;
import dev.pylon.db.Dialect;
import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.FieldType;
import dev.pylon.store.query.Condition.Comparison;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From a {@link Query} to a statement. Columns in the tree are known to exist and are quoted here;
 * values are bound, so equal shapes give equal text and share a prepared statement. An object
 * serves one statement.
 */
public final class QueryCompiler {
  /** Parts of one {@code AND} or {@code OR}; a database nests them as deep as they are many. */
  private static final int PARTS_IN_A_ROW_MAX = 100;

  /** What numbers the rows of a partition; no field begins with such a sign. */
  private static final String NUMBER = "$number";

  private final Dialect dialect;
  private final @Nullable TextSearch search;
  private final StringBuilder text = new StringBuilder(160);
  private final List<@Nullable Object> values = new ArrayList<>();

  private QueryCompiler(Dialect dialect, @Nullable TextSearch search) {
    this.dialect = dialect;
    this.search = search;
  }

  /** The statement for {@code query}. */
  public static Sql compile(Dialect dialect, Source source, Query query) {
    var compiler = new QueryCompiler(dialect, source.search());
    compiler.select(source);
    Sql ranked = compiler.ranked(query.ranked());
    if (ranked == null) {
      compiler.where(query.where());
      compiler.order(query.order());
    } else {
      compiler.ranked(ranked, query);
    }
    compiler.limit(query.limit(), query.offset());
    return compiler.sql();
  }

  /** {@code condition} alone, as it stands after {@code WHERE}. */
  public static Sql condition(Dialect dialect, Condition condition, @Nullable TextSearch search) {
    var compiler = new QueryCompiler(dialect, search);
    compiler.append(condition);
    return new Sql(compiler.text.toString(), compiler.values);
  }

  /** Order and limit alone, as they stand at the end of a statement. */
  public static Sql tail(Dialect dialect, List<Order> order, @Nullable Long limit, long offset) {
    var compiler = new QueryCompiler(dialect, null);
    compiler.order(order);
    compiler.limit(limit, offset);
    return compiler.sql();
  }

  /**
   * The statement for {@code query} asked anew for each value of {@code per}: its limit and offset
   * count the rows that share one.
   *
   * @param limit rows of all answers together
   */
  public static Sql compileForEach(
      Dialect dialect, Source source, Query query, Column per, long limit) {
    var compiler = new QueryCompiler(dialect, source.search());
    compiler.forEach(source, query, per);
    compiler.limit(limit, 0);
    return compiler.sql();
  }

  /** The statement for {@code aggregate}, with a column for each of its outputs. */
  public static Sql compile(Dialect dialect, Source source, Aggregate aggregate) {
    var compiler = new QueryCompiler(dialect, source.search());
    compiler.aggregate(source.table(), aggregate);
    return compiler.sql();
  }

  private Sql sql() {
    return new Sql(text.toString(), values);
  }

  private void select(Source source) {
    text.append("SELECT ").append(source.columns()).append(" FROM ").append(source.table());
  }

  private @Nullable Sql ranked(Condition.@Nullable Search words) {
    return words == null || search == null ? null : search.ranked(words.text());
  }

  /** Behind a select: joined with {@code ranked}, the best first. */
  private void ranked(Sql ranked, Query query) {
    text.append(", (").append(ranked.text()).append(") AS ").append(dialect.quote("ranked"));
    values.addAll(ranked.values());
    text.append(" WHERE ").append(TextSearch.ID).append(" = ");
    column(Column.ID).append(" AND ");
    append(query.where());
    text.append(" ORDER BY ").append(TextSearch.RANK).append(" DESC");
    for (Order by : query.order()) {
      text.append(", ").append(order(by));
    }
  }

  private void forEach(Source source, Query query, Column per) {
    String number = dialect.quote(NUMBER);
    text.append("SELECT ").append(source.columns()).append(" FROM (SELECT ");
    text.append(source.columns()).append(", ROW_NUMBER() OVER (PARTITION BY ");
    column(per);
    order(query.order());
    text.append(") AS ").append(number).append(" FROM ").append(source.table());
    where(query.where());
    text.append(") AS ").append(dialect.quote("numbered"));
    text.append(" WHERE ").append(number).append(" > ?");
    values.add(query.offset());
    if (query.limit() != null) {
      text.append(" AND ").append(number).append(" <= ?");
      values.add(saturatedSum(query.offset(), query.limit()));
    }
    order(query.order());
  }

  private static long saturatedSum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private void aggregate(String table, Aggregate aggregate) {
    List<Aggregate.Output> outputs = aggregate.outputs();
    String word = "SELECT ";
    for (Aggregate.Output output : outputs) {
      text.append(word).append(dialect.quote(output.result().name()));
      word = ", ";
    }
    word = " FROM (SELECT ";
    for (Aggregate.Output output : outputs) {
      text.append(word).append(expression(output)).append(" AS ");
      column(output.result());
      word = ", ";
    }
    text.append(" FROM ").append(table);
    where(aggregate.where());
    word = " GROUP BY ";
    for (int position = 1; position <= aggregate.keys(); position++) {
      text.append(word).append(position);
      word = ", ";
    }
    text.append(") AS ").append(dialect.quote("groups"));
    where(aggregate.groups().where());
    order(aggregate.groups().order());
    limit(aggregate.groups().limit(), aggregate.groups().offset());
  }

  private String expression(Aggregate.Output output) {
    return switch (output) {
      case Aggregate.Key(_, var source, var bucket) ->
          bucket == null
              ? dialect.quote(source.name())
              : dialect.bucket(dialect.quote(source.name()), bucket);
      case Aggregate.CountAll _ -> "COUNT(*)";
      case Aggregate.Measure(_, var function, var source) -> measure(function, source);
    };
  }

  private String measure(Aggregate.Function function, Column source) {
    String column = dialect.quote(source.name());
    boolean flag = source.kind() == FieldType.Kind.BOOL;
    // No database adds up booleans or finds the least of them, if it has them at all.
    String cell =
        flag ? "CASE WHEN %1$s THEN 1 WHEN NOT %1$s THEN 0 END".formatted(column) : column;
    String sum = dialect.sum(cell, source.kind() == FieldType.Kind.FLOAT);
    return switch (function) {
      case COUNT -> "COUNT(" + column + ")";
      case COUNT_DISTINCT -> "COUNT(DISTINCT " + column + ")";
      case SUM -> sum;
      case AVG ->
          "CAST(%s AS %s) / COUNT(%s)".formatted(sum, dialect.declare(ColumnType.REAL), column);
      case MIN -> extreme("MIN(" + cell + ")", flag);
      case MAX -> extreme("MAX(" + cell + ")", flag);
    };
  }

  /** What was a boolean is one again, to be compared with others. */
  private static String extreme(String found, boolean flag) {
    return flag ? "(" + found + " = 1)" : found;
  }

  private void where(Condition condition) {
    if (!condition.equals(Condition.EVERYTHING)) {
      text.append(" WHERE ");
      append(condition);
    }
  }

  private void append(Condition condition) {
    switch (condition) {
      case Condition.And(var parts) -> join(parts, " AND ", "1 = 1");
      case Condition.Or(var parts) -> join(parts, " OR ", "1 = 0");
      case Condition.Not(var part) -> {
        text.append('(');
        append(part);
        text.append(") IS NOT TRUE");
      }
      case Condition.Compare(var column, var comparison, Moment moment) ->
          compare(column, comparison, moment);
      case Condition.Compare(var column, var comparison, var value) ->
          compare(column, comparison, value);
      case Condition.CompareCells(var left, var comparison, var right) -> {
        column(left).append(' ').append(comparison.sql()).append(' ');
        column(right);
      }
      case Condition.IsNull(var column) -> column(column).append(" IS NULL");
      case Condition.IsNotNull(var column) -> column(column).append(" IS NOT NULL");
      case Condition.In(var column, var list) -> {
        if (list.isEmpty()) {
          text.append("1 = 0");
        } else {
          list(column, " IN (", list);
        }
      }
      case Condition.NotIn(var column, var list) -> {
        if (list.isEmpty()) {
          column(column).append(" IS NOT NULL");
        } else {
          list(column, " NOT IN (", list);
        }
      }
      case Condition.Among(var column, var list) -> {
        text.append(dialect.among(dialect.quote(column.name())));
        values.add(Json.text(list));
      }
      case Condition.Contains(var column, var part) -> like(column, "%" + escaped(part) + "%");
      case Condition.StartsWith(var column, var start) -> like(column, escaped(start) + "%");
      case Condition.EndsWith(var column, var end, var chars) -> {
        text.append(dialect.lastCharacters(dialect.quote(column.name()), chars)).append(" = ?");
        values.add(end);
      }
      case Condition.Search(var words) -> search(words);
    }
  }

  private void compare(Column column, Comparison comparison, Object value) {
    column(column).append(' ').append(comparison.sql()).append(" ?");
    values.add(value);
  }

  /** All texts of a moment are equal to it, none is less or greater. */
  private void compare(Column column, Comparison comparison, Moment moment) {
    String shortest = dialect.keepsInstantsAsText() ? moment.shortest() : moment.full();
    switch (comparison) {
      case EQUAL -> {
        column(column).append(" BETWEEN ? AND ?");
        values.add(shortest);
        values.add(moment.full());
      }
      case NOT_EQUAL -> {
        column(column).append(" NOT BETWEEN ? AND ?");
        values.add(shortest);
        values.add(moment.full());
      }
      case LESS, GREATER_OR_EQUAL -> compare(column, comparison, (Object) shortest);
      case LESS_OR_EQUAL, GREATER -> compare(column, comparison, (Object) moment.full());
    }
  }

  private void search(String words) {
    if (search == null) {
      throw new PylonException(
          QueryError.INVALID_QUERY, "\"$search\" has no index to look into here");
    }
    Sql found = search.matches(words);
    text.append(found.text());
    values.addAll(found.values());
  }

  private void join(List<Condition> parts, String word, String ofNone) {
    if (parts.isEmpty()) {
      text.append(ofNone);
      return;
    }
    text.append('(');
    if (parts.size() <= PARTS_IN_A_ROW_MAX) {
      for (int i = 0; i < parts.size(); i++) {
        text.append(i == 0 ? "" : word);
        append(parts.get(i));
      }
    } else {
      int middle = parts.size() / 2;
      join(parts.subList(0, middle), word, ofNone);
      text.append(word);
      join(parts.subList(middle, parts.size()), word, ofNone);
    }
    text.append(')');
  }

  private StringBuilder column(Column column) {
    return text.append(dialect.quote(column.name()));
  }

  private void list(Column column, String word, List<Object> list) {
    column(column).append(word).append("?, ".repeat(list.size() - 1)).append("?)");
    values.addAll(list);
  }

  private void like(Column column, String pattern) {
    String quoted = dialect.quote(column.name());
    boolean instant = column.kind() == FieldType.Kind.DATETIME;
    text.append(dialect.like(instant ? dialect.instantText(quoted) : quoted));
    values.add(pattern);
  }

  private static String escaped(String literal) {
    return literal.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  private void order(List<Order> order) {
    for (int i = 0; i < order.size(); i++) {
      text.append(i == 0 ? " ORDER BY " : ", ").append(order(order.get(i)));
    }
  }

  private String order(Order by) {
    return dialect.order(
        dialect.quote(by.column().name()), by.descending(), by.column().optional());
  }

  private void limit(@Nullable Long limit, long offset) {
    if (limit != null || offset > 0) {
      text.append(" LIMIT ? OFFSET ?");
      values.add(limit == null ? Long.MAX_VALUE : limit);
      values.add(offset);
    }
  }
}
