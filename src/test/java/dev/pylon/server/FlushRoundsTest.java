package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

class FlushRoundsTest {
  private XnioWorker worker;
  private FlushRounds rounds;

  @BeforeEach
  void start() throws Exception {
    worker = Xnio.getInstance().createWorker(OptionMap.create(Options.WORKER_IO_THREADS, 1));
    rounds = new FlushRounds(worker.getIoThread());
  }

  @AfterEach
  void close() {
    worker.shutdownNow();
  }

  @Test
  void oneThatFailsKeepsNoOtherFromItsTurn() throws Exception {
    List<String> written = new CopyOnWriteArrayList<>();
    var all = new CountDownLatch(3);
    var together = new CountDownLatch(1);
    worker.getIoThread().execute(() -> awaitUninterrupted(together));

    rounds.add(() -> write("first", written, all));
    rounds.add(() -> {
      throw new IllegalStateException("this stream is broken");
    });
    rounds.add(() -> write("third", written, all));
    together.countDown();
    // Another round comes after one in which something failed.
    worker.getIoThread().execute(() -> rounds.add(() -> write("next", written, all)));

    assertThat(all.await(30, TimeUnit.SECONDS)).as("written: %s", written).isTrue();
    assertThat(written).containsExactly("first", "third", "next");
  }

  private static void write(String what, List<String> written, CountDownLatch all) {
    written.add(what);
    all.countDown();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
