package dev.pylon.cli.dev;

import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevFacts;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * What {@code pylon dev} does beside serving, as a developer would by hand: insert the rows of
 * {@code --seed} once, call the function of {@code --run} after every good load, open a browser.
 *
 * <p>One after the other on a thread of their own, so that nobody waits for them who loads or
 * shows.
 */
final class Errands implements AutoCloseable {
  private final Invocation invocation;
  private final Interpreter interpreter;
  private final DevView view;
  private final Optional<List<String>> call;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("dev-errands").daemon(true).factory());

  // Confined to the thread that tells events.
  private Optional<DevFacts> facts = Optional.empty();
  private boolean seeded;

  Errands(Invocation invocation, Interpreter interpreter, DevView view) {
    this.invocation = invocation;
    this.interpreter = interpreter;
    this.view = view;
    this.call = invocation.line().value("--run").map(Errands::call);
  }

  /** The words of {@code pylon call} for {@code FN} or {@code FN:JSON}. */
  private static List<String> call(String typed) {
    int colon = typed.indexOf(':');
    if (colon < 0) {
      return List.of("call", typed);
    }
    String json = typed.substring(colon + 1);
    try {
      var _ = Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      throw new Failure(
          ExitStatus.DATA,
          "ARGUMENTS_MALFORMED",
          "--run %s: the arguments are no JSON object".formatted(typed),
          "For example: --run 'addTodo:{\"title\":\"milk\"}'");
    }
    return List.of("call", typed.substring(0, colon), "--args", json);
  }

  /** Does what is due after {@code event}, soon. */
  void after(DevEvent event) {
    if (event instanceof DevEvent.Ready ready) {
      facts = Optional.of(ready.facts());
      if (invocation.line().has("--open")) {
        soon(() -> view.tell(List.of(Browser.open(ready.facts(), invocation.environment()))));
      }
    }
    if (event instanceof DevEvent.Loaded loaded && loaded.isGood()) {
      facts.ifPresent(this::afterGoodLoad);
    }
  }

  private void afterGoodLoad(DevFacts served) {
    Line line = invocation.line();
    line.value("--seed")
        .filter(_ -> !seeded)
        .ifPresent(file -> {
          seeded = true;
          String path = invocation.environment().directory().resolve(file).toString();
          soon(() -> run(served, "seed", List.of("seed", "--file", path)));
        });
    call.ifPresent(words -> soon(() -> run(served, "run", words)));
  }

  /** Does {@code work} when everything before it is done. */
  void soon(Runnable work) {
    try {
      thread.execute(() -> {
        try {
          work.run();
        } catch (Output.Closed e) {
          // nobody reads any more: the next event ends dev
        }
      });
    } catch (RejectedExecutionException e) {
      // closed: dev ends, and what was still to be done falls with it
    }
  }

  private void run(DevFacts served, String errand, List<String> words) {
    var args = new ArrayList<>(words);
    args.addAll(List.of("--cwd", served.root()));
    if (invocation.output().isJson()) {
      args.addAll(List.of("--json", "--quiet"));
    }
    var said = new ByteArrayOutputStream();
    interpreter.run(invocation.environment(), args, said);
    view.answered(errand, said.toString(StandardCharsets.UTF_8));
  }

  /** What was not begun is not done; what was is not waited for. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
