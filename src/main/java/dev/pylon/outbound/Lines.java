package dev.pylon.outbound;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer that comes line by line, and takes its time. Each line has a limit of time; no more
 * than one is read ahead.
 *
 * <p>Confined to one thread, but for {@link #close}.
 */
public final class Lines implements AutoCloseable {
  private final Duration patience;
  private final HttpClient client;

  /** Lines, one at most, and how it ended. */
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  private volatile Flow.@Nullable Subscription source;

  private sealed interface Event {
    record Line(String text) implements Event {}

    record End() implements Event {}

    record Failure(Throwable why) implements Event {}
  }

  /** Ends {@code client} with itself. */
  Lines(Duration patience, HttpClient client) {
    this.patience = patience;
    this.client = client;
  }

  /**
   * The next line; empty where there are no more.
   *
   * @throws IOException where the answer breaks off, or takes too long
   */
  public Optional<String> next() throws IOException {
    Event event;
    try {
      event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server is stopping");
    }
    return switch (event) {
      case Event.Line(String text) -> {
        requireNonNull(source).request(1);
        yield Optional.of(text);
      }
      case Event.End end -> {
        events.add(end); // for whoever asks again
        yield Optional.empty();
      }
      case Event.Failure(Throwable why) ->
          throw new IOException("it broke off: " + why.getClass().getSimpleName(), why);
      case null ->
          throw new IOException("it was silent for longer than " + patience.toMillis() + " ms");
    };
  }

  /** Reads no more: who waits for a line hears that there is none. */
  @Override
  public void close() {
    events.add(new Event.End());
    client.shutdownNow();
  }

  /** Takes the lines as they come. */
  HttpResponse.BodySubscriber<Void> body() {
    return HttpResponse.BodySubscribers.fromLineSubscriber(
        new Taker(), _ -> null, StandardCharsets.UTF_8, null);
  }

  private final class Taker implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      source = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(String line) {
      events.add(new Event.Line(line));
    }

    @Override
    public void onError(Throwable why) {
      events.add(new Event.Failure(why));
    }

    @Override
    public void onComplete() {
      events.add(new Event.End());
    }
  }
}
