package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.functions.protocol.HostFrames;
import dev.pylon.store.Reads;
import org.jspecify.annotations.Nullable;

/**
 * The row that a call is expected to ask for first, read before it was asked for. Once read it does
 * not change.
 */
final class RowAhead {
  private final DbOp.Get op;
  private final Reads rows;
  private long start;
  private long end;
  private StoreOps.@Nullable Result result;

  RowAhead(DbOp.Get op, Reads rows) {
    this.op = op;
    this.rows = rows;
  }

  /** Reads it, where that can be done. */
  void run() {
    start = System.nanoTime();
    try {
      result = StoreOps.apply(op, rows);
    } catch (RuntimeException e) {
      result = null; // the handler hears of it when it asks, and so does the log
    }
    end = System.nanoTime();
  }

  boolean isRead() {
    return result != null;
  }

  /** As it is sent. */
  HostFrames.Ahead sent() {
    return new HostFrames.Ahead(op.entity(), op.id(), result().data());
  }

  /** The handler has asked for it: from now on it is one of its reads. */
  void asked(CallRecorder recorder) {
    recorder.readAhead(op, start, end, result().rows());
  }

  private StoreOps.Result result() {
    if (result == null) {
      throw new IllegalStateException("not read");
    }
    return result;
  }
}
