package dev.pylon.store.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a text of SQL into its statements. Knows as much of the language as that takes: quotes,
 * comments, Postgres's dollar quotes, and the body of a trigger, which holds semicolons of its own.
 * An object serves one text.
 */
final class SqlScript {
  private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$[A-Za-z_]*\\$");

  private static final Pattern TRIGGER =
      Pattern.compile("(?is)CREATE\\s+(TEMP\\s+|TEMPORARY\\s+)?TRIGGER\\b.*\\bBEGIN\\b.*");

  private static final Pattern TRIGGER_END = Pattern.compile("(?is).*;\\s*END\\s*");

  private static final Pattern TRANSACTION =
      Pattern.compile(
          "(?is)(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|START\\s+TRANSACTION|ATTACH|DETACH"
              + "|VACUUM)\\b.*");

  private final String text;
  private final List<String> statements = new ArrayList<>();
  private final StringBuilder current = new StringBuilder();
  private int at;

  private SqlScript(String text) {
    this.text = text;
  }

  /** The statements of {@code text}, without comments and without their semicolons. */
  static List<String> statements(String text) {
    var script = new SqlScript(text);
    while (script.at < text.length()) {
      script.step();
    }
    script.end();
    return List.copyOf(script.statements);
  }

  /** Whether a statement would begin or end a transaction, or does not run inside of one. */
  static boolean isOfTransactions(String statement) {
    return TRANSACTION.matcher(statement).matches();
  }

  private void step() {
    char c = text.charAt(at);
    if (text.startsWith("--", at)) {
      skipTo("\n");
    } else if (text.startsWith("/*", at)) {
      skipTo("*/");
    } else if (c == '\'' || c == '"' || c == '`') {
      copyTo(String.valueOf(c), 1);
    } else if (c == '$') {
      dollar();
    } else if (c == ';' && !isInsideTrigger()) {
      end();
      at++;
    } else {
      current.append(c);
      at++;
    }
  }

  private void skipTo(String end) {
    int found = text.indexOf(end, at);
    current.append(' ');
    at = found < 0 ? text.length() : found + end.length();
  }

  private void copyTo(String end, int opening) {
    int found = text.indexOf(end, at + opening);
    int next = found < 0 ? text.length() : found + end.length();
    current.append(text, at, next);
    at = next;
  }

  private void dollar() {
    Matcher quote = DOLLAR_QUOTE.matcher(text).region(at, text.length());
    if (quote.lookingAt()) {
      copyTo(quote.group(), quote.group().length());
    } else {
      current.append('$');
      at++;
    }
  }

  /** A semicolon in the body of a trigger belongs to it; the one after {@code END} does not. */
  private boolean isInsideTrigger() {
    String statement = current.toString().strip();
    return statement.toUpperCase(Locale.ROOT).startsWith("CREATE")
        && TRIGGER.matcher(statement).matches()
        && !TRIGGER_END.matcher(statement).matches();
  }

  private void end() {
    String statement = current.toString().strip();
    if (!statement.isEmpty()) {
      statements.add(statement);
    }
    current.setLength(0);
  }
}
