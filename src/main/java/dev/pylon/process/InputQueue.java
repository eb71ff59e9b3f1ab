package dev.pylon.process;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * What waits to be written to a child's standard input: appended by anybody, written by one thread,
 * everything queued in one write.
 *
 * <p>Guarded by its own lock, which is never held while writing.
 */
final class InputQueue {
  /** Bytes that may wait while the child is not reading; beyond that it is stuck or gone. */
  private static final int WAITING_BYTES_MAX = 256 * 1024 * 1024;

  /** A buffer larger than this is given back to the heap after use. */
  private static final int KEPT_BYTES_MAX = 1024 * 1024;

  private byte[] waiting = new byte[16 * 1024];
  private int length;
  private boolean closed;

  /** Queues bytes for writing; false where the pipe is closed or the child reads nothing. */
  synchronized boolean add(byte[] bytes) {
    if (closed || (long) length + bytes.length > WAITING_BYTES_MAX) {
      return false;
    }
    if (length + bytes.length > waiting.length) {
      waiting = Arrays.copyOf(waiting, Math.max(length + bytes.length, 2 * waiting.length));
    }
    System.arraycopy(bytes, 0, waiting, length, bytes.length);
    if (length == 0) {
      notify();
    }
    length += bytes.length;
    return true;
  }

  /** Nothing more is taken; what is queued is still written, then the pipe is closed. */
  synchronized void close() {
    closed = true;
    notify();
  }

  /** Writes what comes until {@link #close}. Run by the one writing thread. */
  void drainTo(OutputStream out) throws IOException {
    byte[] batch = new byte[16 * 1024];
    while (true) {
      int size;
      synchronized (this) {
        while (length == 0 && !closed) {
          try {
            wait();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
          }
        }
        if (length == 0) {
          return;
        }
        byte[] full = waiting;
        size = length;
        waiting = batch.length <= KEPT_BYTES_MAX ? batch : new byte[16 * 1024];
        batch = full;
        length = 0;
      }
      out.write(batch, 0, size);
      out.flush();
    }
  }
}
