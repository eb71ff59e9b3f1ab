package dev.pylon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every setting, declared once: here, or where its subject is. The manual, {@code pylon env} and
 * the warnings read from here.
 */
public final class Settings {
  public static final Setting<Integer> PORT =
      Setting.of("PYLON_PORT", Kind.whole(0, 65_535), 4_321, "The port; 0 takes any free one.")
          .flag("--port");

  public static final Setting<List<String>> HOST =
      Setting.of("PYLON_HOST", Kind.LIST, List.of("0.0.0.0"), "Addresses to listen on.")
          .inDevCommand(List.of("127.0.0.1", "::1"))
          .flag("--host");

  public static final Setting<Boolean> DEV_MODE =
      Setting.of(
              "PYLON_DEV_MODE",
              Kind.FLAG,
              false,
              "Convenience for development: any origin, generous limits, detailed errors.")
          .inDevCommand(true);

  public static final Setting<Boolean> ALLOW_INSECURE_DEV =
      Setting.of(
              "PYLON_ALLOW_INSECURE_DEV",
              Kind.FLAG,
              false,
              "Gives what dev mode opens to callers from other machines too.")
          .flag("--allow-insecure-dev");

  public static final Setting<String> ADMIN_TOKEN =
      Setting.of("PYLON_ADMIN_TOKEN", Kind.TEXT, null, "Bearer token of the administrator.")
          .hidden();

  public static final Setting<List<String>> CORS_ORIGIN =
      Setting.of(
              "PYLON_CORS_ORIGIN",
              Kind.LIST,
              List.of(),
              "Origins whose pages may call; needed outside dev mode, where * is refused.")
          .inDevMode(List.of("*"));

  public static final Setting<List<String>> CSRF_ORIGINS =
      Setting.of(
          "PYLON_CSRF_ORIGINS",
          Kind.LIST,
          List.of(),
          "Origins whose pages may write with a cookie; as PYLON_CORS_ORIGIN when unset.");

  public static final Setting<Integer> TRUST_PROXY_HOPS =
      Setting.of(
          "PYLON_TRUST_PROXY_HOPS",
          Kind.whole(0, 16),
          0,
          "Proxies in front of us whose X-Forwarded-For is believed.");

  public static final Setting<Integer> RATE_LIMIT_MAX =
      Setting.of(
              "PYLON_RATE_LIMIT_MAX",
              Kind.COUNT,
              600,
              "Requests of one address in a window; 0 for no limit.")
          .inDevMode(100_000);

  public static final Setting<Integer> RATE_LIMIT_WINDOW =
      Setting.of("PYLON_RATE_LIMIT_WINDOW", Kind.WINDOW_SECONDS, 60, "That window.").in("seconds");

  public static final Setting<Integer> CONNECTIONS_MAX =
      Setting.of(
          "PYLON_CONNECTIONS_MAX",
          Kind.whole(10, 1_000_000),
          12_000,
          "Connections held open; where one more comes, the one idle longest is closed.");

  public static final Setting<Integer> REQUESTS_MAX =
      Setting.of(
          "PYLON_REQUESTS_MAX",
          Kind.whole(1, 1_000_000),
          5_000,
          "Requests answered at once; more are refused with 503.");

  public static final Setting<Duration> HEADER_TIMEOUT =
      Setting.of(
              "PYLON_HEADER_TIMEOUT",
              Kind.DURATION,
              Duration.ofSeconds(10),
              "Longest the head of a request may take to arrive.")
          .in("seconds");

  public static final Setting<Duration> BODY_TIMEOUT =
      Setting.of(
              "PYLON_BODY_TIMEOUT",
              Kind.DURATION,
              Duration.ofSeconds(30),
              "Longest a small body may take to arrive; a large one gets more.")
          .in("seconds");

  public static final Setting<Duration> IDLE_TIMEOUT =
      Setting.of(
              "PYLON_IDLE_TIMEOUT",
              Kind.DURATION,
              Duration.ofSeconds(75),
              "How long a connection is kept between two requests.")
          .in("seconds");

  public static final Setting<Integer> IMPORT_MAX_MB =
      Setting.of(
              "PYLON_IMPORT_MAX_MB",
              Kind.whole(1, 1_048_576),
              1_024,
              "Longest body of an import; it is read as it comes, and kept on the disk meanwhile.")
          .in("megabytes");

  public static final Setting<Boolean> ACCESS_LOG =
      Setting.of(
              "PYLON_ACCESS_LOG",
              Kind.FLAG,
              true,
              "A line of JSON for each request, on standard error.")
          .inDevMode(false);

  public static final Setting<Path> TLS_CERT =
      Setting.of(
          "PYLON_TLS_CERT",
          Kind.PATH,
          null,
          "PEM file with our certificate and those above it; HTTPS is spoken then.");

  public static final Setting<Path> TLS_KEY =
      Setting.of("PYLON_TLS_KEY", Kind.PATH, null, "PEM file with its private key (PKCS#8).");

  public static final Setting<Path> TLS_KEYSTORE =
      Setting.of(
          "PYLON_TLS_KEYSTORE", Kind.PATH, null, "A PKCS#12 key store instead of the two files.");

  public static final Setting<String> TLS_KEYSTORE_PASSWORD =
      Setting.of("PYLON_TLS_KEYSTORE_PASSWORD", Kind.TEXT, null, "Opens the key store.").hidden();

  public static final Setting<Duration> DRAIN =
      Setting.of(
              "PYLON_DRAIN_SECS",
              Kind.DURATION,
              Duration.ofSeconds(10),
              "Longest running calls may take at the end.")
          .inDevCommand(Duration.ofSeconds(2))
          .in("seconds");

  public static final Setting<Duration> DRAIN_DELAY =
      Setting.of(
              "PYLON_DRAIN_DELAY_SECS",
              Kind.DURATION,
              Duration.ZERO,
              "How long serve goes on at the end while /readyz says so, for balancers to see it.")
          .in("seconds");

  public static final Setting<String> DATABASE_URL =
      Setting.of("DATABASE_URL", Kind.TEXT, null, "The database; dev obeys it for Postgres only.")
          .hidden();

  public static final Setting<String> DB_PATH =
      Setting.of(
              "PYLON_DB_PATH",
              Kind.TEXT,
              null,
              "The SQLite file, or a postgres:// URL; dev obeys only --db.")
          .flag("--db");

  public static final Setting<Boolean> IN_MEMORY =
      Setting.of("PYLON_IN_MEMORY", Kind.FLAG, false, "A database that ends with the server.")
          .flag("--in-memory");

  public static final Setting<Integer> ROWS_MAX =
      Setting.of(
          "PYLON_ROWS_MAX", Kind.whole(1, 10_000_000), 100_000, "Most rows one answer may hold.");

  public static final Setting<Path> MANIFEST =
      Setting.of(
          "PYLON_MANIFEST", Kind.PATH, null, "A ready manifest to serve where there is no entry.");

  public static final Setting<String> LOG_FORMAT =
      Setting.of("PYLON_LOG_FORMAT", Kind.TEXT, "text", "json for a log of JSON lines.");

  public static final Setting<String> LOG_LEVEL =
      Setting.of("PYLON_LOG_LEVEL", Kind.TEXT, "info", "Least severe log line shown.");

  /** All of them, in the order of the manual. */
  public static final List<Setting<?>> ALL =
      inOrder(
          PORT,
          HOST,
          DEV_MODE,
          ALLOW_INSECURE_DEV,
          ADMIN_TOKEN,
          CORS_ORIGIN,
          CSRF_ORIGINS,
          SignInSettings.JWT_SECRET,
          SignInSettings.JWT_ISSUER,
          SignInSettings.JWT_LIFETIME,
          SignInSettings.JWT_TRUST_ISSUER,
          SignInSettings.JWT_TRUST_AUDIENCE,
          SignInSettings.JWT_TRUST_JWKS_URL,
          SignInSettings.JWT_TRUST_ALGORITHMS,
          SignInSettings.JWT_TRUST_USER_CLAIM,
          SignInSettings.JWT_TRUST_ROLES_CLAIM,
          SignInSettings.JWT_TRUST_TENANT_CLAIM,
          SignInSettings.API_KEY_PEPPER,
          TRUST_PROXY_HOPS,
          RATE_LIMIT_MAX,
          RATE_LIMIT_WINDOW,
          CONNECTIONS_MAX,
          REQUESTS_MAX,
          HEADER_TIMEOUT,
          BODY_TIMEOUT,
          IMPORT_MAX_MB,
          IDLE_TIMEOUT,
          ACCESS_LOG,
          TLS_CERT,
          TLS_KEY,
          TLS_KEYSTORE,
          TLS_KEYSTORE_PASSWORD,
          SignInSettings.SESSION_DB,
          SignInSettings.SESSION_IN_MEMORY,
          SignInSettings.COOKIE_NAME,
          SignInSettings.COOKIE_DOMAIN,
          SignInSettings.COOKIE_SECURE,
          SignInSettings.COOKIE_SAME_SITE,
          SignInSettings.PUBLIC_URL,
          SignInSettings.DASHBOARD_URL,
          EmailSettings.EMAIL_PROVIDER,
          EmailSettings.EMAIL_API_KEY,
          EmailSettings.EMAIL_FROM,
          EmailSettings.EMAIL_ENDPOINT,
          EmailSettings.EMAIL_HTTP_URL,
          EmailSettings.EMAIL_SMTP_HOST,
          EmailSettings.EMAIL_SMTP_PORT,
          EmailSettings.EMAIL_SMTP_SECURITY,
          EmailSettings.EMAIL_SMTP_USER,
          EmailSettings.EMAIL_SMTP_PASSWORD,
          SignInSettings.TRUSTED_ORIGINS,
          SignInSettings.DISABLE_HIBP,
          SignInSettings.TOTP_ENCRYPTION_KEY,
          SignInSettings.TOTP_ISSUER,
          SignInSettings.TENANT_SCOPE,
          RunnerSettings.FN_RATE_LIMIT_MAX,
          RunnerSettings.FN_RATE_LIMIT_WINDOW,
          RunnerSettings.FUNCTIONS_DIR,
          RunnerSettings.FUNCTIONS_RUNTIME,
          RunnerSettings.FN_WORKERS,
          RunnerSettings.FN_CALL_TIMEOUT,
          RunnerSettings.FN_QUEUE_TIMEOUT,
          RunnerSettings.FN_MEMORY_MAX,
          RunnerSettings.FN_ENV_ALLOW,
          AiSettings.AI_PROVIDER,
          AiSettings.AI_API_KEY,
          AiSettings.AI_MODEL,
          AiSettings.AI_BASE_URL,
          RunnerSettings.JOB_WORKERS,
          RunnerSettings.JOBS_RETENTION,
          RunnerSettings.JOBS_IN_MEMORY,
          RunnerSettings.JOBS_DB,
          RunnerSettings.BUN,
          DRAIN,
          DRAIN_DELAY,
          DATABASE_URL,
          DB_PATH,
          IN_MEMORY,
          ROWS_MAX,
          MANIFEST,
          LOG_FORMAT,
          LOG_LEVEL);

  private Settings() {}

  /** Words for letters stand behind how they leave. */
  private static List<Setting<?>> inOrder(Setting<?>... settings) {
    return Stream.of(settings)
        .flatMap(setting ->
            setting == EmailSettings.EMAIL_SMTP_PASSWORD
                ? Stream.concat(Stream.of(setting), EmailSettings.EMAIL_TEMPLATES.stream())
                : Stream.of(setting))
        .<Setting<?>>map(setting -> setting)
        .toList();
  }

  /**
   * All of them, and those of the providers that {@code names} are about.
   *
   * @param names of variables that somebody has set
   */
  static List<Setting<?>> all(Collection<String> names) {
    var all = new ArrayList<Setting<?>>(ALL);
    all.addAll(OAuthSettings.given(names));
    return List.copyOf(all);
  }
}
