package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.FrameReader;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.HostFrames;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.process.Child;
import dev.pylon.process.ChildException;
import dev.pylon.process.ChildListener;
import dev.pylon.process.LateLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One child that runs functions.
 *
 * <pre>
 * started ──standby──▶ waiting ──load──▶ loading ──ready──▶ serving ──retire──▶ draining ──▶ gone
 * </pre>
 *
 * A foreign runtime goes from started to loading at once. Whatever happens, the last state is gone,
 * and {@code onGone} hears of it once.
 *
 * <p>Thread-safe. Frames are taken on the child's reader thread.
 */
final class ChildRuntime implements ChildListener {
  private static final FrameReader FRAMES = new FrameReader();

  private final CallTable calls = new CallTable();
  private final CompletableFuture<RuntimeFrame.Standby> standby = new CompletableFuture<>();
  private final CompletableFuture<RuntimeFrame.Ready> ready = new CompletableFuture<>();
  private final CompletableFuture<Integer> gone = new CompletableFuture<>();
  private final boolean builtIn;
  private final Pulse pulse;
  private final RuntimeListener listener;
  private final Consumer<ChildRuntime> onGone;
  private volatile @Nullable Child child;
  private volatile boolean dismissed;
  private volatile boolean condemned;

  private volatile boolean outgrown;

  /** Whether somebody finds out just now if it is alive, or has found that it is not. */
  private final AtomicBoolean doubted = new AtomicBoolean();

  private volatile long readyNanos;
  private volatile int callsAtItsEnd;
  private volatile @Nullable String culprit;

  /** What has been asked since the runtime last paused, and who answers it. The reader thread's. */
  private List<QuickQuestion> gathered = new ArrayList<>();

  /** Runs quick reads in one go; known from the first call that has any. */
  private volatile Predicate<List<? extends Runnable>> together = _ -> false;

  private ChildRuntime(boolean builtIn, RuntimeListener listener, Consumer<ChildRuntime> onGone) {
    this.builtIn = builtIn;
    this.pulse = new Pulse(builtIn, this::send);
    this.listener = listener;
    this.onGone = onGone;
  }

  /**
   * Starts a child; the handshake is still to come.
   *
   * @param environment changes to that of {@code spec}, for a runtime that loads at once
   */
  static ChildRuntime start(
      int number,
      RuntimeSpec spec,
      boolean onStandby,
      Map<String, @Nullable String> environment,
      RuntimeListener listener,
      Consumer<ChildRuntime> onGone)
      throws StartException {
    var runtime = new ChildRuntime(spec.builtIn(), listener, onGone);
    var variables = new HashMap<String, @Nullable String>(spec.environment());
    variables.putAll(environment);
    var childSpec =
        new Child.Spec("runtime-" + number, spec.command(onStandby), spec.directory(), variables);
    try {
      // The child's threads may speak before this line returns; child() waits for it.
      synchronized (runtime) {
        runtime.child = Child.start(childSpec, runtime);
      }
    } catch (ChildException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
    return runtime;
  }

  private Child child() {
    Child started = child;
    return started != null ? started : childOnceStarted();
  }

  private synchronized Child childOnceStarted() {
    return Objects.requireNonNull(child, "the child was not started");
  }

  /** Waits until the runtime has booted and could load. */
  void awaitStandby(Deadline deadline) throws StartException {
    await(standby, deadline, "standby");
  }

  /** Tells a runtime on standby to load the functions; {@link #awaitReady} has the outcome. */
  void load(Map<String, @Nullable String> environment) {
    send(HostFrames.load(environment));
  }

  /** The functions it has loaded. */
  RuntimeFrame.Ready awaitReady(Deadline deadline) throws StartException {
    RuntimeFrame.Ready frame = await(ready, deadline, "ready");
    if (frame.error() != null) {
      dismiss(Duration.ZERO);
      throw new StartException(frame.error());
    }
    readyNanos = System.nanoTime();
    return frame;
  }

  private <T> T await(CompletableFuture<T> state, Deadline deadline, String what)
      throws StartException {
    try {
      return state.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      dismiss(Duration.ZERO);
      throw new StartException(
          "the runtime did not say %s within %d s%s"
              .formatted(what, RuntimeSpec.HANDSHAKE_TIMEOUT.toSeconds(), lastWords()),
          e);
    } catch (ExecutionException e) {
      if (gone.isDone() || !(e.getCause() instanceof StartException refused)) {
        throw new StartException("the runtime ended before it said " + what + lastWords(), e);
      }
      dismiss(Duration.ZERO);
      throw refused;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      dismiss(Duration.ZERO);
      throw new StartException("interrupted while a runtime was starting", e);
    }
  }

  private String lastWords() {
    var lines = child().lastLines();
    return lines.isEmpty() ? "" : ": " + String.join("\n", lines);
  }

  /** Makes room for a call; false where this runtime takes no more. */
  boolean open(RunningCall call) {
    return calls.open(call);
  }

  /** Makes room for a call nested in one that runs here. */
  boolean openNested(RunningCall call) {
    return calls.openNested(call);
  }

  void close(RunningCall call) {
    calls.close(call);
  }

  int inFlight() {
    return calls.size();
  }

  /** Ends the calls that are past their deadline, and feels the pulse where there are others. */
  void look(long nowNanos) {
    calls.expire(nowNanos);
    pulse.look(calls.size() > 0, nowNanos);
  }

  /** Whether its event loop does not turn just now, as far as can be told. */
  boolean isLate() {
    return pulse.isLate();
  }

  /** Calls that may leave a runtime that is late do so. */
  void moveAway(boolean isStuck) {
    calls.moveAway(pulse.askedNanos(), isStuck);
  }

  /** Sends a line; false where the child takes none any more. */
  boolean send(byte[] line) {
    return child().send(line);
  }

  /** The same for a line that has something to read first, in one go with others. */
  boolean send(LateLine line, Predicate<List<? extends Runnable>> runner) {
    together = runner;
    return child().send(line);
  }

  @Override
  public void beforeWriting(List<LateLine> lines) {
    boolean unused = together.test(lines);
  }

  boolean isAlive() {
    return !gone.isDone() && !dismissed && !condemned && !outgrown;
  }

  boolean hasEnded() {
    return gone.isDone();
  }

  /** Whether it has ended and nobody here wanted it to. */
  boolean endedByItself() {
    return gone.isDone() && !dismissed && !condemned;
  }

  /** Whether that took more than one call down. */
  boolean tookSeveralDown() {
    return endedByItself() && callsAtItsEnd > 1;
  }

  long pid() {
    return child().pid();
  }

  /** Whether it has one call at a time and those nested in it. */
  boolean isAlone() {
    return !builtIn;
  }

  /** Begins to doubt that it is alive; false where somebody does already. */
  boolean doubt() {
    return doubted.compareAndSet(false, true);
  }

  /**
   * Ends the {@linkplain #doubt doubt}: asks whether the event loop turns, where it was not asked
   * before, and waits. One that does not answer is ended at once because a call of {@code function}
   * keeps it; its other calls hear of it.
   */
  void killUnlessAlive(Duration patience, String function) {
    if (pulse.answersWithin(patience)) {
      doubted.set(false);
    } else {
      culprit = function;
      condemned = true;
      child().kill();
    }
  }

  /** For how long it has not answered though it was asked. */
  Duration silence(long nowNanos) {
    return pulse.silence(nowNanos);
  }

  /** The function it was killed for, or null. */
  @Nullable String culprit() {
    return culprit;
  }

  /** Whether it has begun to hold more memory than it may. It takes no more calls then. */
  boolean outgrows(long bytesMax) {
    if (outgrown || child().residentBytes() <= bytesMax) {
      return false;
    }
    outgrown = true;
    return true;
  }

  /** Ends one that has outgrown its bound. Whose fault that is nobody can say. */
  void endOutgrown() {
    child().kill();
  }

  /** How long it has been serving. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - readyNanos);
  }

  /**
   * Takes no more calls, lets those in flight finish for {@code drain}, then ends the child. Waits.
   */
  void retire(Duration drain) {
    calls.shut();
    dismissed = true;
    calls.awaitEmpty(Deadline.after(drain));
    dismiss(Duration.ofMillis(500));
  }

  /** Ends the child; its end is expected. */
  void dismiss(Duration grace) {
    dismissed = true;
    child().stop(grace);
  }

  @Override
  public void line(byte[] buffer, int from, int length) {
    pulse.heard();
    if (length == 0) {
      return;
    }
    switch (FRAMES.read(buffer, from, length)) {
      case RuntimeFrame.OfCall frame -> take(frame);
      case RuntimeFrame.Broken(var callId, var opId, var reason) -> broken(callId, opId, reason);
      case RuntimeFrame.Ready frame -> ready.complete(frame);
      case RuntimeFrame.Standby frame -> standby.complete(frame);
      case RuntimeFrame.Pong(long number) -> pulse.answered(number);
      case RuntimeFrame.RuntimeLog(String level, String text) -> listener.log(level, text);
      case RuntimeFrame.Noise(String text) -> listener.log("info", text);
    }
  }

  /** Keeps a question until {@link #rest}. On the reader thread. */
  void gather(QuickQuestion question, Predicate<List<? extends Runnable>> runner) {
    gathered.add(question);
    together = runner;
  }

  @Override
  public void rest() {
    if (gathered.isEmpty()) {
      return;
    }
    List<QuickQuestion> asked = gathered;
    gathered = new ArrayList<>();
    if (!together.test(asked)) {
      asked.forEach(QuickQuestion::handOver);
    }
  }

  private void take(RuntimeFrame.OfCall frame) {
    if (!ready.isDone()) {
      ready.completeExceptionally(
          new StartException("expected the handshake, got a frame of the call " + frame.callId()));
    } else if (Pulse.isProbe(frame.callId())) {
      pulse.answered(frame.callId());
    } else {
      deliver(frame);
    }
  }

  /**
   * A frame that cannot be read. Ours sends its frames whole and in order, so only this one is
   * lost, and its call is told. A foreign one may have mixed it with others (functions contract,
   * 2.1): its calls can no longer be trusted to end, and it is replaced.
   */
  private void broken(@Nullable String callId, @Nullable String opId, String reason) {
    String message = "The runtime sent a frame that cannot be read: " + reason;
    if (!builtIn) {
      condemned = true;
      calls.refuseAll(new PylonException(FunctionError.PROTOCOL_ERROR, message));
      listener.log("error", message);
      child().kill();
    } else if (callId == null) {
      listener.log("error", message);
    } else if (opId != null) {
      deliver(
          new RuntimeFrame.Malformed(callId, opId, FunctionError.PROTOCOL_ERROR.name(), message));
    } else {
      deliver(new RuntimeFrame.Unreadable(callId, message));
    }
  }

  private void deliver(RuntimeFrame.OfCall frame) {
    boolean taken = calls.deliver(frame) == CallTable.Delivery.TAKEN;
    if (!taken && frame instanceof RuntimeFrame.Question question) {
      send(
          HostFrames.refusal(
              question.callId(),
              question.opId(),
              FunctionError.CALL_ENDED.name(),
              "The call has ended"));
    }
  }

  @Override
  public void log(String line) {
    listener.log("stderr", line);
  }

  @Override
  public void exited(int status) {
    gone.complete(status);
    var end = new StartException("exit status " + status);
    standby.completeExceptionally(end);
    ready.completeExceptionally(end);
    callsAtItsEnd = calls.size();
    calls.refuseAll(
        new PylonException(
            FunctionError.RUNNER_EXITED,
            outgrown
                ? "TypeScript function runner process needed too much memory and was ended"
                : "TypeScript function runner process exited unexpectedly"));
    if (!dismissed) {
      listener.crashed(status, child().lastLines());
    }
    onGone.accept(this);
  }
}
