package dev.pylon.acceptance.matrix;

import dev.pylon.NeedsBun;
import dev.pylon.db.sqlite.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * The same table in dev mode, where the administrator presents the token of {@code pylon dev} from
 * this machine, and {@link Who#FORGED} presents that very token from another one. Whoever is not on
 * this machine is answered as production answers them.
 */
@NeedsBun
class DevModeMatrixTest extends EndpointMatrixContract {
  @Override
  DeskServer start(Path folder) throws IOException {
    Path file = folder.resolve("desk.db");
    return new DeskServer(DeskServer.Mode.DEV, folder, file.toString(), SqliteDatabase.open(file));
  }

  /** Letters are shown in the terminal, and their codes told to callers on this machine alone. */
  @Override
  Outcome here(Who who, Outcome outcome) {
    return switch (outcome.code()) {
      case "EMAIL_SEND_FAILED" -> Outcome.parse(who == Who.ADMIN ? "200 says `\"dev_`" : "200");
      case "SESSION_EXPIRED" -> Outcome.parse("401 AUTH_REQUIRED");
      default -> outcome;
    };
  }

  @Override
  Set<Who> asking() {
    return EnumSet.of(Who.ANONYMOUS, Who.ANN, Who.FORGED, Who.ADMIN);
  }
}
