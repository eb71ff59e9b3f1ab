package dev.pylon.db.postgres;

import dev.pylon.db.Dialect;
import dev.pylon.db.Sql;
import dev.pylon.db.TextIndex;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Words in a {@code tsvector} under a GIN index. They are put in as an array, so no dictionary of
 * Postgres's own makes anything else of them.
 */
record PostgresTextIndex(Dialect dialect) implements TextIndex {

  @Override
  public List<Sql> create(String table) {
    return List.of(
        Sql.of(
            "CREATE TABLE %s (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)"
                .formatted(quote(table))),
        Sql.of(
            "CREATE INDEX %s ON %s USING gin (words)"
                .formatted(quote(table + ".gin"), quote(table))));
  }

  @Override
  public Sql put(String table, long number, String words) {
    return Sql.of(
        """
        INSERT INTO %s (rowid, words) VALUES (?, array_to_tsvector(string_to_array(?, ' ')))
          ON CONFLICT (rowid) DO UPDATE SET words = excluded.words\
        """
            .formatted(quote(table)),
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
    // Words have no quote and no backslash in them.
    String expression =
        words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" & "));
    if (prefix != null) {
      expression += (words.isEmpty() ? "'" : " & '") + prefix + "':*";
    }
    if (without != null) {
      expression += " & !'" + without + "'";
    }
    return Sql.of(quote(table) + ".words @@ CAST(? AS TSQUERY)", expression);
  }

  private String quote(String name) {
    return dialect.quote(name);
  }
}
