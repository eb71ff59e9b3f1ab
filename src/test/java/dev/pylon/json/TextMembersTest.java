package dev.pylon.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextMembersTest {
  private static final RawJson OBJECT =
      Json.raw(Map.of("deep", Map.of("id", "inner"), "list", List.of("inner"), "id", "outer"));

  @Test
  void findsTheTextOfAMember() {
    assertThat(TextMembers.text(OBJECT, "id")).isEqualTo("outer");
    assertThat(TextMembers.text(OBJECT, "deep")).isNull();
    assertThat(TextMembers.text(OBJECT, "gone")).isNull();
  }

  @Test
  void findsTheMemberOfAText() {
    assertThat(TextMembers.nameOf(OBJECT, "outer")).isEqualTo("id");
    assertThat(TextMembers.nameOf(OBJECT, "inner")).isNull();
  }

  @Test
  void whatIsNoObjectHasNone() {
    assertThat(TextMembers.text(Json.raw(List.of("id")), "id")).isNull();
    assertThat(TextMembers.nameOf(RawJson.NULL, "null")).isNull();
  }
}
