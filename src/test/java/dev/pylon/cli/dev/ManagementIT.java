package dev.pylon.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import dev.pylon.NeedsBun;
import dev.pylon.PylonProcess;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code jconsole} and its like find, and what it costs those who never look. */
@NeedsBun
@Timeout(120)
class ManagementIT {
  @TempDir private Path folder;

  private static boolean hasMBeanServer(PylonProcess pylon) throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd");
    Process asked =
        new ProcessBuilder(jcmd.toString(), "" + pylon.pid(), "GC.class_histogram").start();
    String all = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(all).contains("dev.pylon.server.HttpServer");
    return all.contains("com.sun.jmx.mbeanserver.JmxMBeanServer ");
  }

  @Test
  void theMBeanServerIsCreatedByTheFirstWhoLooks() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    try (var pylon = PylonProcess.start(todo, "dev", "--port", "0")) {
      pylon.awaitReady();
      assertThat(hasMBeanServer(pylon)).isFalse();

      VirtualMachine machine = VirtualMachine.attach("" + pylon.pid());
      var address = new JMXServiceURL(machine.startLocalManagementAgent());
      machine.detach();

      try (var connector = JMXConnectorFactory.connect(address)) {
        MBeanServerConnection beans = connector.getMBeanServerConnection();
        var runtime = new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME);
        assertThat(beans.getAttribute(runtime, "Pid")).isEqualTo(pylon.pid());
      }
      assertThat(hasMBeanServer(pylon)).isTrue();
    }
  }
}
