package dev.pylon.functions;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.runtime.Registry;
import dev.pylon.functions.runtime.RuntimePool;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.model.SlidingLog;
import dev.pylon.policy.KeyScopes;
import dev.pylon.trace.Source;
import java.util.Objects;

/**
 * Finds the function that is asked for, and says no where there is none, where it may not be called
 * from there, or where the caller has called too often. Thread-safe.
 */
final class Door {
  /** Calls that may be nested in one another; more is a function that calls itself. */
  private static final int DEPTH_MAX = 32;

  private final FunctionSettings settings;
  private final RuntimePool pool;
  private final SlidingLog limiter;

  Door(FunctionSettings settings, RuntimePool pool) {
    this.settings = settings;
    this.pool = pool;
    this.limiter = new SlidingLog(settings.rateMax(), settings.rateWindow());
  }

  /**
   * The function that {@code request} asks for from outside of a handler, and that its API key may
   * be used for; waits while the functions come up.
   */
  Definition find(FunctionRequest request) {
    KeyScopes.of(request.identity()).requireFunction(request.function());
    Registry registry = awaitRegistry();
    Definition function = registry.functions().get(request.function());
    if (function == null || (function.internal() && request.source().isOutside())) {
      throw notFound(registry, request.function());
    }
    if (request.webhook() != null && function.kind() != FunctionKind.ACTION) {
      throw new PylonException(
          FunctionError.NOT_AN_ACTION,
          "\"%s\" is not an action — only actions can be webhook targets"
              .formatted(function.name()));
    }
    if (request.rehearsal() != null && function.kind() == FunctionKind.ACTION) {
      throw new PylonException(
          FunctionError.DRY_RUN_REFUSED,
          "\"%s\" is an action: what it does beyond the rows cannot be undone, so it is not tried"
              .formatted(function.name()));
    }
    return function;
  }

  /**
   * Counts a call of an outside caller.
   *
   * @throws PylonException {@code RATE_LIMITED}
   */
  void limit(FunctionRequest request) {
    String user = request.identity().userId();
    String who =
        user != null ? user : Objects.requireNonNullElse(request.by().clientAddress(), "anon");
    long wait = limiter.tryAccept(request.function() + "::" + who, System.nanoTime());
    if (wait > 0) {
      throw new PylonException(
              FunctionError.RATE_LIMITED,
              "%s \"%s\" rate limit exceeded"
                  .formatted(
                      request.source() == Source.WEBHOOK ? "Webhook" : "Function",
                      request.function()))
          .with("retry_after_secs", wait);
    }
  }

  private Registry awaitRegistry() {
    if (pool.registry() == Registry.EMPTY) {
      pool.awaitUp(Deadline.after(settings.queueTimeout()));
    }
    return pool.registry();
  }

  private PylonException notFound(Registry registry, String name) {
    LoadFailure failure = registry.failed().get(name);
    if (failure != null) {
      return new PylonException(
              FunctionError.FN_LOAD_FAILED, "Function \"%s\" could not be loaded".formatted(name))
          .with("load_error", failure.text());
    }
    String reason = pool.failure();
    if (reason == null && registry == Registry.EMPTY) {
      reason = "the functions are still being loaded";
    }
    if (reason != null) {
      return new PylonException(
              FunctionError.FUNCTIONS_NOT_AVAILABLE, "TypeScript function runtime is not running")
          .with("reason", reason);
    }
    return new PylonException(
        FunctionError.FN_NOT_FOUND, "Function \"%s\" is not registered".formatted(name));
  }

  /** The function that the handler of {@code caller} asks for, in the version it runs with. */
  static Definition find(FunctionRequest request, FunctionCall caller) {
    Definition function =
        caller
            .lease()
            .find(request.function())
            .orElseThrow(() ->
                new PylonException(
                    FunctionError.FN_NOT_FOUND,
                    "Function \"%s\" is not registered".formatted(request.function())));
    if (request.kind() != null && request.kind() != function.kind()) {
      throw new PylonException(
          FunctionError.FN_TYPE_MISMATCH,
          "Function \"%s\" is registered as %s, not %s"
              .formatted(function.name(), function.kind().wireName(), request.kind().wireName()));
    }
    if (caller.nest().depth() >= DEPTH_MAX) {
      throw new PylonException(
          FunctionError.NESTED_TOO_DEEP,
          "Calls are nested more than %d deep; does \"%s\" call itself?"
              .formatted(DEPTH_MAX, function.name()));
    }
    refuseForbiddenNesting(function, caller);
    return function;
  }

  private static void refuseForbiddenNesting(Definition function, FunctionCall caller) {
    if (function.kind() == FunctionKind.QUERY) {
      return;
    }
    switch (caller.kind()) {
      case MUTATION ->
          throw new PylonException(
              FunctionError.NESTED_MUTATION,
              ("ctx.runMutation(\"%s\") is not allowed from inside another mutation handler:"
                      + " it would need a transaction of its own inside this one."
                      + " Share the code as a plain function, or call both from an action.")
                  .formatted(function.name()));
      case QUERY ->
          throw new PylonException(
              FunctionError.READ_ONLY,
              "A query cannot run the %s \"%s\""
                  .formatted(function.kind().wireName(), function.name()));
      case ACTION -> {}
    }
  }
}
