package dev.pylon.ai;

/**
 * Something that was said.
 *
 * @param role by whom: {@code user}, {@code assistant} or {@code system}
 */
public record Message(String role, String content) {
  boolean isSystem() {
    return role.equals("system");
  }
}
