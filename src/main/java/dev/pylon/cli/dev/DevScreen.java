package dev.pylon.cli.dev;

import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevServer;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.console.DevJson;
import dev.pylon.cli.console.DevLines;
import dev.pylon.cli.console.ShownCalls;
import dev.pylon.cli.console.Signals;
import dev.pylon.json.Json;
import dev.pylon.trace.Trace;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes events one after the other: plain lines, or JSON objects. */
final class DevScreen implements DevView {
  private final Output output;
  private final ShownCalls calls;
  private final DevWords words;
  private final DevLines lines;
  private final InstantSource clock;
  private long told;

  DevScreen(Output output, ShownCalls calls, InstantSource clock) {
    this.clock = clock;
    this.output = output;
    this.calls = calls;
    this.words = new DevWords(output.options(), ZoneId.systemDefault());
    this.lines = new DevLines(words, calls, output.options().outTerminal());
  }

  @Override
  public void show(DevEvent event) {
    if (output.isJson()) {
      json(DevJson.of(event));
    } else {
      lines.of(event).forEach(line -> output.line(words.drawn(line)));
    }
    output.flush();
  }

  /** Events come on one thread and what errands say on another: they are counted together. */
  private synchronized void json(Map<String, @Nullable Object> event) {
    var line = new LinkedHashMap<>(event);
    line.put("ts", clock.instant().toString());
    line.put("seq", ++told);
    output.json(line);
  }

  @Override
  public void tell(List<String> text) {
    text.forEach(output::note);
  }

  @Override
  public void answered(String errand, String said) {
    if (output.isJson()) {
      json(Json.object("event", errand, "answer", Json.parse(bytes(said))));
    } else {
      output.bytes(bytes(said));
    }
    output.flush();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean wants(Trace trace) {
    return calls.test(trace);
  }

  @Override
  public Signals.Ending await(DevServer server, Signals signals) throws InterruptedException {
    return signals.await();
  }

  @Override
  public void close() {
    try {
      output.flush();
    } catch (Output.Closed | Failure e) {
      // Nobody reads any more; how we end does not depend on it.
    }
  }
}
