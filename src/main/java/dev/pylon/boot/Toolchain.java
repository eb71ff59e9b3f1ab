package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.model.PylonException;
import dev.pylon.process.Bun;
import java.nio.file.Path;

/** What functions and entries are run with. */
public record Toolchain(TypeScript typeScript, Bun bun) {

  /** Ours, and the Bun that {@code config} leads to. */
  public static Toolchain of(Config config) {
    return new Toolchain(TypeScript.unpack(config.cacheDirectory()), bun(config));
  }

  private static Bun bun(Config config) {
    return new Bun(
        config.functions().bun(),
        config.environment().variable("PATH").orElse(null),
        config.project().root(),
        config.environment().installation().orElse(null),
        config.environment().home().orElse(null));
  }

  /**
   * The Bun executable.
   *
   * @throws PylonException where there is none, with what to do about it
   */
  public Path requireBun() {
    return bun.find().orElseThrow(() -> new PylonException(BootError.BUN_MISSING, missing(bun)));
  }

  /** Why there is no Bun: the one somebody named is not there, or none was found. */
  static String missing(Bun bun) {
    Path chosen = bun.chosen();
    return chosen == null ? Bun.MISSING : "No Bun at " + chosen + ", named by --bun or PYLON_BUN";
  }
}
