package dev.pylon.server;

import dev.pylon.model.PylonException;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Percent;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds who answers a path. A path is written as {@code /api/fn/{name}}; a parameter stands for one
 * segment and is not empty. A last one written {@code {id...}} stands for all that is left, slashes
 * included. Filled at start, then only read, but for its gate. Thread-safe after that.
 */
public final class Router {
  /** An endpoint that takes every method under its real name. */
  public static final String ANY_METHOD = "*";

  /** A wrong method here stays 404, as clients have always had it. */
  private static final String FUNCTIONS = "/api/fn/";

  /** Where the area stands in a path that begins with a slash; it is written out. */
  private static final int AREA = 2;

  private final Map<String, Map<String, Route>> exact = new HashMap<>();

  /** By the segment that names their area, {@code fn} of {@code /api/fn/{name}}. */
  private final Map<String, List<Pattern>> patterns = new HashMap<>();

  private final Map<String, Probe> probes = new HashMap<>();
  private final Set<Endpoint> streams = new HashSet<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private volatile @Nullable PylonException closedBecause;

  /** Answers one endpoint. Runs on a virtual thread and may block. */
  @FunctionalInterface
  public interface Route {
    /** {@code parameters} are the segments that the path left open, in order. */
    Response answer(Request request, List<String> parameters);
  }

  /** Answers from what it knows, at once. Runs on an I/O thread and must not block. */
  @FunctionalInterface
  public interface Probe {
    Response.Full answerNow(Request request);
  }

  private record Pattern(String method, String[] segments, Route route) {
    Pattern {
      if (area(segments).startsWith("{")) {
        throw new IllegalArgumentException("a path names its area: " + String.join("/", segments));
      }
    }

    boolean takes(String asked) {
      return method.equals(asked) || method.equals(ANY_METHOD);
    }

    boolean fits(String[] path, List<String> parameters) {
      boolean open = segments[segments.length - 1].endsWith("...}");
      if (path.length != segments.length && !(open && path.length > segments.length)) {
        return false;
      }
      for (int i = 0; i < segments.length; i++) {
        if (segments[i].startsWith("{")) {
          String value = open && i == segments.length - 1 ? rest(path, i) : path[i];
          if (value.isEmpty()) {
            return false;
          }
          parameters.add(Percent.decoded(value));
        } else if (!segments[i].equals(path[i])) {
          return false;
        }
      }
      return true;
    }

    private static String rest(String[] path, int from) {
      return String.join("/", List.of(path).subList(from, path.length));
    }
  }

  /** An endpoint as it was added. */
  public record Endpoint(String method, String path) {}

  /**
   * Refuses everything under {@code /api/} with {@code reason} until {@link #open}: there is
   * nothing to serve yet.
   */
  public void close(PylonException reason) {
    closedBecause = reason;
  }

  /** Lets requests under {@code /api/} through. */
  public void open() {
    closedBecause = null;
  }

  /** Whether requests under {@code /api/} are let through. */
  public boolean isOpen() {
    return closedBecause == null;
  }

  /**
   * Adds an endpoint that is answered also when nothing else is: without limits, and without a
   * thread of its own. {@code HEAD} is answered as {@code GET}.
   */
  public Router onProbe(String path, Probe probe) {
    probes.put(path, probe);
    return on("GET", path, (request, _) -> probe.answerNow(request));
  }

  /** Who answers {@code request} at once; null where nobody does. */
  @Nullable Probe probe(Request request) {
    Probe probe = probes.get(request.path());
    return probe != null && (request.method().equals("GET") || request.method().equals("HEAD"))
        ? probe
        : null;
  }

  /**
   * Adds an endpoint whose requests are answered while their bodies come: it reads {@link
   * Request#content}. Its path is written out.
   */
  public Router onStream(String method, String path, Route route) {
    if (path.indexOf('{') >= 0) {
      throw new IllegalArgumentException("a path with parameters: " + path);
    }
    streams.add(new Endpoint(method, path));
    return on(method, path, route);
  }

  /** Whether the body of {@code request} is to be read while it comes. */
  boolean streams(Request request) {
    return streams.contains(new Endpoint(request.method(), request.path()));
  }

  /** Adds an endpoint; the first one that fits answers. */
  public Router on(String method, String path, Route route) {
    if (path.indexOf('{') < 0) {
      exact.computeIfAbsent(path, _ -> new HashMap<>()).put(method, route);
    } else {
      String[] segments = path.split("/", -1);
      patterns
          .computeIfAbsent(area(segments), _ -> new ArrayList<>())
          .add(new Pattern(method, segments, route));
    }
    endpoints.add(new Endpoint(method, path));
    return this;
  }

  private static String area(String[] segments) {
    return segments.length > AREA ? segments[AREA] : "";
  }

  private List<Pattern> patternsFor(String[] segments) {
    return patterns.getOrDefault(area(segments), List.of());
  }

  /** Every endpoint, in the order they were added. */
  public List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  /**
   * Answers {@code request}; {@code HEAD} as {@code GET}.
   *
   * @throws PylonException {@code NOT_FOUND}, {@code METHOD_NOT_ALLOWED}, or what the endpoint
   *     refuses
   */
  Response answer(Request request) {
    PylonException closed = closedBecause;
    if (closed != null && request.path().startsWith("/api/")) {
      throw closed;
    }
    String method = request.method().equals("HEAD") ? "GET" : request.method();
    Map<String, Route> methods = exact.get(request.path());
    if (methods != null
        && methods.getOrDefault(method, methods.get(ANY_METHOD)) instanceof Route route) {
      return route.answer(request, List.of());
    }
    String[] segments = request.path().split("/", -1);
    for (Pattern pattern : patternsFor(segments)) {
      var parameters = new ArrayList<String>(2);
      if (pattern.takes(method) && pattern.fits(segments, parameters)) {
        return pattern.route().answer(request, parameters);
      }
    }
    throw unanswered(request, segments);
  }

  private PylonException unanswered(Request request, String[] segments) {
    Set<String> allowed = allowed(request.path(), segments);
    if (allowed.isEmpty() || request.path().startsWith(FUNCTIONS)) {
      return notFound(request);
    }
    String methods = String.join(", ", allowed);
    return new PylonException(
            HttpError.METHOD_NOT_ALLOWED,
            "%s takes %s, not %s".formatted(request.path(), methods, request.method()))
        .with("allow", methods);
  }

  /** What is said where no endpoint fits. */
  public static PylonException notFound(Request request) {
    return new PylonException(HttpError.NOT_FOUND, "No API route matches " + request.path())
        .with("hint", "GET /api/openapi.json describes what there is");
  }

  /** What may be asked of a path; empty where there is no such path. */
  private Set<String> allowed(String path, String[] segments) {
    var methods = new TreeSet<>(exact.getOrDefault(path, Map.of()).keySet());
    for (Pattern pattern : patternsFor(segments)) {
      if (pattern.fits(segments, new ArrayList<>())) {
        methods.add(pattern.method());
      }
    }
    return methods;
  }
}
