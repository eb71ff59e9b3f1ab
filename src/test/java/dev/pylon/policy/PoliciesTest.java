package dev.pylon.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.store.Access;
import dev.pylon.store.Access.Deed;
import dev.pylon.store.Visibility;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rule is asked for what, what several of them say together, and why. */
class PoliciesTest {
  private static final Identity ANN = Identity.user("ann", "acme");

  private static Policies of(String policies) {
    return Policies.of(
        Manifest.parse(
            """
            {"manifest_version": 1, "name": "t", "version": "1", "routes": [],
             "entities": [
               {"name": "Doc", "indexes": [], "fields": [
                 {"name": "ownerId", "type": "string", "optional": true, "unique": false},
                 {"name": "open", "type": "bool", "optional": true, "unique": false}]},
               {"name": "User", "indexes": [], "fields": [
                 {"name": "passwordHash", "type": "string", "optional": true, "unique": false}]}],
             "actions": [{"name": "archive", "input": []}, {"name": "free", "input": []}],
             "policies": [%s]}
            """
                .formatted(policies.replace('\'', '"'))
                .getBytes(StandardCharsets.UTF_8)));
  }

  private static Entity entity(Policies policies, String name) {
    return policies.manifest().entity(name).orElseThrow();
  }

  private static boolean allows(ThrowingCallable deed) {
    try {
      deed.call();
      return true;
    } catch (PylonException e) {
      assertThat(e.code()).isEqualTo(PolicyError.POLICY_DENIED);
      assertThat(e.message()).isEqualTo("Access denied by policy");
      return false;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static boolean allows(String policy, Identity caller, Deed deed) {
    Policies policies = of("{'name': 'p', 'entity': 'Doc', " + policy + "}");
    Access access = policies.access(caller);
    Entity doc = entity(policies, "Doc");
    Map<String, @Nullable Object> row = Map.of("ownerId", "ann");
    return switch (deed) {
      case READ -> !access.readable(doc).equals(Visibility.NONE);
      case INSERT -> allows(() -> access.requireInsert(doc, row));
      case UPDATE -> allows(() -> access.requireUpdate(doc, row, row));
      case DELETE -> allows(() -> access.requireDelete(doc, row));
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'allow': 'false'                                          | ----",
        "'allow': 'true'                                           | RIUD",
        "'allow': 'true', 'allowWrite': 'false'                    | R---",
        "'allowWrite': 'false'                                     | R---",
        "'allowWrite': 'false', 'allowUpdate': 'true'              | R-U-",
        "'allowRead': 'false'                                      | -IUD",
        "'allow': 'false', 'allowRead': 'true'                     | R---",
        "'allowInsert': 'false', 'allow': 'true'                   | R-UD",
        "'allowDelete': 'false', 'allowWrite': 'true'              | RIU-",
        "'allowRead': '', 'allow': 'false'                         | ----",
        "'allowRead': ' ', 'allow': 'true'                         | -IUD",
        "'allowRead': 'broken (', 'allow': 'true'                  | -IUD",
      })
  void theFirstRuleThatIsWrittenIsAsked(String policy, String allowed) {
    var found = new StringBuilder();
    for (Deed deed : Deed.values()) {
      found.append(allows(policy, ANN, deed) ? deed.name().charAt(0) : '-');
      assertThat(allows(policy, Identity.ADMIN, deed)).as("admins are not judged").isTrue();
    }

    assertThat(found).hasToString(allowed);
  }

  @Test
  void allPoliciesForAnEntityMustHold() {
    Policies policies =
        of(
            """
            {'name': 'a', 'entity': 'Doc', 'allow': 'auth.userId != null'},
            {'name': 'b', 'entity': 'Doc', 'allowInsert': 'data.open == true'}
            """);
    Access access = policies.access(ANN);
    Entity doc = entity(policies, "Doc");

    assertThat(allows(() -> access.requireInsert(doc, Map.of("open", true)))).isTrue();
    assertThat(allows(() -> access.requireInsert(doc, Map.of("open", false)))).isFalse();
    assertThat(
            allows(
                () -> policies.access(Identity.ANONYMOUS).requireInsert(doc, Map.of("open", true))))
        .isFalse();
    assertThat(allows(() -> access.requireDelete(doc, Map.of()))).isTrue();
  }

  @Test
  void anUpdateMustHoldBeforeAndAfter() {
    Policies policies =
        of("{'name': 'p', 'entity': 'Doc', 'allow': 'auth.userId == data.ownerId'}");
    Access access = policies.access(ANN);
    Entity doc = entity(policies, "Doc");
    Map<String, @Nullable Object> anns = Map.of("ownerId", "ann");
    Map<String, @Nullable Object> bobs = Map.of("ownerId", "bob");

    assertThat(allows(() -> access.requireUpdate(doc, anns, anns))).isTrue();
    assertThat(allows(() -> access.requireUpdate(doc, anns, bobs))).as("giving away").isFalse();
    assertThat(allows(() -> access.requireUpdate(doc, bobs, anns))).as("taking").isFalse();
  }

  @Test
  void whereThereIsNoPolicyEverythingIsAllowed() {
    Policies policies = of("");
    Access access = policies.access(Identity.ANONYMOUS);

    assertThat(access.readable(entity(policies, "Doc"))).isEqualTo(Visibility.ALL);
    assertThatCode(() -> access.requireDelete(entity(policies, "Doc"), Map.of()))
        .doesNotThrowAnyException();
    assertThatCode(() -> policies.requireAction(Identity.ANONYMOUS, "free", null))
        .doesNotThrowAnyException();
  }

  @Test
  void anEntityThatThePoliciesDoNotKnowIsClosed() {
    Policies policies = of("");
    var later = new Entity("Later", List.of(), List.of(), List.of(), null, false);

    assertThatThrownBy(() -> policies.access(ANN).readable(later)).hasMessageContaining("denied");
    assertThat(policies.access(Identity.ADMIN).readable(later)).isEqualTo(Visibility.ALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true                            | true",
        "false                           | false",
        "auth.userId == input.ownerId    | true",
        "auth.userId == input.other      | false",
        "auth.userId == data.ownerId     | false",
        "gibberish (                     | false",
        "''                              | false",
      })
  void anActionIsJudgedByItsInput(String rule, boolean allowed) {
    Policies policies =
        of(
            "{'name': 'p', 'action': 'archive', 'entity': 'Doc', 'allowRead': 'true', 'allow': %s}"
                .formatted(Json.text(rule)));

    assertThat(allows(() -> policies.requireAction(ANN, "archive", Map.of("ownerId", "ann"))))
        .isEqualTo(allowed);
    assertThat(allows(() -> policies.requireAction(Identity.ADMIN, "archive", null))).isTrue();
    assertThat(allows(() -> policies.requireAction(ANN, "free", null))).isTrue();
  }

  // ---- why ----

  private static Map<String, @Nullable Object> explained(Policies policies, Question question) {
    return policies.explain(question);
  }

  private static Question read(
      Policies policies, Identity caller, @Nullable Map<String, @Nullable Object> row) {
    return new Question.OfRow(caller, Deed.READ, entity(policies, "Doc"), row, null);
  }

  @Test
  void theClauseThatDecidedIsNamed() {
    Policies policies =
        of(
            """
            {'name': 'own', 'entity': 'Doc',
             'allowRead': 'auth.userId != null && (auth.userId == data.ownerId || data.open == true)'}
            """);

    Map<String, @Nullable Object> denied =
        explained(policies, read(policies, ANN, Map.of("ownerId", "bob")));
    Map<String, @Nullable Object> allowed =
        explained(policies, read(policies, ANN, Map.of("ownerId", "bob", "open", true)));
    Map<String, @Nullable Object> any = explained(policies, read(policies, ANN, null));
    Map<String, @Nullable Object> stranger =
        explained(policies, read(policies, Identity.ANONYMOUS, Map.of("ownerId", "bob")));

    assertThat(Json.text(denied))
        .contains("\"result\":\"deny\"", "\"decided_by\":{\"policy\":\"own\"")
        .contains("\"clause\":\"auth.userId == data.ownerId || data.open == true\"")
        .contains("{\"path\":\"auth.userId\",\"value\":\"ann\"}")
        .contains("{\"path\":\"data.ownerId\",\"value\":\"bob\"}");
    assertThat(allowed).containsEntry("result", "allow").doesNotContainKey("decided_by");
    assertThat(any).containsEntry("result", "depends");
    assertThat(Json.text(any)).contains("\"value\":\"(unknown)\"", "\"about\":\"any\"");
    assertThat(Json.text(stranger)).contains("\"clause\":\"auth.userId != null\"");
  }

  @Test
  void everyRuleThatIsAskedIsShownAsATree() {
    Policies policies = of("{'name': 'p', 'entity': 'Doc', 'allow': '!data.open && true'}");
    var update =
        new Question.OfRow(
            ANN, Deed.UPDATE, entity(policies, "Doc"), Map.of("open", false), Map.of("open", true));

    String json = Json.text(explained(policies, update));

    assertThat(json)
        .contains("\"result\":\"deny\"")
        .contains("\"op\":\"read\",\"about\":\"row\"")
        .contains("\"op\":\"update\",\"about\":\"before\"")
        .contains("\"op\":\"update\",\"about\":\"after\",\"expression\":\"!data.open && true\"")
        .contains(
            "{\"kind\":\"not\",\"text\":\"!data.open\",\"at\":0,\"result\":\"false\",\"parts\":["
                + "{\"kind\":\"value\",\"text\":\"data.open\",\"at\":1,\"result\":\"true\","
                + "\"values\":[{\"path\":\"data.open\",\"value\":true}]}]}");
  }

  @Test
  void whatNeedsNoRuleSaysSoAndABrokenOneIsNamed() {
    Policies policies =
        of(
            "{'name': 'p', 'entity': 'Doc', 'allow': 'a = b'}, {'name': 'q', 'action': 'archive', 'allow': 'true'}");
    var insert = new Question.OfRow(ANN, Deed.INSERT, entity(policies, "User"), null, Map.of());

    assertThat(explained(policies, read(policies, Identity.ADMIN, Map.of())))
        .containsEntry("result", "allow")
        .containsEntry("reason", "admins are not judged");
    assertThat(explained(policies, insert)).containsEntry("reason", "no policy says anything");
    assertThat(Json.text(explained(policies, read(policies, ANN, Map.of()))))
        .contains(
            "\"result\":\"deny\"", "\"error\":\"character 3: a single", "\"clause\":\"a = b\"");
  }

  @Test
  void whatIsHiddenStaysHidden() {
    Policies policies = of("{'name': 'p', 'entity': 'User', 'allow': 'data.passwordHash == null'}");
    var question =
        new Question.OfRow(
            ANN, Deed.READ, entity(policies, "User"), Map.of("passwordHash", "$argon2"), null);

    assertThat(Json.text(explained(policies, question)))
        .contains("(hidden)")
        .doesNotContain("argon2");
  }
}
