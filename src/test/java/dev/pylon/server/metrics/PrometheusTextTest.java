package dev.pylon.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  private final AtomicLong asked = new AtomicLong();

  private static String page(Supplier<Map<String, Long>> jobs) {
    return new PrometheusText(
            new RequestCounts(List.of()),
            List.of(
                new Gauge.Family("pylon.jobs", "Jobs", "state", jobs),
                Gauge.of("pylon.waiting", "Waiting", () -> 7)))
        .page(false)
        .text();
  }

  @Test
  void numbersThatAreKnownTogetherAreAskedForOnce() {
    String page =
        page(() -> {
          asked.incrementAndGet();
          return Map.of("pending", 1L, "running", 2L, "dead", 3L);
        });

    assertThat(page)
        .contains(
            "# TYPE pylon_jobs gauge",
            "pylon_jobs{state=\"pending\"} 1.0",
            "pylon_jobs{state=\"running\"} 2.0",
            "pylon_jobs{state=\"dead\"} 3.0");
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatCannotBeCountedLeavesTheRest() {
    String page =
        page(() -> {
          throw new IllegalStateException("the database is away");
        });

    assertThat(page).contains("pylon_waiting 7.0").doesNotContain("pylon_jobs{");
  }
}
