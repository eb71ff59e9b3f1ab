package dev.pylon.acceptance;

import dev.pylon.NeedsBun;

@NeedsBun
class ReferencePatternsTest extends PatternsContract {
  @Override
  Server.Runtime runtime() {
    return Server.Runtime.REFERENCE;
  }
}
