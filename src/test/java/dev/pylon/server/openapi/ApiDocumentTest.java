package dev.pylon.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.functions.FunctionInfo;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.schema.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApiDocumentTest {
  private static final Manifest EMPTY =
      Manifest.parse(
          """
          {"manifest_version": 1, "name": "test", "version": "1.0.0", "routes": [],
           "entities": [{"name": "Lot", "indexes": [], "fields": []}]}
          """
              .getBytes(StandardCharsets.UTF_8));

  private static Map<String, @Nullable Object> paths(FunctionInfo... functions) {
    Map<String, @Nullable Object> document = ApiDocument.of(EMPTY, List.of(functions));
    return Json.asObject((Map<?, ?>) document.get("paths"));
  }

  private static FunctionInfo function(@Nullable String validators, boolean internal) {
    RawJson schema =
        validators == null ? null : Json.check(validators.getBytes(StandardCharsets.UTF_8));
    return new FunctionInfo.Callable("bid", "mutation", schema, internal, "Bids on a lot");
  }

  @Test
  void aFunctionTakesWhatItsValidatorsSay() {
    FunctionInfo bid =
        function(
            """
            {"lotId": {"type": "id", "table": "Lot"},
             "amount": {"type": "int"},
             "note": {"type": "string", "optional": true},
             "kind": {"type": "union", "variants": [
               {"type": "literal", "value": "open"}, {"type": "null"}]},
             "tags": {"type": "array", "items": {"type": "object", "fields": {
               "label": {"type": "string"}, "weight": {"type": "number", "optional": true}}}},
             "more": {"type": "any", "optional": true}}
            """,
            false);

    assertThat(Json.text(paths(bid).get("/api/fn/bid")))
        .contains(
            "\"summary\":\"Bids on a lot\"",
            "{\"type\":\"object\",\"properties\":{"
                + "\"lotId\":{\"type\":\"string\",\"description\":\"Id of a row of Lot\"},"
                + "\"amount\":{\"type\":\"integer\"},"
                + "\"note\":{\"type\":\"string\"},"
                + "\"kind\":{\"anyOf\":[{\"enum\":[\"open\"]},{\"nullable\":true,\"enum\":[null]}]},"
                + "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
                + "\"label\":{\"type\":\"string\"},\"weight\":{\"type\":\"number\"}},"
                + "\"required\":[\"label\"]}},"
                + "\"more\":{}},"
                + "\"required\":[\"lotId\",\"amount\",\"kind\",\"tags\"]}");
  }

  @Test
  void aFunctionWithoutValidatorsTakesAnyObject() {
    assertThat(Json.text(paths(function(null, false)).get("/api/fn/bid")))
        .contains("\"schema\":{\"type\":\"object\"}");
  }

  @Test
  void internalFunctionsAreNobodysBusiness() {
    assertThat(paths(function(null, true))).doesNotContainKey("/api/fn/bid");
  }
}
