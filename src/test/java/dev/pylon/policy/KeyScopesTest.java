package dev.pylon.policy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.model.Identity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyScopesTest {
  private static KeyScopes scopes(@Nullable String text) {
    return KeyScopes.of(
        new Identity("ann", false, null, List.of(), false, null, new Identity.Key("key_1", text)));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", "billing", "read", "write", "*", "fn:*", "fn:place", "read, fn:place"})
  void aFunctionIsCalledWhereItIsNamedOrNoneIs(@Nullable String text) {
    assertThatCode(() -> scopes(text).requireFunction("place")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fn:other", "fn:", "fn:placeBid", "read,fn:other"})
  void aFunctionIsRefusedWhereOthersAreNamed(String text) {
    assertThatThrownBy(() -> scopes(text).requireFunction("place"))
        .hasMessage("This API key may not be used for that");
  }

  @Test
  void whoPresentsNoKeyIsNotLimited() {
    assertThatCode(() -> KeyScopes.of(Identity.user("ann", null)).requireFunction("place"))
        .doesNotThrowAnyException();
  }
}
