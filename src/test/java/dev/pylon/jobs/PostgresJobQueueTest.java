package dev.pylon.jobs;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.jobs.JobRunner.Outcome;
import dev.pylon.json.RawJson;
import dev.pylon.model.Deadline;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@NeedsPostgres
class PostgresJobQueueTest extends JobQueueContract {
  private @Nullable String url;

  @Override
  Database openDatabase() {
    if (url == null) {
      url = PostgresServer.shared().newDatabase();
    }
    return PostgresDatabase.open(url);
  }

  @Test
  void aJobEndsWithItsMutationThoughItsLeaseIsRenewedMeanwhile() {
    JobQueue queue = queue("here");
    queue.start((job, completion) -> {
      store.write(
          Deadline.after(SOON),
          tx -> {
            tx.insert("Todo", Map.of("title", job.id()));
            store.writeOwn(
                Deadline.after(SOON), own -> JobTable.renew(own, Worker.here("here"), after(1)));
            completion.in(tx);
            return true;
          });
      ran.add(job.id());
      return new Outcome.Done();
    });

    String id = queue.schedule(null, "f", RawJson.EMPTY_OBJECT, 0);

    await(() -> queue.find(id).orElseThrow().status() == Job.Status.COMPLETED, ran);
    await(() -> ran.size() == 1, ran);
    assertThat(store.list("Todo")).hasSize(1);
  }
}
