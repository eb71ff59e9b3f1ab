package dev.pylon.functions;

import dev.pylon.functions.protocol.Definition;

/** What the door says to a request, before anything of it runs. */
public sealed interface Admission {

  /** There is such a function, and the caller is within its limit: the call counts as made. */
  record Granted(FunctionRequest request, Definition function) implements Admission {
    /** The same for a caller who reads along while the function runs. */
    public Granted streamingTo(StreamSink sink) {
      return new Granted(request.streamingTo(sink), function);
    }
  }

  /** It is turned away, and a trace says so. */
  record Denied(CallOutcome outcome) implements Admission {}
}
