package dev.pylon.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.model.PylonException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final String TODO =
      "{'name':'Todo','fields':[" + field("title", "string") + "],'indexes':[]}";

  private static String field(String name, String type) {
    return "{'name':'%s','type':'%s','optional':false,'unique':false}".formatted(name, type);
  }

  private static String manifest(String entities, String more) {
    String routes = more.contains("'routes'") ? "" : ",'routes':[]";
    return "{'manifest_version':1,'name':'app','version':'1','entities':[%s]%s%s}"
        .formatted(entities, routes, more);
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static String todo(String fields, String indexes, String more) {
    return "{'name':'Todo','fields':[%s],'indexes':[%s]%s}".formatted(fields, indexes, more);
  }

  private static List<String> codes(String text) {
    return switch (Manifest.read(json(text))) {
      case Manifest.Reading.Accepted(var manifest) ->
          manifest.warnings().stream().map(Diagnostic::code).toList();
      case Manifest.Reading.Refused(var diagnostics) ->
          diagnostics.stream().map(Diagnostic::code).toList();
    };
  }

  @Test
  void whatTheAuthorWroteIsKept() {
    byte[] text =
        json(
            manifest(
                "{'name':'Post','fields':["
                    + field("authorId", "id(User)")
                    + ",{'name':'body','type':'richtext','optional':true,'unique':false,'crdt':'text'}],"
                    + "'indexes':[{'name':'by','fields':['authorId'],'unique':false}],"
                    + "'relations':[{'name':'author','target':'User','field':'authorId'}],"
                    + "'search':{'text':['body'],'facets':[]},'other':1},"
                    + "{'name':'User','fields':[],'indexes':[],'crdt':false}",
                ",'auth':{'user':{'hide':['x']},'session':{'expires_in':60}},'unknown':{}"));

    Manifest manifest = Manifest.parse(text);

    Entity post = manifest.entity("Post").orElseThrow();
    assertThat(post.fields())
        .containsExactly(
            new Field("authorId", new FieldType(FieldType.Kind.ID, "User"), false, false, null),
            new Field(
                "body", new FieldType(FieldType.Kind.RICHTEXT, null), true, false, CrdtKind.TEXT));
    assertThat(post.relations()).containsExactly(new Relation("author", "User", "authorId", false));
    assertThat(post.crdt()).isTrue();
    assertThat(manifest.entity("User").orElseThrow().crdt()).isFalse();
    assertThat(manifest.auth().hide()).containsExactly("x");
    assertThat(manifest.auth().sessionSeconds()).isEqualTo(60);
    assertThat(manifest.auth().userEntity()).isEqualTo("User");
    assertThat(manifest.text().bytes()).isEqualTo(text);
    assertThat(manifest.warnings()).isEmpty();
  }

  /** Each manifest breaks one rule and no other. */
  static List<List<String>> broken() {
    String title = field("title", "string");
    String query = ",'queries':[{'name':'q','input':[%s]}]";
    String route = ",'routes':[{'path':'%s','mode':'server'%s}]";
    return List.of(
        List.of("SCHEMA_EMPTY", manifest("", "")),
        List.of("ENTITY_NAME_EMPTY", manifest(TODO.replace("Todo", ""), "")),
        List.of("ENTITY_DUPLICATE", manifest(TODO + "," + TODO, "")),
        List.of("ENTITY_DUPLICATE", manifest(TODO + "," + TODO.replace("Todo", "TODO"), "")),
        List.of("ENTITY_NAME_RESERVED", manifest(TODO.replace("Todo", "_pylon_jobs"), "")),
        List.of("FIELD_NAME_EMPTY", manifest(todo(field("", "int"), "", ""), "")),
        List.of("FIELD_DUPLICATE", manifest(todo(title + "," + title, "", ""), "")),
        List.of("FIELD_NAME_RESERVED", manifest(todo(field("id", "string"), "", ""), "")),
        List.of("FIELD_TYPE_UNKNOWN", manifest(todo(field("x", "json"), "", ""), "")),
        List.of("FIELD_TYPE_UNKNOWN", manifest(todo(field("x", "id()"), "", ""), "")),
        List.of("FIELD_TYPE_UNKNOWN", manifest(todo(field("x", "id(Todo"), "", ""), "")),
        List.of("FIELD_ID_TARGET_NOT_FOUND", manifest(todo(field("x", "id(Nope)"), "", ""), "")),
        List.of("FIELD_ID_TARGET_NOT_FOUND", manifest(TODO, query.formatted(field("x", "id(No)")))),
        List.of(
            "FIELD_CRDT_UNSUPPORTED",
            manifest(
                todo(
                    "{'name':'n','type':'int','optional':true,'unique':false,'crdt':'counter'}",
                    "",
                    ""),
                "")),
        List.of(
            "INDEX_NAME_EMPTY",
            manifest(todo(title, "{'name':'','fields':['title'],'unique':false}", ""), "")),
        List.of(
            "INDEX_FIELDS_EMPTY",
            manifest(todo(title, "{'name':'i','fields':[],'unique':false}", ""), "")),
        List.of(
            "INDEX_FIELD_NOT_FOUND",
            manifest(todo(title, "{'name':'i','fields':['x'],'unique':false}", ""), "")),
        List.of(
            "INDEX_NAME_DUPLICATE",
            manifest(
                todo(
                    title,
                    "{'name':'i','fields':['title'],'unique':false},{'name':'i','fields':['id'],'unique':false}",
                    ""),
                "")),
        List.of("QUERY_NAME_EMPTY", manifest(TODO, ",'queries':[{'name':''}]")),
        List.of("QUERY_DUPLICATE", manifest(TODO, ",'queries':[{'name':'q'},{'name':'q'}]")),
        List.of("ACTION_NAME_EMPTY", manifest(TODO, ",'actions':[{'name':''}]")),
        List.of("ACTION_DUPLICATE", manifest(TODO, ",'actions':[{'name':'a'},{'name':'a'}]")),
        List.of("INPUT_FIELD_NAME_EMPTY", manifest(TODO, query.formatted(field("", "int")))),
        List.of("INPUT_FIELD_DUPLICATE", manifest(TODO, query.formatted(title + "," + title))),
        List.of("INPUT_FIELD_TYPE_UNKNOWN", manifest(TODO, query.formatted(field("x", "list")))),
        List.of(
            "POLICY_NAME_EMPTY",
            manifest(TODO, ",'policies':[{'name':'','entity':'Todo','allow':'true'}]")),
        List.of("POLICY_ALLOW_EMPTY", manifest(TODO, ",'policies':[{'name':'p','entity':'Todo'}]")),
        List.of("POLICY_NO_TARGET", manifest(TODO, ",'policies':[{'name':'p','allow':'true'}]")),
        List.of(
            "POLICY_ENTITY_NOT_FOUND",
            manifest(TODO, ",'policies':[{'name':'p','entity':'X','allow':'true'}]")),
        List.of(
            "POLICY_ACTION_NOT_FOUND",
            manifest(TODO, ",'policies':[{'name':'p','action':'x','allow':'true'}]")),
        List.of(
            "POLICY_DUPLICATE",
            manifest(
                TODO,
                ",'policies':[{'name':'p','entity':'Todo','allow':'true'},{'name':'p','entity':'Todo','allowRead':'true'}]")),
        List.of("ROUTE_PATH_EMPTY", manifest(TODO, route.formatted("", ""))),
        List.of("ROUTE_PATH_NO_SLASH", manifest(TODO, route.formatted("a", ""))),
        List.of("ROUTE_QUERY_NOT_FOUND", manifest(TODO, route.formatted("/", ",'query':'q'"))),
        List.of(
            "ROUTE_PARAM_NOT_IN_QUERY",
            manifest(
                TODO, query.formatted(title) + route.formatted("/:title/:id", ",'query':'q'"))),
        List.of("ROUTE_AUTH_INVALID", manifest(TODO, route.formatted("/", ",'auth':'admin'"))),
        List.of("MANIFEST_VERSION_UNSUPPORTED", manifest(TODO, "").replace(":1,", ":2,")),
        List.of("MANIFEST_PARSE_ERROR", "{"),
        List.of("MANIFEST_PARSE_ERROR", manifest(TODO, "").replace("'name':'app',", "")),
        List.of("MANIFEST_PARSE_ERROR", manifest(TODO.replace("'type':'string'", "'type':5"), "")),
        List.of("MANIFEST_PARSE_ERROR", manifest(TODO.replace("'optional':false,", ""), "")));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenRuleIsNamed(List<String> example) {
    assertThat(codes(example.getLast())).containsExactly(example.getFirst());
  }

  @ParameterizedTest
  @ValueSource(strings = {"string", "int", "float", "bool", "datetime", "richtext", "id(Todo)"})
  void everyTypeIsAccepted(String type) {
    assertThat(codes(manifest(todo(field("x", type), "", ""), ""))).isEmpty();
  }

  @Test
  void whatIsOnlyOddIsAWarning() {
    assertThat(
            codes(
                manifest(
                    todo(
                        field("größe", "int"),
                        "",
                        ",'relations':[{'name':'r','target':'Nope','field':'x'}],'search':{'text':['y']}"),
                    "")))
        .containsExactly(
            "NAME_UNUSUAL",
            "RELATION_TARGET_NOT_FOUND",
            "RELATION_FIELD_NOT_FOUND",
            "SEARCH_FIELD_NOT_FOUND");
  }

  @Test
  void aRefusalListsEverything() {
    String text = manifest(todo(field("x", "json") + "," + field("x", "id(No)"), "", ""), "");

    assertThatThrownBy(() -> Manifest.parse(json(text)))
        .isInstanceOfSatisfying(
            PylonException.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(SchemaError.MANIFEST_INVALID);
              assertThat(refusal.message())
                  .contains("FIELD_TYPE_UNKNOWN", "FIELD_DUPLICATE", "FIELD_ID_TARGET_NOT_FOUND");
              assertThat((List<?>) refusal.details().get("diagnostics")).hasSize(3);
            });
  }

  @Test
  void aShapeIsRefusedWithItsPlace() {
    assertThatThrownBy(
            () -> Manifest.parse(json(manifest(TODO.replace("'type':'string'", "'type':5"), ""))))
        .hasMessage("MANIFEST_PARSE_ERROR: entities[0].fields[0].type: expected a string");
  }

  @Test
  void whatSaysWhoseARowIsComesFirstOfWhatRowsAreJudgedBy() {
    String rule = "{'name':'%s','entity':'Todo','allow':'%s'}";
    String rules =
        String.join(
            ",",
            rule.formatted("a", "data.open || auth.userId == data.owner"),
            rule.formatted("b", "existing.org==auth.tenantId && auth.userId != data.text"));
    String fields =
        Stream.of("note", "text", "open", "owner", "org")
            .map(name -> field(name, "string"))
            .collect(Collectors.joining(","));

    Manifest manifest =
        Manifest.parse(json(manifest(todo(fields, "", ""), ",'policies':[%s]".formatted(rules))));

    assertThat(manifest.judged(manifest.entity("Todo").orElseThrow()))
        .extracting(Field::name)
        .containsExactly("owner", "org", "text", "open");
  }
}
