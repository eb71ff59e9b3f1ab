package dev.pylon.acceptance.matrix;

import dev.pylon.NeedsBun;
import dev.pylon.db.sqlite.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Path;

@NeedsBun
class SqliteEndpointMatrixTest extends EndpointMatrixContract {
  @Override
  DeskServer start(Path folder) throws IOException {
    Path file = folder.resolve("desk.db");
    return new DeskServer(
        DeskServer.Mode.PRODUCTION, folder, file.toString(), SqliteDatabase.open(file));
  }
}
