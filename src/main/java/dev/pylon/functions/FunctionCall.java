package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.protocol.HostFrames;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.functions.runtime.Lease;
import dev.pylon.functions.runtime.RunningCall;
import dev.pylon.model.Deadline;
import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;
import dev.pylon.store.Reads;
import dev.pylon.store.Transaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of a function: takes the frames of its handler, has the store answer them, and ends once.
 *
 * <p>Frames come on the runtime's reader thread. Work for the store is handed to the store's
 * threads, which answer the runtime themselves; the thread that made the call only {@linkplain #run
 * waits for the end}.
 */
final class FunctionCall implements RunningCall {
  private static final Logger LOG = System.getLogger(FunctionCall.class.getName());

  private final String id;
  private final FunctionRequest request;
  private final CallRecorder recorder;
  private final Backstage backstage;
  private final int depth;
  private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Set<FunctionCall> inner = ConcurrentHashMap.newKeySet();

  /**
   * Refusals of ours that the handler has heard and whose status is not that of a handler's own
   * failure: where one of them ends the call uncaught, it keeps it.
   */
  private final Map<String, PylonException> refusals = new ConcurrentHashMap<>();

  // Set before the call is sent, so before any frame can come.
  private volatile @Nullable Lease lease;
  private volatile @Nullable Definition function;
  private volatile @Nullable Deadline deadline;
  private volatile @Nullable Transaction tx;

  /** What a call needs of the engine. */
  interface Backstage {
    /** Rows outside of a transaction. */
    Reads rows();

    /** Runs one write of an action in a transaction of its own. */
    StoreOps.Result writeAlone(DbOp.Write op, Deadline patience);

    /** Keeps a function for later. */
    String schedule(@Nullable Transaction tx, RuntimeFrame.Schedule frame);

    boolean cancelSchedule(@Nullable Transaction tx, String jobId);

    /** Runs a function on behalf of a handler. */
    Answer runNested(FunctionCall caller, RuntimeFrame.RunFunction frame);

    /** Runs work that may wait. */
    void aside(Runnable work);
  }

  FunctionCall(
      String id,
      FunctionRequest request,
      CallRecorder recorder,
      Backstage backstage,
      @Nullable FunctionCall caller) {
    this.id = id;
    this.request = request;
    this.recorder = recorder;
    this.backstage = backstage;
    this.depth = caller == null ? 0 : caller.depth + 1;
  }

  @Override
  public String id() {
    return id;
  }

  FunctionRequest request() {
    return request;
  }

  /** How many calls this one is nested in. */
  int depth() {
    return depth;
  }

  Lease lease() {
    return Objects.requireNonNull(lease);
  }

  Deadline deadline() {
    return Objects.requireNonNull(deadline);
  }

  FunctionKind kind() {
    return Objects.requireNonNull(function).kind();
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

  /** A call of this one's handler has begun; {@link #left} says it is over. */
  void entered(FunctionCall nested) {
    inner.add(nested);
  }

  void left(FunctionCall nested) {
    inner.remove(nested);
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
    inner.forEach(FunctionCall::readerGone);
  }

  /**
   * Whether the call is a query that lost its runtime for another function's fault, so that it may
   * be run again elsewhere: it has changed nothing.
   */
  boolean isBystander() {
    return answer.get() instanceof Answer.Failed failed
        && failed.status() == FunctionError.RUNNER_EXITED.status()
        && failed.code().equals(FunctionError.RUNNER_EXITED.name())
        && kind() == FunctionKind.QUERY
        && lease().killedFor().filter(culprit -> !culprit.equals(request.function())).isPresent();
  }

  /**
   * Sends the call and waits for its end.
   *
   * @param transaction the one a mutation lives in
   */
  Answer run(@Nullable Transaction transaction) {
    tx = transaction;
    if (answer.get() instanceof Answer tooLate) {
      return tooLate;
    }
    recorder.sent();
    lease()
        .send(
            HostFrames.call(
                id,
                Objects.requireNonNull(function),
                request.args(),
                request.identity(),
                deadline().remainingMillis(),
                request.webhook()));
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
  public void runtimeGone(PylonException refusal) {
    end(Answer.Failed.of(refusal));
  }

  @Override
  public void accept(RuntimeFrame.OfCall frame) {
    switch (frame) {
      case RuntimeFrame.Question question -> ask(question);
      case RuntimeFrame.Return(_, var value) -> end(new Answer.Returned(value));
      case RuntimeFrame.Failed failed -> end(failure(failed));
      case RuntimeFrame.Unreadable(_, var reason) ->
          giveUp(FunctionError.PROTOCOL_ERROR, reason, "timeout");
      case RuntimeFrame.Stream(_, var event, var data) -> {
        if (answer.get() == null) {
          recorder.streamed(data);
          request.stream().write(event, data);
        }
      }
      case RuntimeFrame.Log(_, var level, var text) -> recorder.log(level, text);
    }
  }

  private Answer.Failed failure(RuntimeFrame.Failed frame) {
    String code = frame.code().isEmpty() ? FunctionError.HANDLER_ERROR.name() : frame.code();
    PylonException ours = refusals.get(code);
    if (ours != null && ours.message().equals(frame.message())) {
      return new Answer.Failed(
          code, frame.message(), ours.code().status(), ours.details(), frame.detail());
    }
    return new Answer.Failed(
        code, frame.message(), FunctionError.HANDLER_ERROR.status(), Map.of(), frame.detail());
  }

  private void ask(RuntimeFrame.Question question) {
    if (answer.get() != null) {
      refuse(question, new PylonException(FunctionError.CALL_ENDED, "The call has ended"));
      return;
    }
    try {
      switch (question) {
        case RuntimeFrame.Db frame -> ask(frame);
        case RuntimeFrame.Schedule frame -> ask(frame);
        case RuntimeFrame.CancelSchedule frame -> ask(frame);
        case RuntimeFrame.RunFunction frame -> ask(frame);
        case RuntimeFrame.Malformed(_, _, String code, String message) ->
            lease().answer(HostFrames.refusal(id, question.opId(), code, message));
      }
    } catch (PylonException refusal) {
      refuse(question, refusal);
    }
  }

  private void ask(RuntimeFrame.Db frame) {
    DbOp op = frame.op();
    CallRecorder.OpInProgress record = recorder.begin(op);
    Transaction transaction = tx;
    if (transaction != null) {
      inTransaction(
          transaction,
          frame,
          record,
          () -> answerWith(frame, record, StoreOps.apply(op, transaction)));
      return;
    }
    switch (op) {
      case DbOp.Read read ->
          backstage
              .rows()
              .execute(() ->
                  answering(
                      frame,
                      record,
                      () -> answerWith(frame, record, StoreOps.apply(read, backstage.rows()))));
      case DbOp.Write _ when kind() == FunctionKind.QUERY -> {
        record.failed();
        throw new PylonException(
            FunctionError.READ_ONLY,
            "A query cannot write (%s %s); make it a mutation".formatted(op.name(), op.entity()));
      }
      case DbOp.Write write ->
          backstage.aside(() ->
              answering(
                  frame,
                  record,
                  () -> answerWith(frame, record, backstage.writeAlone(write, deadline()))));
    }
  }

  private void ask(RuntimeFrame.Schedule frame) {
    recorder.scheduled(frame);
    CallRecorder.OpInProgress record = recorder.begin("schedule", null, frame.function());
    requireNoQuery("schedule", record);
    Transaction transaction = tx;
    onItsThread(
        frame,
        record,
        () ->
            answerWith(
                frame,
                record,
                new StoreOps.Result(
                    Map.of("scheduled", true, "id", backstage.schedule(transaction, frame)),
                    null)));
  }

  private void ask(RuntimeFrame.CancelSchedule frame) {
    CallRecorder.OpInProgress record = recorder.begin("cancel_schedule", null, frame.scheduleId());
    requireNoQuery("cancel a schedule", record);
    Transaction transaction = tx;
    onItsThread(
        frame,
        record,
        () ->
            answerWith(
                frame,
                record,
                new StoreOps.Result(
                    Map.of("cancelled", backstage.cancelSchedule(transaction, frame.scheduleId())),
                    null)));
  }

  private void requireNoQuery(String wish, CallRecorder.OpInProgress record) {
    if (kind() == FunctionKind.QUERY) {
      record.failed();
      throw new PylonException(
          FunctionError.READ_ONLY, "A query cannot " + wish + "; make it a mutation");
    }
  }

  private void onItsThread(
      RuntimeFrame.Question frame, CallRecorder.OpInProgress record, Runnable work) {
    Transaction transaction = tx;
    if (transaction != null) {
      inTransaction(transaction, frame, record, work);
    } else {
      backstage.aside(() -> answering(frame, record, work));
    }
  }

  private void ask(RuntimeFrame.RunFunction frame) {
    CallRecorder.OpInProgress record = recorder.begin("run_fn", null, frame.function());
    backstage.aside(() ->
        answering(
            frame,
            record,
            () -> {
              switch (backstage.runNested(this, frame)) {
                case Answer.Returned(var value) ->
                    answerWith(frame, record, new StoreOps.Result(value, null));
                case Answer.Failed failed -> {
                  record.failed();
                  refuse(frame, refusalOf(failed));
                }
              }
            }));
  }

  /** What the nested call failed with, so that it keeps its status where nobody catches it. */
  private static PylonException refusalOf(Answer.Failed failed) {
    return new PylonException(new NestedCode(failed.code(), failed.status()), failed.message());
  }

  /** The code of a nested failure: an author's or one of ours. */
  private record NestedCode(String name, int status) implements ErrorCode {}

  private void inTransaction(
      Transaction transaction,
      RuntimeFrame.Question frame,
      CallRecorder.OpInProgress record,
      Runnable work) {
    try {
      transaction.execute(() -> answering(frame, record, work));
    } catch (IllegalStateException ended) {
      record.failed();
      throw new PylonException(FunctionError.CALL_ENDED, "The call has ended", ended);
    }
  }

  /**
   * Runs {@code work}, which answers {@code question}; where it fails, the failure is the answer.
   */
  private void answering(
      RuntimeFrame.Question question, CallRecorder.OpInProgress record, Runnable work) {
    try {
      if (answer.get() != null) {
        throw new PylonException(FunctionError.CALL_ENDED, "The call has ended");
      }
      work.run();
    } catch (PylonException refusal) {
      record.failed();
      refuse(question, refusal);
    } catch (RuntimeException e) {
      record.failed();
      LOG.log(Level.ERROR, "an operation failed call=" + id, e);
      refuse(
          question,
          new PylonException(
              FunctionError.PROTOCOL_ERROR, "The operation failed on the server", e));
    }
  }

  private void answerWith(
      RuntimeFrame.Question question, CallRecorder.OpInProgress record, StoreOps.Result result) {
    record.done(result.rows());
    lease().answer(HostFrames.result(id, question.opId(), result.data()));
  }

  private void refuse(RuntimeFrame.Question question, PylonException refusal) {
    int status = refusal.code().status();
    if (status != FunctionError.HANDLER_ERROR.status()) {
      refusals.put(refusal.code().name(), refusal);
    }
    lease()
        .answer(HostFrames.refusal(id, question.opId(), refusal.code().name(), refusal.message()));
  }
}
