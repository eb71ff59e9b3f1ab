package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.protocol.HostFrames;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.functions.runtime.QuickQuestion;
import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;
import dev.pylon.store.Transaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers what the handler of one call asks of the host: rows, schedules, other functions.
 *
 * <p>Questions come on the runtime's reader thread, which must go on at once. It looks up a row
 * itself where a connection is free, for that takes less than to wake another thread. All other
 * work for the store is handed to the store's threads, and what may wait to a task; they answer the
 * runtime themselves.
 */
final class Questions {
  private static final Logger LOG = System.getLogger(Questions.class.getName());

  private final FunctionCall call;
  private final CallRecorder recorder;
  private final Backstage backstage;

  /**
   * Refusals of ours that the handler has heard and that say more than its own failures do: where
   * one of them ends the call uncaught, that is not lost.
   */
  private final Map<String, PylonException> refusals = new ConcurrentHashMap<>();

  Questions(FunctionCall call, CallRecorder recorder, Backstage backstage) {
    this.call = call;
    this.recorder = recorder;
    this.backstage = backstage;
  }

  /** The refusal of ours with this code and message that the handler has heard, if any. */
  @Nullable PylonException refused(String code, String message) {
    PylonException ours = refusals.get(code);
    return ours != null && ours.message().equals(message) ? ours : null;
  }

  /**
   * The status of a call that ended with {@code ours}, or with an error of its handler where that
   * is null. What was wrong with what a handler asked for is its own failure; a fault of ours stays
   * one.
   */
  static int statusOf(@Nullable PylonException ours) {
    if (ours == null) {
      return FunctionError.HANDLER_ERROR.status();
    }
    ErrorCode code = ours.code();
    return code.status() >= 500 || code.name().equals(FunctionError.FN_NOT_FOUND.name())
        ? code.status()
        : FunctionError.HANDLER_ERROR.status();
  }

  /** Answers a question, here or later, but always. */
  void ask(RuntimeFrame.Question question) {
    if (call.hasEnded()) {
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
            call.lease().answer(HostFrames.refusal(call.id(), question.opId(), code, message));
      }
    } catch (PylonException refusal) {
      refuse(question, refusal);
    }
  }

  private void ask(RuntimeFrame.Db frame) {
    DbOp op = frame.op();
    CallRecorder.OpInProgress record = recorder.begin(op);
    Transaction transaction = call.transaction();
    if (transaction != null) {
      inTransaction(
          transaction,
          frame,
          record,
          () -> answerWith(frame, record, StoreOps.apply(op, transaction)));
      return;
    }
    switch (op) {
      case DbOp.Get get -> call.lease().gather(new Lookup(frame, get, record), backstage::readHere);
      case DbOp.Read read -> backstage.rows().execute(() -> read(frame, read, record));
      case DbOp.Write _ when call.kind() == FunctionKind.QUERY -> {
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
                  () -> answerWith(frame, record, backstage.writeAlone(write, call.deadline()))));
    }
  }

  private void read(RuntimeFrame.Db frame, DbOp.Read op, CallRecorder.OpInProgress record) {
    answering(frame, record, () -> answerWith(frame, record, StoreOps.apply(op, backstage.rows())));
  }

  /** A row by its id, outside of a transaction. */
  private final class Lookup implements QuickQuestion {
    private final RuntimeFrame.Db frame;
    private final DbOp.Get op;
    private final CallRecorder.OpInProgress record;

    Lookup(RuntimeFrame.Db frame, DbOp.Get op, CallRecorder.OpInProgress record) {
      this.frame = frame;
      this.op = op;
      this.record = record;
    }

    @Override
    public void run() {
      read(frame, op, record);
    }

    @Override
    public void handOver() {
      try {
        backstage.rows().execute(this);
      } catch (PylonException refusal) {
        record.failed();
        refuse(frame, refusal);
      }
    }
  }

  private void ask(RuntimeFrame.Schedule frame) {
    recorder.scheduled(frame);
    CallRecorder.OpInProgress record = recorder.begin("schedule", null, frame.function());
    requireNoQuery("schedule", record);
    onItsThread(
        frame,
        record,
        () ->
            answerWith(
                frame,
                record,
                new StoreOps.Result(
                    Map.of("scheduled", true, "id", backstage.schedule(call, frame)), null)));
  }

  private void ask(RuntimeFrame.CancelSchedule frame) {
    CallRecorder.OpInProgress record = recorder.begin("cancel_schedule", null, frame.scheduleId());
    requireNoQuery("cancel a schedule", record);
    onItsThread(
        frame,
        record,
        () ->
            answerWith(
                frame,
                record,
                new StoreOps.Result(
                    Map.of("cancelled", backstage.cancelSchedule(call, frame.scheduleId())),
                    null)));
  }

  private void requireNoQuery(String wish, CallRecorder.OpInProgress record) {
    if (call.kind() == FunctionKind.QUERY) {
      record.failed();
      throw new PylonException(
          FunctionError.READ_ONLY, "A query cannot " + wish + "; make it a mutation");
    }
  }

  private void onItsThread(
      RuntimeFrame.Question frame, CallRecorder.OpInProgress record, Runnable work) {
    Transaction transaction = call.transaction();
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
              switch (backstage.runNested(call, frame)) {
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
      if (call.hasEnded()) {
        throw new PylonException(FunctionError.CALL_ENDED, "The call has ended");
      }
      work.run();
    } catch (PylonException refusal) {
      record.failed();
      refuse(question, refusal);
    } catch (RuntimeException e) {
      record.failed();
      LOG.log(Level.ERROR, "an operation failed call=" + call.id(), e);
      refuse(
          question,
          new PylonException(
              FunctionError.PROTOCOL_ERROR, "The operation failed on the server", e));
    }
  }

  private void answerWith(
      RuntimeFrame.Question question, CallRecorder.OpInProgress record, StoreOps.Result result) {
    record.done(result.rows());
    call.lease().answer(HostFrames.result(call.id(), question.opId(), result.data()));
  }

  /** Answers a question with {@code refusal}. */
  void refuse(RuntimeFrame.Question question, PylonException refusal) {
    int status = refusal.code().status();
    if (status != FunctionError.HANDLER_ERROR.status()) {
      refusals.put(refusal.code().name(), refusal);
    }
    call.lease()
        .answer(
            HostFrames.refusal(
                call.id(), question.opId(), refusal.code().name(), refusal.message()));
  }
}
