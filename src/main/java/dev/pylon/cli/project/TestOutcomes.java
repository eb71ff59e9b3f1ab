package dev.pylon.cli.project;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** What each test of a file came to, as {@code bun test} writes it down in JUnit's form. */
final class TestOutcomes {
  private TestOutcomes() {}

  /**
   * {@code passed}, {@code failed} or {@code skipped} by the name of a test; nothing where the file
   * ended before there were outcomes.
   */
  static Map<String, String> read(Path junit) throws IOException {
    var outcomes = new TreeMap<String, String>();
    if (Files.size(junit) == 0) {
      return outcomes;
    }
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (InputStream in = Files.newInputStream(junit)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      String test = "";
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "testcase" -> {
              test = name(xml);
              outcomes.put(test, "passed");
            }
            case "failure", "error" -> outcomes.put(test, "failed");
            case "skipped" -> outcomes.put(test, "skipped");
            default -> {} // suites and what tests said
          }
        }
      }
      return outcomes;
    } catch (XMLStreamException e) {
      return outcomes; // cut short with its writer: the exit status tells
    }
  }

  private static String name(XMLStreamReader xml) {
    String group = xml.getAttributeValue(null, "classname");
    String name = String.valueOf(xml.getAttributeValue(null, "name"));
    return group == null || group.isEmpty() ? name : group + " > " + name;
  }
}
