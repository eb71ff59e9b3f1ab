package dev.pylon.db.sqlite;

import dev.pylon.db.Sql;
import dev.pylon.db.TextIndex;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Words in FTS5. Its {@code ascii} tokenizer takes what we give it as it is: it parts at spaces and
 * leaves every letter outside of ASCII alone. Neither the text nor the places of words are kept.
 */
final class SqliteTextIndex implements TextIndex {
  static final SqliteTextIndex INSTANCE = new SqliteTextIndex();

  private SqliteTextIndex() {}

  /** Beginnings of one to three characters match many words, so they have an index of their own. */
  @Override
  public List<Sql> create(String table) {
    return List.of(
        Sql.of(
            """
            CREATE VIRTUAL TABLE %s USING fts5(
              words, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3',
              tokenize = 'ascii')\
            """
                .formatted(quote(table))));
  }

  @Override
  public Sql put(String table, long number, String words) {
    return Sql.of(
        "INSERT OR REPLACE INTO %s (rowid, words) VALUES (?, ?)".formatted(quote(table)),
        number,
        words);
  }

  @Override
  public Sql remove(String table, long number) {
    return Sql.of("DELETE FROM %s WHERE rowid = ?".formatted(quote(table)), number);
  }

  @Override
  public Sql matches(
      String table, List<String> words, @Nullable String prefix, @Nullable String without) {
    String expression =
        words.stream().map(SqliteTextIndex::quote).collect(Collectors.joining(" AND "));
    if (prefix != null) {
      expression += (words.isEmpty() ? "" : " AND ") + quote(prefix) + " *";
    }
    if (without != null) {
      expression = "(" + expression + ") NOT " + quote(without);
    }
    return Sql.of(quote(table) + " MATCH ?", expression);
  }

  /** FTS5 quotes strings as SQL quotes identifiers. */
  private static String quote(String text) {
    return SqliteDialect.INSTANCE.quote(text);
  }
}
