package dev.pylon.cli.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeWordsTest {
  private static final TimeWords WORDS =
      new TimeWords(
          InstantSource.fixed(Instant.parse("2026-06-10T12:00:00Z")),
          ZoneId.of("Europe/Berlin"),
          () -> Optional.of(Instant.parse("2026-06-10T09:30:00Z")));

  @ParameterizedTest
  @CsvSource({
    "90s, 2026-06-10T11:58:30Z",
    "2h, 2026-06-10T10:00:00Z",
    "13:30, 2026-06-10T11:30:00Z",
    "13:30:15, 2026-06-10T11:30:15Z",
    "15:00, 2026-06-09T13:00:00Z", // not yet today
    "2026-06-01T00:00:00Z, 2026-06-01T00:00:00Z",
    "2026-06-01T00:00, 2026-05-31T22:00:00Z",
    "boot, 2026-06-10T09:30:00Z"
  })
  void momentsArePlacedBeforeNow(String text, Instant moment) {
    assertThat(WORDS.instant("--since", text)).isEqualTo(moment);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "15", "25:00"})
  void otherWordsAreUsageErrors(String text) {
    assertThatThrownBy(() -> WORDS.instant("--since", text))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.status()).isEqualTo(ExitStatus.USAGE));
  }
}
