package dev.pylon.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Syntax;
import dev.pylon.config.Setting;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** C34: an option that beats a setting shows its variable, and what holds without either. */
class ServerOptionsTest {
  /** A command with these options and nothing else. */
  private static final Command COMMAND =
      new Command() {
        @Override
        public void describe(Syntax syntax) {
          ServerOptions.describe(syntax);
        }

        @Override
        public ExitStatus run(Invocation invocation) {
          return ExitStatus.OK;
        }
      };

  static Stream<Setting<?>> settings() {
    return Stream.concat(ServerOptions.VALUES.stream(), ServerOptions.FLAGS.stream());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theVariableIsShown(Setting<?> setting) {
    String shown =
        String.join(
            " ",
            Syntax.of("test", COMMAND)
                .spec()
                .findOption(String.valueOf(setting.flag()))
                .description());

    assertThat(shown).contains(setting.name());
    if (setting.standard() instanceof Integer number) {
      assertThat(shown).contains(String.valueOf(number));
    }
  }
}
