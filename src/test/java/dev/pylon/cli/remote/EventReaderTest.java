package dev.pylon.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventReaderTest {

  private static List<String> events(String text) throws IOException {
    var reader = new EventReader(new ByteArrayInputStream(text.getBytes(UTF_8)));
    var events = new ArrayList<String>();
    for (Optional<EventReader.Event> event = reader.next();
        event.isPresent();
        event = reader.next()) {
      events.add(event.get().name() + "|" + event.get().text());
    }
    return events;
  }

  @Test
  void linesOfDataAreJoinedByLineFeeds() throws IOException {
    assertThat(events("data: one\ndata: \ndata:three\n\ndata: é\n\n"))
        .containsExactly("|one\n\nthree", "|é");
  }

  @Test
  void onlyOneSpaceAfterTheColonIsNotData() throws IOException {
    assertThat(events("data:  two\n\n")).containsExactly("| two");
  }

  @Test
  void namesBelongToTheirEvent() throws IOException {
    assertThat(events("event: result\ndata: 1\n\ndata: 2\n\n")).containsExactly("result|1", "|2");
  }

  @Test
  void commentsAndIdsAreNotEvents() throws IOException {
    assertThat(events(": ping\n\nid: 7\nretry: 5\n\ndata: x\r\n\r\n")).containsExactly("|x");
  }

  @Test
  void anEventCutShortIsDropped() throws IOException {
    assertThat(events("data: whole\n\ndata: half\n")).containsExactly("|whole");
    assertThat(events("data: whole\n\nevent: res")).containsExactly("|whole");
  }
}
