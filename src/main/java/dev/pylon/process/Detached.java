package dev.pylon.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

/** Starts programs that go their own way, such as the user's browser. */
public final class Detached {
  private Detached() {}

  /** Starts {@code command}, heard by nobody; false where there is no such program. */
  public static boolean start(List<String> command) {
    try {
      var _ =
          new ProcessBuilder(command)
              .redirectInput(Redirect.PIPE)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
