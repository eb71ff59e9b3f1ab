package dev.pylon.store.query;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Whatever JSON is sent as a filter or a question for totals: it is understood, or refused. */
class FilterFuzz {
  private static final Entity ENTITY =
      Manifest.parse(
              """
              {"manifest_version": 1, "name": "a", "version": "1.0.0", "routes": [], "entities": [
                {"name": "T", "indexes": [], "fields": [
                  {"name": "s", "type": "string", "optional": true, "unique": false},
                  {"name": "i", "type": "int", "optional": true, "unique": false},
                  {"name": "f", "type": "float", "optional": true, "unique": false},
                  {"name": "b", "type": "bool", "optional": true, "unique": false},
                  {"name": "d", "type": "datetime", "optional": true, "unique": false}]}]}
              """
                  .getBytes(StandardCharsets.UTF_8))
          .entities()
          .getFirst();

  @FuzzTest(maxDuration = "20s")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void aFilterIsUnderstoodOrRefused(FuzzedDataProvider data) {
    boolean totals = data.consumeBoolean();
    try {
      if (Json.parse(data.consumeRemainingAsString()) instanceof Map<?, ?> map) {
        if (totals) {
          var unused = AggregateParser.parse(ENTITY, Json.asObject(map));
        } else {
          var unused = QueryParser.parse(ENTITY, Json.asObject(map));
        }
      }
    } catch (JsonException | PylonException e) {
      // Refused, which is what is wanted.
    }
  }
}
