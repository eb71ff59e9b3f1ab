package dev.pylon.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

class QueryStringTest {
  @Test
  void parametersAreDecodedAndKeepTheirOrder() {
    assertThat(QueryString.parse("b=1&a=x%20y&b=2&c=p+q&%64="))
        .containsExactly(
            entry("b", List.of("1", "2")),
            entry("a", List.of("x y")),
            entry("c", List.of("p q")),
            entry("d", List.of("")));
  }

  @Test
  void whatIsNotWellEncodedIsTakenAsItIs() {
    assertThat(QueryString.parse("a=%&b=%zz&c&&=x&d=1=2"))
        .containsExactly(
            entry("a", List.of("%")),
            entry("b", List.of("%zz")),
            entry("c", List.of("")),
            entry("d", List.of("1=2")));
  }
}
