package dev.pylon.acceptance;

import dev.pylon.NeedsBun;

@NeedsBun
class BuiltInRunnerTest extends RunnerContract {
  @Override
  Server.Runtime runtime() {
    return Server.Runtime.BUILT_IN;
  }

  @Override
  int mixedCalls() {
    return 10_000;
  }
}
