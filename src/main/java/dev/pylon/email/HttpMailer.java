package dev.pylon.email;

import dev.pylon.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Hands letters to a provider over HTTP. Thread-safe. */
public final class HttpMailer implements Mailer {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What is read of a refusal, and what of that is told. */
  private static final long REFUSAL_BYTES_MAX = 16 * 1024L;

  private static final int REFUSAL_CHARS_SHOWN = 200;

  /** Words of a letter from here on may be secret: codes have six characters. */
  private static final int SECRET_CHARS_MIN = 6;

  private final Provider provider;
  private final URI endpoint;
  private final String key;
  private final String from;
  private final Duration patience;

  /**
   * @param endpoint where the provider is
   * @param key by which it knows us
   */
  public HttpMailer(Provider provider, URI endpoint, String key, String from) {
    this(provider, endpoint, key, from, PATIENCE);
  }

  /** The same with a limit of time for each letter. */
  HttpMailer(Provider provider, URI endpoint, String key, String from, Duration patience) {
    this.patience = patience;
    this.provider = provider;
    this.endpoint = endpoint;
    this.key = key;
    this.from = from;
  }

  @Override
  public void send(Letter letter) {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("User-Agent", "pylon")
            .POST(BodyPublishers.ofByteArray(Json.bytes(provider.body(letter, from))))
            .build();
    HttpResponse<String> reply = exchange(request);
    int status = reply.statusCode();
    if (status / 100 != 2) {
      String message = "HTTP " + status + ": " + shown(reply.body(), letter);
      throw status == 429 || status >= 500
          ? MailException.passing(message)
          : new MailException(message);
    }
  }

  /** The client's own limit of time ends with the head of an answer: this one covers its body. */
  private HttpResponse<String> exchange(HttpRequest request) {
    // Letters are few: a client, with its threads, lives as long as one of them is on its way.
    HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build();
    try {
      return client
          .sendAsync(request, HttpMailer::refusal)
          .get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw MailException.passing("the provider did not answer in time");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw MailException.passing(
          "the provider was not reached: " + cause.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MailException("interrupted");
    } finally {
      client.shutdownNow();
    }
  }

  /** Of what went well nothing need be read. */
  private static HttpResponse.BodySubscriber<String> refusal(HttpResponse.ResponseInfo head) {
    return head.statusCode() / 100 == 2
        ? BodySubscribers.replacing("")
        : BodyHandlers.limiting(BodyHandlers.ofString(), REFUSAL_BYTES_MAX).apply(head);
  }

  /** The beginning of a refusal, unless it repeats something of the letter, or our key. */
  private String shown(String body, Letter letter) {
    boolean repeats =
        Arrays.stream((letter.text() + " " + letter.to() + " " + key).split("\\s+"))
            .anyMatch(word -> word.length() >= SECRET_CHARS_MIN && body.contains(word));
    return repeats
        ? "(an answer that repeats the letter)"
        : body.substring(0, Math.min(REFUSAL_CHARS_SHOWN, body.length()))
            .replaceAll("\\p{Cntrl}+", " ");
  }
}
