package dev.pylon.cli.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  private static final Map<String, String> FILES =
      Map.of("note.txt", "from a file", "rows.json", "[1,2]");

  private static final FunctionInfo FUNCTION =
      FunctionInfo.parse(
              """
              [{"name":"f","fn_type":"mutation","args_schema":{
                "title":{"type":"string"},
                "count":{"type":"int","optional":true},
                "price":{"type":"number","optional":true},
                "done":{"type":"boolean","optional":true},
                "tags":{"type":"array","optional":true,"items":{"type":"int"}},
                "at":{"type":"object","optional":true,"fields":{"x":{"type":"int"}}},
                "a.b":{"type":"int","optional":true},
                "kind":{"type":"union","optional":true,"variants":[
                  {"type":"literal","value":"red"},{"type":"int"}]}}}]\
              """
                  .getBytes(UTF_8))
          .getFirst();

  private static String args(String... words) {
    return Json.text(arguments(Map.of(), Optional.of(FUNCTION)).with(List.of(words)));
  }

  private static Arguments arguments(Map<String, Object> base, Optional<FunctionInfo> function) {
    return new Arguments(base, () -> function, file -> FILES.get(file).getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "title=milk; {'title':'milk'}",
        "title=; {'title':''}",
        "title=a=b; {'title':'a=b'}",
        "title=12; {'title':'12'}", // declared as text
        "count=12; {'count':12}",
        "count=many; {'count':'many'}", // the server says what is wrong with it
        "price=1.5; {'price':1.5}",
        "done=true; {'done':true}",
        "tags=[1,2]; {'tags':[1,2]}",
        "other=12; {'other':'12'}", // not declared
        "kind=red; {'kind':'red'}",
        "kind=3; {'kind':3}",
        "other:=12; {'other':12}",
        "other:={\"a\":[null]}; {'other':{'a':[null]}}",
        "title=@note.txt; {'title':'from a file'}",
        "title=@@x; {'title':'@x'}",
        "tags:=@rows.json; {'tags':[1,2]}",
        "at.x=3; {'at':{'x':3}}",
        "a.b=3; {'a.b':3}", // a declared name wins over a path
        "deep.er.key=v; {'deep':{'er':{'key':'v'}}}"
      })
  void oneWordOneArgument(String word, String json) {
    assertThat(args(word)).isEqualTo(json.replace('\'', '"'));
  }

  @Test
  void pathsBuildListsAndObjects() {
    assertThat(args("tags[]=1", "tags[]=2", "list[0].a=x", "list[0].b=y", "list[1].a=z"))
        .isEqualTo(
            """
            {"tags":[1,2],"list":[{"a":"x","b":"y"},{"a":"z"}]}\
            """);
  }

  @Test
  void laterWordsOverrideTheBase() {
    Map<String, Object> base =
        Arguments.base("{\"title\":\"old\",\"at\":{\"y\":1}}".getBytes(UTF_8), "--args");

    assertThat(
            Json.text(arguments(base, Optional.of(FUNCTION)).with(List.of("title=new", "at.x=2"))))
        .isEqualTo(
            """
            {"title":"new","at":{"y":1,"x":2}}\
            """);
  }

  @Test
  void declaredArgumentsMayBeOptions() {
    assertThat(args("--title", "hi", "--count=3", "--done", "--tags", "[1]"))
        .isEqualTo(
            """
            {"title":"hi","count":3,"done":true,"tags":[1]}\
            """);
  }

  @Test
  void anOptionThatIsNotDeclaredIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> args("--titel", "x"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.status()).isEqualTo(ExitStatus.USAGE);
              assertThat(failure.hint()).contains("Did you mean: --title?");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"milk", "=x", "{\"a\":1}", "a..b=1", "a[x]=1", "[0]=1", "list[3]=gap", "--title"})
  void wordsThatAreNoArgumentsAreUsageErrors(String word) {
    assertThatThrownBy(() -> args(word))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.status()).isEqualTo(ExitStatus.USAGE));
  }

  @Test
  void aWordMayNotReachIntoATextOfTheSameName() {
    assertThatThrownBy(() -> args("x=1", "x.y=2")).hasMessageContaining("does not fit");
  }

  @Test
  void brokenJsonIsBadData() {
    assertThatThrownBy(() -> args("x:={"))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DATA));
    assertThatThrownBy(() -> Arguments.base("[1]".getBytes(UTF_8), "--args"))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DATA));
  }

  @Test
  void theDeclarationIsNotAskedForWhereTypesAreGiven() {
    var arguments =
        new Arguments(
            Map.of(),
            () -> {
              throw new IllegalStateException("asked");
            },
            file -> new byte[0]);

    assertThat(Json.text(arguments.with(List.of("a:=1", "b.c:=true"))))
        .isEqualTo("{\"a\":1,\"b\":{\"c\":true}}");
  }

  @Test
  void problemsNameWhatIsMissingUnknownOrOfAnotherType() {
    assertThat(
            Arguments.problems(
                FUNCTION, Json.parseObject("{\"titel\":1,\"count\":\"x\"}".getBytes(UTF_8))))
        .containsExactlyInAnyOrder(
            "f declares no argument \"titel\"; did you mean \"title\"?",
            "argument \"title\" is missing",
            "argument \"count\" should be int");
  }

  @Test
  void theSignatureReadsLikeTypeScript() {
    assertThat(FUNCTION.signature())
        .startsWith(
            "f(title: string, count?: int, price?: number, done?: boolean, tags?: int[], at?: { x:"
                + " int }")
        .endsWith("kind?: \"red\" | int)");
  }
}
