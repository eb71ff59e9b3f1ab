package dev.pylon.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainJsonTest {
  /** Pieces of JSON, and of what nearly is; texts put together from them are both. */
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\"a\"",
          "\"a\":",
          "\"",
          "\\",
          "\\n",
          "\\u00e9",
          "\\ud83d",
          "\\u12",
          "é",
          "😀",
          "\uFFFD",
          "\u007f",
          "\u0001",
          "\uFEFF",
          "true",
          "false",
          "null",
          "nul",
          "NaN",
          "0",
          "-",
          "-0",
          "00",
          "1",
          "17",
          "123456789012345678",
          "1234567890123456789",
          "0.5",
          "-0.0",
          ".5",
          "1.",
          "1e3",
          "1E-3",
          "x",
          "_",
          "$",
          "/",
          "'",
          " ",
          "\n",
          "\t",
          "\f",
          "{\"k\":[1,2.5,\"v\"]}",
          "[[]]",
          "{}");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": [1, -2.5, \"text\", true, false, null, {}], \"b\": {\"c\": []}}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00 é 😀\"",
        " [0, -1, 123456789012345678, 0.1, -0.5] \n",
        "null",
      })
  void plainJsonIsReadAsTheLibraryReadsIt(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

    assertThat(PlainJson.read(utf8))
        .isNotSameAs(PlainJson.NOT_PLAIN)
        .isEqualTo(Json.parseByLibrary(utf8));
  }

  @Test
  void noByteBehindTheValueIsTakenForItsEnd() {
    for (int b = 0; b < 256; b++) {
      byte[] followed = {'{', '}', (byte) b, '}'};

      assertThat(PlainJson.read(followed)).as("byte %d", b).isSameAs(PlainJson.NOT_PLAIN);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\"}",
        "[1 2]",
        "01",
        "1.",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "nulla",
        "true1",
        "1x",
        "[1]]",
        "\"\uFFFD\"",
        "12345678901234567890",
        "1e3",
        "\"\n\"",
        "\uFEFF1"
      })
  void whatIsNotIsLeftToTheLibrary(String text) {
    assertThat(PlainJson.read(text.getBytes(StandardCharsets.UTF_8))).isSameAs(PlainJson.NOT_PLAIN);
  }

  @Test
  void depthIsLeftToTheLibrary() {
    String deep = "[".repeat(65) + "]".repeat(65);

    assertThat(PlainJson.read(utf8(deep))).isSameAs(PlainJson.NOT_PLAIN);
    assertThat(PlainJson.isPlain(utf8(deep))).isFalse();
    assertThat(Json.parse(deep)).isNotNull();
    assertThat(PlainJson.isPlain(utf8("[".repeat(64) + "]".repeat(64)))).isTrue();
  }

  @Test
  void namesThatAreTooLongAreLeftToTheLibrary() {
    byte[] long1 = utf8("{\"" + "n".repeat(10_001) + "\":1}");

    assertThat(PlainJson.isPlain(long1)).isFalse();
    assertThat(PlainJson.read(long1)).isSameAs(PlainJson.NOT_PLAIN);
    assertThat(PlainJson.members(long1, 0, long1.length)).isNull();
  }

  @Test
  void theMembersOfAFrameStandInTheMiddleOfABuffer() {
    byte[] buffer = utf8("]{\"a\":\"b\", \"c\": [1, {}] ,\"d\":-1.5,\"e\":null}{");

    assertThat(PlainJson.members(buffer, 1, buffer.length - 1))
        .isEqualTo(Json.membersByLibrary(buffer, 1, buffer.length - 2))
        .containsEntry("c", RawJson.trusted(utf8("[1, {}]")));
    assertThat(PlainJson.members(buffer, 1, buffer.length - 2)).as("cut off").isNull();
    assertThat(PlainJson.members(buffer, 1, buffer.length)).as("followed").isNull();
  }

  @Test
  void whatStandsBehindTheMemberSoughtIsNotLookedAt() {
    byte[] object = utf8("{\"a\":[\"id\"],\"id\":\"x\",\"b\":!");

    assertThat(PlainJson.firstText(object, (name, _) -> name.equals("id")))
        .isEqualTo(Map.entry("id", "x"));
    assertThat(PlainJson.firstText(object, (_, _) -> false)).isSameAs(PlainJson.NOT_PLAIN);
  }

  /** The law: what is read at all is what the library reads. The seed stands in the failure. */
  @Test
  void itNeverDiffersFromTheLibrary() {
    for (long seed = 0; seed < 60_000; seed++) {
      byte[] text = text(new Random(seed));
      byte[] member = utf8("{\"k\":" + new String(text, StandardCharsets.ISO_8859_1) + "}");
      String what = "seed " + seed + ": " + new String(text, StandardCharsets.UTF_8);

      Object plain = PlainJson.read(text);
      Map<String, Object> members = PlainJson.members(member, 0, member.length);

      assertThatCode(
              () -> {
                if (plain != PlainJson.NOT_PLAIN) {
                  assertThat(plain).isEqualTo(Json.parseByLibrary(text));
                }
                assertThat(PlainJson.isPlain(text)).isEqualTo(plain != PlainJson.NOT_PLAIN);
                if (members != null) {
                  assertThat(members).isEqualTo(Json.membersByLibrary(member, 0, member.length));
                }
              })
          .as(what)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void itNeverFindsAnotherMemberThanTheLibrary() {
    BiPredicate<String, String> wanted = (name, text) -> name.length() + text.length() == 2;
    int found = 0;
    for (long seed = 0; seed < 60_000; seed++) {
      byte[] object = object(new Random(seed));

      Object first = PlainJson.firstText(object, wanted);

      if (first != PlainJson.NOT_PLAIN) {
        found += first == null ? 0 : 1;
        assertThatCode(() ->
                assertThat(first)
                    .isEqualTo(TextMembers.firstByLibrary(RawJson.trusted(object), wanted)))
            .as("seed %d: %s", seed, new String(object, StandardCharsets.UTF_8))
            .doesNotThrowAnyException();
      }
    }
    assertThat(found).as("it does find some").isGreaterThan(10);
  }

  /** Members of odd and even values, the last of which may be what is sought. */
  private static byte[] object(Random random) {
    var text = new StringBuilder("{");
    for (int i = random.nextInt(3); i >= 0; i--) {
      text.append(i % 2 == 0 ? "\"b\":" : "\"long\": ");
      text.append(PIECES.get(random.nextInt(PIECES.size())));
      text.append(i > 0 ? "," : "");
    }
    return utf8(text.append("}").toString());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** An array, so that it often is JSON; in some a byte is not what it was. */
  private static byte[] text(Random random) {
    var text = new StringBuilder("[");
    for (int i = random.nextInt(4); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
      text.append(random.nextInt(3) > 0 && i > 0 ? "," : "");
    }
    byte[] utf8 = text.append("]").toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(4) == 0) {
      utf8[random.nextInt(utf8.length)] = (byte) random.nextInt(256);
    }
    return utf8;
  }
}
