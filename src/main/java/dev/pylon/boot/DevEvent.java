package dev.pylon.boot;

import dev.pylon.functions.Reloaded;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.trace.Trace;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something the developer should see while {@code pylon dev} runs. */
public sealed interface DevEvent {

  /** Why something was loaded anew. */
  enum Reason {
    START,
    FUNCTIONS,
    SCHEMA,
    ENV,
    PACKAGES,
    MANUAL
  }

  /** The app is served for the first time. */
  record Ready(DevFacts facts, Duration took) implements DevEvent {}

  /**
   * What changed has been loaded, as far as it could be.
   *
   * @param rebuild counts loads from 1, the first being the start
   * @param files that changed, as the user would name them
   * @param functions null where functions were not loaded anew
   * @param manifest null where it was not built anew or is the same as before
   * @param operations what was done to the database
   * @param failed function files that could not be loaded
   * @param errors why a part of it, or all, stayed as it was
   */
  record Loaded(
      Reason reason,
      int rebuild,
      List<String> files,
      @Nullable Reloaded functions,
      @Nullable Manifest manifest,
      List<SchemaOperation> operations,
      List<BrokenFile> failed,
      List<Diagnostic> errors,
      Duration took)
      implements DevEvent {
    public Loaded {
      files = List.copyOf(files);
      operations = List.copyOf(operations);
      failed = List.copyOf(failed);
      errors = List.copyOf(errors);
    }

    public boolean isGood() {
      return errors.isEmpty();
    }
  }

  /**
   * A function file that could not be loaded; line and column count from 1.
   *
   * @param function its name
   * @param file as the user would name it
   * @param hint what to do about it, where that is plain
   */
  record BrokenFile(
      String function,
      String file,
      @Nullable Integer line,
      @Nullable Integer column,
      String message,
      @Nullable String hint) {}

  /** A call has ended. */
  record Called(Trace trace) implements DevEvent {}

  /** Calls that were too many to show. */
  record Skipped(int calls) implements DevEvent {}

  /** A runtime said something outside of any call. */
  record Said(String level, String text) implements DevEvent {}

  /** A runtime ended by itself and is being replaced. */
  record Crashed(int status, List<String> lastLines) implements DevEvent {}

  /** No runtime could be started; it is tried again. */
  record NotStarted(String reason, Duration retry) implements DevEvent {}

  /** Something to know, said once. */
  record Notice(String text) implements DevEvent {}
}
