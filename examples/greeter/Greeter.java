import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Answers each request with a greeting and its process id. */
public class Greeter {
  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(System.getenv("PORT_HTTP"));
    String greeting = System.getenv().getOrDefault("GREETING", "Hello");
    byte[] answer = (greeting + " from Java " + System.getProperty("java.version")
        + ", process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    });
    server.start();
    System.out.println("listening on port " + port);
  }
}
