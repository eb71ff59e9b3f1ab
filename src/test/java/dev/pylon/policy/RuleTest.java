package dev.pylon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.schema.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rule language, by the tables of its contract: what is read, what is refused, what it says.
 */
class RuleTest {
  private static final Manifest MANIFEST =
      Manifest.parse(
          Json.bytes(
              Json.parseObject(
                  """
                  {"manifest_version": 1, "name": "t", "version": "1", "routes": [], "entities": [
                    {"name": "Doc", "indexes": [], "fields": [
                      {"name": "ownerId", "type": "string", "optional": true, "unique": false},
                      {"name": "orgId", "type": "string", "optional": true, "unique": false},
                      {"name": "title", "type": "string", "optional": true, "unique": false},
                      {"name": "size", "type": "int", "optional": true, "unique": false},
                      {"name": "price", "type": "float", "optional": true, "unique": false},
                      {"name": "isPublic", "type": "bool", "optional": true, "unique": false},
                      {"name": "due", "type": "datetime", "optional": true, "unique": false}]}]}
                  """
                      .getBytes(StandardCharsets.UTF_8))));

  private static final Identity ANN =
      new Identity("ann", false, "acme", List.of("editor", "a,b"), false);

  private static final Map<String, @Nullable Object> ROW =
      Json.parseObject(
          """
          {"id": "d1", "ownerId": "ann", "orgId": "acme", "title": "café\\n", "size": 5,
           "price": 2.5, "isPublic": false, "due": "2026-02-03T04:05:06.000Z",
           "author": {"id": "ann", "tags": ["x"]}, "empty": "", "none": null}
          """
              .getBytes(StandardCharsets.UTF_8));

  private static Truth judge(String rule, Facts facts) {
    return Rule.of("p", "allow", rule).truth(facts);
  }

  private static Truth ofRow(String rule, Identity caller) {
    return judge(rule, Facts.of(caller, MANIFEST.entities().getFirst(), ROW));
  }

  private static Truth ofAnyRow(String rule, Identity caller) {
    return judge(rule, Facts.ofAny(caller, MANIFEST.entities().getFirst()));
  }

  // ---- what holds ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "auth.userId != null",
        "auth.userId == data.ownerId",
        "data.ownerId == auth.user_id",
        "auth.userId == data.ownerId && auth.tenantId == data.orgId",
        "auth.isAdmin || auth.userId == data.ownerId",
        "!auth.isAdmin",
        "!!auth.userId",
        "(true || false) && false || true",
        "data.author.id == auth.userId",
        "data.none == null",
        "data.missing == null",
        "null == null",
        "data.title == \"café\\n\"",
        "data.title == 'café\\n'",
        "'it\\'s' == \"it's\"",
        "data.size == '5'",
        "'2.5' == data.price",
        "data.isPublic == false",
        "data.isPublic != true",
        "!data.isPublic == true",
        "!(data.empty)",
        "data.size",
        "data.due",
        "auth.hasRole('editor')",
        "auth.hasRole(\"a,b\")",
        "auth.hasAnyRole('nobody', 'a,b')",
        "auth.hasAnyRole(\"editor\")",
        "data.author == null",
        "data.author.tags == null",
        "anything.else == null",
        "auth == null",
        "data. == null",
        "data..ownerId == null",
        "in == null",
        "\ttrue\r\n",
      })
  void holdsForAnn(String rule) {
    assertThat(ofRow(rule, ANN)).isEqualTo(Truth.TRUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "null",
        "''",
        "data.empty",
        "data.none",
        "gibberish",
        "auth",
        "auth.isAdmin.foo",
        "auth.userId.x",
        "auth.roles",
        "auth.userId == 'bob'",
        "auth.userId == data.title",
        "auth.userId == data.ownerId && auth.isAdmin",
        "data.isPublic == 'false'",
        "data.isPublic == 0",
        "data.isPublic == null",
        "!auth.userId == null",
        "auth.isAdmin == null",
        "auth.hasRole('admin')",
        "auth.hasRole('a')",
        "input.ownerId == 'ann'",
        "data.missing == true",
      })
  void doesNotHoldForAnn(String rule) {
    assertThat(ofRow(rule, ANN)).isEqualTo(Truth.FALSE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "existing.ownerId == 'ann'",
        "data.size > 4 && data.size >= 5 && data.size < 5.5 && data.size <= 5",
        "data.size == 5",
        "data.price == 2.5",
        "data.price * 2 == data.size",
        "data.size + 1 > 5",
        "-data.size == -5",
        "7 / 2 == 3.5",
        "7 % 4 == 3",
        "2 + 3 * 4 == 14",
        "(2 + 3) * 4 == 20",
        "10 - 3 - 2 == 5",
        "9007199254740993 != 9007199254740992",
        "9223372036854775807 + 1 > 0",
        "data.title in ['x', 'café\\n']",
        "null in [data.none]",
        "'editor' in auth.roles",
        "data.ownerId in [auth.userId]",
        "!(data.ownerId in [])",
        "starts_with(data.title, 'caf')",
        "ends_with(data.title, 'é\\n')",
        "starts_with(data.title, '')",
        "'abc' < 'abd'",
        "'Z' < 'a'",
        "'\uffff' < '😀'",
        "(data.size == 5) == (data.price == 2.5)",
        "true == (1 < 2)",
        "data.due == '2026-02-03T05:05:06+01:00'",
        "data.due < '2026-02-04'",
        "data.due >= '2026-02-03'",
        "!(data.none < 5) && !(data.none >= 5)",
        "!(data.size < 'x')",
        "1 / 0 == null",
        "data.title + 1 == null",
      })
  void theLargerLanguageHoldsForAnn(String rule) {
    assertThat(ofRow(rule, ANN)).isEqualTo(Truth.TRUE);
  }

  // ---- who lacks something owns nothing ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth.userId == data.ownerId",
        "auth.userId == data.none",
        "data.none == auth.userId",
        "auth.tenantId == data.none",
        "auth.userId == existing.none",
        "auth.userId == input.none",
        "auth.userId in [data.none]",
        "data.none in [auth.userId]",
        "auth.userId in auth.roles",
        "auth.userId != null",
      })
  void whoIsNobodyOwnsNothing(String rule) {
    assertThat(ofRow(rule, Identity.ANONYMOUS)).isEqualTo(Truth.FALSE);
  }

  @Test
  void whatIsMissingCanStillBeAskedFor() {
    assertThat(ofRow("auth.userId == null", Identity.ANONYMOUS)).isEqualTo(Truth.TRUE);
    assertThat(ofRow("auth.userId != data.ownerId", Identity.ANONYMOUS)).isEqualTo(Truth.TRUE);
  }

  // ---- a row that nobody has looked at ----

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "true ; true",
        "false ; false",
        "auth.userId != null ; true",
        "auth.isAdmin ; false",
        "data.ownerId == auth.userId ; unknown",
        "data.ownerId == null ; unknown",
        "!data.isPublic ; unknown",
        "auth.isAdmin && data.isPublic ; false",
        "auth.userId && data.isPublic ; unknown",
        "auth.userId || data.isPublic ; true",
        "auth.isAdmin || data.isPublic ; unknown",
        "data.isPublic && auth.isAdmin ; false",
        "data.isPublic || auth.userId ; true",
        "data.size + 1 > 2 ; unknown",
        "starts_with(data.title, 'a') ; unknown",
        "data.title in ['a'] ; unknown",
        "auth.userId in ['ann', data.ownerId] ; true",
        "auth.userId in ['bob', data.ownerId] ; unknown",
        "existing.ownerId == 'x' ; unknown",
      })
  void whatDependsOnTheRowIsUnknown(String rule, String truth) {
    assertThat(ofAnyRow(rule, ANN).text()).isEqualTo(truth);
  }

  /** Collections are answered empty then, and not refused. */
  @Test
  void whetherNobodyOwnsARowIsUnknownToo() {
    assertThat(ofAnyRow("auth.userId == data.ownerId", Identity.ANONYMOUS))
        .isEqualTo(Truth.UNKNOWN);
  }

  // ---- actions, new rows, changes ----

  @Test
  void anActionIsJudgedByItsInput() {
    Facts facts =
        Facts.ofAction(ANN, Map.of("ownerId", "ann", "members", List.of("bob", "ann"), "n", 3L));

    assertThat(judge("auth.userId == input.ownerId", facts)).isEqualTo(Truth.TRUE);
    assertThat(judge("auth.userId in input.members", facts)).isEqualTo(Truth.TRUE);
    assertThat(judge("'carol' in input.members", facts)).isEqualTo(Truth.FALSE);
    assertThat(judge("input.n == '3' && input.n < 4", facts)).isEqualTo(Truth.TRUE);
    assertThat(judge("auth.userId == data.ownerId", facts)).isEqualTo(Truth.FALSE);
    assertThat(judge("data.ownerId == null", facts)).isEqualTo(Truth.TRUE);
    assertThat(judge("input.a.b.c", Facts.ofAction(ANN, "no object"))).isEqualTo(Truth.FALSE);
  }

  @Test
  void aChangeShowsTheRowBeforeAndAfter() {
    var entity = MANIFEST.entities().getFirst();
    Facts change = Facts.ofChange(ANN, entity, Map.of("title", "a"), Map.of("title", "b"));
    Facts addition = Facts.ofNew(ANN, entity, Map.of("title", "b"));

    assertThat(judge("existing.title == 'a' && data.title == 'b'", change)).isEqualTo(Truth.TRUE);
    assertThat(judge("existing.title == null && data.title == 'b'", addition))
        .isEqualTo(Truth.TRUE);
  }

  // ---- what cannot be read holds for nobody ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | 0",
        "`  ` | 2",
        "true true | 5",
        "(true | 5",
        "true) | 4",
        "= true | 0",
        "a = b | 2",
        "a & b | 2",
        "== 'a' | 0",
        "a == | 4",
        "a == b == c | 7",
        "a @ b | 2",
        "a ? b | 2",
        "a # b | 2",
        "'open | 0",
        "'bad \\x' | 5",
        "'end \\ | 6",
        "data.hasRole('x') | 0",
        "auth.hasRole() | 13",
        "auth.hasRole(admin) | 13",
        "auth.hasRole('a', 'b') | 0",
        "auth.hasAnyRole('a' 'b') | 20",
        "auth.hasAnyRole('a, b) | 16",
        "lower('a') | 0",
        "starts_with('a') | 15",
        "a in 'list' | 5",
        "a in ['x' | 9",
        "[1] | 0",
        "1x | 1",
        "! | 1",
        "a.b-c( | 4",
      })
  void whatCannotBeReadHoldsForNobodyAndSaysWhere(String rule, int at) {
    Rule broken = Rule.of("p", "allow", rule == null ? "" : rule);

    assertThat(broken.meaning())
        .isInstanceOfSatisfying(
            Rule.Meaning.Broken.class, meaning -> assertThat(meaning.at()).isEqualTo(at));
    assertThat(broken.truth(Facts.of(ANN, MANIFEST.entities().getFirst(), ROW)))
        .isEqualTo(Truth.FALSE);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "10, true", "31, true", "32, false", "200, false", "9000, false"})
  void bracketsAreNestedSoFar(int brackets, boolean readable) {
    String rule = "(".repeat(brackets) + "true" + ")".repeat(brackets);

    assertThat(ofRow(rule, ANN)).isEqualTo(Truth.of(readable));
  }

  @ParameterizedTest
  @CsvSource({"63, false", "64, true"})
  void denialsAreNestedSoFar(int signs, boolean broken) {
    Rule rule = Rule.of("p", "allow", "!".repeat(signs) + "true");

    assertThat(rule.meaning() instanceof Rule.Meaning.Broken).isEqualTo(broken);
  }

  @Test
  void aRuleMayBeLongButNotEndless() {
    String chain = "auth.isAdmin || ".repeat(1_000) + "true";

    assertThat(ofRow(chain, ANN)).isEqualTo(Truth.TRUE);
    assertThat(ofRow("auth.isAdmin || ".repeat(2_000) + "true", ANN)).isEqualTo(Truth.FALSE);
    assertThat(ofRow("1" + " + 1".repeat(5_000) + " > 0", ANN)).isEqualTo(Truth.FALSE);
  }
}
