package dev.pylon.model;

import java.util.Arrays;
import java.util.List;

/**
 * What somebody who publishes keys may sign tokens with (RFC 7518, 3.1). Nothing of a shared
 * secret, and nothing that leaves a token unsigned: those are never believed on a stranger's word.
 */
public enum SigningAlgorithm {
  RS256,
  RS384,
  RS512,
  PS256,
  PS384,
  PS512,
  ES256,
  ES384,
  ES512;

  /** All of them, as they stand in a token. */
  public static List<String> names() {
    return Arrays.stream(values()).map(SigningAlgorithm::name).toList();
  }
}
