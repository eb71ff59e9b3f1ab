package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One who writes until nobody answers any more, and knows what must be there: its rows as they were
 * when it last got an answer, or as they would be had the write in flight been done. Its rows are
 * its own. Confined to one thread at a time.
 */
final class CrashWriter {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final int number;
  private final Random random;
  private final AtomicLong answered;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private int labels;
  private long acknowledged;

  /** By label. */
  private Map<String, Row> sure = new TreeMap<>();

  private @Nullable Map<String, Row> maybe;

  /**
   * @param version how often it was changed
   */
  private record Row(@Nullable String id, long version, long amount) {
    Row changed(long next) {
      return new Row(id, version + 1, next);
    }

    boolean looksLike(@Nullable Row other) {
      return other != null && other.version == version && other.amount == amount;
    }
  }

  /** What became of the write that got no answer. */
  enum Settled {
    NOTHING_IN_FLIGHT,
    IN_FLIGHT_AND_DONE,
    IN_FLIGHT_AND_NOT_DONE
  }

  /**
   * @param answered counts what all writers got answers to
   */
  CrashWriter(int number, long seed, AtomicLong answered) {
    this.number = number;
    this.random = new Random(seed);
    this.answered = answered;
  }

  long acknowledged() {
    return acknowledged;
  }

  /** Writes until the server is gone. */
  void run(String url) {
    try {
      while (true) {
        write(url);
      }
    } catch (IOException _) {
      // The server is gone: what was in flight is settled later.
    }
  }

  private void write(String url) throws IOException {
    var next = new TreeMap<>(sure);
    List<Map<String, Object>> operations = new ArrayList<>();
    boolean alone = random.nextInt(3) > 0;
    for (int n = alone ? 1 : random.nextInt(2, 9); n > 0; n--) {
      operations.add(operation(next));
    }
    maybe = next;
    Object answer = alone ? single(url, operations.getFirst()) : together(url, operations);
    if (answer == null) {
      // Refused as a whole, because of others who were writing.
      maybe = null;
      return;
    }
    learnIds(answer, operations, next);
    sure = next;
    maybe = null;
    acknowledged++;
    answered.incrementAndGet();
  }

  /** Makes up a write to a row, and does it to {@code rows}. */
  private Map<String, Object> operation(Map<String, Row> rows) {
    List<String> known =
        rows.entrySet().stream()
            .filter(row -> row.getValue().id() != null)
            .map(Map.Entry::getKey)
            .toList();
    int dice = random.nextInt(10);
    if (known.isEmpty() || dice < 4) {
      String label = "w%d-%d".formatted(number, ++labels);
      var row = new Row(null, 0, random.nextInt(1_000));
      rows.put(label, row);
      return Map.of("op", "insert", "entity", "Item", "label", label, "data", data(label, row));
    }
    String label = known.get(random.nextInt(known.size()));
    Row row = rows.get(label);
    String id = String.valueOf(row.id());
    if (dice == 4) {
      rows.remove(label);
      return Map.of("op", "delete", "entity", "Item", "id", id);
    }
    Row changed = row.changed(random.nextInt(1_000));
    rows.put(label, changed);
    return Map.of(
        "op",
        "update",
        "entity",
        "Item",
        "id",
        id,
        "data",
        Map.of("version", changed.version(), "amount", changed.amount()));
  }

  private Map<String, Object> data(String label, Row row) {
    return Map.of(
        "label", label, "writer", number, "version", row.version(), "amount", row.amount());
  }

  private @Nullable Object single(String url, Map<String, Object> operation) throws IOException {
    String path = url + "/api/entities/Item";
    return switch ((String) operation.get("op")) {
      case "insert" -> send("POST", path, operation.get("data"), 201);
      case "update" -> send("PATCH", path + "/" + operation.get("id"), operation.get("data"), 200);
      default -> send("DELETE", path + "/" + operation.get("id"), Map.of(), 200);
    };
  }

  private @Nullable Object together(String url, List<Map<String, Object>> operations)
      throws IOException {
    return send("POST", url + "/api/transact", operations, 200);
  }

  /** The answer; null where others were writing and this was refused. */
  private @Nullable Object send(String method, String url, @Nullable Object body, int expected)
      throws IOException {
    try {
      HttpResponse<byte[]> response =
          http.send(
              HttpRequest.newBuilder(URI.create(url))
                  .timeout(PATIENCE)
                  .header("Authorization", "Bearer " + CrashRounds.ADMIN)
                  .method(method, HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      Object answer = Json.parse(response.body());
      if (response.statusCode() == 503 && String.valueOf(answer).contains("TX_CONFLICT")) {
        return null;
      }
      assertThat(response.statusCode()).as("%s %s: %s", method, url, answer).isEqualTo(expected);
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void learnIds(
      Object answer, List<Map<String, Object>> operations, Map<String, Row> rows) {
    List<?> results =
        ((Map<?, ?>) answer).get("results") instanceof List<?> list ? list : List.of(answer);
    for (int i = 0; i < operations.size(); i++) {
      Object label = operations.get(i).get("label");
      if (label != null) {
        String id = String.valueOf(((Map<?, ?>) results.get(i)).get("id"));
        rows.computeIfPresent((String) label, (_, row) -> new Row(id, row.version(), row.amount()));
      }
    }
  }

  /** Compares what is there with what must be, and goes on from what is there. */
  Settled settle(String url) throws IOException {
    var there = new TreeMap<String, Row>();
    Object rows = send("POST", url + "/api/query/Item", Map.of("writer", number), 200);
    for (Object one : (List<?>) rows) {
      Map<?, ?> row = (Map<?, ?>) one;
      there.put(
          (String) row.get("label"),
          new Row((String) row.get("id"), (Long) row.get("version"), (Long) row.get("amount")));
    }
    boolean asAnswered = same(there, sure);
    boolean asInFlight = maybe != null && same(there, maybe);
    assertThat(asAnswered || asInFlight)
        .as("writer %d: there %s, answered %s, in flight %s", number, there, sure, maybe)
        .isTrue();
    boolean inFlight = maybe != null;
    sure = there;
    maybe = null;
    return !inFlight
        ? Settled.NOTHING_IN_FLIGHT
        : asInFlight ? Settled.IN_FLIGHT_AND_DONE : Settled.IN_FLIGHT_AND_NOT_DONE;
  }

  private static boolean same(Map<String, Row> some, Map<String, Row> others) {
    return some.keySet().equals(others.keySet())
        && some.entrySet().stream()
            .allMatch(row -> row.getValue().looksLike(others.get(row.getKey())));
  }
}
