package dev.pylon.process;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InputQueueTest {
  private final InputQueue queue = new InputQueue();
  private final SlowPipe pipe = new SlowPipe();
  private final List<Integer> prepared = new CopyOnWriteArrayList<>();
  private @Nullable Thread writer;

  /** Takes what it is given once its gate is open. */
  private static final class SlowPipe extends OutputStream {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public void write(int oneByte) {
      throw new AssertionError("bytes come in lines");
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      reached.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      synchronized (taken) {
        taken.write(bytes, from, length);
      }
    }

    List<String> lines() {
      synchronized (taken) {
        return taken.toString(StandardCharsets.UTF_8).lines().toList();
      }
    }
  }

  @AfterEach
  void endTheWriter() throws Exception {
    queue.close();
    pipe.gate.countDown();
    if (writer != null) {
      assertThat(writer.join(SOON)).isTrue();
    }
  }

  private void startWriting() {
    writer =
        Thread.startVirtualThread(() -> {
          try {
            queue.drainTo(
                pipe,
                late -> {
                  prepared.add(late.size());
                  late.forEach(LateLine::run);
                });
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Says whether it was prepared. */
  private static LateLine late(String text) {
    return new LateLine() {
      private String said = "unprepared";

      @Override
      public void run() {
        said = text;
      }

      @Override
      public byte[] bytes() {
        return line(said);
      }
    };
  }

  @Test
  void whatManyAddAtTheSameTimeIsAllWrittenInTheOrderOfEach() throws Exception {
    pipe.gate.countDown();
    startWriting();
    var adders = new ArrayList<Thread>();
    for (int adder = 0; adder < 8; adder++) {
      int number = adder;
      adders.add(
          Thread.startVirtualThread(() -> {
            for (int i = 0; i < 5_000; i++) {
              assertThat(queue.add(line(number + " " + i))).isTrue();
            }
          }));
    }
    for (Thread adder : adders) {
      assertThat(adder.join(SOON)).isTrue();
    }
    Eventually.within(SOON, () -> pipe.lines().size() == 40_000, pipe::lines);

    for (int adder = 0; adder < 8; adder++) {
      String mine = adder + " ";
      List<String> written = pipe.lines().stream().filter(text -> text.startsWith(mine)).toList();
      assertThat(written).hasSize(5_000);
      for (int i = 0; i < 5_000; i++) {
        assertThat(written.get(i)).isEqualTo(mine + i);
      }
    }
  }

  @Test
  void lateLinesThatAreWrittenTogetherArePreparedTogetherAndKeepTheirPlaces() throws Exception {
    startWriting();
    queue.add(line("first"));
    pipe.reached.await();
    queue.add(late("second"));
    queue.add(line("third"));
    queue.add(late("fourth"));
    pipe.gate.countDown();

    Eventually.within(SOON, () -> pipe.lines().size() == 4, pipe::lines);
    assertThat(pipe.lines()).containsExactly("first", "second", "third", "fourth");
    assertThat(prepared).containsExactly(2);
  }

  @Test
  void aLateLineThatCannotBeMadeHarmsNoOther() throws Exception {
    pipe.gate.countDown();
    startWriting();
    queue.add(
        new LateLine() {
          @Override
          public void run() {}

          @Override
          public byte[] bytes() {
            throw new IllegalStateException("not to be made");
          }
        });
    queue.add(line("next"));

    Eventually.within(SOON, () -> pipe.lines().size() == 1, pipe::lines);
    assertThat(pipe.lines()).containsExactly("next");
  }

  @Test
  void whatWasQueuedBeforeTheEndIsWrittenAndNothingAfterIt() throws Exception {
    queue.add(line("before"));
    queue.close();
    assertThat(queue.add(line("after"))).isFalse();
    assertThat(queue.add(late("after"))).isFalse();

    pipe.gate.countDown();
    startWriting();

    assertThat(writer.join(SOON)).isTrue();
    assertThat(pipe.lines()).containsExactly("before");
  }

  @Test
  void moreThanAChildCanBeBehindWithIsRefused() {
    byte[] large = new byte[100 * 1024 * 1024];
    assertThat(queue.add(large)).isTrue();
    assertThat(queue.add(large)).isTrue();
    assertThat(queue.add(large)).isFalse();
  }
}
