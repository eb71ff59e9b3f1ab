package dev.pylon.server;

import dev.pylon.server.http.ErrorResponse;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.XnioIoThread;

/**
 * The way of a {@link Response} to its client. Complete ones are written on the connection's I/O
 * thread; large and streamed ones are handed over to it part by part, as the client takes them, by
 * the virtual thread that makes them. Thread-safe.
 */
final class Answers {
  private static final Logger LOG = System.getLogger(Answers.class.getName());

  /** A complete answer of more is handed to its client part by part. */
  private static final int PART_BYTES = 256 * 1024;

  private final ServerSettings settings;
  private final StandardHeaders standardHeaders;
  private final Map<XnioIoThread, FlushRounds> rounds = new ConcurrentHashMap<>();

  Answers(ServerSettings settings, StandardHeaders standardHeaders) {
    this.settings = settings;
    this.standardHeaders = standardHeaders;
  }

  // ---- on a virtual thread ----

  /** Sees that {@code response} reaches its client, or breaks off where it can be seen. */
  void deliver(HttpServerExchange exchange, Request request, Response response) {
    switch (response) {
      case Response.Full full when full.body().length > PART_BYTES && !isHead(request) ->
          stream(exchange, inParts(full), request.id());
      case Response.Full full ->
          exchange.getIoThread().execute(() -> send(exchange, full, request.id()));
      case Response.Streaming streaming when isHead(request) ->
          exchange.getIoThread().execute(() -> sendHead(exchange, streaming, request.id()));
      case Response.Streaming streaming -> stream(exchange, streaming, request.id());
    }
  }

  private static boolean isHead(Request request) {
    return request.method().equals("HEAD");
  }

  /** So much is not left to lie with a client that does not take it. */
  private static Response.Streaming inParts(Response.Full large) {
    byte[] body = large.body();
    String length = String.valueOf(body.length);
    return new Response.Streaming(
        large.status(),
        large.contentType(),
        large.with("Content-Length", length).headers(),
        Response.Begin.WITH_CONTENT,
        output -> {
          for (int from = 0; from < body.length && output.awaitRoom(); from += PART_BYTES) {
            int to = Math.min(from + PART_BYTES, body.length);
            output.write(Arrays.copyOfRange(body, from, to));
          }
        });
  }

  private void stream(HttpServerExchange exchange, Response.Streaming response, String requestId) {
    var output =
        new StreamOutput(
            exchange,
            rounds.computeIfAbsent(exchange.getIoThread(), FlushRounds::new),
            settings.clientPatience(),
            () -> writeHead(exchange, response, requestId));
    if (response.begin() == Response.Begin.AT_ONCE) {
      output.begin();
    }
    try {
      response.body().writeTo(output);
      output.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(exchange, output, HttpError.shuttingDown(), requestId);
    } catch (RuntimeException | Error e) {
      fail(exchange, output, e, requestId);
    }
  }

  /** As long as nothing was sent the answer is an error; after that it ends in the middle. */
  private void fail(
      HttpServerExchange exchange, StreamOutput output, Throwable failure, String requestId) {
    if (output.hasBegun()) {
      LOG.log(Level.ERROR, "a streamed answer failed request=" + requestId, failure);
      output.cutOff();
    } else {
      Response.Full refusal = ErrorResponse.of(failure, requestId);
      exchange.getIoThread().execute(() -> send(exchange, refusal, requestId));
    }
  }

  // ---- on the I/O thread ----

  private void sendHead(HttpServerExchange exchange, Response response, String requestId) {
    writeHead(exchange, response, requestId);
    exchange.endExchange();
  }

  /** A complete answer, on the I/O thread. */
  void send(HttpServerExchange exchange, Response.Full response, String requestId) {
    writeHead(exchange, response, requestId);
    byte[] body = response.body();
    if (exchange.getRequestMethod().equals(Methods.HEAD)) {
      exchange.setResponseContentLength(body.length);
      exchange.endExchange();
    } else if (body.length == 0) {
      exchange.endExchange();
    } else {
      exchange.setResponseContentLength(body.length);
      exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }
  }

  private void writeHead(HttpServerExchange exchange, Response response, String requestId) {
    exchange.setStatusCode(response.status());
    HeaderMap headers = exchange.getResponseHeaders();
    standardHeaders.addTo(headers, exchange.getRequestHeaders());
    headers.put(HeaderNames.REQUEST_ID, requestId);
    if (!response.contentType().isEmpty()) {
      headers.put(Headers.CONTENT_TYPE, response.contentType());
    }
    response.headers().forEach((name, value) -> put(headers, HeaderNames.of(name), value));
  }

  private static void put(HeaderMap headers, HttpString name, String value) {
    if (value.contains(Response.LINE)) {
      headers.putAll(name, List.of(value.split(Response.LINE)));
    } else {
      headers.put(name, value);
    }
  }
}
