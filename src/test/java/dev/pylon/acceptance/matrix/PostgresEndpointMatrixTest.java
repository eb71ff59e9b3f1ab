package dev.pylon.acceptance.matrix;

import dev.pylon.NeedsBun;
import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.postgres.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Path;

@NeedsBun
@NeedsPostgres
class PostgresEndpointMatrixTest extends EndpointMatrixContract {
  @Override
  DeskServer start(Path folder) throws IOException {
    String url = PostgresServer.shared().newDatabase();
    return new DeskServer(DeskServer.Mode.PRODUCTION, folder, url, PostgresDatabase.open(url));
  }
}
