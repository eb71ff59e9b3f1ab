package dev.pylon.store.migration;

import dev.pylon.model.PylonException;
import dev.pylon.schema.SchemaError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of SQL that a person wrote, called {@code NNNN_name.sql}. What stands above a line {@code
 * -- down} is done; what stands below is for whoever takes it back by hand.
 */
public record MigrationFile(int number, String name, String filename, String text) {
  private static final Pattern FILENAME = Pattern.compile("(\\d{1,9})_(.+)\\.sql");
  private static final Pattern DOWN = Pattern.compile("(?im)^--\\s*down\\b.*$");

  /** The file, where {@code filename} is one of a migration. */
  public static Optional<MigrationFile> of(String filename, String text) {
    Matcher parts = FILENAME.matcher(filename);
    return parts.matches()
        ? Optional.of(
            new MigrationFile(Integer.parseInt(parts.group(1)), parts.group(2), filename, text))
        : Optional.empty();
  }

  /** Changes with each letter of the file. */
  public String checksum() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * What is to be done, in order.
   *
   * @throws PylonException {@link SchemaError#MIGRATION_INVALID} where a statement would end the
   *     transaction that the file runs in
   */
  List<String> statements() {
    List<String> statements = SqlScript.statements(DOWN.split(text, 2)[0]);
    for (String statement : statements) {
      if (SqlScript.isOfTransactions(statement)) {
        throw new PylonException(
                SchemaError.MIGRATION_INVALID,
                "%s: \"%s\" cannot stand in a migration"
                    .formatted(filename, statement.lines().findFirst().orElse("")))
            .with("hint", "Each file runs in a transaction of its own");
      }
    }
    return statements;
  }
}
