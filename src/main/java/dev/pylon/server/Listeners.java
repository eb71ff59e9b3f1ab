package dev.pylon.server;

import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * The sockets we listen on. They are opened here and not by {@code Undertow} itself, for only so is
 * every connection known from its beginning, also one that never sends a request.
 *
 * <p>Used by one thread; what comes in is handled on the worker's.
 */
final class Listeners implements AutoCloseable {
  /** Undertow's own size: 16 KiB less what the JVM puts in front of a direct buffer. */
  private static final int BUFFER_BYTES = 16 * 1024 - 20;

  private static final int THREAD_BUFFERS = 4;

  /** Clients that may wait to be let in; the system may allow fewer. */
  private static final int BACKLOG = 4_096;

  private static final OptionMap SOCKETS =
      OptionMap.builder()
          .set(Options.TCP_NODELAY, true)
          .set(Options.CORK, true)
          .set(Options.REUSE_ADDRESSES, true)
          .set(Options.BALANCING_TOKENS, 1)
          .set(Options.BALANCING_CONNECTIONS, 2)
          .set(Options.BACKLOG, BACKLOG)
          .getMap();

  private final XnioWorker worker;
  private final Connections connections;
  private final HttpOpenListener http;
  private final @Nullable UndertowXnioSsl tls;
  private final List<AcceptingChannel<? extends StreamConnection>> open = new ArrayList<>();

  Listeners(
      XnioWorker worker,
      ServerLimits limits,
      Connections connections,
      @Nullable SSLContext tls,
      HttpHandler handler) {
    this.worker = worker;
    this.connections = connections;
    ByteBufferPool buffers = new DefaultByteBufferPool(true, BUFFER_BYTES, -1, THREAD_BUFFERS);
    this.http = new HttpOpenListener(buffers, options(limits));
    http.setRootHandler(handler);
    this.tls =
        tls == null ? null : new UndertowXnioSsl(BeanlessXnio.instance(), OptionMap.EMPTY, tls);
  }

  private static OptionMap options(ServerLimits limits) {
    return OptionMap.builder()
        .set(UndertowOptions.MAX_HEADER_SIZE, limits.headerBytesMax())
        .set(UndertowOptions.MAX_HEADERS, limits.headersMax())
        .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, (int) limits.headerTimeout().toMillis())
        .set(UndertowOptions.NO_REQUEST_TIMEOUT, (int) limits.idleTimeout().toMillis())
        .set(UndertowOptions.MAX_ENTITY_SIZE, limits.streamedBytesMax() + ChunkedBody.READ_ON_BYTES)
        .set(UndertowOptions.DECODE_URL, false)
        .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
        .getMap();
  }

  /**
   * Listens on one more address.
   *
   * @throws BindException where it is taken
   */
  void open(String host, int port) throws IOException {
    var address = new InetSocketAddress(InetAddress.getByName(host), port);
    ChannelListener<StreamConnection> begin = channel -> connections.opened(channel, http);
    ChannelListener<AcceptingChannel<StreamConnection>> accept =
        ChannelListeners.openListenerAdapter(begin);
    AcceptingChannel<? extends StreamConnection> server = listen(address, accept);
    open.add(server);
    server.resumeAccepts();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // An SslConnection is a StreamConnection.
  private AcceptingChannel<? extends StreamConnection> listen(
      InetSocketAddress address, ChannelListener<AcceptingChannel<StreamConnection>> accept)
      throws IOException {
    return tls == null
        ? worker.createStreamConnectionServer(address, accept, SOCKETS)
        : tls.createSslConnectionServer(worker, address, (ChannelListener) accept, SOCKETS);
  }

  /** What was bound, in the order it was asked for. */
  List<InetSocketAddress> addresses() {
    return open.stream().map(server -> (InetSocketAddress) server.getLocalAddress()).toList();
  }

  /** Lets nobody in any more; connections stay. */
  void stopAccepting() {
    open.forEach(IoUtils::safeClose);
  }

  /** Closes every socket and every connection. */
  @Override
  public void close() {
    stopAccepting();
    http.closeConnections();
  }

  /** One that was free a moment ago: on the other addresses, and by now, it may be taken. */
  static int portFreeOn(String host) throws BindException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return probe.getLocalPort();
    } catch (BindException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("no port can be had on " + host, e);
    }
  }

  /**
   * The I/O threads. They are ours and not Undertow's, which ends its own where an address is taken
   * and then waits for them for ever when it is told to close the other addresses.
   */
  static XnioWorker startWorker() {
    try {
      return BeanlessXnio.instance()
          .createWorker(
              OptionMap.builder()
                  .set(
                      Options.WORKER_IO_THREADS,
                      Math.max(2, Runtime.getRuntime().availableProcessors()))
                  .set(Options.WORKER_TASK_CORE_THREADS, 1)
                  .set(Options.WORKER_TASK_MAX_THREADS, 1)
                  .getMap());
    } catch (IOException e) {
      throw new UncheckedIOException("no I/O threads can be had", e);
    }
  }
}
