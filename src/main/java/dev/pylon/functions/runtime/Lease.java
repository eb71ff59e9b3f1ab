package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.HostFrames;
import dev.pylon.model.PylonException;
import dev.pylon.process.LateLine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * A runtime lent to one call. Closing it gives the place back; calls nested in this one run on the
 * same runtime, so that one request never sees two versions of the code.
 */
public final class Lease implements AutoCloseable {
  /** A runtime that owes us an answer for so long is stuck, not busy. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final ChildRuntime runtime;
  private final Registry registry;
  private final RunningCall call;
  private final Runnable giveBack;

  Lease(ChildRuntime runtime, Registry registry, RunningCall call, Runnable giveBack) {
    this.runtime = runtime;
    this.registry = registry;
    this.call = call;
    this.giveBack = giveBack;
  }

  /** The function in the version this runtime has loaded. */
  public Optional<Definition> find(String name) {
    return registry.find(name);
  }

  /** Whether a call may bring the row that its handler asks for first. */
  public boolean takesRowsAhead() {
    return registry.takesRowsAhead();
  }

  /**
   * Sends a line to the runtime.
   *
   * @throws PylonException {@code IO_ERROR} where it takes none any more
   */
  public void send(byte[] line) {
    if (!runtime.send(line)) {
      throw notTaken();
    }
  }

  /**
   * Sends a line that has something to read first. Those that are written together are read for
   * together, where {@code together} does not have to wait for it; else they go as they are.
   *
   * @throws PylonException {@code IO_ERROR} where it takes none any more
   */
  public void send(LateLine line, Predicate<List<? extends Runnable>> together) {
    if (!runtime.send(line, together)) {
      throw notTaken();
    }
  }

  private static PylonException notTaken() {
    return new PylonException(FunctionError.IO_ERROR, "Failed to write to runner");
  }

  /** Answers a question of the call, if the runtime is still there to hear it. */
  public void answer(byte[] line) {
    runtime.send(line);
  }

  /**
   * Takes a question of the call until the runtime pauses, and then hands {@code together} all such
   * questions. For the thread that brings the frames.
   *
   * @param together runs them on this thread; false where it does not, for something would have to
   *     be waited for
   */
  public void gather(QuickQuestion question, Predicate<List<? extends Runnable>> together) {
    runtime.gather(question, together);
  }

  /** Tells the runtime that nobody waits for the call any more. */
  public void cancel(String reason) {
    runtime.send(HostFrames.cancel(call.id(), reason));
  }

  /** Makes room for a call nested in this one, on the same runtime and without waiting. */
  public Lease nested(RunningCall inner) {
    if (!runtime.openNested(inner)) {
      throw new PylonException(
          FunctionError.RUNNER_EXITED, "TypeScript function runner process exited unexpectedly");
    }
    return new Lease(runtime, registry, inner, () -> {});
  }

  /**
   * The call, of {@code function}, has run out of time: ends the runtime where its event loop is
   * stuck, which is held to be its doing; other calls on it fail with it. What is not known yet is
   * found out by one of {@code tasks}, unless nobody else is on the runtime, who could be hurt by
   * it meanwhile.
   */
  public void timedOut(String function, Executor tasks) {
    if (!runtime.doubt()) {
      return; // calls run out of time by the thousand: the first of them finds out for all
    }
    if (runtime.isAlone() || runtime.silence(System.nanoTime()).compareTo(PATIENCE) >= 0) {
      runtime.killUnlessAlive(PATIENCE, function);
    } else {
      tasks.execute(() -> runtime.killUnlessAlive(PATIENCE, function));
    }
  }

  /** The function for which the runtime was ended, if that was its end. */
  public Optional<String> killedFor() {
    return Optional.ofNullable(runtime.culprit());
  }

  /** Whether the runtime has ended and nobody here wanted it to. */
  public boolean endedByItself() {
    return runtime.endedByItself();
  }

  /** Whether that took others down with this call. */
  public boolean tookOthersDown() {
    return runtime.tookSeveralDown();
  }

  @Override
  public void close() {
    runtime.close(call);
    giveBack.run();
  }
}
