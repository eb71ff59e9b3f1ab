package dev.pylon.functions;

import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.protocol.HostFrames.WebhookRequest;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import dev.pylon.store.Transaction;
import dev.pylon.trace.Source;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One wish to run a function.
 *
 * @param kind the kind the caller expects, null for any
 * @param attempt from 1
 * @param rehearsal takes what a mutation would do, which then is undone; null where it is meant
 * @param beforeCommit what the caller adds to the transaction of a mutation when its handler has
 *     returned; not asked by queries and actions, nor by functions that are called by this one
 */
public record FunctionRequest(
    String function,
    RawJson args,
    Requester by,
    @Nullable FunctionKind kind,
    int attempt,
    @Nullable WebhookRequest webhook,
    StreamSink stream,
    @Nullable Rehearsal rehearsal,
    Consumer<Transaction> beforeCommit) {
  private static final Consumer<Transaction> NOTHING = _ -> {};

  public static FunctionRequest of(String function, RawJson args, Requester by) {
    return new FunctionRequest(function, args, by, null, 1, null, StreamSink.NONE, null, NOTHING);
  }

  public static FunctionRequest of(
      String function, RawJson args, Identity identity, Source source) {
    return of(function, args, Requester.of(identity, source));
  }

  public Identity identity() {
    return by.identity();
  }

  public Source source() {
    return by.source();
  }

  /** The same with arguments. */
  public FunctionRequest with(RawJson arguments) {
    return new FunctionRequest(
        function, arguments, by, kind, attempt, webhook, stream, rehearsal, beforeCommit);
  }

  /** The same for a caller who reads along while the function runs. */
  public FunctionRequest streamingTo(StreamSink sink) {
    return new FunctionRequest(
        function, args, by, kind, attempt, webhook, sink, rehearsal, beforeCommit);
  }

  /**
   * The same for a caller who may only run actions, and sends its whole request along.
   *
   * @param path with its query string
   * @param headers names in lower case, repeated ones joined
   */
  public FunctionRequest webhook(
      String method, String path, Map<String, String> headers, byte[] body) {
    var sent = new WebhookRequest(method, path, headers, body);
    return new FunctionRequest(
        function, args, by, kind, attempt, sent, stream, rehearsal, beforeCommit);
  }

  /** A handler of this request wants to run {@code name}. */
  FunctionRequest nested(String name, RawJson with, @Nullable FunctionKind expected) {
    return new FunctionRequest(
        name, with, by.nested(), expected, 1, null, StreamSink.NONE, null, NOTHING);
  }

  /** The same, tried again. */
  public FunctionRequest attempt(int number) {
    return new FunctionRequest(
        function, args, by, kind, number, webhook, stream, rehearsal, beforeCommit);
  }

  /** The same, only to see what it would do. */
  public FunctionRequest rehearsing(Rehearsal with) {
    return new FunctionRequest(
        function, args, by, kind, attempt, webhook, stream, with, beforeCommit);
  }

  /**
   * The same for a caller whose own rows commit with a mutation, or not at all. Where {@code work}
   * throws, the mutation is rolled back and the call fails with it.
   */
  public FunctionRequest beforeCommit(Consumer<Transaction> work) {
    return new FunctionRequest(function, args, by, kind, attempt, webhook, stream, rehearsal, work);
  }
}
