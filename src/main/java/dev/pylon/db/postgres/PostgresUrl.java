package dev.pylon.db.postgres;

import dev.pylon.db.DatabaseError;
import dev.pylon.model.PylonException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is and how it is spoken to, from a URL as libpq and the original server take it
 * (data contract, 2.6):
 *
 * <pre>postgres://ann:secret@db.example.com:5432/app?sslmode=require</pre>
 *
 * @param jdbc for the driver, without the user and without the password
 * @param shown for people: the host and the database, nothing that is secret
 */
record PostgresUrl(String jdbc, @Nullable String user, @Nullable String password, String shown) {
  private static final String PORT = "5432";

  /** What only libpq understands, and what is said in another way here. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "channel_binding",
          "client_encoding",
          "connect_timeout",
          "dbname",
          "fallback_application_name",
          "gssencmode",
          "host",
          "hostaddr",
          "keepalives",
          "keepalives_count",
          "keepalives_idle",
          "keepalives_interval",
          "load_balance_hosts",
          "passfile",
          "password",
          "pgbouncer",
          "port",
          "requirepeer",
          "service",
          "ssl_max_protocol_version",
          "ssl_min_protocol_version",
          "sslcompression",
          "sslcrl",
          "sslmode",
          "sslrootcert",
          "sslsni",
          "target_session_attrs",
          "tcp_user_timeout",
          "user");

  /**
   * @throws PylonException {@code DATABASE_UNAVAILABLE} where {@code url} names no database
   */
  static PostgresUrl parse(String url) {
    String rest = url.substring(url.indexOf("://") + 3);
    int question = rest.indexOf('?');
    Map<String, String> given = parameters(question < 0 ? "" : rest.substring(question + 1));
    String place = question < 0 ? rest : rest.substring(0, question);
    // The last one: a password may hold an @ that nobody has escaped.
    int at = place.lastIndexOf('@');
    String account = at < 0 ? "" : place.substring(0, at);
    String[] hostsAndName = place.substring(at + 1).split("/", 2);
    String hosts = hosts(hostsAndName[0].isEmpty() ? given.get("host") : hostsAndName[0]);
    String name = decoded(hostsAndName.length < 2 ? "" : hostsAndName[1]);
    String user = account.isEmpty() ? given.get("user") : decoded(account.split(":", 2)[0]);
    String database =
        name.isEmpty() ? given.getOrDefault("dbname", user == null ? "" : user) : name;
    String shown = "postgres://" + hosts + "/" + database;
    if (database.isEmpty() || hosts.startsWith("/")) {
      throw new PylonException(
              DatabaseError.DATABASE_UNAVAILABLE,
              database.isEmpty()
                  ? "The Postgres URL names no database"
                  : "Postgres cannot be reached through a file: " + hosts)
          .with("hint", "write postgres://user:password@host:5432/database");
    }
    return new PostgresUrl(
        "jdbc:postgresql://%s/%s%s".formatted(hosts, encoded(database), query(driver(given))),
        user,
        account.contains(":") ? decoded(account.split(":", 2)[1]) : given.get("password"),
        shown);
  }

  /** Every host with its port; several may be parted by commas. */
  private static String hosts(@Nullable String hosts) {
    if (hosts == null || hosts.isEmpty()) {
      return "localhost:" + PORT;
    }
    if (hosts.startsWith("/") || hosts.startsWith("%2F") || hosts.startsWith("%2f")) {
      return decoded(hosts);
    }
    return java.util.Arrays.stream(hosts.split(","))
        .map(host -> host.matches(".*:\\d+") ? host : host + ":" + PORT)
        .collect(Collectors.joining(","));
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new LinkedHashMap<String, String>();
    for (String part : query.split("&")) {
      if (!part.isEmpty()) {
        String[] pair = part.split("=", 2);
        parameters.put(decoded(pair[0]), pair.length < 2 ? "" : decoded(pair[1]));
      }
    }
    return parameters;
  }

  /** What the driver is told: what it understands as it was given, the rest in its own words. */
  private static Map<String, String> driver(Map<String, String> given) {
    var driver = new LinkedHashMap<String, String>();
    given.forEach((name, value) -> {
      if (!LEFT_OUT.contains(name)) {
        driver.put(name.equals("application_name") ? "ApplicationName" : name, value);
      }
    });
    String seconds = given.get("connect_timeout");
    if (seconds != null && seconds.matches("[1-9]\\d{0,3}")) {
      driver.put("connectTimeout", seconds);
    }
    driver.putAll(encryption(given.get("sslmode"), given.get("sslrootcert")));
    return driver;
  }

  /**
   * Without a word about it nothing is encrypted; with one, whatever is not clearly a no is a yes.
   * Where a certificate is to be verified and nobody says by whose signature, those that the JVM
   * trusts count.
   */
  private static Map<String, String> encryption(@Nullable String mode, @Nullable String root) {
    String wish = mode == null ? null : mode.toLowerCase(Locale.ROOT);
    if (wish == null && root == null) {
      return Map.of("sslmode", "disable");
    }
    boolean trustsJvm = root == null || root.isEmpty() || root.equals("system");
    return switch (wish == null ? "require" : wish) {
      case "disable", "allow" -> Map.of("sslmode", "disable");
      case "prefer" -> Map.of("sslmode", "prefer");
      case "verify-ca", "verify-full" ->
          trustsJvm
              ? Map.of("sslmode", wish, "sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory")
              : Map.of("sslmode", wish, "sslrootcert", root);
      default ->
          trustsJvm
              ? Map.of("sslmode", "require")
              : Map.of("sslmode", "require", "sslrootcert", root);
    };
  }

  private static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&", "?", ""));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text; // A percent sign that nobody has escaped stands for itself.
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** What may be seen by anybody. */
  @Override
  public String toString() {
    return shown;
  }
}
