package dev.pylon.db.postgres;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.DatabaseException.Reason;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a failure of the driver means, by its SQLSTATE (Postgres manual, appendix A). Pure. */
final class PostgresFailure {
  /** From {@code Key (email, "orgId")=(a@b.c, 7) already exists.}, in whichever language. */
  private static final Pattern KEY = Pattern.compile("\\((.*?)\\)=\\(");

  private PostgresFailure() {}

  static DatabaseException translate(SQLException failure) {
    String state = state(failure);
    return switch (state) {
      case "23505" ->
          new DatabaseException(
              Reason.UNIQUE,
              "a value that must be unique is there already",
              columns(failure),
              failure);
      case "23502" ->
          new DatabaseException(
              Reason.NOT_NULL, "a required value is missing", column(failure), failure);
      case "22003" ->
          new DatabaseException(Reason.RANGE, "a number is too large for its column", failure);
      case "08004" ->
          new DatabaseException(
              Reason.LOST, "the server refused the connection, or speaks no TLS", failure);
      case "25006", "42501" ->
          new DatabaseException(Reason.READ_ONLY, "the database may not be written", failure);
      case "28000", "28P01" ->
          new DatabaseException(Reason.LOST, "user or password were refused", failure);
      case "3D000" -> new DatabaseException(Reason.LOST, "there is no such database", failure);
      case "53100" ->
          new DatabaseException(Reason.FULL, "no room is left to write the database", failure);
      case "53300" ->
          new DatabaseException(Reason.LOST, "the server has no connection left", failure);
      case "55P03", "55006" ->
          new DatabaseException(Reason.BUSY, "others have the rows locked", failure);
      case "57014" ->
          new DatabaseException(Reason.INTERRUPTED, "the statement was stopped", failure);
      case "57P01", "57P02", "57P03", "57P05", "25P03", "25P04" ->
          new DatabaseException(Reason.LOST, "the server ended the connection", failure);
      case "XX001", "XX002" ->
          new DatabaseException(Reason.CORRUPT, "the database is damaged", failure);
      default -> byClass(state, failure);
    };
  }

  private static DatabaseException byClass(String state, SQLException failure) {
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "08" -> new DatabaseException(Reason.LOST, "the server does not answer", failure);
      case "40" -> new DatabaseException(Reason.CONFLICT, "others changed the same rows", failure);
      case "0A", "21", "22", "23", "42", "44", "54" ->
          new DatabaseException(Reason.STATEMENT, "the database refused the statement", failure);
      case "53" -> new DatabaseException(Reason.FULL, "the server is out of resources", failure);
      default -> new DatabaseException(Reason.FAULT, "the database failed", failure);
    };
  }

  /** The innermost state: a pool says only that it got no connection. */
  private static String state(SQLException failure) {
    String state = "08000";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException said && said.getSQLState() != null) {
        return said.getSQLState();
      }
      if (cause instanceof SQLException said && said.getSQLState() != null) {
        state = said.getSQLState();
      }
    }
    return state;
  }

  private static List<String> columns(SQLException failure) {
    ServerErrorMessage said = said(failure);
    String detail = said == null ? null : said.getDetail();
    Matcher key = KEY.matcher(Objects.requireNonNullElse(detail, ""));
    if (!key.find()) {
      return List.of();
    }
    return Arrays.stream(key.group(1).split(", ")).map(PostgresFailure::unquoted).toList();
  }

  private static String unquoted(String name) {
    return name.startsWith("\"") && name.endsWith("\"") && name.length() > 1
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  private static List<String> column(SQLException failure) {
    ServerErrorMessage said = said(failure);
    String column = said == null ? null : said.getColumn();
    return column == null ? List.of() : List.of(column);
  }

  private static @Nullable ServerErrorMessage said(SQLException failure) {
    return failure instanceof PSQLException said ? said.getServerErrorMessage() : null;
  }
}
