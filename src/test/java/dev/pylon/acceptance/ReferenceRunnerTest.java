package dev.pylon.acceptance;

import dev.pylon.NeedsBun;

@NeedsBun
class ReferenceRunnerTest extends RunnerContract {
  @Override
  Server.Runtime runtime() {
    return Server.Runtime.REFERENCE;
  }

  @Override
  int mixedCalls() {
    return 400;
  }
}
