package dev.pylon.cli.dev;

import dev.pylon.boot.DevFacts;
import dev.pylon.config.Environment;
import dev.pylon.process.Detached;
import java.util.List;

/** The user's browser, asked to show what a server says of itself. */
final class Browser {
  private Browser() {}

  /** Opens the description of the API; returns what to tell, also where there is no browser. */
  static String open(DevFacts facts, Environment environment) {
    String url = facts.url() + "/api/openapi.json";
    String system = environment.property("os.name").orElse("");
    boolean opened =
        system.startsWith("Mac")
            ? Detached.start(List.of("open", url))
            : system.startsWith("Windows")
                ? Detached.start(List.of("rundll32", "url.dll,FileProtocolHandler", url))
                : Detached.start(List.of("xdg-open", url));
    return "  " + (opened ? "opening " : "open it in a browser: ") + url;
  }
}
