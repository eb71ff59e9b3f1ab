package dev.pylon.ai;

import dev.pylon.outbound.Lines;
import dev.pylon.outbound.Remote;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that answers in pieces. Immutable.
 *
 * @param at where it is asked
 * @param key by which its provider knows us; may be empty
 * @param model its name, where who asks names no other; null for whatever the provider takes
 */
public record ChatModel(Provider provider, URI at, String key, @Nullable String model) {
  /** What it may take to begin, and between two pieces. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What ends an answer of those who speak as OpenAI does. */
  private static final String DONE = "[DONE]";

  private static final String DATA = "data:";

  /**
   * Asks.
   *
   * @param other the name of another model, or null
   * @throws IOException where there is no answer; its message holds nothing of what was said
   */
  public Reply ask(List<Message> said, @Nullable String other) throws IOException {
    // Where the model is was said by whoever runs this server.
    Lines lines =
        new Remote(PATIENCE, provider == Provider.CUSTOM)
            .postForLines(
                at, provider.question(other == null ? model : other, said), provider.headers(key));
    return new Reply(provider, lines);
  }

  /** Never shows the key. */
  @Override
  public String toString() {
    return "ChatModel[provider=%s, at=%s, model=%s]".formatted(provider, at, model);
  }

  /** What a model says. Confined to one thread, but for {@link #close}. */
  public static final class Reply implements AutoCloseable {
    private final Provider provider;
    private final Lines lines;

    private Reply(Provider provider, Lines lines) {
      this.provider = provider;
      this.lines = lines;
    }

    /**
     * The next piece of text; empty where all has been said.
     *
     * @throws IOException where it breaks off
     */
    public Optional<String> next() throws IOException {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        String text = line.get();
        if (!text.startsWith(DATA)) {
          continue; // names of events, and the empty lines between them
        }
        String data = text.substring(DATA.length()).strip();
        if (data.equals(DONE)) {
          break;
        }
        String piece = provider.pieceOf(data);
        if (piece != null) {
          return Optional.of(piece);
        }
      }
      return Optional.empty();
    }

    /** Listens no longer; whoever waits for the next piece hears that there is none. */
    @Override
    public void close() {
      lines.close();
    }
  }
}
