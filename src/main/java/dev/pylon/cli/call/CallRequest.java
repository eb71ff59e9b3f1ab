package dev.pylon.cli.call;

import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A call as it goes over the wire, however often.
 *
 * @param headers who calls
 * @param args JSON
 * @param silenceMax how long the server may say nothing
 */
record CallRequest(String name, Map<String, String> headers, byte[] args, Duration silenceMax) {

  /** Sends it, with one more header that says how to answer. */
  HttpReply send(Remote remote, String header, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(header, value);
    String path = "/api/fn/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return remote.send("POST", path, all, args, silenceMax);
  }
}
