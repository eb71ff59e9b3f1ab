package dev.pylon.process;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.Eventually;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real children, each a few words of shell. */
class ChildTest {
  @TempDir private Path directory;
  private final Heard heard = new Heard();
  private @Nullable Child child;

  @AfterEach
  void endTheChild() {
    if (child != null) {
      child.kill();
    }
  }

  private Child start(String script) throws ChildException {
    return start(script, Map.of());
  }

  private Child start(String script, Map<String, @Nullable String> environment)
      throws ChildException {
    return start(script, environment, heard);
  }

  private Child start(String script, Map<String, @Nullable String> environment, Heard told)
      throws ChildException {
    Child started =
        Child.start(
            new Child.Spec("test", List.of("/bin/sh", "-c", script), directory, environment), told);
    child = started;
    return started;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // ---- lines ----

  @Test
  void linesGoInAndComeOutInTheirOrder() throws Exception {
    Child cat = start("cat");

    for (int i = 0; i < 1_000; i++) {
      cat.send(bytes("line " + i + "\n"));
    }

    for (int i = 0; i < 1_000; i++) {
      assertThat(heard.line()).isEqualTo("line " + i);
    }
  }

  @Test
  void aLineOfTenMegabytesStaysOneLine() throws Exception {
    Child cat = start("cat");
    String huge = "x".repeat(10 * 1024 * 1024);

    cat.send(bytes(huge + "\n"));
    cat.send(bytes("next\n"));

    assertThat(heard.line()).isEqualTo(huge);
    assertThat(heard.line()).isEqualTo("next");
  }

  @Test
  void aLastLineWithoutABreakCounts() throws Exception {
    start("printf 'a\\nb'");

    assertThat(heard.line()).isEqualTo("a");
    assertThat(heard.line()).isEqualTo("b");
    assertThat(heard.status(SOON)).isZero();
  }

  @Test
  void itsDirectoryAndEnvironmentAreAsAsked() throws Exception {
    var environment = new HashMap<String, @Nullable String>();
    environment.put("GREETING", "hello");
    environment.put("HOME", null);
    start("pwd; echo $GREETING; echo ${HOME-none}", environment);

    assertThat(Path.of(heard.line()).toRealPath()).isEqualTo(directory.toRealPath());
    assertThat(heard.line()).isEqualTo("hello");
    assertThat(heard.line()).isEqualTo("none");
  }

  @Test
  void itsLastWordsAreKeptAndBounded() throws Exception {
    Child broken = start("for i in $(seq 1 100); do echo problem $i >&2; done; exit 3");

    assertThat(heard.status(SOON)).isEqualTo(3);
    assertThat(broken.lastLines()).hasSize(20).endsWith("problem 99", "problem 100");
  }

  // ---- its end ----

  @Test
  void itsEndIsToldOnceAfterItsLastLine() throws Exception {
    start("echo last; exit 7");

    assertThat(heard.status(SOON)).isEqualTo(7);
    assertThat(heard.linesLeft()).containsExactly("last");
    assertThat(heard.exits()).isEqualTo(1);
  }

  /** What a busy machine adds to one round it does not add to all of them. */
  @Test
  void aKilledChildIsToldAtOnce() throws Exception {
    Duration took = Duration.ofDays(1);

    for (int round = 0; round < 5 && took.toMillis() >= 500; round++) {
      var told = new Heard();
      Child sleeper = start("echo up; exec sleep 60", Map.of(), told);
      told.line();
      long before = System.nanoTime();
      ProcessHandle.of(sleeper.pid()).orElseThrow().destroyForcibly();
      assertThat(told.status(SOON)).isEqualTo(128 + 9);
      took = Duration.ofNanos(System.nanoTime() - before);
    }

    assertThat(took).isLessThan(Duration.ofMillis(500));
  }

  /**
   * What a handler has started may outlive its runtime and hold the pipe: that is not the child.
   */
  @Test
  void theEndIsToldAlsoWhereAGrandchildHoldsThePipe() throws Exception {
    start("sleep 60 & echo $!; exit 5");
    long grandchild = Long.parseLong(heard.line());

    try {
      assertThat(heard.status(Duration.ofSeconds(10))).isEqualTo(5);
      assertThat(heard.exits()).isEqualTo(1);
    } finally {
      ProcessHandle.of(grandchild).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void aChildThatClosesItsOutputIsEnded() throws Exception {
    Child mute = start("exec >&-; exec sleep 60");

    assertThat(heard.status(SOON)).isEqualTo(128 + 9);
    assertThat(mute.isAlive()).isFalse();
  }

  @Test
  void sendingToAnEndedChildIsToldByFalse() throws Exception {
    Child gone = start("exit 0");
    heard.status(SOON);

    // The pipe breaks at the first write: that is when the queue learns of it.
    Eventually.within(SOON, () -> !gone.send(bytes("anybody?\n")), () -> "still takes lines");
  }

  // ---- stop ----

  @Test
  void aChildThatEndsWithItsInputIsGivenTheTimeToDoSo() throws Exception {
    Child polite = start("cat; echo bye; exit 4");

    polite.stop(SOON);

    assertThat(heard.status(SOON)).isEqualTo(4);
    assertThat(heard.linesLeft()).containsExactly("bye");
  }

  @Test
  void whatIsQueuedAtTheStopIsStillWritten() throws Exception {
    Child cat = start("cat");
    for (int i = 0; i < 10_000; i++) {
      cat.send(bytes("line " + i + "\n"));
    }

    cat.stop(SOON);

    assertThat(heard.linesLeft()).hasSize(10_000).endsWith("line 9999");
  }

  @Test
  void aChildThatIgnoresTheEndOfItsInputIsTerminated() throws Exception {
    Child deaf = start("echo up; exec sleep 60");
    heard.line();

    deaf.stop(Duration.ofMillis(50));

    assertThat(heard.status(SOON)).isEqualTo(128 + 15);
  }

  @Test
  void whatAChildSaysWhenItIsTerminatedIsHeard() throws Exception {
    Child talkative =
        start("trap 'echo bye; exit 9' TERM; echo up; while true; do sleep 0.1; done");
    heard.line();

    talkative.stop(Duration.ofMillis(50));

    assertThat(heard.status(SOON)).isEqualTo(9);
    assertThat(heard.linesLeft()).containsExactly("bye");
  }

  @Test
  void aChildThatIgnoresTheRequestToTerminateIsKilled() throws Exception {
    Child stubborn = start("trap '' TERM; echo up; while true; do sleep 1; done");
    heard.line();

    stubborn.stop(Duration.ofMillis(50));

    assertThat(heard.status(SOON)).isEqualTo(128 + 9);
    assertThat(stubborn.isAlive()).isFalse();
  }

  @Test
  void stoppingTwiceDoesNoHarm() throws Exception {
    Child cat = start("cat");

    cat.stop(SOON);
    cat.stop(SOON);
    cat.close();

    assertThat(heard.status(SOON)).isZero();
    assertThat(heard.exits()).isEqualTo(1);
  }

  // ---- a child that does not read ----

  @Test
  void nobodyWaitsForAChildThatDoesNotRead() throws Exception {
    Child deaf = start("echo up; exec sleep 60");
    heard.line();
    byte[] megabyte = bytes("x".repeat(1024 * 1024 - 1) + "\n");

    long before = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThat(deaf.send(megabyte)).isTrue();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - before);

    assertThat(took).isLessThan(Duration.ofSeconds(20));
    deaf.stop(Duration.ofMillis(50));
    assertThat(deaf.isAlive()).isFalse();
  }

  // ---- starts that fail ----

  @Test
  void aProgramThatIsNotThereIsNamed() {
    var spec = new Child.Spec("test", List.of("/no/such/program"), directory, Map.of());

    assertThatThrownBy(() -> Child.start(spec, heard))
        .isInstanceOf(ChildException.class)
        .hasMessageContaining("/no/such/program");
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    Path missing = directory.resolve("missing");
    var spec = new Child.Spec("test", List.of("/bin/sh"), missing, Map.of());

    assertThatThrownBy(() -> Child.start(spec, heard))
        .isInstanceOf(ChildException.class)
        .hasMessage("not a directory: " + missing);
  }
}
