package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a server is told, resolved. Immutable.
 *
 * @param childEnvironment variables of the env files, which children get beside the process's own
 * @param envFiles the env files that were read, strongest first
 * @param warnings sentences for the user
 */
public record Config(
    Mode mode,
    Project project,
    HttpConfig http,
    IdentityConfig identity,
    EmailConfig email,
    FunctionsConfig functions,
    AiConfig ai,
    JobsConfig jobs,
    DbConfig db,
    LogConfig log,
    Path cacheDirectory,
    Environment environment,
    Map<String, String> childEnvironment,
    List<Path> envFiles,
    List<String> warnings) {

  /** Which command is asking. */
  public enum Mode {
    DEV,
    SERVE
  }

  public Config {
    childEnvironment = Map.copyOf(childEnvironment);
    envFiles = List.copyOf(envFiles);
    warnings = List.copyOf(warnings);
  }

  /**
   * What {@code pylon dev} works with.
   *
   * @param options the options that are settings, by name, such as {@code --port}
   * @throws PylonException with a {@link ConfigError} where something is wrong or missing
   */
  public static Config forDev(
      Environment environment, @Nullable Path entry, Map<String, String> options) {
    Path root = environment.directory();
    Project project = Project.forDev(root, entry);
    List<EnvFile> files = EnvFile.near(root);
    var settings = new Resolver(options, environment, files, true);
    return of(Mode.DEV, project, settings, environment);
  }

  /**
   * What {@code pylon serve} works with; reads no env files.
   *
   * @throws PylonException with a {@link ConfigError} where something is wrong, missing or unsafe
   */
  public static Config forServe(
      Environment environment, @Nullable Path entry, Map<String, String> options) {
    var settings = new Resolver(options, environment, List.of(), false);
    Project project =
        Project.forServe(
            environment.directory(), entry, settings.find(Settings.MANIFEST).orElse(null));
    return of(Mode.SERVE, project, settings, environment);
  }

  /**
   * The database that a command works on without a server: {@code --db}, else {@code DATABASE_URL},
   * else {@code PYLON_DB_PATH}, else {@code .pylon/dev.db}; env files count.
   */
  public static DbConfig database(Environment environment, Map<String, String> options) {
    Path root = environment.directory();
    var settings = new Resolver(options, environment, EnvFile.near(root), false);
    var project = new Project(root, null, root.resolve(Project.MANIFEST_NAME));
    return db(Mode.SERVE, project, settings);
  }

  /** The manifest that a command works on where none is named. */
  public static Path manifest(Environment environment) {
    Path root = environment.directory();
    var settings = new Resolver(Map.of(), environment, EnvFile.near(root), false);
    return root.resolve(settings.find(Settings.MANIFEST).orElse(Path.of(Project.MANIFEST_NAME)));
  }

  private static Config of(Mode mode, Project project, Resolver settings, Environment environment) {
    Safety.check(settings);
    return new Config(
        mode,
        project,
        http(project.root(), settings),
        identity(project, settings, db(mode, project, settings)),
        EmailConfig.of(settings),
        functions(project, settings),
        AiConfig.of(settings),
        jobs(settings, db(mode, project, settings)),
        db(mode, project, settings),
        new LogConfig(
            settings.value(Settings.LOG_LEVEL),
            settings.value(Settings.LOG_FORMAT).equalsIgnoreCase("json")),
        environment.cacheDirectory(),
        environment,
        settings.fromFiles(),
        settings.filePaths(),
        warnings(settings, mode));
  }

  /** Sentences about what is set and will not do what its author thought. */
  static List<String> warnings(Resolver settings, Mode mode) {
    var warnings = new ArrayList<>(KnownNames.warnings(settings.names()));
    warnings.addAll(Safety.warnings(settings, mode));
    return warnings;
  }

  private static JobsConfig jobs(Resolver settings, DbConfig db) {
    Path file = db.file();
    boolean inMemory = settings.value(RunnerSettings.JOBS_IN_MEMORY);
    if (inMemory && db.postgresUrl() != null) {
      throw new PylonException(
              ConfigError.INVALID_SETTING, "PYLON_JOBS_IN_MEMORY is for SQLite, not for Postgres")
          .with("hint", "Leave it unset: on Postgres jobs are rows of the database");
    }
    return new JobsConfig(
        settings.value(RunnerSettings.JOB_WORKERS),
        Duration.ofHours(settings.value(RunnerSettings.JOBS_RETENTION)),
        inMemory,
        inMemory
            ? null
            : settings
                .find(RunnerSettings.JOBS_DB)
                .orElse(
                    file == null ? null : file.resolveSibling(file.getFileName() + ".jobs.db")));
  }

  private static HttpConfig http(Path root, Resolver settings) {
    List<String> cors = settings.value(Settings.CORS_ORIGIN);
    List<String> csrf = settings.value(Settings.CSRF_ORIGINS);
    return new HttpConfig(
        settings.value(Settings.HOST),
        settings.value(Settings.PORT),
        settings.origin(Settings.PORT).place() != Origin.Place.DEFAULT,
        settings.value(Settings.DEV_MODE),
        settings.value(Settings.ALLOW_INSECURE_DEV),
        settings.find(Settings.ADMIN_TOKEN).orElse(null),
        cors,
        csrf.isEmpty() ? cors : csrf,
        settings.value(Settings.TRUST_PROXY_HOPS),
        new RateLimit(
            settings.value(Settings.RATE_LIMIT_MAX),
            Duration.ofSeconds(settings.value(Settings.RATE_LIMIT_WINDOW))),
        new LimitsConfig(
            settings.value(Settings.CONNECTIONS_MAX),
            settings.value(Settings.REQUESTS_MAX),
            settings.value(Settings.HEADER_TIMEOUT),
            settings.value(Settings.BODY_TIMEOUT),
            settings.value(Settings.IDLE_TIMEOUT),
            settings.value(Settings.IMPORT_MAX_MB) * 1024L * 1024),
        settings.value(Settings.ACCESS_LOG),
        TlsConfig.of(root, settings),
        settings.value(Settings.DRAIN),
        settings.value(Settings.DRAIN_DELAY));
  }

  private static IdentityConfig identity(Project project, Resolver settings, DbConfig db) {
    Path file = db.file();
    boolean inMemory = settings.value(SignInSettings.SESSION_IN_MEMORY) || db.inMemory();
    String sameSite = settings.value(SignInSettings.COOKIE_SAME_SITE);
    return new IdentityConfig(
        inMemory || file == null
            ? null
            : settings
                .find(SignInSettings.SESSION_DB)
                .map(named -> project.root().resolve(named).normalize())
                .orElse(file.resolveSibling(file.getFileName() + ".sessions.db")),
        inMemory,
        settings.find(SignInSettings.COOKIE_NAME).orElse(null),
        settings.find(SignInSettings.COOKIE_DOMAIN).orElse(null),
        settings.value(SignInSettings.COOKIE_SECURE) || sameSite.equals("none"),
        sameSite.substring(0, 1).toUpperCase(Locale.ROOT) + sameSite.substring(1),
        settings.find(SignInSettings.API_KEY_PEPPER).orElse(null),
        settings.find(SignInSettings.PUBLIC_URL).orElse("").replaceFirst("/+$", ""),
        settings.value(SignInSettings.DASHBOARD_URL),
        !settings.value(SignInSettings.DISABLE_HIBP),
        settings.find(SignInSettings.TOTP_ENCRYPTION_KEY).orElse(null),
        settings.find(SignInSettings.TOTP_ISSUER).orElse(null),
        settings.value(SignInSettings.TENANT_SCOPE),
        JwtConfig.of(settings),
        OAuthConfig.of(settings));
  }

  private static FunctionsConfig functions(Project project, Resolver settings) {
    return new FunctionsConfig(
        functionsDirectory(project, settings.find(RunnerSettings.FUNCTIONS_DIR)),
        settings.find(RunnerSettings.FUNCTIONS_RUNTIME).orElse(null),
        settings.find(RunnerSettings.BUN).map(bun -> project.root().resolve(bun)).orElse(null),
        settings.value(RunnerSettings.FN_WORKERS),
        settings.value(RunnerSettings.FN_CALL_TIMEOUT),
        settings.value(RunnerSettings.FN_QUEUE_TIMEOUT),
        settings
            .find(RunnerSettings.FN_MEMORY_MAX)
            .map(mebibytes -> mebibytes * 1024L * 1024)
            // The server's JVM is given half of the machine, and so may each of these be.
            .orElseGet(() -> Runtime.getRuntime().maxMemory()),
        settings.value(RunnerSettings.FN_ENV_ALLOW),
        new RateLimit(
            settings.value(RunnerSettings.FN_RATE_LIMIT_MAX),
            Duration.ofSeconds(settings.value(RunnerSettings.FN_RATE_LIMIT_WINDOW))));
  }

  private static Path functionsDirectory(Project project, Optional<Path> named) {
    if (named.isPresent()) {
      return project.root().resolve(named.get()).normalize();
    }
    Path besideEntry = project.directory().resolve("functions");
    return Files.isDirectory(besideEntry) ? besideEntry : project.root().resolve("functions");
  }

  private static DbConfig db(Mode mode, Project project, Resolver settings) {
    int rowsMax = settings.value(Settings.ROWS_MAX);
    if (settings.value(Settings.IN_MEMORY)) {
      return new DbConfig(null, null, true, rowsMax);
    }
    Optional<String> path = settings.find(Settings.DB_PATH);
    if (path.isPresent() && settings.origin(Settings.DB_PATH).place() == Origin.Place.FLAG) {
      return database(project, path.get(), rowsMax);
    }
    Optional<String> url = settings.find(Settings.DATABASE_URL);
    if (url.isPresent() && (mode == Mode.SERVE || isPostgres(url.get()))) {
      return database(project, url.get(), rowsMax);
    }
    if (path.isPresent() && mode == Mode.SERVE) {
      return database(project, path.get(), rowsMax);
    }
    Path folder = mode == Mode.DEV ? project.pylonDirectory() : project.root().resolve(".pylon");
    return new DbConfig(folder.resolve("dev.db"), null, false, rowsMax);
  }

  private static DbConfig database(Project project, String pathOrUrl, int rowsMax) {
    if (isPostgres(pathOrUrl)) {
      return new DbConfig(null, pathOrUrl, false, rowsMax);
    }
    String path = pathOrUrl.replaceFirst("^(sqlite|file):(//)?", "");
    return new DbConfig(project.root().resolve(path).normalize(), null, false, rowsMax);
  }

  private static boolean isPostgres(String url) {
    return url.toLowerCase(Locale.ROOT).matches("postgres(ql)?://.*");
  }
}
