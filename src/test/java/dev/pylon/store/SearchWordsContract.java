package dev.pylon.store;

import static dev.pylon.store.Stores.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.store.query.QueryError;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is a word, and which rows have it, on every database. Each engine's own test extends this.
 */
abstract class SearchWordsContract extends Shoes {

  @Test
  void everyWordMustBeThereInWhicheverField() {
    shoe(Map.of("name", "Red boot", "about", "for the winter"));
    shoe("Red sandal");

    assertThat(find("red winter")).containsExactly("Red boot");
    assertThat(find("red")).containsExactlyInAnyOrder("Red boot", "Red sandal");
    assertThat(find("red winter sandal")).isEmpty();
  }

  @Test
  void theLastWordMayBeABeginning() {
    shoe("Red boot");

    assertThat(find("red bo")).containsExactly("Red boot");
    assertThat(find("re boot")).isEmpty();
  }

  @Test
  void caseAccentsAndOtherFormsOfALetterDoNotMatter() {
    shoe("Ärger im CAFÉ");
    shoe("ﬁne shoe");
    shoe("ΟΔΥΣΣΕΥΣ");
    shoe("cafe\u0301 noir");

    assertThat(find("arger cafe")).containsExactly("Ärger im CAFÉ");
    assertThat(find("fine")).containsExactly("ﬁne shoe");
    assertThat(find("οδυσσευς")).containsExactly("ΟΔΥΣΣΕΥΣ");
    assertThat(find("Café")).containsExactlyInAnyOrder("Ärger im CAFÉ", "cafe\u0301 noir");
  }

  @Test
  void scriptsWithoutSpacesAreFoundByTheirLetters() {
    shoe("東京都の靴");

    assertThat(find("京都")).containsExactly("東京都の靴");
    assertThat(find("靴")).containsExactly("東京都の靴");
    assertThat(find("大阪")).isEmpty();
  }

  @Test
  void wordsAreNotStemmedAndNoneIsTooCommon() {
    shoe("The running shoe");

    assertThat(find("the")).containsExactly("The running shoe");
    assertThat(find("ran ")).isEmpty();
    assertThat(find("run")).containsExactly("The running shoe");
  }

  @Test
  void numbersPunctuationAndLettersOutsideOfTheBasicPlaneAreWordsOrNot() {
    shoe("AC/DC no. 7,5");
    shoe("𝒜lpha 𐐀𐐁");

    assertThat(find("ac dc")).containsExactly("AC/DC no. 7,5");
    assertThat(find("7")).containsExactly("AC/DC no. 7,5");
    assertThat(find("alpha")).containsExactly("𝒜lpha 𐐀𐐁");
    assertThat(find("𐐨𐐩")).containsExactly("𝒜lpha 𐐀𐐁");
  }

  @Test
  void longWordsAreTheSameWhenTheyBeginTheSame() {
    shoe("x".repeat(70) + "y");

    assertThat(find("x".repeat(70) + "z")).hasSize(1);
    assertThat(find("x".repeat(63))).hasSize(1);
    assertThat(find("x".repeat(63) + "y")).isEmpty();
  }

  @Test
  void aVeryLongTextIsFoundByWhatItBeginsWith() {
    var text = new StringBuilder("first ");
    IntStream.range(0, 60_000).forEach(i -> text.append("wörd").append(i).append('東').append(' '));
    shoe(Map.of("name", "long", "about", text + "last"));

    assertThat(find("first")).containsExactly("long");
    assertThat(find("word100")).containsExactly("long");
    assertThat(find("last")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"",
        "'",
        "\"red",
        "'red'",
        "red\"",
        "red AND",
        "OR",
        "NOT red",
        "NEAR(red",
        "re*",
        "*",
        "^red",
        "red:boot",
        "name:red",
        "{name}:red",
        "red - boot",
        "-red",
        "(red",
        "red)",
        "\\",
        "\\'",
        "red\\",
        "red & boot",
        "red | boot",
        "!red",
        "red:*",
        "<->",
        "%",
        "_",
        "; DROP TABLE x",
        "²red",
        "\uD83D",
        "🎉",
        "$1",
        "?",
        "red\r\nboot",
        "--",
        "/*"
      })
  void whateverStandsInATextIsWordsToLookFor(String text) {
    shoe("Red boot");
    shoe("near and not or");

    assertThat(find(text)).isSubsetOf("Red boot", "near and not or");
    assertThat(store.query("Shoe", Map.of("$search", text))).hasSameSizeAs(find(text));
  }

  @Test
  void whatNoTextCanHoldPartsWords() {
    shoe("Red boot");

    assertThat(find("red\u0000boot")).hasSize(1);
    assertThat(find("\u0000")).hasSize(1);
  }

  @Test
  void aTextWithoutWordsFindsAll() {
    shoe("a");
    shoe("b");

    assertThat(find(" \t")).containsExactly("a", "b");
    assertThat(find("—*(")).containsExactly("a", "b");
  }

  @Test
  void moreWordsThanAStatementTakesAreRefused() {
    String words = String.join(" ", IntStream.range(0, 33).mapToObj(i -> "w" + i).toList());
    shoe(words);

    assertThat(find(words.substring(0, words.lastIndexOf(' ')))).hasSize(1);
    assertThat(refusal(() -> find(words)).code()).isEqualTo(QueryError.INVALID_QUERY);
  }
}
