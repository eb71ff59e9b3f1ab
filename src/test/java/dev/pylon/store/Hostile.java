package dev.pylon.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What people send who want to see or to break what is not theirs, and how one tells. */
public final class Hostile {
  /** Stands in tables that are nobody's business, so it must be in no answer. */
  public static final String SECRET = "canary-4f1d";

  /** Tables that are there and are no entities. */
  public static final List<String> TABLES =
      List.of(
          "victims",
          "_pylon_accounts",
          "_pylon_changes",
          "_pylon_changes_state",
          "_pylon_schema_history",
          "_pylon_jobs",
          "_pylon_search",
          "_fts_Todo",
          "_fts_Todo.words",
          "sqlite_schema",
          "sqlite_master",
          "pg_user",
          "pg_catalog.pg_user",
          "public.victims",
          "main.victims",
          "information_schema.tables",
          "todo",
          "\"Todo\"");

  /** In the words of a database, a driver or a stack, which are not ours. */
  private static final Pattern NOT_OURS =
      Pattern.compile(
          """
          sqlite|sqlstate|jdbc|psql|pgjdbc|postgres|constraint failed|violates|syntax error|near "\
          |no such table|no such column|unterminated|does not exist|malformed match|fts5\
          |invalid byte sequence|SELECT |INSERT INTO|UPDATE "|DELETE FROM|exception|java\\.|org\\.\
          |\\tat \
          """
              .strip(),
          Pattern.CASE_INSENSITIVE);

  private Hostile() {}

  /** Texts for every place where a text may stand; at most some 60 characters each. */
  public static List<String> texts() {
    var texts = new ArrayList<>(TABLES);
    texts.addAll(
        List.of(
            "'",
            "\"",
            "''",
            "\"\"",
            "`",
            "\\",
            "\\'",
            ";",
            "--",
            "/*",
            "*/",
            "?",
            "??",
            "$1",
            ":name",
            "@x",
            "{0}",
            "%s",
            "%n%1$s",
            "${jndi:ldap://x}",
            "' OR '1'='1",
            "\" OR \"1\"=\"1",
            "x'; DROP TABLE victims; --",
            "x\"; DROP TABLE victims; --",
            "x\"); DELETE FROM \"victims\"; --",
            "id\" FROM \"victims\" --",
            "title\" = \"title\" OR 1=1 --",
            "(SELECT secret FROM victims)",
            "1; UPDATE victims SET secret = 'gone'",
            "1 UNION SELECT id, secret FROM victims",
            "asc, (SELECT secret FROM victims)",
            "asc; DROP TABLE victims",
            "E'\\''; DROP TABLE victims; --",
            "$$; DROP TABLE victims; $$",
            "day'), (SELECT secret FROM victims",
            "title* NEAR(a b)",
            "\"title:",
            "a AND OR NOT (",
            "a & | ! <-> :*",
            "id",
            "rowid",
            "ctid",
            "oid",
            "__proto__",
            "constructor",
            "$where",
            "$or",
            "$order",
            "$number",
            "fts.number",
            "cursor",
            "../../etc/passwd",
            "a/b",
            "",
            " ",
            "\t\r\n",
            "\u0000",
            "a\u0000b",
            "\u202Eabc",
            "\uFEFF",
            "😀",
            "-1",
            "0x7fffffffffffffff",
            "9223372036854775808",
            "1e999",
            "NaN",
            "Infinity",
            "true",
            "null",
            "{}",
            "[]",
            "0".repeat(39) + "g",
            "x".repeat(60)));
    return texts;
  }

  /** Fails where {@code said}, which may repeat {@code sent}, has words or secrets not for it. */
  public static void requireHarmless(String said, String sent) {
    assertThat(said).doesNotContain(SECRET);
    String quoted = Json.text(sent);
    String twice = Json.text(quoted.substring(1, quoted.length() - 1));
    String ours = said.replace(twice.substring(1, twice.length() - 1), "");
    ours = ours.replace(quoted.substring(1, quoted.length() - 1), "");
    assertThat(sent.isEmpty() ? ours : ours.replace(sent, "")).doesNotContainPattern(NOT_OURS);
  }
}
