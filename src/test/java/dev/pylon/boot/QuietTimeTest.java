package dev.pylon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class QuietTimeTest {
  private static final long MILLI = 1_000_000;
  private static final Path A = Path.of("a.ts");
  private static final Path B = Path.of("b.ts");

  private final QuietTime quiet = new QuietTime();

  @Test
  void oneFileRestsForAMoment() {
    quiet.changed(A, false, 0);

    assertThat(quiet.remaining(0)).isEqualTo(20 * MILLI);
    assertThat(quiet.remaining(19 * MILLI)).isEqualTo(MILLI);
    assertThat(quiet.remaining(20 * MILLI)).isZero();
  }

  @Test
  void eachWriteOfTheSameFileBeginsTheMomentAnew() {
    quiet.changed(A, false, 0);
    quiet.changed(A, false, 15 * MILLI);

    assertThat(quiet.remaining(20 * MILLI)).isEqualTo(15 * MILLI);
  }

  @Test
  void aSecondFileMakesUsWaitLonger() {
    quiet.changed(A, false, 0);
    quiet.changed(B, false, 10 * MILLI);

    assertThat(quiet.remaining(10 * MILLI)).isEqualTo(75 * MILLI);
  }

  @Test
  void twentyFilesWithinFiftyMillisecondsAreOneChange() {
    int reloads = 0;
    for (long now = 0; now <= 300 * MILLI; now += MILLI / 2) {
      if (now % (5 * MILLI / 2) == 0 && now < 50 * MILLI) {
        quiet.changed(Path.of("f" + now + ".ts"), false, now);
      }
      if (!quiet.isIdle() && quiet.remaining(now) == 0) {
        assertThat(quiet.take()).hasSize(20);
        reloads++;
      }
    }

    assertThat(reloads).isEqualTo(1);
  }

  @Test
  void whoNeverStopsSavingIsNotWaitedForForever() {
    for (long now = 0; now < 500 * MILLI; now += 10 * MILLI) {
      quiet.changed(now % (20 * MILLI) == 0 ? A : B, false, now);
      assertThat(quiet.remaining(now)).isPositive();
    }

    assertThat(quiet.remaining(500 * MILLI)).isZero();
  }

  @Test
  void anEmptiedFileIsGivenTimeToBeFilled() {
    quiet.changed(A, true, 0);
    assertThat(quiet.remaining(0)).isEqualTo(200 * MILLI);

    quiet.changed(A, false, 30 * MILLI);
    assertThat(quiet.remaining(30 * MILLI)).isEqualTo(20 * MILLI);
  }

  @Test
  void aFileThatStaysEmptyIsLoadedAsItIs() {
    quiet.changed(A, true, 0);

    assertThat(quiet.remaining(200 * MILLI)).isZero();
  }

  @Test
  void whatWasTakenIsNotPendingAnyMore() {
    quiet.changed(A, false, 0);
    quiet.take();
    quiet.changed(B, false, 5 * MILLI);

    assertThat(quiet.remaining(25 * MILLI)).isZero();
    assertThat(quiet.take()).containsExactly(B);
    assertThat(quiet.isIdle()).isTrue();
  }
}
