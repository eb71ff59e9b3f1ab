package dev.pylon.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "250ms,250",
    "5s,5000",
    "1.5s,1500",
    "15m,900000",
    "2h,7200000",
    "1d,86400000",
    "3,3000"
  })
  void readsLengthsOfTime(String text, long millis) {
    assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "5x", "-5s", "5 s", "1.2.3s"})
  void refusesWhatIsNone(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.0421,42 µs",
    "0.9996,1.0 ms",
    "8.44,8.4 ms",
    "9.96,10 ms",
    "123.4,123 ms",
    "9999.6,10.0 s",
    "12345,12.3 s"
  })
  void writesThemAsThePageSays(double millis, String text) {
    assertThat(Durations.text(millis, false)).isEqualTo(text);
  }
}
