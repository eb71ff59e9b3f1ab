package dev.pylon.server.metrics;

import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * A number that somebody else knows, read when it is asked for.
 *
 * @param name with dots, such as {@code pylon.jobs}
 * @param labels that tell it from others of the name
 * @param counter whether it only ever grows
 */
public record Gauge(
    String name,
    String description,
    Map<String, String> labels,
    boolean counter,
    DoubleSupplier value) {

  /** One that goes up and down. */
  public static Gauge of(String name, String description, DoubleSupplier value) {
    return new Gauge(name, description, Map.of(), false, value);
  }

  /** One that only grows. */
  public static Gauge counter(String name, String description, DoubleSupplier value) {
    return new Gauge(name, description, Map.of(), true, value);
  }

  /** The same with a label. */
  public Gauge with(String label, String text) {
    return new Gauge(name, description, Map.of(label, text), counter, value);
  }
}
