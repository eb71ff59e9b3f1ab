package dev.pylon.cli.remote;

import static dev.pylon.Eventually.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpLinkTest {
  private CannedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new CannedServer();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private String get(HttpLink link, String path) throws IOException {
    return new String(link.send("GET", path, Map.of(), null, SOON).bytes(), UTF_8);
  }

  @Test
  void oneConnectionCarriesManyExchanges() throws IOException {
    server.answers("GET /a", 200, "1").answers("GET /b", 200, "2");

    try (HttpLink link = HttpLink.open(URI.create(server.url()), SOON)) {
      assertThat(get(link, "/a") + get(link, "/b") + get(link, "/a")).isEqualTo("121");
    }
  }

  @Test
  void chunksAreJoinedAndTheirExtensionsIgnored() throws IOException {
    server.answers(
        "GET /c",
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;x=y\r\nhello\r\n1\r\n \r\n6\r\nworld\n\r\n0\r\nTrailer: t\r\n\r\n")
            .getBytes(UTF_8));

    try (HttpLink link = HttpLink.open(URI.create(server.url()), SOON)) {
      assertThat(get(link, "/c")).isEqualTo("hello world\n");
      assertThat(get(link, "/c")).isEqualTo("hello world\n");
    }
  }

  @Test
  void provisionalAnswersAreSkipped() throws IOException {
    server.answers(
        "GET /p",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            .getBytes(UTF_8));

    try (HttpLink link = HttpLink.open(URI.create(server.url()), SOON)) {
      assertThat(get(link, "/p")).isEqualTo("ok");
    }
  }

  @Test
  void anAnswerCutShortIsNoAnswer() throws IOException {
    server.answers(
        "GET /sized",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\nshort".getBytes(UTF_8));
    server.answers(
        "GET /chunked",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"
            .getBytes(UTF_8));

    for (String path : new String[] {"/sized", "/chunked"}) {
      try (HttpLink link = HttpLink.open(URI.create(server.url()), SOON)) {
        assertThatThrownBy(() -> get(link, path)).isInstanceOf(EOFException.class);
      }
    }
  }

  @Test
  void whatIsNotHttpIsRefused() throws IOException {
    server.answers("GET /x", "SSH-2.0-whatever\r\n".getBytes(UTF_8));

    try (HttpLink link = HttpLink.open(URI.create(server.url()), SOON)) {
      assertThatThrownBy(() -> get(link, "/x")).isInstanceOf(ProtocolException.class);
    }
  }
}
