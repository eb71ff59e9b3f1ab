package dev.pylon.schema;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One finding about a manifest or a plan (data contract, 0).
 *
 * @param code in upper snake case, such as {@code FIELD_TYPE_UNKNOWN}
 * @param message what is wrong with what
 * @param span where, if that is known
 * @param hint what would be right, if there is something to say
 */
public record Diagnostic(
    Severity severity, String code, String message, @Nullable Span span, @Nullable String hint) {

  /** How much a finding weighs. Only errors refuse a manifest. */
  public enum Severity {
    ERROR,
    WARNING,
    INFO;

    /** As it is written in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A place in a file; lines and columns count from 1. */
  public record Span(String file, @Nullable Integer line, @Nullable Integer column) {
    Map<String, Object> json() {
      var json = new LinkedHashMap<String, Object>();
      json.put("file", file);
      if (line != null) {
        json.put("line", line);
      }
      if (column != null) {
        json.put("column", column);
      }
      return json;
    }
  }

  public static Diagnostic error(String code, String message) {
    return new Diagnostic(Severity.ERROR, code, message, null, null);
  }

  public static Diagnostic warning(String code, String message) {
    return new Diagnostic(Severity.WARNING, code, message, null, null);
  }

  public static Diagnostic info(String code, String message) {
    return new Diagnostic(Severity.INFO, code, message, null, null);
  }

  /** The same finding with advice. */
  public Diagnostic hint(String advice) {
    return new Diagnostic(severity, code, message, span, advice);
  }

  /** The same finding at a place. */
  Diagnostic at(@Nullable Span place) {
    return new Diagnostic(severity, code, message, place, hint);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** The finding in one line, with its place in front where that is known. */
  public String text() {
    if (span == null) {
      return code + " " + message;
    }
    String line = span.line() == null ? "" : ":" + span.line();
    String column = span.column() == null ? "" : ":" + span.column();
    return "%s%s%s: %s %s".formatted(span.file(), line, column, code, message);
  }

  /** The finding as a JSON object; absent parts are left out. */
  public Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("severity", severity.text());
    json.put("code", code);
    json.put("message", message);
    if (span != null) {
      json.put("span", span.json());
    }
    if (hint != null) {
      json.put("hint", hint);
    }
    return json;
  }
}
