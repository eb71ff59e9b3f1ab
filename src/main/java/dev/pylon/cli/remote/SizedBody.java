package dev.pylon.cli.remote;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body whose length the head named. */
final class SizedBody extends InputStream {
  private final InputStream in;
  private long left;

  SizedBody(InputStream in, long length) {
    this.in = in;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(bytes, from, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the server closed the connection before the end of its answer");
    }
    left -= count;
    return count;
  }
}
