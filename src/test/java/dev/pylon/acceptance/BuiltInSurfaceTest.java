package dev.pylon.acceptance;

import dev.pylon.NeedsBun;

@NeedsBun
class BuiltInSurfaceTest extends SurfaceContract {
  @Override
  Server.Runtime runtime() {
    return Server.Runtime.BUILT_IN;
  }

  @Override
  boolean hearsOfCancels() {
    return true;
  }
}
