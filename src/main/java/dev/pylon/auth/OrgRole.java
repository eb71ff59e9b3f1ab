package dev.pylon.auth;

import dev.pylon.model.PylonException;
import java.util.Arrays;
import java.util.Locale;

/** What somebody is in an organisation. */
public enum OrgRole {
  OWNER,
  ADMIN,
  MEMBER;

  /** As it is stored and shown. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is stored; an unknown word, which others may have written, is worth the least. */
  static OrgRole of(String stored) {
    return Arrays.stream(values())
        .filter(role -> role.text().equals(stored))
        .findFirst()
        .orElse(MEMBER);
  }

  /**
   * What somebody typed.
   *
   * @throws PylonException {@link AuthError#BAD_ROLE}
   */
  public static OrgRole parse(String typed) {
    return Arrays.stream(values())
        .filter(role -> role.text().equals(typed))
        .findFirst()
        .orElseThrow(
            () -> new PylonException(AuthError.BAD_ROLE, "role must be owner, admin or member"));
  }
}
