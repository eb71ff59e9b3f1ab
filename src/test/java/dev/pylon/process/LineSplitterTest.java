package dev.pylon.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private static final int ROOMY = 64 * 1024 * 1024;

  @Test
  void blankLinesAndCarriageReturnsAreHandedOnAsTheyAre() throws IOException {
    assertThat(lines(new ByteArrayInputStream("a\n\n\r\nb\n".getBytes(StandardCharsets.UTF_8))))
        .containsExactly("a", "", "\r", "b");
  }

  @Test
  void anEmptyStreamHasNoLine() throws IOException {
    assertThat(lines(new ByteArrayInputStream(new byte[0]))).isEmpty();
  }

  /** The law: however a text arrives in pieces, its lines are the same. */
  @Test
  void linesDoNotDependOnHowTheTextArrives() throws IOException {
    long seed = 7;
    var random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      var expected = new ArrayList<String>();
      for (int i = random.nextInt(30); i >= 0; i--) {
        expected.add("x".repeat(random.nextInt(random.nextInt(10) == 0 ? 200_000 : 40)));
      }
      expected.add("end");
      byte[] text = String.join("\n", expected).getBytes(StandardCharsets.UTF_8);

      assertThat(lines(new Dribble(text, random)))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(expected);
    }
  }

  @Test
  void aLineBeyondTheBoundEndsTheReading() {
    var splitter = new LineSplitter(new ByteArrayInputStream(new byte[300_000]), 200_000);

    assertThatThrownBy(() -> splitter.run((_, _, _) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("a line is longer than 200000 bytes");
  }

  private static List<String> lines(InputStream in) throws IOException {
    var lines = new ArrayList<String>();
    new LineSplitter(in, ROOMY)
        .run((buffer, from, length) ->
            lines.add(new String(buffer, from, length, StandardCharsets.UTF_8)));
    return lines;
  }

  /** Hands out a text in pieces of any size. */
  private static final class Dribble extends InputStream {
    private final byte[] text;
    private final Random random;
    private int position;

    Dribble(byte[] text, Random random) {
      this.text = text;
      this.random = random;
    }

    @Override
    public int read() {
      return position < text.length ? text[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int from, int length) {
      if (position == text.length) {
        return -1;
      }
      int size = Math.min(1 + random.nextInt(70_000), Math.min(length, text.length - position));
      System.arraycopy(text, position, buffer, from, size);
      position += size;
      return size;
    }
  }
}
