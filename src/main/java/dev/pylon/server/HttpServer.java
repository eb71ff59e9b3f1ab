package dev.pylon.server;

import dev.pylon.model.PylonException;
import dev.pylon.server.http.ErrorResponse;
import dev.pylon.server.http.Gate;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import io.undertow.io.Receiver;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioWorker;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The HTTP listener: bytes become a {@link Request} on the connection's I/O thread, the router
 * answers on a virtual thread, and the {@link Response} is written on the I/O thread again.
 *
 * <p>That order was measured: reading the body, or writing the answer, from the virtual thread
 * costs a third to two thirds of the throughput.
 */
public final class HttpServer implements AutoCloseable {
  /**
   * Requests whose work is done become answers in less; what takes longer is a stream without end.
   */
  private static final Duration ANSWERS_COME = Duration.ofMillis(100);

  /** From an answer that is ready to its last byte in the socket lie milliseconds. */
  private static final Duration ANSWERS_LEAVE = Duration.ofSeconds(1);

  /** Somebody else may be quicker to bind a port that was free, but not so often in a row. */
  private static final int FREE_PORT_TRIES = 20;

  private final ServerSettings settings;
  private final Gate gate;
  private final Router router;
  private final RequestHeads heads;
  private final Answers answers;
  private final ExecutorService requests =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call").factory());
  private final AtomicInteger inFlight = new AtomicInteger();
  private final CountDownLatch allAnswered = new CountDownLatch(1);
  private volatile boolean draining;
  private volatile boolean closing;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final XnioWorker worker;
  private final Connections connections;
  private final Listeners listeners;
  private final List<RequestListener> watchers = new CopyOnWriteArrayList<>();

  private HttpServer(ServerSettings settings, Gate gate, Router router, XnioWorker worker) {
    this.settings = settings;
    this.gate = gate;
    this.router = router;
    this.worker = worker;
    this.heads = new RequestHeads(settings.instance());
    var standardHeaders = new StandardHeaders(settings.corsOrigins());
    this.answers = new Answers(settings, standardHeaders);
    this.connections =
        new Connections(
            settings.limits().connectionsMax(),
            new RefusedHeads(settings.limits(), heads, standardHeaders));
    this.listeners =
        new Listeners(worker, settings.limits(), connections, settings.tls(), this::receive);
  }

  /**
   * Binds every address and answers from then on.
   *
   * @throws BindException where the port is taken on one of them; nothing is bound then
   */
  public static HttpServer start(ServerSettings settings, Gate gate, Router router)
      throws BindException {
    if (settings.port() != 0 || settings.hosts().size() == 1) {
      return bind(settings, gate, router, settings.port());
    }
    for (int left = FREE_PORT_TRIES; ; left--) {
      try {
        return bind(settings, gate, router, Listeners.portFreeOn(settings.hosts().getFirst()));
      } catch (BindException taken) {
        if (left == 1) {
          throw taken;
        }
      }
    }
  }

  private static HttpServer bind(ServerSettings settings, Gate gate, Router router, int port)
      throws BindException {
    var server = new HttpServer(settings, gate, router, Listeners.startWorker());
    try {
      for (String host : settings.hosts()) {
        server.listeners.open(host, port);
      }
      return server;
    } catch (BindException e) {
      server.close();
      throw e;
    } catch (IOException e) {
      server.close();
      throw new UncheckedIOException("cannot listen", e);
    }
  }

  /** The port that was bound. */
  public int port() {
    return listeners.addresses().getFirst().getPort();
  }

  /** Has {@code watcher} hear of every request from now on, but for the cheapest ones. */
  public void onAnswer(RequestListener watcher) {
    watchers.add(watcher);
  }

  /** Requests whose answers are not yet on their way to the last byte. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Connections that are open, idle ones included. */
  public int connections() {
    return connections.count();
  }

  // ---- on the I/O thread ----

  private void receive(HttpServerExchange exchange) {
    int ahead = inFlight.incrementAndGet();
    Request head = heads.of(exchange);
    Router.Probe probe = router.probe(head);
    exchange.addExchangeCompleteListener(
        new Answered(exchange, connections.of(exchange), probe == null ? head : null));
    Optional<PylonException> unframed = Framing.refusal(exchange);
    if (probe != null && unframed.isEmpty()) {
      answers.send(exchange, probe.answerNow(head), head.id());
      return;
    }
    Optional<PylonException> refusal = unframed.or(() -> refusal(head, ahead));
    if (refusal.isPresent()) {
      refuse(exchange, head, refusal.get());
      return;
    }
    receive(exchange, head);
  }

  private Optional<PylonException> refusal(Request head, int ahead) {
    if (Gate.isUnlimited(head)) {
      return Optional.empty();
    }
    if (draining) {
      return Optional.of(HttpError.shuttingDown());
    }
    return ahead > settings.limits().requestsMax()
        ? Optional.of(HttpError.overloaded())
        : gate.refusal(head);
  }

  /** Notes the end of one request. On the I/O thread. */
  private final class Answered implements ExchangeCompletionListener {
    private final Connections.@Nullable Held connection;
    private final @Nullable Request head;
    private final long beganNanos = System.nanoTime();

    /**
     * @param head null where nobody wants to hear of it
     */
    Answered(
        HttpServerExchange exchange,
        Connections.@Nullable Held connection,
        @Nullable Request head) {
      this.connection = connection;
      this.head = head;
      if (connection != null) {
        connection.begin(exchange);
      }
    }

    @Override
    public void exchangeEvent(HttpServerExchange exchange, NextListener next) {
      if (connection != null) {
        connection.end(exchange);
      }
      if (head != null) {
        long nanos = System.nanoTime() - beganNanos;
        for (RequestListener watcher : watchers) {
          watcher.answered(head, exchange.getStatusCode(), exchange.getResponseBytesSent(), nanos);
        }
      }
      if (inFlight.decrementAndGet() == 0 && closing) {
        allAnswered.countDown();
      }
      next.proceed();
    }
  }

  private void receive(HttpServerExchange exchange, Request head) {
    HttpString method = exchange.getRequestMethod();
    if (method.equals(Methods.OPTIONS)) {
      answers.send(exchange, Response.empty(204), head.id());
    } else if (method.equals(Methods.GET)
        || method.equals(Methods.HEAD)
        || method.equals(Methods.DELETE)) {
      dispatch(exchange, head);
    } else if (router.streams(head)) {
      receiveStream(exchange, head);
    } else if (exchange.getRequestContentLength()
        > settings.limits().bodyBytesMax() + ChunkedBody.READ_ON_BYTES) {
      refuseBody(exchange, head);
    } else if (exchange.getRequestContentLength() < 0
        || exchange.getRequestContentLength() > settings.limits().bodyBytesMax()) {
      var deadline = new BodyDeadline();
      ChunkedBody.receive(
          exchange,
          settings.limits().bodyBytesMax(),
          (on, body) -> {
            deadline.met();
            dispatch(on, head.with(body));
          },
          on -> {
            deadline.met();
            refuseBody(on, head);
          },
          (on, failure) -> receiveFailed(on, head, failure));
      deadline.begin(exchange, settings.limits());
    } else {
      var deadline = new BodyDeadline();
      exchange
          .getRequestReceiver()
          .receiveFullBytes(
              (on, body) -> {
                deadline.met();
                dispatch(on, head.with(body));
              },
              (on, failure) -> receiveFailed(on, head, failure));
      deadline.begin(exchange, settings.limits());
    }
  }

  /** Answers while the body comes. */
  private void receiveStream(HttpServerExchange exchange, Request head) {
    if (exchange.getRequestContentLength() > settings.limits().streamedBytesMax()) {
      refuseBody(exchange, head, settings.limits().streamedBytesMax());
      return;
    }
    var body = new ArrivingBody(exchange, settings.limits());
    exchange.dispatch(
        work -> begin(exchange, head, work), () -> answer(exchange, head.with(body), body));
  }

  private void receiveFailed(HttpServerExchange exchange, Request head, IOException failure) {
    if (failure instanceof Receiver.RequestToLargeException) {
      refuseBody(exchange, head);
    } else {
      // The client is gone, or Undertow could not read its chunks and has closed the connection.
      exchange.endExchange();
    }
  }

  private void refuseBody(HttpServerExchange exchange, Request head) {
    refuseBody(exchange, head, settings.limits().bodyBytesMax());
  }

  private void refuseBody(HttpServerExchange exchange, Request head, long max) {
    long length = exchange.getRequestContentLength();
    refuse(
        exchange,
        head,
        new PylonException(
            HttpError.PAYLOAD_TOO_LARGE,
            length < 0
                ? "Request body exceeds maximum size of %d bytes".formatted(max)
                : "Content-Length %d exceeds max of %d".formatted(length, max)));
  }

  /** Turns a request away; where its body is not read nothing can follow on its connection. */
  private void refuse(HttpServerExchange exchange, Request head, RuntimeException refusal) {
    if (draining || !exchange.isRequestComplete()) {
      exchange.setPersistent(false);
    }
    answers.send(exchange, ErrorResponse.of(refusal, head.id()), head.id());
  }

  private void dispatch(HttpServerExchange exchange, Request request) {
    exchange.dispatch(work -> begin(exchange, request, work), () -> answer(exchange, request));
    goOnListening(exchange);
  }

  /** Who comes when nobody is there any more to answer hears so; Undertow's 503 has no code. */
  private void begin(HttpServerExchange exchange, Request head, Runnable work) {
    try {
      requests.execute(work);
    } catch (RejectedExecutionException e) {
      refuse(exchange, head, HttpError.shuttingDown());
    }
  }

  /**
   * Undertow stops listening to a connection while its request is answered, and listens again for
   * the next one: two system calls a request, where nearly every client sends nothing in between.
   * So we go on listening, and stop where one does.
   */
  private void goOnListening(HttpServerExchange exchange) {
    if (settings.tls() == null
        && exchange.getConnection() instanceof HttpServerConnection connection
        && connection.getExtraBytes() == null) {
      StreamSourceConduit source = connection.getOriginalSourceConduit();
      connection.getChannel().getSourceChannel().setReadListener(_ -> source.suspendReads());
      source.resumeReads();
    }
  }

  // ---- on a virtual thread ----

  private void answer(HttpServerExchange exchange, Request request) {
    Response response;
    try {
      response = router.answer(request);
    } catch (RuntimeException e) {
      response = ErrorResponse.of(e, request.id());
    }
    answers.deliver(exchange, request, response);
  }

  /** As {@link #answer}, while the body comes; a request that broke off has nobody to answer. */
  private void answer(HttpServerExchange exchange, Request request, ArrivingBody body) {
    Response response;
    try {
      response = router.answer(request);
    } catch (RuntimeException e) {
      if (body.isCutOff()) {
        exchange.getIoThread().execute(exchange::endExchange);
        return;
      }
      response = ErrorResponse.of(e, request.id());
    }
    body.readOn();
    exchange
        .getIoThread()
        .execute(() -> {
          if (!exchange.isRequestComplete()) {
            // What is left of it would be taken for the next request.
            exchange.setPersistent(false);
          }
        });
    answers.deliver(exchange, request, response);
  }

  /** From now on new requests are refused; those in flight go on. */
  public void drain() {
    draining = true;
  }

  /**
   * Stops: interrupts what still streams, lets answers that are ready leave within a second, then
   * closes every connection. A second call does nothing.
   */
  @Override
  public void close() {
    draining = true;
    // Its threads gone, the listener would wait for them for ever to close its sockets again.
    if (closed.getAndSet(true)) {
      return;
    }
    requests.shutdown();
    try {
      if (!requests.awaitTermination(ANSWERS_COME.toNanos(), TimeUnit.NANOSECONDS)) {
        requests.shutdownNow();
      }
      closing = true;
      if (inFlight.get() > 0) {
        var unused = allAnswered.await(ANSWERS_LEAVE.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    listeners.close();
    worker.shutdownNow();
    try {
      var unused = worker.awaitTermination(ANSWERS_LEAVE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
