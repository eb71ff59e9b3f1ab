package dev.pylon.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {

  @ParameterizedTest
  @CsvSource({
    "BID_TOO_LOW,400,1",
    "HANDLER_ERROR,400,1",
    "INVALID_ARGS,400,65",
    "INVALID_JSON,400,65",
    "FN_NOT_FOUND,404,64",
    "FORBIDDEN,403,77",
    "INVALID_JWT,401,77",
    "RATE_LIMITED,429,75",
    "FN_TIMEOUT,504,75",
    "FN_TIMEOUT,400,1", // thrown by an author
    "RATE_LIMITED,400,1",
    "FN_OVERLOADED,503,75",
    "RUNNER_EXITED,503,75",
    "FUNCTIONS_NOT_AVAILABLE,503,69",
    "DEV_BUILD_FAILED,503,69",
    "COMMIT_FAILED,500,1",
    "FN_LOAD_FAILED,500,1"
  })
  void followsCodeAndHttpStatus(String code, int httpStatus, int exit) {
    assertThat(ExitStatus.of(code, httpStatus).code()).isEqualTo(exit);
  }
}
