package dev.pylon.config;

import dev.pylon.model.SigningAlgorithm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Every setting, declared once. The manual, {@code pylon env} and the warnings read from here. */
public final class Settings {
  /** Windows of the rate limits: no use is known for more than a day. */
  private static final Kind<Integer> WINDOW_SECONDS = Kind.whole(1, 86_400);

  private static final Kind<Integer> COUNT = Kind.whole(0, Integer.MAX_VALUE);

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

  public static final Setting<String> JWT_SECRET =
      Setting.of(
              "PYLON_JWT_SECRET", Kind.TEXT, null, "Signs and checks bearer tokens that are JWTs.")
          .hidden();

  public static final Setting<String> JWT_ISSUER =
      Setting.of(
          "PYLON_JWT_ISSUER",
          Kind.TEXT,
          null,
          "Who signs with that secret; without it none of those tokens is taken.");

  public static final Setting<Integer> JWT_LIFETIME =
      Setting.of(
              "PYLON_JWT_LIFETIME_SECS",
              Kind.whole(60, 2_592_000),
              3_600,
              "How long a JWT holds that we make.")
          .in("seconds");

  public static final Setting<String> JWT_TRUST_ISSUER =
      Setting.of(
          "PYLON_JWT_TRUST_ISSUER",
          Kind.TEXT,
          null,
          "Another issuer whose JWTs are taken, such as https://login.example.com; its keys are"
              + " found by OpenID discovery.");

  public static final Setting<List<String>> JWT_TRUST_AUDIENCE =
      Setting.of(
          "PYLON_JWT_TRUST_AUDIENCE",
          Kind.LIST,
          List.of(),
          "Whom tokens of that issuer must be for: what it calls us.");

  public static final Setting<String> JWT_TRUST_JWKS_URL =
      Setting.of(
          "PYLON_JWT_TRUST_JWKS_URL",
          Kind.TEXT,
          null,
          "Where that issuer publishes its keys, if it does not tell.");

  public static final Setting<List<String>> JWT_TRUST_ALGORITHMS =
      Setting.of(
          "PYLON_JWT_TRUST_ALGORITHMS",
          Kind.listOf(SigningAlgorithm.names()),
          List.of(SigningAlgorithm.RS256.name(), SigningAlgorithm.ES256.name()),
          "What tokens of that issuer are signed with.");

  public static final Setting<String> JWT_TRUST_USER_CLAIM =
      Setting.of(
          "PYLON_JWT_TRUST_USER_CLAIM", Kind.TEXT, "sub", "The claim that is the id of a user.");

  public static final Setting<String> JWT_TRUST_ROLES_CLAIM =
      Setting.of(
          "PYLON_JWT_TRUST_ROLES_CLAIM",
          Kind.TEXT,
          "https://pylonsync.com/roles",
          "The claim that lists roles, such as realm_access.roles.");

  public static final Setting<String> JWT_TRUST_TENANT_CLAIM =
      Setting.of(
          "PYLON_JWT_TRUST_TENANT_CLAIM",
          Kind.TEXT,
          "https://pylonsync.com/tenant",
          "The claim that is the tenant.");

  public static final Setting<String> API_KEY_PEPPER =
      Setting.of(
              "PYLON_API_KEY_PEPPER", Kind.TEXT, null, "Mixed into API keys before they are kept.")
          .hidden();

  public static final Setting<Integer> TRUST_PROXY_HOPS =
      Setting.of(
          "PYLON_TRUST_PROXY_HOPS",
          Kind.whole(0, 16),
          0,
          "Proxies in front of us whose X-Forwarded-For is believed.");

  public static final Setting<Integer> RATE_LIMIT_MAX =
      Setting.of(
              "PYLON_RATE_LIMIT_MAX",
              COUNT,
              600,
              "Requests of one address in a window; 0 for no limit.")
          .inDevMode(100_000);

  public static final Setting<Integer> RATE_LIMIT_WINDOW =
      Setting.of("PYLON_RATE_LIMIT_WINDOW", WINDOW_SECONDS, 60, "That window.").in("seconds");

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

  public static final Setting<Integer> FN_RATE_LIMIT_MAX =
      Setting.of(
              "PYLON_FN_RATE_LIMIT_MAX",
              COUNT,
              30,
              "Calls of one function by one caller in a window; 0 for no limit.")
          .inDevMode(100_000);

  public static final Setting<Integer> FN_RATE_LIMIT_WINDOW =
      Setting.of("PYLON_FN_RATE_LIMIT_WINDOW", WINDOW_SECONDS, 60, "That window.").in("seconds");

  public static final Setting<Path> SESSION_DB =
      Setting.of(
          "PYLON_SESSION_DB",
          Kind.PATH,
          null,
          "The SQLite file of sessions and keys; else one beside the database. Not for Postgres.");

  public static final Setting<Boolean> SESSION_IN_MEMORY =
      Setting.of(
          "PYLON_SESSION_IN_MEMORY",
          Kind.FLAG,
          false,
          "Sessions and keys that end with the server.");

  public static final Setting<String> COOKIE_NAME =
      Setting.of(
          "PYLON_COOKIE_NAME",
          Kind.TEXT,
          null,
          "Name of the session cookie; else the application's with _session behind it.");

  public static final Setting<String> COOKIE_DOMAIN =
      Setting.of(
          "PYLON_COOKIE_DOMAIN", Kind.TEXT, null, "Domain of the session cookie; else the host.");

  public static final Setting<Boolean> COOKIE_SECURE =
      Setting.of(
              "PYLON_COOKIE_SECURE",
              Kind.FLAG,
              true,
              "Whether browsers send the session cookie over TLS only.")
          .inDevMode(false);

  public static final Setting<String> COOKIE_SAME_SITE =
      Setting.of(
          "PYLON_COOKIE_SAME_SITE",
          Kind.oneOf("lax", "strict", "none"),
          "lax",
          "When browsers send the session cookie to us from pages of others; none needs TLS.");

  public static final Setting<String> PUBLIC_URL =
      Setting.of(
          "PYLON_PUBLIC_URL",
          Kind.TEXT,
          null,
          "Where people reach the application; links in letters begin so.");

  public static final Setting<String> DASHBOARD_URL =
      Setting.of(
          "PYLON_DASHBOARD_URL",
          Kind.TEXT,
          "/",
          "The page of the application to which links in letters lead in the end.");

  public static final Setting<String> EMAIL_PROVIDER =
      Setting.of(
          "PYLON_EMAIL_PROVIDER",
          Kind.oneOf("sendgrid", "resend", "stack0", "webhook", "smtp"),
          null,
          "Who takes our letters; nobody when unset, and in dev mode the terminal shows them.");

  public static final Setting<String> EMAIL_API_KEY =
      Setting.of("PYLON_EMAIL_API_KEY", Kind.TEXT, null, "By which that provider knows us.")
          .hidden();

  public static final Setting<String> EMAIL_FROM =
      Setting.of("PYLON_EMAIL_FROM", Kind.TEXT, "noreply@pylonsync.com", "What letters come from.");

  public static final Setting<String> EMAIL_ENDPOINT =
      Setting.of(
          "PYLON_EMAIL_ENDPOINT", Kind.TEXT, null, "Where the provider webhook is asked to send.");

  public static final Setting<String> EMAIL_HTTP_URL =
      Setting.of("PYLON_EMAIL_HTTP_URL", Kind.TEXT, null, "The same by its earlier name.");

  public static final Setting<String> EMAIL_SMTP_HOST =
      Setting.of("PYLON_EMAIL_SMTP_HOST", Kind.TEXT, null, "The mail server of smtp.");

  public static final Setting<Integer> EMAIL_SMTP_PORT =
      Setting.of(
          "PYLON_EMAIL_SMTP_PORT",
          Kind.whole(1, 65_535),
          null,
          "Its port; else 465 for tls and 587 otherwise.");

  public static final Setting<String> EMAIL_SMTP_SECURITY =
      Setting.of(
          "PYLON_EMAIL_SMTP_SECURITY",
          Kind.oneOf("starttls", "tls", "none"),
          "starttls",
          "How it is spoken to: TLS after a greeting, TLS from the start, or in the open.");

  public static final Setting<String> EMAIL_SMTP_USER =
      Setting.of("PYLON_EMAIL_SMTP_USER", Kind.TEXT, null, "Who we are to the mail server.");

  public static final Setting<String> EMAIL_SMTP_PASSWORD =
      Setting.of("PYLON_EMAIL_SMTP_PASSWORD", Kind.TEXT, null, "What proves it.").hidden();

  /** Other words for letters. */
  public static final List<Setting<String>> EMAIL_TEMPLATES =
      Stream.of("MAGIC_CODE", "MAGIC_LINK", "PASSWORD_RESET", "EMAIL_CHANGE", "ORG_INVITE")
          .flatMap(kind ->
              Stream.of(template(kind, "SUBJECT", "subject"), template(kind, "BODY", "text")))
          .toList();

  private static Setting<String> template(String kind, String part, String said) {
    return Setting.of(
        "PYLON_EMAIL_TEMPLATE_%s_%s".formatted(kind, part),
        Kind.TEXT,
        null,
        "Another %s for that letter; {{code}}, {{url}} and {{org_name}} stand for theirs."
            .formatted(said));
  }

  public static final Setting<List<String>> TRUSTED_ORIGINS =
      Setting.of(
              "PYLON_TRUSTED_ORIGINS",
              Kind.LIST,
              List.of(),
              "Origins whose pages people may go back to from other providers, beside those in the"
                  + " manifest.")
          .inDevMode(
              List.of(
                  "http://localhost:3000",
                  "http://localhost:4321",
                  "http://localhost:5173",
                  "http://127.0.0.1:3000"));

  public static final Setting<Boolean> DISABLE_HIBP =
      Setting.of(
              "PYLON_DISABLE_HIBP",
              Kind.FLAG,
              false,
              "Takes new passwords without asking haveibeenpwned.com for the first digits of their"
                  + " hash.")
          .inDevMode(true);

  public static final Setting<String> TOTP_ENCRYPTION_KEY =
      Setting.of(
              "PYLON_TOTP_ENCRYPTION_KEY",
              Kind.TEXT,
              null,
              "Seals the secrets of second factors; kept as they are when unset.")
          .hidden();

  public static final Setting<String> TOTP_ISSUER =
      Setting.of(
          "PYLON_TOTP_ISSUER",
          Kind.TEXT,
          null,
          "What authenticator apps show; else the application's name.");

  public static final Setting<Boolean> TENANT_SCOPE =
      Setting.of(
          "PYLON_TENANT_SCOPE",
          Kind.FLAG,
          false,
          "Keeps rows that name a tenant, in a field such as orgId, to callers of that tenant.");

  public static final Setting<Path> FUNCTIONS_DIR =
      Setting.of(
              "PYLON_FUNCTIONS_DIR",
              Kind.PATH,
              null,
              "Where the functions are; else functions beside the entry, else in the working"
                  + " directory.")
          .flag("--functions");

  public static final Setting<String> FUNCTIONS_RUNTIME =
      Setting.of(
          "PYLON_FUNCTIONS_RUNTIME",
          Kind.TEXT,
          null,
          "A runtime script of your own, or project for the one in node_modules; else the built-in"
              + " one.");

  public static final Setting<Integer> FN_WORKERS =
      Setting.of("PYLON_FN_WORKERS", Kind.whole(1, 64), 1, "Bun processes that run functions.")
          .flag("--workers");

  public static final Setting<Duration> FN_CALL_TIMEOUT =
      Setting.of(
              "PYLON_FN_CALL_TIMEOUT",
              Kind.DURATION,
              Duration.ofSeconds(30),
              "Longest a call may run.")
          .in("seconds");

  public static final Setting<Duration> FN_QUEUE_TIMEOUT =
      Setting.of(
              "PYLON_FN_QUEUE_TIMEOUT",
              Kind.DURATION,
              Duration.ofSeconds(5),
              "Longest a call waits for a free place.")
          .in("seconds");

  public static final Setting<List<String>> FN_ENV_ALLOW =
      Setting.of(
          "PYLON_FN_ENV_ALLOW",
          Kind.LIST,
          List.of(),
          "Variables that functions see, and no others; all when unset.");

  public static final Setting<Integer> JOB_WORKERS =
      Setting.of(
          "PYLON_JOB_WORKERS",
          Kind.whole(1, 1_000),
          Math.max(2, Runtime.getRuntime().availableProcessors()),
          "Jobs that run at once; else one for each core, at least two.");

  public static final Setting<Integer> JOBS_RETENTION =
      Setting.of(
              "PYLON_JOBS_RETENTION_HOURS",
              Kind.whole(1, 100_000),
              168,
              "How long jobs that have ended are kept to be looked at.")
          .in("hours");

  public static final Setting<Boolean> JOBS_IN_MEMORY =
      Setting.of("PYLON_JOBS_IN_MEMORY", Kind.FLAG, false, "Jobs that end with the server.");

  public static final Setting<Path> JOBS_DB =
      Setting.of(
          "PYLON_JOBS_DB",
          Kind.PATH,
          null,
          "A job file of an earlier server; its unfinished jobs are taken over once.");

  public static final Setting<Path> BUN =
      Setting.of("PYLON_BUN", Kind.PATH, null, "The Bun executable; else the first one found.")
          .flag("--bun");

  public static final Setting<Duration> DRAIN =
      Setting.of(
              "PYLON_DRAIN_SECS",
              Kind.DURATION,
              Duration.ofSeconds(10),
              "Longest running calls may take at the end.")
          .inDevCommand(Duration.ofSeconds(2))
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
          JWT_SECRET,
          JWT_ISSUER,
          JWT_LIFETIME,
          JWT_TRUST_ISSUER,
          JWT_TRUST_AUDIENCE,
          JWT_TRUST_JWKS_URL,
          JWT_TRUST_ALGORITHMS,
          JWT_TRUST_USER_CLAIM,
          JWT_TRUST_ROLES_CLAIM,
          JWT_TRUST_TENANT_CLAIM,
          API_KEY_PEPPER,
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
          SESSION_DB,
          SESSION_IN_MEMORY,
          COOKIE_NAME,
          COOKIE_DOMAIN,
          COOKIE_SECURE,
          COOKIE_SAME_SITE,
          PUBLIC_URL,
          DASHBOARD_URL,
          EMAIL_PROVIDER,
          EMAIL_API_KEY,
          EMAIL_FROM,
          EMAIL_ENDPOINT,
          EMAIL_HTTP_URL,
          EMAIL_SMTP_HOST,
          EMAIL_SMTP_PORT,
          EMAIL_SMTP_SECURITY,
          EMAIL_SMTP_USER,
          EMAIL_SMTP_PASSWORD,
          TRUSTED_ORIGINS,
          DISABLE_HIBP,
          TOTP_ENCRYPTION_KEY,
          TOTP_ISSUER,
          TENANT_SCOPE,
          FN_RATE_LIMIT_MAX,
          FN_RATE_LIMIT_WINDOW,
          FUNCTIONS_DIR,
          FUNCTIONS_RUNTIME,
          FN_WORKERS,
          FN_CALL_TIMEOUT,
          FN_QUEUE_TIMEOUT,
          FN_ENV_ALLOW,
          JOB_WORKERS,
          JOBS_RETENTION,
          JOBS_IN_MEMORY,
          JOBS_DB,
          BUN,
          DRAIN,
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
            setting == EMAIL_SMTP_PASSWORD
                ? Stream.concat(Stream.of(setting), EMAIL_TEMPLATES.stream())
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
