package dev.pylon.acceptance;

import dev.pylon.NeedsBun;

@NeedsBun
class BuiltInPatternsTest extends PatternsContract {
  @Override
  Server.Runtime runtime() {
    return Server.Runtime.BUILT_IN;
  }
}
