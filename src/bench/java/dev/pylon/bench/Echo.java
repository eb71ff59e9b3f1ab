package dev.pylon.bench;

import io.undertow.Undertow;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;

/** The baseline of function calls: Undertow that answers a body with itself, and nothing else. */
final class Echo {
  private Echo() {}

  public static void main(String[] args) {
    Undertow.builder()
        .addHttpListener(Integer.parseInt(args[0]), "127.0.0.1")
        .setIoThreads(2)
        .setWorkerThreads(1)
        .setHandler(
            exchange ->
                exchange
                    .getRequestReceiver()
                    .receiveFullBytes(
                        (same, body) -> {
                          same.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
                          same.getResponseSender().send(ByteBuffer.wrap(body));
                        }))
        .build()
        .start();
  }
}
