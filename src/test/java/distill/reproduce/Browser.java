package distill.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One tab of a headless Chromium, driven over its DevTools protocol: what the console said, what was asked of the
 * network, and what scripts of the test find on the page.
 */
final class Browser implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS = 120;

    /** Pixels of a picture that Chromium draws in one piece; of a taller one it does not answer. */
    private static final int TALLEST = 16_384;

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    /** Closed to the network, and with nothing of a user's. */
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--remote-debugging-port=0");

    private final Path profile;
    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private int last;

    /** Where Chromium is: {@code $DISTILL_CHROMIUM}, or on the path; empty where there is none. */
    static Optional<Path> find() {
        String named = System.getenv("DISTILL_CHROMIUM");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        return NAMES.stream()
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser(Path program) throws Exception {
        profile = Files.createTempDirectory("chromium");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(FLAGS);
        command.addAll(List.of("--user-data-dir=" + profile, "about:blank"));
        process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        HttpClient client = HttpClient.newHttpClient();
        URI tab = tab(client, listensOn());
        socket = client.newWebSocketBuilder().buildAsync(tab, new Listener()).get(SECONDS, TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", Map.of());
        }
    }

    /** The port, which Chromium says on its error output. */
    private URI listensOn() throws IOException {
        BufferedReader errors =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith("DevTools listening on ")) {
                Thread drain = new Thread(() -> errors.lines().forEach(rest -> {}));
                drain.setDaemon(true);
                drain.start();
                return URI.create(
                        line.substring("DevTools listening on ".length()).strip());
            }
        }
        throw new IOException("Chromium ended before it listened");
    }

    private static URI tab(HttpClient client, URI listens) throws IOException, InterruptedException {
        HttpRequest list = HttpRequest.newBuilder(
                        URI.create("http://%s:%d/json/list".formatted(listens.getHost(), listens.getPort())))
                .build();
        for (JsonNode target : JSON.readTree(
                client.send(list, HttpResponse.BodyHandlers.ofString()).body())) {
            if (target.get("type").asText().equals("page")) {
                return URI.create(target.get("webSocketDebuggerUrl").asText());
            }
        }
        throw new IOException("Chromium has no tab");
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean whole) {
            text.append(part);
            if (whole) {
                try {
                    messages.add(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    complaints.add("unreadable message: " + e.getMessage());
                }
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }

    /** Calls a method and waits for its answer; events that come before it are noted. */
    JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        int id = ++last;
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).get(SECONDS, TimeUnit.SECONDS);
        while (true) {
            JsonNode answer = next();
            if (answer.path("id").asInt() == id) {
                if (answer.has("error")) {
                    throw new IOException(method + ": " + answer.get("error"));
                }
                return answer.get("result");
            }
        }
    }

    private JsonNode next() throws Exception {
        JsonNode message = messages.poll(SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new IOException("Chromium does not answer");
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters.at("/exceptionDetails/text").asText());
            case "Runtime.consoleAPICalled" ->
                complaints.add(parameters.path("type").asText() + ": " + parameters.path("args"));
            case "Log.entryAdded" ->
                complaints.add(parameters.at("/entry/level").asText() + ": "
                        + parameters.at("/entry/text").asText());
            case "Network.requestWillBeSent" ->
                requests.add(parameters.at("/request/url").asText());
            default -> {}
        }
        return message;
    }

    /** Opens a file as a screen of that size and colour scheme ({@code light}, {@code dark}) shows it. */
    void open(Path file, int width, int height, String scheme) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        call("Page.navigate", Map.of("url", file.toUri().toString()));
        while (!next().path("method").asText().equals("Page.loadEventFired")) {
            continue;
        }
    }

    /** The value of an expression of JavaScript, which must be JSON. */
    JsonNode evaluate(String expression) throws Exception {
        JsonNode answer = call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(answer.get("exceptionDetails").toString());
        }
        return answer.at("/result/value");
    }

    /** Presses a key that writes nothing, such as Enter or Escape. */
    void press(String key, int code) throws Exception {
        for (String type : List.of("rawKeyDown", "char", "keyUp")) {
            if (type.equals("char") && !key.equals("Enter")) {
                continue;
            }
            call(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type",
                            type,
                            "key",
                            key,
                            "code",
                            key,
                            "windowsVirtualKeyCode",
                            code,
                            "text",
                            key.equals("Enter") ? "\r" : ""));
        }
    }

    /** The page as a PNG: from its top as far as one picture goes, or what is on the screen. */
    void screenshot(Path png, boolean fromTheTop) throws Exception {
        Map<String, Object> parameters = new HashMap<>(Map.of("format", "png"));
        if (fromTheTop) {
            int height = Math.min(
                    TALLEST, evaluate("document.documentElement.scrollHeight").asInt());
            parameters.put("captureBeyondViewport", true);
            parameters.put(
                    "clip",
                    Map.of("x", 0, "y", 0, "width", evaluate("innerWidth").asInt(), "height", height, "scale", 1));
        }
        save(png, call("Page.captureScreenshot", parameters).get("data"));
    }

    /** The page as it is printed on A4. */
    byte[] print() throws Exception {
        return Base64.getDecoder()
                .decode(call(
                                "Page.printToPDF",
                                Map.of("paperWidth", 8.27, "paperHeight", 11.69, "preferCSSPageSize", true))
                        .get("data")
                        .asText());
    }

    private static void save(Path file, JsonNode base64) throws IOException {
        Files.write(file, Base64.getDecoder().decode(base64.asText()));
    }

    /** What the console, the page's errors and the browser's own log have said so far. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Addresses that were asked for so far. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        // Its helpers write to the profile for a moment longer than it.
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        process.destroy();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
        for (ProcessHandle each : all) {
            each.onExit().get(SECONDS, TimeUnit.SECONDS);
        }
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
