package dev.pylon.store.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {
  @ParameterizedTest
  @CsvSource({
    "2026-01-31T12:00:00Z,             2026-01-31T12:00:00.000Z",
    "2026-01-31T12:00:00.123456Z,      2026-01-31T12:00:00.123Z",
    "2026-01-31T12:00Z,                2026-01-31T12:00:00.000Z",
    "2026-01-31t12:00:00z,             2026-01-31T12:00:00.000Z",
    "2026-01-31 12:00:00+01:30,        2026-01-31T10:30:00.000Z",
    "2026-03-01T00:00:00-00:00,        2026-03-01T00:00:00.000Z",
    "2026-01-31,                       2026-01-31",
    "2026-01-31T12:00:00,              2026-01-31T12:00:00"
  })
  void aMomentIsStoredInOneForm(String written, String stored) {
    assertThat(Instants.normal(written)).contains(stored);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "tomorrow", "2026-02-30", "2026-01-31T25:00:00Z", "1767225600Z", "20260131"})
  void otherTextIsNoMoment(String text) {
    assertThat(Instants.normal(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1767225600Z, 2026-01-01T00:00:00.000Z", "2026-01-01,  2026-01-01", "Z,           Z"})
  void secondsOfOlderServersAreShownAsInstants(String stored, String shown) {
    assertThat(Instants.shown(stored)).isEqualTo(shown);
  }
}
