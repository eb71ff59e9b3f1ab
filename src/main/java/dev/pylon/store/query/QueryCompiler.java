package dev.pylon.store.query;

import dev.pylon.db.Dialect;
import dev.pylon.db.Sql;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From a {@link Query} to a statement. Columns in the tree are known to exist and are quoted here;
 * values are bound, so equal shapes give equal text and share a prepared statement. An object
 * serves one statement.
 */
public final class QueryCompiler {
  private final Dialect dialect;
  private final StringBuilder text = new StringBuilder(160);
  private final List<@Nullable Object> values = new ArrayList<>();

  private QueryCompiler(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * The statement for {@code query}.
   *
   * @param select the statement's beginning, up to and with the table: {@code SELECT … FROM "Todo"}
   */
  public static Sql compile(Dialect dialect, String select, Query query) {
    var compiler = new QueryCompiler(dialect);
    compiler.text.append(select);
    compiler.where(query.where());
    compiler.order(query.order());
    compiler.limit(query);
    return new Sql(compiler.text.toString(), compiler.values);
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
      case Condition.Compare(var column, var comparison, var value) -> {
        column(column).append(' ').append(comparison.sql()).append(" ?");
        values.add(value);
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
      case Condition.Contains(var column, var part) -> like(column, "%" + escaped(part) + "%");
      case Condition.StartsWith(var column, var start) -> like(column, escaped(start) + "%");
    }
  }

  private void join(List<Condition> parts, String word, String ofNone) {
    if (parts.isEmpty()) {
      text.append(ofNone);
      return;
    }
    text.append('(');
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        text.append(word);
      }
      append(parts.get(i));
    }
    text.append(')');
  }

  private StringBuilder column(String name) {
    return text.append(dialect.quote(name));
  }

  private void list(String column, String word, List<Object> list) {
    column(column).append(word).append("?, ".repeat(list.size() - 1)).append("?)");
    values.addAll(list);
  }

  private void like(String column, String pattern) {
    text.append(dialect.like(dialect.quote(column)));
    values.add(pattern);
  }

  private static String escaped(String literal) {
    return literal.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  private void order(List<Order> order) {
    text.append(" ORDER BY ");
    for (Order by : order) {
      column(by.column()).append(by.descending() ? " DESC, " : ", ");
    }
    column("id");
  }

  private void limit(Query query) {
    if (query.limit() != null || query.offset() > 0) {
      text.append(" LIMIT ? OFFSET ?");
      values.add(query.limit() == null ? Long.MAX_VALUE : query.limit());
      values.add(query.offset());
    }
  }
}
