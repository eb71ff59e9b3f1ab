package dev.pylon.functions.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.functions.protocol.HostFrames.WebhookRequest;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Our lines, byte for byte: a runtime that was not written by us reads them (functions contract,
 * 2.3).
 */
class HostFramesTest {
  private static final Definition BID =
      new Definition("placeBid", FunctionKind.MUTATION, null, false, null, null);

  private static String text(byte[] line) {
    return new String(line, StandardCharsets.UTF_8);
  }

  @Test
  void anAnonymousCallNamesNobodyAndStillSaysWhoIsAsking() {
    assertThat(
            text(
                HostFrames.call(
                    "c_0", BID, Json.raw(Map.of("n", 1)), Identity.ANONYMOUS, 30_000, null, null)))
        .isEqualTo(
            """
            {"type":"call","call_id":"c_0","fn_name":"placeBid","fn_type":"mutation","args":{"n":1},\
            "auth":{"is_admin":false},"timeout_ms":30000}
            """);
  }

  @Test
  void aCallTellsEverythingAboutItsCaller() {
    var caller = new Identity("guest_1", true, "org_7", List.of("editor"), true);

    assertThat(text(HostFrames.call("c_1", BID, RawJson.EMPTY_OBJECT, caller, 1, null, null)))
        .contains(
            """
            "auth":{"user_id":"guest_1","is_admin":true,"tenant_id":"org_7","roles":["editor"],\
            "is_guest":true,"is_system":true}\
            """);
  }

  @Test
  void aWebhookBringsItsRequestByteForByte() {
    var request =
        new WebhookRequest(
            "PUT",
            "/api/webhooks/a?b=c",
            Map.of("x-one", "1, 2"),
            "{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8));

    assertThat(
            text(
                HostFrames.call(
                    "c_1", BID, RawJson.EMPTY_OBJECT, Identity.ANONYMOUS, 1, request, null)))
        .contains(
            """
            "request":{"method":"PUT","path":"/api/webhooks/a?b=c","headers":{"x-one":"1, 2"},\
            "raw_body":"{\\"a\\": 1}\\n"}\
            """);
  }

  @Test
  void aWebhookBodyThatIsNoTextComesAsItsBytesToo() {
    var request = new WebhookRequest("POST", "/", Map.of(), new byte[] {'a', (byte) 0xff});

    assertThat(
            text(
                HostFrames.call(
                    "c_1", BID, RawJson.EMPTY_OBJECT, Identity.ANONYMOUS, 1, request, null)))
        .contains("\"raw_body\":\"a\ufffd\",\"raw_body_base64\":\"Yf8=\"");
  }

  @Test
  void aResultEchoesTheOpIdOnlyWhereThereWasOne() {
    assertThat(text(HostFrames.result("c_1", "c_1#4", Map.of("id", "x"))))
        .isEqualTo(
            "{\"type\":\"result\",\"call_id\":\"c_1\",\"op_id\":\"c_1#4\",\"data\":{\"id\":\"x\"}}\n");
    assertThat(text(HostFrames.result("c_1", null, null)))
        .isEqualTo("{\"type\":\"result\",\"call_id\":\"c_1\",\"data\":null}\n");
  }

  @Test
  void theOtherLines() {
    var environment = new HashMap<String, @Nullable String>();
    environment.put("GONE", null);

    assertThat(text(HostFrames.refusal("c_1", "o", "NO", "not \"now\"")))
        .isEqualTo(
            """
            {"type":"result","call_id":"c_1","op_id":"o",\
            "error":{"code":"NO","message":"not \\"now\\""}}
            """);
    assertThat(text(HostFrames.cancel("c_1", "timeout")))
        .isEqualTo("{\"type\":\"cancel\",\"call_id\":\"c_1\",\"reason\":\"timeout\"}\n");
    assertThat(text(HostFrames.ping(7))).isEqualTo("{\"type\":\"ping\",\"id\":7}\n");
    assertThat(text(HostFrames.load(environment)))
        .isEqualTo("{\"type\":\"load\",\"env\":{\"GONE\":null}}\n");
  }

  @Test
  void textWithLineBreaksStaysOneLine() {
    byte[] line = HostFrames.result("c_1", null, List.of("a\nb\r\u2028c\0"));

    assertThat(text(line).chars().filter(c -> c == '\n' || c == '\r')).hasSize(1);
  }
}
