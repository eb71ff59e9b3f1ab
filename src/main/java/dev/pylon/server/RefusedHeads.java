package dev.pylon.server;

import dev.pylon.model.PylonException;
import dev.pylon.server.http.ErrorResponse;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Response;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;

/**
 * Gives our shape to what Undertow answers by itself. A head that it cannot read, or finds too
 * large, never becomes a request: Undertow writes a 400 without a word and closes the connection.
 * Nothing else is written between two requests, so what is written then is replaced.
 *
 * <p>Thread-safe; what it puts on a connection is confined to the connection's I/O thread.
 */
final class RefusedHeads {
  private static final Logger LOG = System.getLogger(RefusedHeads.class.getName());

  /** What is left of a head is read, or closing would take back the answer; but not for ever. */
  private static final Duration READ_ON = Duration.ofSeconds(2);

  /** Nor without a bound: far above what any client sends as a head. */
  private static final long READ_ON_BYTES = 8 * 1024 * 1024;

  private static final int READ_BYTES = 16 * 1024;

  /** How Undertow's answer begins; its reason follows. */
  private static final String STATUS_LINE = "HTTP/1.1 400 ";

  private final ServerLimits limits;
  private final RequestHeads heads;
  private final StandardHeaders standardHeaders;

  RefusedHeads(ServerLimits limits, RequestHeads heads, StandardHeaders standardHeaders) {
    this.limits = limits;
    this.heads = heads;
    this.standardHeaders = standardHeaders;
  }

  /**
   * Stands between {@code connection} and whoever writes to it.
   *
   * @param isAnswering whether there is a request, so that what is written is its answer
   * @param headBytes what has come since the last request
   */
  void watch(StreamConnection connection, BooleanSupplier isAnswering, LongSupplier headBytes) {
    ConduitStreamSinkChannel sink = connection.getSinkChannel();
    sink.setConduit(new Replaced(sink.getConduit(), connection, isAnswering, headBytes));
  }

  /**
   * @param reason Undertow's, where it gives one
   */
  private ByteBuffer answer(String reason, long headBytes) {
    String id = heads.nextId();
    Response.Full answer = ErrorResponse.of(refusal(reason, headBytes), id);
    var headers = new HeaderMap();
    standardHeaders.addTo(headers, new HeaderMap());
    headers.put(HeaderNames.REQUEST_ID, id);
    headers.put(Headers.CONTENT_TYPE, answer.contentType());
    headers.put(Headers.CONTENT_LENGTH, answer.body().length);
    headers.put(Headers.CONNECTION, "close");
    var head =
        new StringBuilder(
            "HTTP/1.1 %d %s\r\n"
                .formatted(answer.status(), StatusCodes.getReason(answer.status())));
    for (HeaderValues values : headers) {
      head.append("%s: %s\r\n".formatted(values.getHeaderName(), values.getFirst()));
    }
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(answer.body());
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private PylonException refusal(String reason, long headBytes) {
    if (headBytes > limits.headerBytesMax()) {
      return new PylonException(
          HttpError.HEADERS_TOO_LARGE,
          "The head of a request can have %d bytes".formatted(limits.headerBytesMax()));
    }
    return new PylonException(
        HttpError.INVALID_HTTP,
        reason.isEmpty() || reason.equals(StatusCodes.BAD_REQUEST_STRING)
            ? "The request line or a header cannot be read, or there are more than %d headers"
                .formatted(limits.headersMax())
            : reason);
  }

  private final class Replaced extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private final StreamConnection connection;
    private final BooleanSupplier isAnswering;
    private final LongSupplier headBytes;
    private @Nullable ByteBuffer ours;
    private boolean saidAll;
    private long readOn;

    Replaced(
        StreamSinkConduit sink,
        StreamConnection connection,
        BooleanSupplier isAnswering,
        LongSupplier headBytes) {
      super(sink);
      this.connection = connection;
      this.isAnswering = isAnswering;
      this.headBytes = headBytes;
    }

    @Override
    public int write(ByteBuffer theirs) throws IOException {
      return isAnswering.getAsBoolean() ? next.write(theirs) : replace(theirs);
    }

    @Override
    public long write(ByteBuffer[] theirs, int offset, int length) throws IOException {
      if (isAnswering.getAsBoolean()) {
        return next.write(theirs, offset, length);
      }
      return replace(theirs[offset]);
    }

    @Override
    public int writeFinal(ByteBuffer theirs) throws IOException {
      return isAnswering.getAsBoolean()
          ? next.writeFinal(theirs)
          : Conduits.writeFinalBasic(this, theirs);
    }

    @Override
    public long writeFinal(ByteBuffer[] theirs, int offset, int length) throws IOException {
      return isAnswering.getAsBoolean()
          ? next.writeFinal(theirs, offset, length)
          : Conduits.writeFinalBasic(this, theirs, offset, length);
    }

    /** Writes ours, and takes nothing of {@code theirs}, or Undertow would close at once. */
    private int replace(ByteBuffer theirs) throws IOException {
      if (ours == null) {
        ours = answer(reason(theirs), headBytes.getAsLong());
      }
      while (ours.hasRemaining()) {
        if (next.write(ours) == 0) {
          return 0;
        }
      }
      if (!saidAll) {
        saidAll = true;
        leave();
      }
      return 0;
    }

    /** Ends the answer, and the connection when the client has ended what it was sending. */
    private void leave() throws IOException {
      next.terminateWrites();
      var unused = next.flush();
      next.suspendWrites();
      connection
          .getIoThread()
          .executeAfter(
              () -> IoUtils.safeClose(connection), READ_ON.toMillis(), TimeUnit.MILLISECONDS);
      connection.getSourceChannel().setReadListener(_ -> readOn());
      connection.getSourceChannel().resumeReads();
    }

    private void readOn() {
      ByteBuffer unread = ByteBuffer.allocate(READ_BYTES);
      try {
        int read;
        do {
          unread.clear();
          read = connection.getSourceChannel().read(unread);
          readOn += read;
        } while (read > 0 && readOn < READ_ON_BYTES);
        if (read == 0) {
          return;
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "a refused client is gone", e);
      }
      IoUtils.safeClose(connection);
    }

    /** Nothing more is written: Undertow need not be asked for the rest of its answer. */
    @Override
    public void resumeWrites() {
      if (!saidAll) {
        next.resumeWrites();
      }
    }
  }

  private static String reason(ByteBuffer answer) {
    String text = StandardCharsets.ISO_8859_1.decode(answer.duplicate()).toString();
    int end = text.indexOf('\r');
    return text.startsWith(STATUS_LINE) && end > 0 ? text.substring(STATUS_LINE.length(), end) : "";
  }
}
