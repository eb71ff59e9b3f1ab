package dev.pylon.model;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes row ids: 32 hex digits of the time in nanoseconds, then 8 of a counter (data contract,
 * 2.1). Text order is the order of creation. Thread-safe.
 */
public final class IdSource {
  private static final HexFormat HEX = HexFormat.of();

  private final InstantSource clock;
  private final AtomicInteger counter = new AtomicInteger();

  public IdSource(InstantSource clock) {
    this.clock = clock;
  }

  /** Forty lower-case hex digits, greater than every id made in an earlier nanosecond. */
  public String rowId() {
    Instant now = clock.instant();
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    return "0000000000000000" + HEX.toHexDigits(nanos) + HEX.toHexDigits(counter.getAndIncrement());
  }
}
