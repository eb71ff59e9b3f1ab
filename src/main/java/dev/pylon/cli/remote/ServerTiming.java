package dev.pylon.cli.remote;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the header {@code Server-Timing: queue;dur=0.3, run;dur=6.1}. */
public final class ServerTiming {
  private ServerTiming() {}

  /** Milliseconds by name, in the order written; entries without a duration are left out. */
  public static Map<String, Double> parse(String header) {
    var timing = new LinkedHashMap<String, Double>();
    for (String entry : header.split(",")) {
      String[] parts = entry.strip().split(";");
      for (String part : parts) {
        if (part.strip().startsWith("dur=")) {
          try {
            timing.put(parts[0].strip(), Double.valueOf(part.strip().substring(4)));
          } catch (NumberFormatException e) {
            // an entry of a proxy that writes durations its own way
          }
        }
      }
    }
    return timing;
  }
}
