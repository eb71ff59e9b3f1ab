package dev.pylon.email;

import dev.pylon.outbound.Remote;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** Hands letters to a provider over HTTP. Thread-safe. */
public final class HttpMailer implements Mailer {
  /** What one letter may take, to the last byte of a refusal. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int REFUSAL_CHARS_SHOWN = 200;

  /** Words of a letter from here on may be secret: codes have six characters. */
  private static final int SECRET_CHARS_MIN = 6;

  private final Provider provider;
  private final URI endpoint;
  private final String key;
  private final String from;
  private final Remote remote;

  /**
   * @param endpoint where the provider is
   * @param key by which it knows us
   */
  public HttpMailer(Provider provider, URI endpoint, String key, String from) {
    this(provider, endpoint, key, from, PATIENCE);
  }

  /** The same with a limit of time for each letter. */
  HttpMailer(Provider provider, URI endpoint, String key, String from, Duration patience) {
    this.provider = provider;
    this.endpoint = endpoint;
    this.key = key;
    this.from = from;
    this.remote = new Remote(patience, false);
  }

  @Override
  public void send(Letter letter) {
    Remote.Reply reply = handOver(letter);
    int status = reply.status();
    if (status / 100 != 2) {
      String message = "HTTP " + status + ": " + shown(reply.text(), letter);
      throw status == 429 || status >= 500
          ? MailException.passing(message)
          : new MailException(message);
    }
  }

  private Remote.Reply handOver(Letter letter) {
    try {
      return remote.handOver(
          endpoint, provider.body(letter, from), Map.of("Authorization", "Bearer " + key));
    } catch (InterruptedIOException e) {
      throw new MailException("interrupted");
    } catch (IOException e) {
      throw MailException.passing("the provider was not reached: " + e.getMessage());
    }
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
