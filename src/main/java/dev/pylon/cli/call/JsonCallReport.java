package dev.pylon.cli.call;

import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.traces.Trace;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer for programs: one document, or a line for each piece where the function streams. */
final class JsonCallReport implements CallReport {
  private final Output output;
  private boolean inLines;

  JsonCallReport(Output output) {
    this.output = output;
    this.inLines = output.format() == Output.Format.NDJSON;
  }

  @Override
  public void chunk(byte[] data) {
    piece("chunk", "data", new String(data, StandardCharsets.UTF_8), null);
  }

  @Override
  public void event(String name, byte[] data) {
    piece("event", "data", new String(data, StandardCharsets.UTF_8), name);
  }

  private void piece(String type, String key, Object value, @Nullable String name) {
    inLines = true;
    var line = new LinkedHashMap<String, @Nullable Object>();
    line.put("type", type);
    if (name != null) {
      line.put("name", name);
    }
    line.put(key, value);
    output.json(line);
    output.flush();
  }

  @Override
  public void returned(byte[] value, CallFacts facts) {
    RawJson json = Json.check(value);
    var answer = new LinkedHashMap<String, @Nullable Object>();
    if (inLines) {
      answer.put("type", "result");
    } else {
      answer.put("ok", true);
    }
    answer.put("value", json);
    describe(answer, facts);
    output.json(answer);
  }

  @Override
  public void failed(Failure failure, CallFacts facts) {
    var answer = new LinkedHashMap<String, @Nullable Object>();
    if (inLines) {
      answer.put("type", "error");
    } else {
      answer.put("ok", false);
    }
    var error = new LinkedHashMap<String, @Nullable Object>();
    error.put("code", failure.code());
    error.put("message", failure.message());
    failure.hint().ifPresent(hint -> error.put("hint", hint));
    answer.put("error", error);
    describe(answer, facts);
    answer.put("exit", failure.status().code());
    output.json(answer);
  }

  private static void describe(Map<String, @Nullable Object> answer, CallFacts facts) {
    facts.callId().ifPresent(id -> answer.put("call_id", id));
    answer.put("ms", facts.millisJson());
    facts
        .trace()
        .ifPresent(trace -> {
          answer.put("ops", trace.ops().size() + trace.opsDropped());
          answer.put("logs", logs(trace));
        });
  }

  private static List<Map<String, @Nullable Object>> logs(Trace trace) {
    var logs = new ArrayList<Map<String, @Nullable Object>>();
    for (Trace.LogLine line : trace.logs()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("t_ms", line.millis());
      json.put("level", line.level());
      json.put("text", line.text());
      logs.add(json);
    }
    return logs;
  }
}
