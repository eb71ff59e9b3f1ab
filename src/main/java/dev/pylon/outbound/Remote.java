package dev.pylon.outbound;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the servers of others. An exchange has a deadline that covers its last byte, an answer has a
 * bound, and nobody is followed to where they point. Questions are few: a client, with its threads,
 * lives as long as one of them is on its way. Thread-safe.
 *
 * <p>Where there is no answer, the message of the {@link IOException} says why and may be logged:
 * it holds nothing of the question.
 *
 * @param patience for one exchange
 * @param plain whether we ask without TLS, too; without, only on this machine
 */
public record Remote(Duration patience, boolean plain) {
  /** A key set, a profile and a refused letter need a hundredth of it. */
  private static final int BODY_BYTES_MAX = 512 * 1024;

  /** Of an answer that comes line by line: a thousand times what people read. */
  private static final int LINES_BYTES_MAX = 16 * 1024 * 1024;

  /** What was answered. */
  public record Reply(int status, byte[] body) {
    public boolean isGood() {
      return status == 200;
    }

    /** The body as text. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** The body, which must be one JSON value. */
    public @Nullable Object json() throws IOException {
      try {
        return Json.parseUtf8(body);
      } catch (JsonException e) {
        throw new IOException("the answer is no JSON", e);
      }
    }

    /** The body, which must be a JSON object. */
    public Map<String, @Nullable Object> object() throws IOException {
      if (json() instanceof Map<?, ?> object) {
        return Json.asObject(object);
      }
      throw new IOException("the answer is no JSON object");
    }
  }

  /** Asks for a document. */
  public Reply get(URI address, Map<String, String> headers) throws IOException {
    return exchange(request(address, headers).GET(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Sends a form. */
  public Reply post(URI address, Map<String, String> form, Map<String, String> headers)
      throws IOException {
    byte[] body = encoded(form).getBytes(StandardCharsets.US_ASCII);
    return exchange(
        posting(address, "application/x-www-form-urlencoded", body, headers),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /**
   * Hands over a JSON object. Once the head of the answer says that it was taken (2xx) nothing more
   * is waited for, and the body is empty: whoever hears of a failure then would hand it over again.
   */
  public Reply handOver(
      URI address, Map<String, @Nullable Object> object, Map<String, String> headers)
      throws IOException {
    return exchange(
        posting(address, "application/json", Json.bytes(object), headers),
        head ->
            head.statusCode() / 100 == 2
                ? HttpResponse.BodySubscribers.mapping(
                    HttpResponse.BodySubscribers.ofInputStream(), _ -> new byte[0])
                : HttpResponse.BodySubscribers.ofByteArray());
  }

  /**
   * The same for an answer that comes line by line: each has its own {@link #patience}.
   *
   * @throws IOException also where what comes is no good answer
   */
  public Lines postForLines(
      URI address, Map<String, @Nullable Object> object, Map<String, String> headers)
      throws IOException {
    HttpRequest request =
        request(address, headers)
            .setHeader("Accept", "text/event-stream")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(object)))
            .build();
    var head = new CompletableFuture<Integer>();
    HttpClient client = client();
    var lines = new Lines(patience, client);
    var unused =
        client
            .sendAsync(
                request,
                HttpResponse.BodyHandlers.limiting(
                    info -> {
                      head.complete(info.statusCode());
                      return lines.body();
                    },
                    LINES_BYTES_MAX))
            .whenComplete((_, why) -> {
              if (why != null) {
                head.completeExceptionally(why);
              }
            });
    try {
      int status = awaited(head);
      if (status != 200) {
        throw new IOException("it answered with status " + status);
      }
      return lines;
    } catch (IOException e) {
      lines.close();
      throw e;
    }
  }

  private HttpRequest.Builder posting(
      URI address, String type, byte[] body, Map<String, String> headers) throws IOException {
    return request(address, headers)
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  /** Names and values as they stand in a form, or behind a question mark. */
  public static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** One such name or value. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(URI address, Map<String, String> headers) throws IOException {
    if (!plain && !isSafe(address)) {
      throw new IOException("it is not asked over TLS");
    }
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address)
              .header("Accept", "application/json")
              .header("User-Agent", "pylon");
      headers.forEach(request::header);
      return request;
    } catch (IllegalArgumentException e) {
      throw new IOException("it cannot be asked", e);
    }
  }

  /** Whether others cannot read what is said to {@code address}. */
  private static boolean isSafe(URI address) {
    return "https".equalsIgnoreCase(address.getScheme())
        || ("http".equalsIgnoreCase(address.getScheme()) && isHere(address.getHost()));
  }

  private static boolean isHere(@Nullable String host) {
    if (host == null) {
      return false;
    }
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host.replaceAll("^\\[|]$", "")).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      // A name: whom it stands for is told by somebody else.
      return false;
    }
  }

  /** The client's own limit of time ends with the head of an answer: ours covers its body. */
  private Reply exchange(HttpRequest.Builder request, HttpResponse.BodyHandler<byte[]> body)
      throws IOException {
    HttpClient client = client();
    try {
      HttpResponse<byte[]> reply =
          awaited(
              client.sendAsync(
                  request.build(), HttpResponse.BodyHandlers.limiting(body, BODY_BYTES_MAX)));
      return new Reply(reply.statusCode(), reply.body());
    } finally {
      client.shutdownNow();
    }
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(patience)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  private <T> T awaited(CompletableFuture<T> answer) throws IOException {
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("it took longer than " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("it did not answer: " + cause.getClass().getSimpleName(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server is stopping");
    }
  }
}
