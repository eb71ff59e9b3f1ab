package dev.pylon.acceptance.matrix;

import static dev.pylon.Eventually.SOON;
import static java.util.Map.entry;

import dev.pylon.NeedsBun;
import dev.pylon.boot.Pylon;
import dev.pylon.boot.Toolchain;
import dev.pylon.config.Config;
import dev.pylon.config.Environment;
import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import dev.pylon.server.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The whole server as production runs it, over the application and the rows of {@code
 * src/test/resources/matrix}. Every secret or private value of a row begins with {@code #}, so an
 * answer tells by its text alone what was seen.
 */
final class DeskServer implements AutoCloseable {
  /** From where pages of the application come. */
  static final String PAGE = "https://desk.example";

  private static final String ADMIN_TOKEN = "an-admin-token-of-some-length";

  /** Of {@code pylon dev}; elsewhere it means nothing. */
  private static final String LOCAL_TOKEN = "the-token-of-pylon-dev";

  /** Longer than a session lasts. */
  private static final Duration LONG_AGO = Duration.ofDays(40);

  private final AtomicReference<Duration> ago = new AtomicReference<>(LONG_AGO);
  private final InstantSource clock = () -> InstantSource.system().instant().minus(ago.get());
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, List<Map<String, @Nullable Object>>> rows;
  private final Pylon pylon;
  private final Database log;
  private final Mode mode;
  private int asked;

  /** How it runs, and so whom it takes for an administrator. */
  enum Mode {
    PRODUCTION,
    /** The token of {@code pylon dev} will do, from this machine. */
    DEV
  }

  /** An answer; of one that does not end only the beginning. */
  record Reply(int status, Map<String, List<String>> headers, String body) {}

  /** A change as the log has it. */
  record Change(String entity, String rowId, String kind) {
    /** Ids that the server chose are told from those of the table. */
    String text() {
      return "%s %s/%s"
          .formatted(kind.toLowerCase(Locale.ROOT), entity, rowId.length() == 40 ? "new" : rowId);
    }
  }

  /**
   * Starts, and holds the rows.
   *
   * @param database path or URL
   * @param log another connection to the same database, closed with us
   */
  DeskServer(Mode mode, Path folder, String database, Database log) throws IOException {
    this.mode = mode;
    this.log = log;
    this.rows = rowsOfThePage();
    Path manifest = MatrixPage.FOLDER.resolve("pylon.manifest.json").toAbsolutePath();
    Config config =
        Config.forServe(
            new Environment(environment(mode, folder, database), Map.of(), folder),
            manifest,
            Map.of("--port", "0", "--host", "127.0.0.1"));
    this.pylon =
        Pylon.start(
            config,
            Toolchain.of(config),
            new Pylon.Start(true, mode == Mode.DEV ? LOCAL_TOKEN : null, "0"),
            new Nobody(),
            clock);
    try {
      pylon.provide(Manifest.parse(Files.readAllBytes(manifest)), "start");
      pylon.awaitFunctions();
      hold(rows);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static Map<String, String> environment(Mode mode, Path folder, String database) {
    return Map.ofEntries(
        entry("XDG_CACHE_HOME", folder.resolve("cache").toString()),
        entry("DATABASE_URL", database),
        entry("PYLON_BUN", NeedsBun.Bun.path().toString()),
        entry(
            "PYLON_FUNCTIONS_DIR",
            MatrixPage.FOLDER.resolve("functions").toAbsolutePath().toString()),
        entry("PYLON_DEV_MODE", mode == Mode.DEV ? "1" : "0"),
        entry("PYLON_CORS_ORIGIN", PAGE),
        entry("PYLON_ADMIN_TOKEN", ADMIN_TOKEN),
        entry("PYLON_JWT_SECRET", "0123456789abcdef0123456789abcdef"),
        entry("PYLON_JWT_ISSUER", PAGE),
        entry("PYLON_PUBLIC_URL", PAGE),
        entry("PYLON_TRUSTED_ORIGINS", PAGE),
        entry("PYLON_OAUTH_GITHUB_CLIENT_ID", "desk"),
        entry("PYLON_OAUTH_GITHUB_CLIENT_SECRET", "known to nobody"),
        entry("PYLON_ACCESS_LOG", "0"),
        entry("PYLON_TRUST_PROXY_HOPS", "1"),
        entry("PYLON_RATE_LIMIT_MAX", "0"),
        entry("PYLON_FN_RATE_LIMIT_MAX", "0"),
        entry("PYLON_DISABLE_HIBP", "1"));
  }

  @SuppressWarnings("unchecked") // the file is ours
  private static Map<String, List<Map<String, @Nullable Object>>> rowsOfThePage()
      throws IOException {
    return (Map<String, List<Map<String, @Nullable Object>>>)
        (Map<?, ?>) Json.parseObject(Files.readAllBytes(MatrixPage.FOLDER.resolve("rows.json")));
  }

  // ---- time ----

  Instant now() {
    return clock.instant();
  }

  /** What began long ago has ended. */
  void comeToNow() {
    ago.set(Duration.ZERO);
  }

  // ---- questions ----

  List<Router.Endpoint> endpoints() {
    return pylon.endpoints();
  }

  /** Another number for each question. */
  int number() {
    return ++asked;
  }

  Reply ask(String method, String path, String headers, String body) {
    return ask(method, path, headers, body, List.of());
  }

  /**
   * @param headers each ends in a line break
   * @param until what an answer that does not end is read for
   */
  Reply ask(String method, String path, String headers, String body, List<String> until) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(pylon.url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(SOON);
    if (!headers.contains("X-Forwarded-For: ")) {
      request.header("X-Forwarded-For", address(203));
    }
    headers.lines().forEach(line -> request.header(line.split(": ")[0], line.split(": ", 2)[1]));
    try {
      HttpResponse<InputStream> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = answer.body()) {
        return new Reply(answer.statusCode(), answer.headers().map(), read(in, until));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Everybody comes from another machine, and no two questions from the same one. */
  private String address(int network) {
    int n = number();
    return "%d.%d.%d.%d".formatted(network, n >> 16 & 255, n >> 8 & 255, n & 255);
  }

  /** The headers that an administrator sends. */
  String admin() {
    String bearer = "Authorization: Bearer " + adminToken() + "\n";
    return switch (mode) {
      case PRODUCTION -> bearer;
      case DEV -> bearer + "X-Forwarded-For: " + address(127) + "\n";
    };
  }

  String adminToken() {
    return mode == Mode.DEV ? LOCAL_TOKEN : ADMIN_TOKEN;
  }

  /** A token that makes nobody of whoever presents it from another machine. */
  String tokenOfNobody() {
    return mode == Mode.DEV ? LOCAL_TOKEN : "pylon_" + "0123456789abcdef".repeat(4);
  }

  private static String read(InputStream in, List<String> until) throws IOException {
    if (until.isEmpty()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    var read = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      read.append((char) next);
      if (until.stream().allMatch(text -> read.indexOf(text) >= 0)) {
        break;
      }
    }
    return read.toString();
  }

  // ---- changes ----

  /** The number of the last change. */
  long seq() {
    return log.read(session ->
        session
            .list(Sql.of("SELECT coalesce(max(seq), 0) FROM _pylon_changes"), row -> row.integer(0))
            .getFirst());
  }

  List<Change> changesAfter(long seq) {
    return log.read(session ->
        session.list(
            Sql.of(
                "SELECT entity, row_id, kind FROM _pylon_changes WHERE seq > ? ORDER BY seq", seq),
            row -> new Change(row.requiredText(0), row.requiredText(1), row.requiredText(2))));
  }

  /** Makes the rows again what they were before {@code changes}. */
  void undo(List<Change> changes) {
    var last = new LinkedHashMap<List<String>, String>();
    changes.forEach(c -> last.put(List.of(c.entity(), c.rowId()), c.kind()));
    var deletions = new ArrayList<Map<String, @Nullable Object>>();
    var lost = new HashMap<String, List<Map<String, @Nullable Object>>>();
    last.forEach((row, kind) -> {
      if (!kind.equalsIgnoreCase("delete")) {
        deletions.add(Json.object("op", "delete", "entity", row.getFirst(), "id", row.getLast()));
      }
      rows.getOrDefault(row.getFirst(), List.of()).stream()
          .filter(fields -> row.getLast().equals(fields.get("id")))
          .forEach(
              fields -> lost.computeIfAbsent(row.getFirst(), _ -> new ArrayList<>()).add(fields));
    });
    if (!deletions.isEmpty()) {
      requireDone(ask("POST", "/api/transact", admin(), Json.text(deletions)));
    }
    if (!lost.isEmpty()) {
      hold(lost);
    }
  }

  private void hold(Map<String, List<Map<String, @Nullable Object>>> wanted) {
    String rows = Json.text(Map.of("entities", wanted));
    requireDone(ask("POST", "/api/import?references=any", admin(), rows));
  }

  private static void requireDone(Reply reply) {
    if (reply.status() != 200) {
      throw new AssertionError("the rows could not be restored: " + reply);
    }
  }

  @Override
  public void close() {
    http.close();
    pylon.close(Duration.ZERO);
    log.close();
  }

  private static final class Nobody implements RuntimeListener {
    @Override
    public void log(String level, String text) {}

    @Override
    public void crashed(int status, List<String> lastLines) {}

    @Override
    public void loaded(int functions, List<LoadFailure> failed) {
      if (!failed.isEmpty()) {
        throw new AssertionError("functions did not load: " + failed);
      }
    }

    @Override
    public void startFailed(String reason, long retryMillis) {}
  }
}
