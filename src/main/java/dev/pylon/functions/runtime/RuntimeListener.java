package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.LoadFailure;
import java.util.List;

/** Hears what becomes of the runtimes. Called on their threads; must not block. */
public interface RuntimeListener {
  /** Does not listen. */
  RuntimeListener SILENT =
      new RuntimeListener() {
        @Override
        public void log(String level, String text) {}

        @Override
        public void crashed(int status, List<String> lastLines) {}

        @Override
        public void loaded(int functions, List<LoadFailure> failed) {}

        @Override
        public void startFailed(String reason, long retryMillis) {}
      };

  /**
   * A line that belongs to no call: standard error, top-level console output, text past the fence.
   */
  void log(String level, String text);

  /** A runtime ended without being told to; {@code lastLines} is the end of its standard error. */
  void crashed(int status, List<String> lastLines);

  /** The functions can be called again, or for the first time. */
  void loaded(int functions, List<LoadFailure> failed);

  /** No runtime could be brought up; it is tried again after {@code retryMillis}. */
  void startFailed(String reason, long retryMillis);
}
