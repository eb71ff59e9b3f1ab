package dev.pylon.server.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventTextTest {
  /** The law: whatever a handler streams, a client reads one event with exactly these lines. */
  @Test
  void noChunkBecomesTwoEvents() {
    long seed = 11;
    var random = new Random(seed);
    String[] pieces = {"a", "\n", "\r", "\n\n", "event: result", "data: ", ": ", "é", "", "id: 1"};
    for (int round = 0; round < 5_000; round++) {
      var chunk = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        chunk.append(pieces[random.nextInt(pieces.length)]);
      }
      String name = random.nextBoolean() ? null : pieces[random.nextInt(pieces.length)];

      String text = new String(EventText.chunk(name, chunk.toString()), StandardCharsets.UTF_8);

      assertThat(dataOf(text))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(chunk.toString().replace("\r\n", "\n").replace('\r', '\n'));
      assertThat(text.lines()).doesNotContain("event: result", "event: error");
      assertThat(text).doesNotContain("\r");
    }
  }

  /**
   * Reads as the shipped clients do: events part at blank lines, others lines than these count not.
   */
  private static String dataOf(String text) {
    assertThat(text).endsWith("\n\n");
    String event = text.substring(0, text.length() - 2);
    assertThat(event).doesNotContain("\n\n");
    List<String> data = new ArrayList<>();
    for (String line : event.split("\n", -1)) {
      assertThat(line).matches("(event|data): .*");
      if (line.startsWith("data: ")) {
        data.add(line.substring("data: ".length()));
      }
    }
    return String.join("\n", data);
  }
}
