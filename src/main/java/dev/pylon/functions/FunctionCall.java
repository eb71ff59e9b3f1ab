package dev.pylon.functions;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.protocol.HostFrames;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.functions.runtime.Lease;
import dev.pylon.functions.runtime.RunningCall;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of a function: takes the frames of its handler, has its {@link Questions} answered, and
 * ends once. Frames come on the runtime's reader thread; the thread that made the call only
 * {@linkplain #run waits for the end}.
 */
final class FunctionCall implements RunningCall {
  /** How a run ends that another one takes up elsewhere; nobody but its trace sees it. */
  private static final Answer.Failed MOVED =
      Answer.Failed.of(
          new PylonException(
              FunctionError.CALL_CANCELLED,
              "Another handler kept the event loop; the call was run again elsewhere"));

  /** Questions kept for a transaction that has not begun; as many as a database lets wait. */
  private static final int EARLY_MAX = 100_000;

  private final String id;
  private final FunctionRequest request;
  private final CallRecorder recorder;
  private final Questions questions;
  private final FirstQuestion first;
  private final Backstage backstage;
  private final Nest nest;
  private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  // Set before the call is sent, so before any frame can come.
  private volatile @Nullable Lease lease;
  private volatile @Nullable Definition function;
  private volatile @Nullable Deadline deadline;
  private volatile @Nullable Transaction tx;

  /**
   * What the handler asked before its transaction had begun, in order; null where nobody waits for
   * one. Guarded by this.
   */
  private @Nullable List<RuntimeFrame.Question> early;

  private volatile boolean isSent;
  private volatile long sentNanos;
  private boolean mayMove;

  /** The run that took this one's place, if any. */
  private volatile @Nullable FunctionCall next;

  FunctionCall(
      String id,
      FunctionRequest request,
      CallRecorder recorder,
      Backstage backstage,
      @Nullable FunctionCall caller) {
    this(id, request, recorder, backstage, new Nest(caller == null ? null : caller.nest));
  }

  private FunctionCall(
      String id, FunctionRequest request, CallRecorder recorder, Backstage backstage, Nest nest) {
    this.id = id;
    this.request = request;
    this.recorder = recorder;
    this.questions = new Questions(this, recorder, backstage);
    this.first = new FirstQuestion(this, recorder, backstage);
    this.backstage = backstage;
    this.nest = nest;
  }

  /** Whoever runs this would run it again elsewhere. */
  void mayMove() {
    mayMove = true;
  }

  /** Another run of the same, in place of this one. */
  FunctionCall again(String anotherId, Backstage backstage) {
    var again = new FunctionCall(anotherId, request, recorder, backstage, nest);
    again.mayMove = mayMove;
    next = again;
    return again;
  }

  @Override
  public String id() {
    return id;
  }

  FunctionRequest request() {
    return request;
  }

  /** The calls it makes. */
  Nest nest() {
    return nest;
  }

  Lease lease() {
    return Objects.requireNonNull(lease);
  }

  Deadline deadline() {
    return Objects.requireNonNull(deadline);
  }

  /** The transaction a mutation lives in. */
  @Nullable Transaction transaction() {
    return tx;
  }

  boolean hasEnded() {
    return answer.get() != null;
  }

  Definition function() {
    return Objects.requireNonNull(function);
  }

  FunctionKind kind() {
    return function().kind();
  }

  /**
   * What the call runs on, as which function, and how long it may. A caller who reads along may go
   * away from now on.
   */
  void prepare(Lease on, Definition as, Deadline until) {
    lease = on;
    function = as;
    deadline = until;
    request.stream().onGone(this::readerGone);
  }

  /**
   * Nobody waits for the answer any more. A mutation goes on, for what it does is its point; what
   * only reads, or talks to others, is cancelled with the calls it has made.
   */
  private void readerGone() {
    Definition running = function;
    if (running == null || running.kind() == FunctionKind.MUTATION) {
      return;
    }
    giveUp(FunctionError.CALL_CANCELLED, "The caller has gone away", "disconnect");
    nest.inner().forEach(FunctionCall::readerGone);
  }

  /**
   * Whether the call is a query that lost its runtime for another function's fault, so that it may
   * be run again elsewhere: it has changed nothing. Where the runtime ended by itself nobody knows
   * whose fault it was, but hardly that of a function that has been quick so far.
   */
  boolean isBystander() {
    if (!lostItsRuntime() || kind() != FunctionKind.QUERY) {
      return false;
    }
    return lease()
        .killedFor()
        .map(culprit -> !culprit.equals(request.function()))
        .orElseGet(() -> lease().tookOthersDown() && backstage.isQuick(request.function()));
  }

  /** Whether it ended only to be run again elsewhere. */
  boolean wasMoved() {
    FunctionCall later = next;
    return later == null ? answer.get() == MOVED : later.wasMoved();
  }

  /** Whether its runtime ended while its handler ran, and no other function is known to be why. */
  boolean tookRuntimeDown() {
    return lostItsRuntime()
        && !recorder.neverSent()
        && lease()
            .killedFor()
            .map(request.function()::equals)
            .orElseGet(() -> lease().endedByItself());
  }

  private boolean lostItsRuntime() {
    FunctionCall later = next;
    if (later != null) {
      return later.lostItsRuntime();
    }
    return answer.get() instanceof Answer.Failed failed
        && failed.status() == FunctionError.RUNNER_EXITED.status()
        && failed.code().equals(FunctionError.RUNNER_EXITED.name());
  }

  /**
   * Sends the call ahead of its transaction: what its handler asks waits until {@link #run} brings
   * that, or {@link #refuse} says that there is none.
   */
  void sendAhead() {
    synchronized (this) {
      early = new ArrayList<>();
    }
    send();
  }

  /** Ends a call that was sent ahead, for it cannot have its transaction. */
  void refuse(PylonException refusal) {
    if (end(Answer.Failed.of(refusal))) {
      lease().cancel("timeout");
    }
    letAsk();
  }

  /**
   * Sends the call, unless that has happened, and waits for its end.
   *
   * @param transaction the one a mutation lives in
   */
  Answer run(@Nullable Transaction transaction) {
    tx = transaction;
    if (answer.get() instanceof Answer tooLate && (!isSent || lostItsRuntime())) {
      letAsk();
      return tooLate;
    }
    recorder.sent();
    if (!isSent) {
      send();
    }
    letAsk();
    try {
      // Whoever watches the deadlines ends the call in time: a wait with a clock of its own is
      // dear.
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUp(FunctionError.RUNTIME_GONE, "pylon runtime is shutting down", "shutdown");
    }
    recorder.answered();
    return Objects.requireNonNull(answer.get());
  }

  private void send() {
    sentNanos = System.nanoTime();
    isSent = true;
    first.send(this::line);
  }

  private byte[] line(HostFrames.@Nullable Ahead row) {
    return HostFrames.call(
        id,
        function(),
        request.args(),
        request.identity(),
        deadline().remainingMillis(),
        request.webhook(),
        row);
  }

  private void ask(RuntimeFrame.Question question) {
    synchronized (this) {
      if (early != null) {
        if (early.size() < EARLY_MAX) {
          early.add(question);
        } else {
          questions.refuse(question, tooEarly());
        }
        return;
      }
    }
    questions.ask(question);
  }

  private static PylonException tooEarly() {
    return new PylonException(
        FunctionError.FN_OVERLOADED,
        "More than %,d operations wait for the transaction to begin; await some of them"
            .formatted(EARLY_MAX));
  }

  /** Asks what had to wait. In the lock, so that nothing overtakes it; asking only queues. */
  private synchronized void letAsk() {
    if (early != null) {
      early.forEach(questions::ask);
      early = null;
    }
  }

  private void giveUp(FunctionError code, String message, String reason) {
    if (end(Answer.Failed.of(new PylonException(code, message)))) {
      lease().cancel(reason);
    }
  }

  /** Ends the call with {@code outcome} unless it has ended; true where this was its end. */
  private boolean end(Answer outcome) {
    if (!answer.compareAndSet(null, outcome)) {
      return false;
    }
    ended.countDown();
    return true;
  }

  @Override
  public void expire(long nowNanos) {
    Deadline until = deadline;
    if (until != null && until.nanos() - nowNanos <= 0) {
      giveUp(FunctionError.FN_TIMEOUT, "Function exceeded the configured call timeout", "timeout");
    }
  }

  @Override
  public void runtimeLate(long askedNanos, boolean isStuck) {
    if (mayMove && isHarmlessElsewhere(askedNanos, isStuck) && end(MOVED)) {
      lease().cancel("moved");
    }
  }

  /**
   * Which handler keeps the event loop nobody can say. It is none that has not begun, and hardly
   * one of a function that has been quick so far. A query has changed nothing; a mutation is undone
   * with its transaction, which costs more and is worth it only where others would wait for that
   * for long. Actions stay: they may have acted.
   */
  private boolean isHarmlessElsewhere(long askedNanos, boolean isStuck) {
    Definition as = function;
    if (as == null || as.kind() == FunctionKind.ACTION) {
      return false;
    }
    if (!isSent || sentNanos - askedNanos > 0) {
      return true;
    }
    boolean worthIt = as.kind() == FunctionKind.QUERY || (isStuck && !recorder.hasStreamed());
    return worthIt && backstage.isQuick(as.name());
  }

  @Override
  public void runtimeGone(PylonException refusal) {
    end(Answer.Failed.of(refusal));
  }

  @Override
  public void accept(RuntimeFrame.OfCall frame) {
    switch (frame) {
      case RuntimeFrame.Question question -> {
        first.notice(question);
        ask(question);
      }
      case RuntimeFrame.Ahead _ -> first.wasAhead();
      case RuntimeFrame.Return(_, var value) -> {
        first.notice(frame);
        end(new Answer.Returned(value));
      }
      // One that was refused before it asked, for its arguments or its caller, tells nothing of the
      // next.
      case RuntimeFrame.Failed failed -> end(failure(failed));
      case RuntimeFrame.Unreadable(_, var reason) ->
          giveUp(FunctionError.PROTOCOL_ERROR, reason, "timeout");
      case RuntimeFrame.Stream(_, var event, var data) -> {
        if (!hasEnded()) {
          recorder.streamed(data);
          request.stream().write(event, data);
        }
      }
      case RuntimeFrame.Log(_, var level, var text) -> recorder.log(level, text);
    }
  }

  private Answer.Failed failure(RuntimeFrame.Failed frame) {
    String code = frame.code().isEmpty() ? FunctionError.HANDLER_ERROR.name() : frame.code();
    PylonException ours = questions.refused(code, frame.message());
    return new Answer.Failed(
        code,
        frame.message(),
        Questions.statusOf(ours),
        ours == null ? Map.of() : ours.details(),
        frame.detail());
  }
}
