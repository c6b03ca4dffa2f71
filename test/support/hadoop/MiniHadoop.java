import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * Hadoop's own daemons in one process, all on loopback: HDFS with one data node, and YARN with two node managers and the
 * queues `default` and `waiting`. Prints their addresses as one line of JSON when they are ready, and ends when its
 * standard input does, or on SIGTERM.
 */
public class MiniHadoop {
  public static void main(String[] arguments) {
    try {
      start(Path.of(arguments[0]));
      while (System.in.read() >= 0) {}
      System.exit(0);
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(1); // threads of the daemons would keep the process
    }
  }

  private static void start(Path folder) throws Exception {
    System.setProperty("test.build.data", Files.createDirectories(folder.resolve("yarn")).toString());
    MiniDFSCluster hdfs = new MiniDFSCluster.Builder(hdfsSettings(folder)).numDataNodes(1).build();
    MiniYARNCluster yarn = new MiniYARNCluster("native-udf", 2, 1, 1);
    // containers are processes of their own, which are left where nobody ends them
    Runtime.getRuntime().addShutdownHook(new Thread(yarn::stop));
    yarn.init(yarnSettings());
    yarn.start();
    if (!yarn.waitForNodeManagersToConnect(60_000)) throw new IllegalStateException("the node managers do not come up");
    hdfs.waitActive();
    System.out.println(json(addresses(hdfs, yarn.getConfig())));
  }

  private static Configuration hdfsSettings(Path folder) {
    Configuration settings = new Configuration();
    settings.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    return settings;
  }

  private static Configuration yarnSettings() {
    YarnConfiguration settings = new YarnConfiguration();
    settings.set("yarn.scheduler.capacity.root.queues", "default,waiting");
    settings.set("yarn.scheduler.capacity.root.default.capacity", "90");
    settings.set("yarn.scheduler.capacity.root.waiting.capacity", "10");
    settings.set("yarn.scheduler.capacity.root.waiting.max-parallel-apps", "0"); // what is in it waits for ever
    settings.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    settings.setInt("yarn.scheduler.minimum-allocation-mb", 128);
    settings.setInt("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", 100);
    settings.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    settings.setFloat("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 100);
    // a node manager that still keeps logs takes 10 s to stop
    settings.setInt("yarn.nodemanager.log.retain-seconds", 0);
    // the environment of every container: it inherits nothing of this process
    Map<String, String> environment = Map.of(
        "JAVA_HOME", System.getProperty("java.home"),
        "JAVA_TOOL_OPTIONS", System.getenv().getOrDefault("JAVA_TOOL_OPTIONS", ""));
    settings.set("yarn.nodemanager.admin-env", environment.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue()).collect(Collectors.joining(",")));
    return settings;
  }

  private static Map<String, String> addresses(MiniDFSCluster hdfs, Configuration yarn) throws Exception {
    return Map.of(
        "hdfs", hdfs.getURI().toString(),
        "nameNode", hdfs.getHttpUri(0).toString(),
        "resourceManager", yarn.get("yarn.resourcemanager.address"),
        "scheduler", yarn.get("yarn.resourcemanager.scheduler.address"),
        "web", "http://" + yarn.get("yarn.resourcemanager.webapp.address"));
  }

  private static String json(Map<String, String> values) {
    return values.entrySet().stream().map(entry -> "\"" + entry.getKey() + "\": \"" + entry.getValue() + "\"")
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
