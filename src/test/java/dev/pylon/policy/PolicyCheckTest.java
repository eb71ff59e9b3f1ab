package dev.pylon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about rules when a manifest is loaded, and where. */
class PolicyCheckTest {
  private static final String BEFORE =
      """
      {"manifest_version": 1, "name": "t", "version": "1", "routes": [],
       "entities": [{"name": "Doc", "indexes": [], "fields": [
         {"name": "ownerId", "type": "string", "optional": true, "unique": false},
         {"name": "size", "type": "int", "optional": true, "unique": false},
         {"name": "price", "type": "float", "optional": true, "unique": false},
         {"name": "done", "type": "bool", "optional": true, "unique": false},
         {"name": "due", "type": "datetime", "optional": true, "unique": false}]}],
       "actions": [{"name": "archive", "input": []}],
       "policies": [
         {"name": "p",\
      """;

  private static byte[] json(String policy) {
    return (BEFORE + policy + "}]}").getBytes(StandardCharsets.UTF_8);
  }

  private static List<Diagnostic> findings(String policy) {
    byte[] json = json(policy);
    return PolicyCheck.findings(Manifest.parse(json), RuleText.ofManifest(json, "m.json"));
  }

  private static List<String> codes(String member, String rule) {
    return findings("\"entity\": \"Doc\", \"%s\": %s".formatted(member, Json.text(rule))).stream()
        .map(Diagnostic::code)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "allowRead   | auth.userId == data.ownerId                   |",
        "allow       | true                                          |",
        "allowRead   | data.size == '5' && data.size > 2.5           |",
        "allowRead   | data.due < '2026-01-01' || data.done == false |",
        "allowRead   | 'x' in auth.roles || auth.hasRole('x')        |",
        "allowRead   | data.id == auth.userId                        |",
        "allowInsert | data.ownerId.id == auth.userId                |",
        "allowUpdate | data.size + 1 > existing.size                 |",
        "allowRead   | auth.userId == data.owner                     | POLICY_FIELD_UNKNOWN",
        "allowRead   | auth.user == data.ownerId                     | POLICY_NAME_UNKNOWN",
        "allowRead   | gibberish                                     | POLICY_NAME_UNKNOWN",
        "allowRead   | input.ownerId == 'x'                          | POLICY_NAME_UNKNOWN",
        "allowRead   | data.ownerId.id == 'x'                        | POLICY_NAME_UNKNOWN",
        "allowRead   | 'x' in data.ownerId                           | POLICY_NAME_UNKNOWN",
        "allowRead   | data.done == 'true'                           | POLICY_KINDS_DIFFER",
        "allowRead   | data.size == true                             | POLICY_KINDS_DIFFER",
        "allowRead   | data.due > 'tomorrow'                         | POLICY_KINDS_DIFFER",
        "allowRead   | data.ownerId in [true]                        | POLICY_KINDS_DIFFER",
        "allowRead   | data.size + 1 > 2                             | POLICY_JUDGED_BY_ROW",
        "allowRead   | data.size < data.price                        | POLICY_JUDGED_BY_ROW",
        "allow       | data.size < data.price                        | POLICY_JUDGED_BY_ROW",
        "allowRead   | a = b                                         | POLICY_EXPR_INVALID",
      })
  void rulesAreCheckedAtLoad(String member, String rule, String code) {
    assertThat(codes(member, rule)).isEqualTo(code == null ? List.of() : List.of(code));
  }

  @Test
  void theRuleOfAnActionKnowsItsInputAndNoRow() {
    List<Diagnostic> findings =
        findings("\"action\": \"archive\", \"allow\": \"input.id == data.id\"");

    assertThat(findings).extracting(Diagnostic::code).containsExactly("POLICY_NAME_UNKNOWN");
  }

  @Test
  void aFindingNamesLineAndColumnInTheManifest() {
    Diagnostic plain =
        findings("\"entity\": \"Doc\",\n   \"allowRead\": \"auth.userId == data.x\"").getFirst();
    Diagnostic escaped =
        findings("\"entity\": \"Doc\", \"allowRead\": \"\\\"é\\\" == \\\"\\u00e9😀\\\" && ?\"")
            .getFirst();

    assertThat(plain.text())
        .isEqualTo(
            "m.json:11:33: POLICY_FIELD_UNKNOWN Policy \"p\", allowRead: \"Doc\" has no field \"x\"");
    assertThat(plain.isError()).isFalse();
    assertThat(escaped.span()).isEqualTo(new Diagnostic.Span("m.json", 10, 76));
  }

  @Test
  void aFindingNamesItsPlaceInTheSourceWhereThatIsPlain() {
    Manifest manifest = Manifest.parse(json("\"entity\": \"Doc\", \"allow\": \"a = b\""));

    assertThat(place(manifest, Map.of("app.ts", "x\n  allow: \"a = b\",\n")))
        .isEqualTo(new Diagnostic.Span("app.ts", 2, 13));
    assertThat(place(manifest, Map.of("app.ts", "'a = b' 'a = b'"))).isNull();
    assertThat(place(manifest, Map.of("app.ts", "nothing of the sort"))).isNull();
  }

  private static Diagnostic.Span place(Manifest manifest, Map<String, String> sources) {
    return PolicyCheck.findings(manifest, RuleText.ofSources(() -> sources)).getFirst().span();
  }
}
