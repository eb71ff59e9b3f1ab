package dev.pylon.server.metrics;

import dev.pylon.server.RequestListener;
import dev.pylon.server.http.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests by their ending, method and area, and how long they took. Counting is a few additions on
 * the I/O thread; everything else waits for somebody to ask. Thread-safe.
 */
public final class RequestCounts implements RequestListener {
  /** The methods that have a number of their own (services contract, 10.5). */
  static final List<String> METHODS = List.of("GET", "POST", "PATCH", "DELETE", "OPTIONS");

  /** Where what has no area of ours is counted, so that strangers cannot invent areas. */
  static final String OTHER_AREA = "other";

  private static final String API = "/api/";

  private final LongAdder ok = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final Map<String, LongAdder> byMethod = new LinkedHashMap<>();
  private final Map<String, Area> byArea = new HashMap<>();
  private final Area other = new Area();

  /** The durations of one area, by the first digit of the status. */
  private static final class Area {
    private final Durations[] byStatus = new Durations[6];

    Area() {
      for (int i = 0; i < byStatus.length; i++) {
        byStatus[i] = new Durations();
      }
    }
  }

  /**
   * @param paths what can be asked; the segment behind {@code /api/} is the area
   */
  public RequestCounts(Collection<String> paths) {
    METHODS.forEach(method -> byMethod.put(method, new LongAdder()));
    paths.forEach(path -> byArea.computeIfAbsent(area(path), _ -> new Area()));
    byArea.put(OTHER_AREA, other);
  }

  private static String area(String path) {
    if (!path.startsWith(API)) {
      return OTHER_AREA;
    }
    int end = path.indexOf('/', API.length());
    return path.substring(API.length(), end < 0 ? path.length() : end);
  }

  @Override
  public void answered(Request head, int status, long bytes, long nanos) {
    (status >= 200 && status < 400 ? ok : errors).increment();
    LongAdder method = byMethod.get(head.method());
    if (method != null) {
      method.increment();
    }
    Area area = byArea.getOrDefault(area(head.path()), other);
    area.byStatus[Math.clamp(status / 100, 0, 5)].add(nanos);
  }

  public long ok() {
    return ok.sum();
  }

  public long errors() {
    return errors.sum();
  }

  public long ofMethod(String method) {
    LongAdder count = byMethod.get(method);
    return count == null ? 0 : count.sum();
  }

  /** What one area's requests with one sort of ending took. */
  record Series(String area, String status, Durations durations) {}

  /** All series that have anything in them. */
  List<Series> series() {
    return byArea.entrySet().stream()
        .flatMap(entry -> series(entry.getKey(), entry.getValue()).stream())
        .toList();
  }

  private static List<Series> series(String name, Area area) {
    var series = new ArrayList<Series>();
    for (int i = 1; i < area.byStatus.length; i++) {
      if (!area.byStatus[i].isEmpty()) {
        series.add(new Series(name, i + "xx", area.byStatus[i]));
      }
    }
    return series;
  }
}
