package dev.pylon.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.OutputOptions;
import dev.pylon.cli.command.Syntax;
import dev.pylon.config.Environment;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteTest {
  @TempDir private Path folder;

  /** A server of the folder above would be the nearest one while ours starts anew. */
  @Test
  void whoConnectsAgainStaysWithTheProject() throws Exception {
    Path project = Files.createDirectory(folder.resolve("project"));
    try (var stranger = new CannedServer().announcedIn(folder);
        var next = new CannedServer()) {
      Remote first = connectedOnce(project);

      assertThatThrownBy(first::again)
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> assertThat(failure.status()).isEqualTo(ExitStatus.UNAVAILABLE))
          .hasMessageEndingWith("(of " + project + ")");
      Files.delete(project.resolve(".pylon/dev.json"));
      assertThatThrownBy(first::again)
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> assertThat(failure.status()).isEqualTo(ExitStatus.UNAVAILABLE));
      next.announcedIn(project);
      try (Remote second = first.again()) {
        assertThat(second.url()).hasToString(next.url());
      }
      assertThat(stranger.asked()).isEmpty();
    }
  }

  /** Whatever listens on the usual port is not what was meant. */
  @Test
  void aServerThatIsTooBusyToAnswerIsNotTakenForOneThatIsGone() throws Exception {
    try (var busy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Files.createDirectory(folder.resolve(".pylon"));
      Files.writeString(
          folder.resolve(".pylon/dev.json"),
          """
          {"url":"http://127.0.0.1:%d","instance":"a"}\
          """
              .formatted(busy.getLocalPort()));

      assertThatThrownBy(() -> Remote.connect(in(folder)))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> assertThat(failure.status()).isEqualTo(ExitStatus.UNAVAILABLE))
          .hasMessageEndingWith("which is busy)")
          .hasMessageNotContaining("4321");
    }
  }

  /** To a server of {@code project} that has ended since. */
  private static Remote connectedOnce(Path project) throws Exception {
    try (var server = new CannedServer().announcedIn(project);
        Remote remote = Remote.connect(in(project))) {
      assertThat(remote.url()).hasToString(server.url());
      return remote;
    }
  }

  private static Invocation in(Path directory) {
    var environment = new Environment(Map.of(), Map.of(), directory);
    OutputStream nowhere = OutputStream.nullOutputStream();
    return new Invocation(
        Line.parse(Syntax.of("status", new StatusCommand()), List.of()),
        new Output(nowhere, nowhere, OutputOptions.guess(List.of(), environment)),
        InputStream.nullInputStream(),
        environment,
        InstantSource.system());
  }
}
