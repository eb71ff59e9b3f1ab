package dev.pylon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.model.Identity;
import org.junit.jupiter.api.Test;

class AuthTest {
  private final Auth auth = new Auth("admin", "local");

  @Test
  void theAdminTokenIsGoodFromAnywhere() {
    assertThat(auth.identify("admin", () -> true)).isEqualTo(Identity.ADMIN);
    assertThat(auth.identify("admin", () -> false)).isEqualTo(Identity.ADMIN);
  }

  @Test
  void theTokenOfThisStartIsGoodOnThisMachineOnly() {
    assertThat(auth.identify("local", () -> true)).isEqualTo(Identity.ADMIN);
    assertThat(auth.identify("local", () -> false)).isEqualTo(Identity.ANONYMOUS);
  }

  @Test
  void whoeverShowsNothingOrSomethingElseIsNobody() {
    assertThat(auth.identify(null, () -> true)).isEqualTo(Identity.ANONYMOUS);
    assertThat(auth.identify("", () -> true)).isEqualTo(Identity.ANONYMOUS);
    assertThat(auth.identify("admin ", () -> true)).isEqualTo(Identity.ANONYMOUS);
    assertThat(auth.identify("admi", () -> true)).isEqualTo(Identity.ANONYMOUS);
  }

  @Test
  void aTokenThatIsNotSetOpensNothing() {
    var open = new Auth("", null);

    assertThat(open.identify("", () -> true)).isEqualTo(Identity.ANONYMOUS);
    assertThat(open.identify(" ", () -> false)).isEqualTo(Identity.ANONYMOUS);
    assertThat(open.identify("null", () -> true)).isEqualTo(Identity.ANONYMOUS);
  }
}
