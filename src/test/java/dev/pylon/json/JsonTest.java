package dev.pylon.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  // ---- values ----

  @Test
  void integersStayIntegersWhateverTheirSize() {
    assertThat(Json.parse("[0, -1, 9007199254740993, 9223372036854775807]"))
        .isEqualTo(List.of(0L, -1L, 9007199254740993L, Long.MAX_VALUE));
    assertThat(Json.parse("18446744073709551616"))
        .isEqualTo(new BigInteger("18446744073709551616"));
  }

  @Test
  void aNumberWithAFractionOrAnExponentIsADouble() {
    assertThat(Json.parse("[1.0, 1e3, -0.0]")).isEqualTo(List.of(1.0, 1000.0, -0.0));
  }

  @Test
  void whatJsonCannotSayOfNumbersBecomesNull() {
    assertThat(Json.text(Arrays.asList(Double.NaN, Double.POSITIVE_INFINITY, 1.5)))
        .isEqualTo("[null,null,1.5]");
  }

  @Test
  void membersKeepTheirOrder() {
    assertThat(Json.text(Json.parse("{\"z\":1,\"a\":{\"y\":2,\"b\":3}}")))
        .isEqualTo("{\"z\":1,\"a\":{\"y\":2,\"b\":3}}");
  }

  @Test
  void aStringMayHoldTheNulCharacterAndComesBackWithIt() {
    String text = "a\0b";

    assertThat(Json.parse(Json.text(text))).isEqualTo(text);
    assertThat(Json.text(text)).doesNotContain("\0");
  }

  /** The law: what was written is read back, and is one line. The seed stands in the failure. */
  @Test
  void whatIsWrittenIsReadBack() {
    long seed = 20_260_101;
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      Object value = value(random, 0);

      String text = Json.text(value);

      assertThat(Json.parse(text)).as("seed %d, round %d", seed, i).isEqualTo(value);
      assertThat(text).as("seed %d, round %d", seed, i).doesNotContain("\n", "\r");
      assertThat(Json.check(text.getBytes(StandardCharsets.UTF_8)).toString()).isEqualTo(text);
    }
  }

  private static @Nullable Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 6 : 8)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong();
      case 3 -> random.nextDouble() * 1e9;
      case 4 -> "";
      case 5 -> text(random);
      case 6 -> {
        var list = new ArrayList<@Nullable Object>();
        for (int i = random.nextInt(5); i > 0; i--) {
          list.add(value(random, depth + 1));
        }
        yield list;
      }
      default -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int i = random.nextInt(5); i > 0; i--) {
          map.put(text(random), value(random, depth + 1));
        }
        yield map;
      }
    };
  }

  private static String text(Random random) {
    int[] points =
        random
            .ints(random.nextInt(12), 0, 0x1_1000)
            .map(point -> Character.isSurrogate((char) point) && point < 0x1_0000 ? '\n' : point)
            .toArray();
    return new String(points, 0, points.length);
  }

  // ---- what is not JSON ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "'a'",
        "01",
        "+1",
        ".5",
        "1.",
        "NaN",
        "nul",
        "truefalse",
        "1 2",
        "{} {}",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "// no\n1",
        "/* no */1"
      })
  void whatIsNotExactlyOneValueIsRefusedWhereverItIsRead(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> Json.parse(utf8)).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.check(utf8)).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.tell(utf8, new Said())).isInstanceOf(JsonException.class);
  }

  @Test
  void bytesThatAreNotUtf8DoNotPassTheCheck() {
    for (byte[] bad :
        List.of(
            new byte[] {'"', (byte) 0xC3, '"'},
            new byte[] {'"', (byte) 0xFF, '"'},
            new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'},
            new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xF8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xE2, (byte) 0x82, '"'})) {
      assertThatThrownBy(() -> Json.check(bad))
          .as(Arrays.toString(bad))
          .isInstanceOf(JsonException.class);
    }
  }

  /** A frame is UTF-8: text in another encoding would be copied into it unread. */
  @Test
  void otherEncodingsAndByteOrderMarksDoNotPassTheCheck() {
    for (String encoding : List.of("UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE", "UTF-16")) {
      byte[] body = "{\"a\":\"b\"}".getBytes(Charset.forName(encoding));

      assertThatThrownBy(() -> Json.check(body)).as(encoding).isInstanceOf(JsonException.class);
    }
  }

  @Test
  void aByteOrderMarkNeverReachesAFrame() {
    byte[] body = "\uFEFF{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    assertThat(checkedOrRefused(body)).isIn("{\"a\":1}", "refused");
  }

  private static String checkedOrRefused(byte[] body) {
    try {
      return Json.check(body).toString();
    } catch (JsonException e) {
      return "refused";
    }
  }

  @Test
  void valuesNestedDeeperThanTheBoundAreRefused() {
    byte[] allowed = ("[".repeat(128) + "]".repeat(128)).getBytes(StandardCharsets.UTF_8);
    byte[] deep = ("[".repeat(129) + "]".repeat(129)).getBytes(StandardCharsets.UTF_8);
    byte[] bomb = "[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);

    assertThat(Json.check(allowed).size()).isEqualTo(256);
    assertThatThrownBy(() -> Json.check(deep)).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.parse(deep)).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.parse(bomb)).isInstanceOf(JsonException.class);
  }

  // ---- text that travels on ----

  @Test
  void checkedTextIsOneLineAndOtherwiseAsItWas() {
    RawJson checked =
        Json.check("{\r\n \"n\": 1.50,\n\t\"t\": \"a\\nb\"\n}".getBytes(StandardCharsets.UTF_8));

    assertThat(checked.toString()).doesNotContain("\n", "\r").contains("1.50", "\"a\\nb\"");
    assertThat(Json.parse(checked.bytes())).isEqualTo(Json.parse("{\"n\":1.50,\"t\":\"a\\nb\"}"));
  }

  @Test
  void rawTextIsWrittenAsItIsAtAnySize() {
    for (int size : new int[] {0, 1, 100, 7_990, 8_000, 8_010, 70_000, 5_000_000}) {
      RawJson raw = Json.raw("é".repeat(size));

      var out = new ByteArrayOutputStream();
      try (var generator = Json.generator(out)) {
        Json.write(generator, Map.of("raw", raw));
      }

      assertThat(Json.parseObject(out.toByteArray())).containsEntry("raw", "é".repeat(size));
    }
  }

  @Test
  void aGeneratorLeavesTheStreamOpen() {
    var closed = new boolean[1];
    var out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0] = true;
          }
        };

    try (var generator = Json.generator(out)) {
      Json.write(generator, List.of(1));
    }

    assertThat(closed[0]).isFalse();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("[1]");
  }

  @Test
  void aTypeWithoutJsonFormIsOurMistake() {
    assertThatThrownBy(() -> Json.text(new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
  }

  // ---- told piece by piece ----

  @Test
  void aToldValueKeepsItsNumbersAsTheyWereWritten() {
    var said = new Said();

    Json.tell("{\"a\":[1.50,1e2,true,null,\"x\"],\"b\":{}}".getBytes(StandardCharsets.UTF_8), said);

    assertThat(said.pieces)
        .containsExactly(
            "{", "a:", "[", "1.50", "1e2", "true", "null", "'x'", "]", "b:", "{", "}", "}");
  }

  /** Writes down what it hears. */
  private static final class Said implements JsonListener {
    final List<String> pieces = new ArrayList<>();

    @Override
    public void begin(char bracket) {
      pieces.add(String.valueOf(bracket));
    }

    @Override
    public void end(char bracket) {
      pieces.add(String.valueOf(bracket));
    }

    @Override
    public void name(String name) {
      pieces.add(name + ":");
    }

    @Override
    public void string(String text) {
      pieces.add("'" + text + "'");
    }

    @Override
    public void literal(String text) {
      pieces.add(text);
    }
  }

  @Test
  void whatIsTornIsToldInAWholeSentence() {
    assertThatThrownBy(() -> Json.parse("{\"a\": [1"))
        .isInstanceOf(JsonException.class)
        .hasMessage("Unexpected end-of-input: expected close marker for Array");
  }
}
