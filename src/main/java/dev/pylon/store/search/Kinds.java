package dev.pylon.store.search;

import static dev.pylon.store.search.IndexTables.CODE;
import static dev.pylon.store.search.IndexTables.KIND;
import static dev.pylon.store.search.IndexTables.NAME;

import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.schema.Field;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of an entity's rows. Rows are of one kind where they have the same value in every
 * facet. There are few kinds where there are many rows, and a row says its kind with one number: so
 * filters ask kinds, and a search counts how many rows it finds of each.
 */
final class Kinds {
  private final IndexTables tables;
  private final String find;
  private final String make;
  private final String forget;

  Kinds(IndexTables tables) {
    this.tables = tables;
    String kinds = tables.kinds();
    String values = tables.list(tables.facets());
    this.find = "SELECT %s FROM %s WHERE %s = ?".formatted(CODE, kinds, NAME);
    // The values are taken from the row itself, so they are the very same. Who makes a kind at the
    // same moment is waited for.
    this.make =
        """
        INSERT INTO %s (%s%s) SELECT ?%s FROM %s WHERE id = ?
          ON CONFLICT (%s) DO UPDATE SET %s = excluded.%s RETURNING %s\
        """
            .formatted(
                kinds,
                NAME,
                values,
                values,
                tables.dialect().quote(tables.entity()),
                NAME,
                NAME,
                NAME,
                CODE);
    this.forget =
        "DELETE FROM %s WHERE %s = ? AND NOT EXISTS (SELECT 1 FROM %s WHERE %s = ?)"
            .formatted(kinds, CODE, tables.rows(), KIND);
  }

  /** The kind of {@code row}, which stands in the entity's table as it is. */
  long of(Session session, Map<String, @Nullable Object> row) {
    String name = name(row);
    Long code = session.first(Sql.of(find, name), columns -> columns.integer(0));
    if (code == null) {
      code = session.first(Sql.of(make, name, row.get("id")), columns -> columns.integer(0));
    }
    return Objects.requireNonNull(code);
  }

  /** Lets go of a kind that no row is of any more; otherwise does nothing. */
  void forget(Session session, long code) {
    session.execute(Sql.of(forget, code, code));
  }

  /** Kinds of the same name have the same values. */
  private String name(Map<String, @Nullable Object> row) {
    var values = tables.facets().stream().map(Field::name).map(row::get).toList();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] text = Json.text(values).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(digest.digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
