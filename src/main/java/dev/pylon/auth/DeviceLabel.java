package dev.pylon.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people call a device, by what its browser says of itself. */
final class DeviceLabel {
  private static final int CHARS_MAX = 60;

  /** Browsers name others beside themselves, the most particular one last: asked in this order. */
  private static final Map<String, String> BROWSERS =
      inOrder(
          "Edg",
          "Edge",
          "OPR/",
          "Opera",
          "Firefox/",
          "Firefox",
          "Chrome/",
          "Chrome",
          "Safari/",
          "Safari");

  private static final Map<String, String> SYSTEMS =
      inOrder(
          "iPhone",
          "iPhone",
          "iPad",
          "iPad",
          "Android",
          "Android",
          "Windows",
          "Windows",
          "Mac OS X",
          "macOS",
          "Linux",
          "Linux");

  private DeviceLabel() {}

  private static Map<String, String> inOrder(String... pairs) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** Such as {@code Chrome on macOS}; the beginning of what it says where it is no browser. */
  static @Nullable String of(@Nullable String userAgent) {
    if (userAgent == null || userAgent.isBlank()) {
      return null;
    }
    String browser = first(BROWSERS, userAgent);
    String system = first(SYSTEMS, userAgent);
    if (browser == null) {
      return userAgent.substring(0, Math.min(CHARS_MAX, userAgent.length()));
    }
    return system == null ? browser : browser + " on " + system;
  }

  private static @Nullable String first(Map<String, String> names, String userAgent) {
    return names.entrySet().stream()
        .filter(name -> userAgent.contains(name.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
