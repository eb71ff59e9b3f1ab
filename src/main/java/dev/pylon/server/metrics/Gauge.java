package dev.pylon.server.metrics;

import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** What somebody else knows, read when it is asked for. Names have dots: {@code pylon.jobs}. */
public sealed interface Gauge {
  String name();

  String description();

  /**
   * One number.
   *
   * @param counter whether it only ever grows
   */
  record Single(String name, String description, boolean counter, DoubleSupplier value)
      implements Gauge {}

  /**
   * Numbers that are known together, and asked for once for all of them.
   *
   * @param label tells them apart
   * @param values under the words of the label
   */
  record Family(String name, String description, String label, Supplier<Map<String, Long>> values)
      implements Gauge {}

  /** One that goes up and down. */
  static Gauge of(String name, String description, DoubleSupplier value) {
    return new Single(name, description, false, value);
  }

  /** One that only grows. */
  static Gauge counter(String name, String description, DoubleSupplier value) {
    return new Single(name, description, true, value);
  }
}
