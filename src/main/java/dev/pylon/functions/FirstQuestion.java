package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.protocol.HostFrames;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.process.LateLine;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the handler of one call asks first: foreseen, brought along with the call, and learned from.
 * Of queries only: a mutation reads in its transaction, which may not have begun when it is sent.
 */
final class FirstQuestion {
  private final FunctionCall call;
  private final CallRecorder recorder;
  private final Backstage backstage;

  /** What the call brings along, until its handler has asked for something or has ended. */
  private volatile @Nullable RowAhead ahead;

  /** Whether the handler has asked for anything. The reader thread's. */
  private boolean hasAsked;

  FirstQuestion(FunctionCall call, CallRecorder recorder, Backstage backstage) {
    this.call = call;
    this.recorder = recorder;
    this.backstage = backstage;
  }

  /** Sends the call, with the row that is expected to be asked for, if one is. */
  void send(Function<HostFrames.@Nullable Ahead, byte[]> line) {
    DbOp.Get expected = expected();
    if (expected == null) {
      call.lease().send(line.apply(null));
    } else {
      var row = new RowAhead(expected, backstage.rows());
      call.lease().send(new WithRow(row, line), backstage::readHere);
    }
  }

  private DbOp.@Nullable Get expected() {
    return call.kind() == FunctionKind.QUERY && call.lease().takesRowsAhead()
        ? foresight().expected(call.request())
        : null;
  }

  /**
   * The row is read when the call is written, with the rows of all that are written with it:
   * reading costs system calls that they then share.
   */
  private final class WithRow implements LateLine {
    private final RowAhead row;
    private final Function<HostFrames.@Nullable Ahead, byte[]> line;

    WithRow(RowAhead row, Function<HostFrames.@Nullable Ahead, byte[]> line) {
      this.row = row;
      this.line = line;
    }

    @Override
    public void run() {
      row.run();
    }

    @Override
    public byte[] bytes() {
      if (!row.isRead()) {
        return line.apply(null);
      }
      ahead = row;
      return line.apply(row.sent());
    }
  }

  /** The handler has asked for what the call brought. */
  void wasAhead() {
    RowAhead row = ahead;
    if (row != null) {
      ahead = null;
      hasAsked = true;
      row.asked(recorder);
      foresight().confirmed();
    }
  }

  /** What a handler asks first, or that it asks nothing, tells what it will ask the next time. */
  void notice(RuntimeFrame.OfCall frame) {
    if (hasAsked || call.kind() != FunctionKind.QUERY) {
      return;
    }
    boolean broughtInVain = ahead != null;
    ahead = null;
    hasAsked = true;
    if (broughtInVain) {
      foresight().mistaken();
    } else if (frame instanceof RuntimeFrame.Db question) {
      foresight().learn(call.request(), question.op());
    }
  }

  private Foresight foresight() {
    return backstage.foresight(call.function().name());
  }
}
