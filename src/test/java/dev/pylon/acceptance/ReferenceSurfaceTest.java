package dev.pylon.acceptance;

import dev.pylon.NeedsBun;

@NeedsBun
class ReferenceSurfaceTest extends SurfaceContract {
  @Override
  Server.Runtime runtime() {
    return Server.Runtime.REFERENCE;
  }

  @Override
  boolean hearsOfCancels() {
    return false;
  }
}
