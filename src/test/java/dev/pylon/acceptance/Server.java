package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.boot.Pylon;
import dev.pylon.boot.Toolchain;
import dev.pylon.config.Config;
import dev.pylon.config.Environment;
import dev.pylon.functions.Functions;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.schema.Manifest;
import dev.pylon.trace.Trace;
import dev.pylon.trace.TraceQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole server in this process, over a project in a folder of its own: real Bun, real SQLite,
 * real HTTP on a free port. Closes itself, and leaves no child behind.
 */
final class Server implements AutoCloseable {
  static final String ADMIN = "the-admin-token";

  private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();

  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "test", "version": "1.0.0", "routes": [],
       "entities": [
         {"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": true, "unique": false},
           {"name": "stars", "type": "int", "optional": true, "unique": false}]},
         {"name": "Page", "indexes": [], "fields": [
           {"name": "title", "type": "string", "optional": false, "unique": false},
           {"name": "section", "type": "string", "optional": true, "unique": false}],
          "search": {"text": ["title"], "facets": ["section"], "sortable": []}},
         {"name": "Counter", "indexes": [], "fields": [
           {"name": "name", "type": "string", "optional": false, "unique": true},
           {"name": "value", "type": "int", "optional": false, "unique": false}]},
         {"name": "Item", "indexes": [], "fields": [
           {"name": "orgId", "type": "string", "optional": false, "unique": false},
           {"name": "ownerId", "type": "string", "optional": true, "unique": false},
           {"name": "name", "type": "string", "optional": false, "unique": false},
           {"name": "done", "type": "bool", "optional": false, "unique": false},
           {"name": "price", "type": "float", "optional": true, "unique": false},
           {"name": "qty", "type": "int", "optional": true, "unique": false},
           {"name": "note", "type": "string", "optional": true, "unique": false},
           {"name": "data", "type": "string", "optional": true, "unique": false},
           {"name": "createdAt", "type": "datetime", "optional": true, "unique": false}]}]}
      """;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path project;
  private final List<String> log;
  private final Pylon pylon;

  /** Which script runs the functions. */
  enum Runtime {
    BUILT_IN,
    REFERENCE
  }

  private Server(Path project, List<String> log, Pylon pylon) {
    this.project = project;
    this.log = log;
    this.pylon = pylon;
  }

  /**
   * Starts a server over a copy of a folder of functions, and waits until they can be called.
   *
   * @param functions a folder under the test resources
   * @param settings environment variables
   */
  static Server start(
      Path project, String functions, Runtime runtime, Map<String, String> settings) {
    Server server = begin(project, functions, runtime, settings);
    if (!server.functions().awaitUp(Deadline.after(SOON))) {
      String told = server.functions().unavailable() + " " + server.log;
      server.close();
      throw new AssertionError("the functions did not come up: " + told);
    }
    return server;
  }

  /** The same without waiting for the functions. */
  static Server begin(
      Path project, String functions, Runtime runtime, Map<String, String> settings) {
    copy(RESOURCES.resolve(functions), project.resolve("functions"));
    var variables = new HashMap<String, String>();
    variables.put("PYLON_PORT", "0");
    variables.put("PYLON_HOST", "127.0.0.1");
    variables.put("PYLON_DEV_MODE", "1");
    variables.put("PYLON_ADMIN_TOKEN", ADMIN);
    variables.put("PYLON_BUN", NeedsBun.Bun.path().toString());
    variables.put("PYLON_DB_PATH", project.resolve("app.db").toString());
    variables.put("XDG_CACHE_HOME", Path.of("target").toAbsolutePath().toString());
    if (runtime == Runtime.REFERENCE) {
      copy(
          RESOURCES.resolve("reference-runtime"),
          project.resolve("node_modules/@pylonsync/functions"));
      variables.put("PYLON_FUNCTIONS_RUNTIME", "project");
    }
    variables.putAll(settings);
    try {
      Files.writeString(project.resolve("pylon.manifest.json"), MANIFEST);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Config config = Config.forServe(new Environment(variables, Map.of(), project), null, Map.of());
    var log = new CopyOnWriteArrayList<String>();
    Pylon pylon =
        Pylon.start(
            config,
            Toolchain.of(config),
            new Pylon.Start(true, null, "test"),
            new Listener(log),
            InstantSource.system());
    pylon.provide(Manifest.parse(MANIFEST.getBytes(StandardCharsets.UTF_8)), "test");
    return new Server(project, log, pylon);
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- the project ----

  void write(String function, String source) {
    try {
      Files.writeString(project.resolve("functions").resolve(function + ".ts"), source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(String function) {
    try {
      Files.delete(project.resolve("functions").resolve(function + ".ts"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void reload() {
    pylon.reload(Map.of());
  }

  Functions functions() {
    return pylon.functions().orElseThrow();
  }

  // ---- HTTP ----

  /** What came back. */
  record Reply(int status, Map<String, List<String>> headers, String body) {
    /** The body as a value. */
    @Nullable Object json() {
      return Json.parse(body);
    }

    /** {@code "status CODE message"} of an error. */
    String error() {
      if (json() instanceof Map<?, ?> map && map.get("error") instanceof Map<?, ?> error) {
        return status + " " + error.get("code") + " " + error.get("message");
      }
      throw new AssertionError("no error: " + this);
    }

    String code() {
      return error().split(" ", 3)[1];
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name)).map(List::getFirst);
    }
  }

  Reply post(String path, String body, String... headers) {
    return send("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Reply call(String function) {
    return call(function, Map.of());
  }

  Reply call(String function, Object args, String... headers) {
    return send("POST", "/api/fn/" + function, Json.bytes(args), headers);
  }

  /** The same, going on at once. */
  CompletableFuture<Reply> calling(String function, Object args, String... headers) {
    return http.sendAsync(
            request("POST", "/api/fn/" + function, Json.bytes(args), headers),
            HttpResponse.BodyHandlers.ofString())
        .thenApply(Server::reply);
  }

  /** The same, going on once its handler has begun: it is one of those that say so. */
  CompletableFuture<Reply> begin(String function, Object args) {
    int before = begun(function).size();
    CompletableFuture<Reply> call = calling(function, args);
    Eventually.within(SOON, () -> begun(function).size() > before, () -> function + " " + log);
    return call;
  }

  /** The process that the last call that {@linkplain #begin began} is in. */
  long pidOf(String function) {
    return begun(function).getLast();
  }

  private List<Long> begun(String function) {
    String begun = "begun: " + function + " in ";
    return log.stream()
        .filter(line -> line.contains(begun))
        .map(line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }

  /** What a call returned; fails where the call did. */
  @Nullable Object value(String function, Object args) {
    Reply reply = call(function, args);
    if (reply.status() != 200) {
      throw new AssertionError(function + " failed: " + reply + " " + log);
    }
    return reply.json();
  }

  @Nullable Object value(String function) {
    return value(function, Map.of());
  }

  /** The same where it is a whole number. */
  long number(String function, Object args) {
    if (value(function, args) instanceof Long number) {
      return number;
    }
    throw new AssertionError(function + " returned no number");
  }

  /** The process that runs the functions now. */
  long pid() {
    return number("pid", Map.of());
  }

  /** What a call returned, as text. */
  String text(String function, Object args) {
    return Json.text(value(function, args));
  }

  Reply send(String method, String path, byte[] body, String... headers) {
    try {
      return reply(
          http.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Reply reply(HttpResponse<String> response) {
    return new Reply(response.statusCode(), response.headers().map(), response.body());
  }

  private HttpRequest request(String method, String path, byte[] body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pylon.port() + path))
            .timeout(Duration.ofSeconds(55))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  /** The whole event stream of a call, as text. */
  String stream(String function, Object args) {
    Reply reply = call(function, args, "Accept", "text/event-stream");
    if (reply.status() != 200) {
      throw new AssertionError(reply.toString());
    }
    return reply.body();
  }

  /** A connection that has asked for the stream of a call; what comes is for the caller to read. */
  Socket openStream(String function, Object args) throws IOException {
    var socket = new Socket("127.0.0.1", pylon.port());
    byte[] body = Json.bytes(args);
    String head =
        "POST /api/fn/%s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            + "Content-Length: %d\r\n\r\n";
    socket
        .getOutputStream()
        .write(head.formatted(function, body.length).getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().write(body);
    return socket;
  }

  // ---- what became of it ----

  /** The newest trace of {@code function}, once there is one. */
  Trace trace(String function) {
    Eventually.within(SOON, () -> !traces(function).isEmpty(), () -> "no trace of " + function);
    return traces(function).getFirst();
  }

  /** Traces of {@code function}, newest first. */
  List<Trace> traces(String function) {
    return pylon
        .traces()
        .recent(new TraceQuery(function, false, null, null, null, null, null, null), 1_000);
  }

  /** {@code CODE} of a trace that tells of a failure. */
  static String code(Trace trace) {
    if (trace.outcome() instanceof Trace.Error error) {
      return error.code();
    }
    throw new AssertionError("no error: " + trace);
  }

  /** What the runtimes said beside their calls. */
  List<String> log() {
    return log;
  }

  void awaitLog(String part) {
    Eventually.within(
        SOON, () -> log.stream().anyMatch(line -> line.contains(part)), () -> part + " in " + log);
  }

  @Override
  public void close() {
    pylon.close(Duration.ofMillis(500));
  }

  /** Writes down what becomes of the runtimes. */
  private record Listener(List<String> told) implements RuntimeListener {
    @Override
    public void log(String level, String text) {
      told.add(level + " " + text);
    }

    @Override
    public void crashed(int status, List<String> lastLines) {
      told.add("crashed " + status + " " + lastLines);
    }

    @Override
    public void loaded(int functions, List<LoadFailure> failed) {
      told.add("loaded " + functions);
    }

    @Override
    public void startFailed(String reason, long retryMillis) {
      told.add("start failed " + reason);
    }
  }
}
