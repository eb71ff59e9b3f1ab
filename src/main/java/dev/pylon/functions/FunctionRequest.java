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
 * @param requestId of the HTTP request, for logs and traces
 * @param clientAddress where an outside caller sits; the limiter knows anonymous callers by it
 * @param impersonatedBy who stands behind {@code identity}, where an admin speaks for a user
 * @param beforeCommit what the caller adds to the transaction of a mutation when its handler has
 *     returned; not asked by queries and actions, nor by functions that are called by this one
 */
public record FunctionRequest(
    String function,
    RawJson args,
    Identity identity,
    Source source,
    @Nullable FunctionKind kind,
    int attempt,
    @Nullable String requestId,
    @Nullable String clientAddress,
    @Nullable String impersonatedBy,
    @Nullable WebhookRequest webhook,
    StreamSink stream,
    Consumer<Transaction> beforeCommit) {
  private static final Consumer<Transaction> NOTHING = _ -> {};

  public static FunctionRequest of(
      String function, RawJson args, Identity identity, Source source) {
    return new FunctionRequest(
        function,
        args,
        identity,
        source,
        null,
        1,
        null,
        null,
        null,
        null,
        StreamSink.NONE,
        NOTHING);
  }

  /** The same with arguments. */
  public FunctionRequest with(RawJson arguments) {
    return new FunctionRequest(
        function,
        arguments,
        identity,
        source,
        kind,
        attempt,
        requestId,
        clientAddress,
        impersonatedBy,
        webhook,
        stream,
        beforeCommit);
  }

  /** The same for a caller who reads along while the function runs. */
  public FunctionRequest streamingTo(StreamSink sink) {
    return new FunctionRequest(
        function,
        args,
        identity,
        source,
        kind,
        attempt,
        requestId,
        clientAddress,
        impersonatedBy,
        webhook,
        sink,
        beforeCommit);
  }

  /** The same on behalf of an HTTP request. */
  public FunctionRequest from(String request, String address, @Nullable String impersonator) {
    return new FunctionRequest(
        function,
        args,
        identity,
        source,
        kind,
        attempt,
        request,
        address,
        impersonator,
        webhook,
        stream,
        beforeCommit);
  }

  /**
   * The same for a caller who may only run actions, and sends its whole request along.
   *
   * @param path with its query string
   * @param headers names in lower case, repeated ones joined
   */
  public FunctionRequest webhook(
      String method, String path, Map<String, String> headers, String body) {
    var sent = new WebhookRequest(method, path, headers, body);
    return new FunctionRequest(
        function,
        args,
        identity,
        source,
        kind,
        attempt,
        requestId,
        clientAddress,
        impersonatedBy,
        sent,
        stream,
        beforeCommit);
  }

  /** A handler of this request wants to run {@code name}. */
  FunctionRequest nested(String name, RawJson with, @Nullable FunctionKind expected) {
    return new FunctionRequest(
        name,
        with,
        identity,
        Source.NESTED,
        expected,
        1,
        requestId,
        null,
        impersonatedBy,
        null,
        StreamSink.NONE,
        NOTHING);
  }

  /** The same, tried again. */
  public FunctionRequest attempt(int number) {
    return new FunctionRequest(
        function,
        args,
        identity,
        source,
        kind,
        number,
        requestId,
        clientAddress,
        impersonatedBy,
        webhook,
        stream,
        beforeCommit);
  }

  /**
   * The same for a caller whose own rows commit with a mutation, or not at all. Where {@code work}
   * throws, the mutation is rolled back and the call fails with it.
   */
  public FunctionRequest beforeCommit(Consumer<Transaction> work) {
    return new FunctionRequest(
        function,
        args,
        identity,
        source,
        kind,
        attempt,
        requestId,
        clientAddress,
        impersonatedBy,
        webhook,
        stream,
        work);
  }
}
