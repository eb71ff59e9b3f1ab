package dev.pylon.cli;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a command may do beside reading files and answering: the sheet that its system calls are
 * compared with. All commands may write the user's cache folder, where what can be made again lies.
 */
enum Effect {
  WRITES("writes files of the project, or those it is told to write"),
  CONNECTS("asks a running server or a database server"),
  LISTENS("listens on a port"),
  RUNS_BUN("runs Bun");

  private final String sentence;

  Effect(String sentence) {
    this.sentence = sentence;
  }

  /** As it stands on a page of help. */
  String sentence() {
    return sentence;
  }

  /** All that {@code command} may do. */
  static Set<Effect> of(String command) {
    return switch (command) {
      case "dev", "serve" -> EnumSet.allOf(Effect.class);
      case "test", "doctor" -> EnumSet.of(LISTENS, CONNECTS, RUNS_BUN, WRITES);
      case "codegen" -> EnumSet.of(WRITES, RUNS_BUN);
      case "call", "fns", "policy", "seed", "status", "traces" -> EnumSet.of(CONNECTS);
      case "backup", "init", "restore" -> EnumSet.of(WRITES);
      case "migrate", "schema" -> EnumSet.of(WRITES, CONNECTS);
      default -> EnumSet.noneOf(Effect.class);
    };
  }
}
