package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is put together by hand is the JSON that a writer of JSON would have made. */
class AccessLineTest {
  private final AccessLine line = new AccessLine();

  private String taken() {
    return new String(line.take(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/api/fn/a", "a\"b\\c", "line\nbreak\r\t\0", "ümläut €", "🙂", "\u007f"})
  void anyTextIsQuotedAsJson(String text) {
    line.quoted(text);

    assertThat(Json.parse(taken().getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
  }

  @Test
  void momentsAreTold() {
    line.moment(Instant.parse("2026-01-02T03:04:05.006007008Z"));
    line.moment(Instant.parse("2026-01-02T03:04:05.9Z"))
        .moment(Instant.parse("2026-01-02T03:04:06Z"));

    assertThat(taken())
        .isEqualTo(
            "\"2026-01-02T03:04:05.006007Z\"\"2026-01-02T03:04:05.900000Z\"\"2026-01-02T03:04:06.000000Z\"");
  }

  @Test
  void durationsAreToldInHundredthsOfAMillisecond() {
    line.millis(TimeUnit.MICROSECONDS.toNanos(205_047)).raw(" ").millis(0).raw(" ").millis(14_999);

    assertThat(taken()).isEqualTo("205.05 0.00 0.01");
  }

  @Test
  void thereIsRoomForLongTextsAndTheNextLineBeginsAnew() {
    String path = "/" + "x".repeat(1_000_000);

    assertThat(taken()).isEmpty();
    line.quoted(path).number(-7);
    assertThat(taken()).isEqualTo("\"" + path + "\"-7");
    assertThat(line.length()).isZero();
  }
}
