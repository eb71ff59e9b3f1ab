package dev.pylon.cli.remote;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One connection that speaks HTTP/1.1, one exchange after the other. The JDK's own client would
 * take longer to load than a short command may take altogether.
 */
public final class HttpLink implements Closeable {
  /** A head longer than this is not from a server of ours. */
  private static final int HEAD_BYTES_MAX = 64 * 1024;

  private static final int BUFFER_BYTES = 16 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final String host;
  private final String basePath;

  private HttpLink(Socket socket, URI url) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    this.host = url.getRawAuthority();
    this.basePath = withoutSlash(url.getRawPath() == null ? "" : url.getRawPath());
  }

  /** Connects to {@code url}, which names a scheme and a host. */
  static HttpLink open(URI url, Duration patience) throws IOException {
    boolean secure = url.getScheme().equalsIgnoreCase("https");
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    String host = url.getHost();
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    // Without this a socket looks for proxies first: a file and some dozen classes, for nothing.
    var socket = new Socket(Proxy.NO_PROXY);
    try {
      int patienceMillis = Math.toIntExact(patience.toMillis());
      socket.connect(new InetSocketAddress(name, port), patienceMillis);
      socket.setTcpNoDelay(true);
      return new HttpLink(secure ? encrypted(socket, name, port) : socket, url);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? withoutSlash(path.substring(0, path.length() - 1)) : path;
  }

  private static Socket encrypted(Socket socket, String name, int port) throws IOException {
    return ((SSLSocketFactory) SSLSocketFactory.getDefault())
        .createSocket(socket, name, port, true);
  }

  /**
   * Sends a request and reads the head of its answer. The body of the answer before must have been
   * read to its end.
   *
   * @param path begins with a slash; already encoded
   * @param silenceMax how long the server may send nothing, now and while the body is read
   */
  HttpReply send(
      String method,
      String path,
      Map<String, String> headers,
      byte @Nullable [] body,
      Duration silenceMax)
      throws IOException {
    socket.setSoTimeout(Math.toIntExact(Math.max(1, silenceMax.toMillis())));
    var head = new StringBuilder(256);
    head.append(method).append(' ').append(basePath).append(path).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body != null) {
      head.append("Content-Type: application/json\r\nContent-Length: ")
          .append(body.length)
          .append("\r\n");
    }
    head.append("\r\n");
    var request = new ByteArrayOutputStream(head.length() + (body == null ? 0 : body.length));
    request.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    if (body != null) {
      request.writeBytes(body);
    }
    request.writeTo(socket.getOutputStream());
    return reply();
  }

  private HttpReply reply() throws IOException {
    while (true) {
      String statusLine = line(HEAD_BYTES_MAX);
      if (!statusLine.startsWith("HTTP/1.") || statusLine.length() < 12) {
        throw new ProtocolException("the answer is not HTTP");
      }
      int status = Integer.parseInt(statusLine.substring(9, 12));
      Map<String, String> headers = headers();
      if (status >= 200) { // those below say: the answer follows
        return new HttpReply(status, headers, body(status, headers));
      }
    }
  }

  private Map<String, String> headers() throws IOException {
    var headers = new LinkedHashMap<String, String>();
    int left = HEAD_BYTES_MAX;
    for (String line = line(left); !line.isEmpty(); line = line(left)) {
      left -= line.length();
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.merge(
            line.substring(0, colon).toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip(),
            (first, second) -> first + ", " + second);
      }
    }
    return headers;
  }

  private InputStream body(int status, Map<String, String> headers) {
    if (status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    if (headers
        .getOrDefault("transfer-encoding", "")
        .toLowerCase(Locale.ROOT)
        .contains("chunked")) {
      return new ChunkedBody(in);
    }
    String length = headers.get("content-length");
    return length == null ? in : new SizedBody(in, Long.parseLong(length));
  }

  private String line(int bytesMax) throws IOException {
    return line(in, bytesMax);
  }

  /** A line without its end. */
  public static String line(InputStream in, int bytesMax) throws IOException {
    var line = new StringBuilder(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the server closed the connection before the end of its answer");
      }
      if (line.length() >= bytesMax) {
        throw new ProtocolException("the head of the answer is too long");
      }
      line.append((char) b);
    }
    if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
