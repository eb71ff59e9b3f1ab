package dev.pylon.email.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server on this machine, which speaks as much SMTP as its tests need. */
public final class MailServer implements AutoCloseable {
  private final SmtpMailer.Security security;
  private final @Nullable SSLContext tls;
  private final ServerSocket listener;
  private final Map<String, String> refusals = new ConcurrentHashMap<>();
  private final BlockingQueue<String> mail = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();

  public MailServer(SmtpMailer.Security security, @Nullable SSLContext tls) throws IOException {
    this.security = security;
    this.tls = tls;
    this.listener =
        security == SmtpMailer.Security.TLS && tls != null
            ? tls.getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress())
            : new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    tasks.submit(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Answers commands that begin so with {@code reply}. */
  void refuse(String command, String reply) {
    refusals.put(command, reply);
  }

  /** What came, head and body. */
  public BlockingQueue<String> mail() {
    return mail;
  }

  /** All that was said to it, secrets decoded; behind a TLS greeting it begins with {@code TLS}. */
  BlockingQueue<String> commands() {
    return commands;
  }

  private Object accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        tasks.submit(() -> {
          try (client) {
            talk(client, security == SmtpMailer.Security.TLS);
          } catch (IOException e) {
            // The client is gone, or does not believe us.
            commands.add("GONE");
          }
          return true;
        });
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private void talk(Socket client, boolean safe) throws IOException {
    client.setSoTimeout(10_000);
    if (!safe || security == SmtpMailer.Security.TLS) {
      say(client, "220 localhost ready");
    }
    var in =
        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String said = line;
      commands.add((safe ? "TLS " : "") + said);
      String refusal = refusal(said);
      if (refusal != null) {
        say(client, refusal);
      } else if (said.startsWith("EHLO")) {
        boolean offers = security == SmtpMailer.Security.STARTTLS && tls != null && !safe;
        say(client, "250-localhost" + (offers ? "\r\n250-STARTTLS" : "") + "\r\n250 AUTH PLAIN");
      } else if (said.equals("STARTTLS")) {
        say(client, "220 go ahead");
        talk(secured(client), true);
        return;
      } else if (said.startsWith("AUTH PLAIN ")) {
        byte[] secret = Base64.getDecoder().decode(said.substring("AUTH PLAIN ".length()));
        commands.add(new String(secret, StandardCharsets.UTF_8).replace('\0', ' '));
        say(client, "235 welcome");
      } else if (said.equals("DATA")) {
        say(client, "354 go on");
        mail.add(data(in));
        say(client, "250 taken");
      } else if (said.equals("QUIT")) {
        say(client, "221 bye");
        return;
      } else {
        say(client, "250 ok");
      }
    }
  }

  private @Nullable String refusal(String line) {
    return refusals.entrySet().stream()
        .filter(refusal -> line.startsWith(refusal.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private SSLSocket secured(Socket client) throws IOException {
    var secured =
        (SSLSocket)
            Objects.requireNonNull(tls)
                .getSocketFactory()
                .createSocket(client, "localhost", client.getPort(), true);
    secured.setUseClientMode(false);
    return secured;
  }

  private static String data(BufferedReader in) throws IOException {
    var data = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      data.append(line).append('\n');
    }
    return data.toString();
  }

  private static void say(Socket client, String reply) throws IOException {
    client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
    client.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    tasks.shutdownNow();
  }
}
