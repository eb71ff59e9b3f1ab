package dev.pylon.cli.remote;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.json.Json;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A running server and a connection to it, found by the order of the command line contract, 11.2:
 * {@code --url}, {@code PYLON_URL}, the nearest {@code .pylon/dev.json}, port 4321 of this machine.
 */
public final class Remote implements AutoCloseable {
  private static final URI DEFAULT_URL = URI.create("http://127.0.0.1:4321");

  /** A server on this machine answers at once or not at all. */
  private static final Duration LOCAL_PATIENCE = Duration.ofSeconds(1);

  /** What a network far away may need to connect. */
  private static final Duration REMOTE_PATIENCE = Duration.ofSeconds(10);

  /** How long an answer may take that is not the answer of a function. */
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(15);

  private final HttpLink link;
  private final URI url;
  private final Token token;
  private final Optional<DevFile> devFile;
  private final Output output;

  private Remote(HttpLink link, URI url, Token token, Optional<DevFile> devFile, Output output) {
    this.link = link;
    this.url = url;
    this.token = token;
    this.devFile = devFile;
    this.output = output;
  }

  /** Declares the options that say where the server is. */
  public static void describe(Syntax syntax) {
    syntax
        .value("--url", "URL", "The server; else PYLON_URL, else the one \"pylon dev\" runs here.")
        .value("--token", "TOKEN|@FILE", "Bearer token; else PYLON_TOKEN or PYLON_ADMIN_TOKEN.")
        .flag("--token-stdin", "Read the token from standard input.");
  }

  /**
   * Connects to the server the command line means.
   *
   * @throws Failure {@link ExitStatus#UNAVAILABLE} where none answers, with what was tried; also
   *     where that of this project takes too long, for another one would be a stranger's
   */
  public static Remote connect(Invocation invocation) {
    return connect(invocation, Token.of(invocation));
  }

  /** The same again, with a token that has been read before: standard input has it only once. */
  public static Remote connect(Invocation invocation, Token token) {
    Optional<String> named =
        invocation.line().value("--url").or(() -> invocation.environment().variable("PYLON_URL"));
    if (named.isPresent()) {
      URI url = url(named.get());
      return open(url, token, invocation.output())
          .orElseThrow(() -> unreachable(List.of(url.toString())));
    }
    var tried = new ArrayList<String>();
    Optional<Remote> found = nearby(invocation, token, tried);
    if (found.isPresent()) {
      return found.get();
    }
    tried.add(DEFAULT_URL.toString());
    return open(DEFAULT_URL, token, invocation.output()).orElseThrow(() -> unreachable(tried));
  }

  /** The same for the server at {@code url}. */
  public static Remote connect(Invocation invocation, String url) {
    URI named = url(url);
    return open(named, Token.of(invocation), invocation.output())
        .orElseThrow(() -> unreachable(List.of(named.toString())));
  }

  /**
   * A new connection to the same server, or to the one that was started in its place: of the
   * project whose file told of it, else at the same address. Never to another one that happens to
   * run, for this one may only be starting anew.
   *
   * @throws Failure {@link ExitStatus#UNAVAILABLE} while there is none
   */
  public Remote again() {
    if (devFile.isEmpty()) {
      return open(url, token, output).orElseThrow(() -> unreachable(List.of(url.toString())));
    }
    DevFile file = devFile.get();
    Optional<DevFile> now = file.now();
    try {
      Optional<Remote> again =
          now.isEmpty() ? Optional.empty() : verified(now.get(), token, output);
      if (again.isPresent()) {
        return again.get();
      }
    } catch (SocketTimeoutException e) {
      output.detail(file.url() + ": " + e.getMessage());
    }
    throw unreachable(List.of(file.url() + " (of " + file.project() + ")"));
  }

  private static Optional<Remote> nearby(Invocation invocation, Token token, List<String> tried) {
    var alive = new ArrayList<Remote>();
    boolean silent = false;
    for (DevFile file : DevFile.near(invocation.environment().directory())) {
      try {
        Optional<Remote> remote = verified(file, token, invocation.output());
        remote.ifPresent(alive::add);
        if (remote.isEmpty()) {
          invocation.output().warning("ignoring " + file.file() + ": its server is gone");
          tried.add(file.url() + " (from " + file.file() + ", which is stale)");
        }
      } catch (SocketTimeoutException e) {
        silent = true;
        tried.add(file.url() + " (from " + file.file() + ", which is busy)");
      }
    }
    if (alive.isEmpty() && silent) {
      throw unreachable(tried);
    }
    if (alive.size() > 1) {
      List<String> projects =
          alive.stream().map(r -> r.devFile.orElseThrow().project().toString()).toList();
      alive.forEach(Remote::close);
      throw new Failure(
          ExitStatus.USAGE,
          "SEVERAL_SERVERS",
          "several servers run below this folder: " + String.join(", ", projects),
          "Say which: --cwd DIR or --url URL");
    }
    return alive.stream().findFirst();
  }

  /**
   * Asks who is there on the connection that the real request will use.
   *
   * @throws SocketTimeoutException where somebody is, but does not say who
   */
  private static Optional<Remote> verified(DevFile file, Token token, Output output)
      throws SocketTimeoutException {
    try {
      HttpLink link = HttpLink.open(file.url(), LOCAL_PATIENCE);
      try {
        HttpReply health = link.send("GET", "/health", Map.of(), null, LOCAL_PATIENCE);
        health.bytes();
        if (health.header("x-pylon-instance").equals(Optional.of(file.instance()))) {
          output.detail("using " + file.url() + " from " + file.file());
          return Optional.of(new Remote(link, file.url(), token, Optional.of(file), output));
        }
      } catch (SocketTimeoutException e) {
        link.close();
        throw e;
      } catch (IOException | RuntimeException e) {
        output.detail(file.url() + ": " + e.getMessage());
      }
      link.close();
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      output.detail(file.url() + ": " + e.getMessage());
    }
    return Optional.empty();
  }

  private static Optional<Remote> open(URI url, Token token, Output output) {
    try {
      HttpLink link = HttpLink.open(url, isLoopback(url) ? LOCAL_PATIENCE : REMOTE_PATIENCE);
      output.detail("using " + url);
      return Optional.of(new Remote(link, url, token, Optional.empty(), output));
    } catch (IOException e) {
      output.detail(url + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Failure unreachable(List<String> tried) {
    return new Failure(
        ExitStatus.UNAVAILABLE,
        "SERVER_NOT_REACHABLE",
        "no server answers at " + String.join(", ", tried),
        "Start one with: pylon dev");
  }

  private static URI url(String text) {
    try {
      URI url = URI.create(text.contains("://") ? text : "http://" + text);
      if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // refused below
    }
    throw Failure.usage("not the URL of a server: " + text, "For example: http://127.0.0.1:4321");
  }

  /** Whether the server is on this machine, as far as its name says. */
  boolean isLoopback() {
    return isLoopback(url);
  }

  private static boolean isLoopback(URI url) {
    String host = url.getHost();
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.startsWith("127.")
        || host.equals("[::1]");
  }

  URI url() {
    return url;
  }

  /** Where the server said it is, if a file said so. */
  public Optional<DevFile> devFile() {
    return devFile;
  }

  /** The token that gives admin rights, if one is known. */
  public Optional<String> adminToken() {
    return token.typed().or(token::configured).or(() -> devFile.flatMap(DevFile::adminToken));
  }

  /** The token that was typed on the command line: it goes with the call itself. */
  Optional<String> typedToken() {
    return token.typed();
  }

  /** Asks for something everybody may see. */
  public HttpReply get(String path) {
    return send("GET", path, Map.of(), null, ANSWER_PATIENCE);
  }

  /** Asks for something only admins may see. */
  public HttpReply getAsAdmin(String path) {
    return getAsAdmin(path, ANSWER_PATIENCE);
  }

  /** The same, where the answer goes on for long. */
  public HttpReply getAsAdmin(String path, Duration silenceMax) {
    var headers = new LinkedHashMap<String, String>();
    adminToken().ifPresent(admin -> headers.put("Authorization", "Bearer " + admin));
    return send("GET", path, headers, null, silenceMax);
  }

  /** The whole answer to {@link #getAsAdmin}; an error answered by the server ends the command. */
  public byte[] readAsAdmin(String path) {
    HttpReply reply = getAsAdmin(path);
    byte[] body = bytes(reply);
    if (reply.status() != 200) {
      throw refused(reply, body);
    }
    return body;
  }

  /**
   * Sends {@code question} to something only admins may ask, and returns the whole answer; an error
   * answered by the server ends the command.
   */
  public byte[] askAsAdmin(
      String path, Map<String, @Nullable Object> question, Duration silenceMax) {
    var headers = new LinkedHashMap<String, String>();
    adminToken().ifPresent(admin -> headers.put("Authorization", "Bearer " + admin));
    HttpReply reply = send("POST", path, headers, Json.bytes(question), silenceMax);
    byte[] body = bytes(reply);
    if (reply.status() != 200) {
      throw refused(reply, body);
    }
    return body;
  }

  /** The error a server answered to an admin's question. */
  public Failure refused(HttpReply reply, byte[] body) {
    boolean lacksToken = (reply.status() == 401 || reply.status() == 403) && adminToken().isEmpty();
    return ServerError.parse(reply.status(), body)
        .failure(
            lacksToken ? "This needs the admin token: --token @FILE or PYLON_ADMIN_TOKEN" : null);
  }

  /** One exchange. */
  public HttpReply send(
      String method,
      String path,
      Map<String, String> headers,
      byte @Nullable [] body,
      Duration silenceMax) {
    output.detail("> " + method + " " + path);
    try {
      HttpReply reply = link.send(method, path, headers, body, silenceMax);
      output.detail("< " + reply.status());
      return reply;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** The whole body of {@code reply}. */
  public byte[] bytes(HttpReply reply) {
    try {
      return reply.bytes();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** What a broken exchange means to the user. */
  public Failure lost(IOException e) {
    return e instanceof SocketTimeoutException
        ? new Failure(
            ExitStatus.TEMPORARY, "TIMEOUT", "no answer from " + url + " in time", "See --timeout")
        : new Failure(
            ExitStatus.UNAVAILABLE,
            "CONNECTION_LOST",
            "the connection to " + url + " broke: " + e.getMessage(),
            null);
  }

  @Override
  public void close() {
    try {
      link.close();
    } catch (IOException e) {
      output.detail("closing: " + e.getMessage()); // the answer is already here
    }
  }
}
