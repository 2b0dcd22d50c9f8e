package distill.data;

import static distill.data.Failures.assertTells;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistDownloadTest {

    private static final Duration PATIENCE = Duration.ofMillis(800);

    private final Map<String, byte[]> files = TinyMnist.gzFiles();
    private final CountDownLatch testIsOver = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stopServer() {
        testIsOver.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private URI mirror(String name, HttpHandler handler) {
        server.createContext("/" + name + "/", handler);
        return URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + "/" + name + "/");
    }

    private void giveFile(HttpExchange exchange) throws IOException {
        reply(exchange, file(exchange));
    }

    private byte[] file(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return files.get(path.substring(path.lastIndexOf('/') + 1));
    }

    private static void reply(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(503, -1);
        exchange.close();
    }

    private void hang(HttpExchange exchange) throws IOException {
        try {
            testIsOver.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private void hangHalfway(HttpExchange exchange) throws IOException {
        byte[] content = file(exchange);
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content, 0, content.length / 2);
        exchange.getResponseBody().flush();
        hang(exchange);
    }

    private MnistDownload download(URI... mirrors) {
        return new MnistDownload(
                List.of(mirrors),
                files.entrySet().stream()
                        .map(file -> new MnistDownload.RemoteFile(
                                file.getKey(),
                                file.getValue().length,
                                HexFormat.of().formatHex(MnistDownload.sha256().digest(file.getValue()))))
                        .toList(),
                PATIENCE);
    }

    private void assertComplete(Path target) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertArrayEquals(file.getValue(), Files.readAllBytes(target.resolve(file.getKey())));
        }
        assertEquals(files.keySet().stream().sorted().toList(), namesIn(target));
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void allFilesComeIntoANewFolderAndNothingElse() throws IOException {
        download(mirror("good", this::giveFile)).into(folder.resolve("data/mnist"));
        assertComplete(folder.resolve("data/mnist"));
        assertEquals(List.of("mnist"), namesIn(folder.resolve("data")));
    }

    @Test
    void theSecondMirrorGivesWhatTheFirstDoesNot() throws IOException {
        download(mirror("bad", MnistDownloadTest::refuse), mirror("good", this::giveFile))
                .into(folder.resolve("mnist"));
        assertComplete(folder.resolve("mnist"));
    }

    @Test
    void theSecondMirrorGivesWhatTheFirstHangsOn() throws IOException {
        download(mirror("bad", this::hangHalfway), mirror("good", this::giveFile))
                .into(folder.resolve("mnist"));
        assertComplete(folder.resolve("mnist"));
    }

    @Test
    void aMirrorThatFailedIsNotAskedAgain() throws IOException {
        List<String> asked = new ArrayList<>();
        HttpHandler bad = exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            refuse(exchange);
        };
        download(mirror("bad", bad), mirror("good", this::giveFile)).into(folder.resolve("mnist"));
        assertEquals(List.of("/bad/train-images-idx3-ubyte.gz"), asked);
    }

    @Test
    void aWrongDigestIsToldAndLeavesNoFile() throws IOException {
        HttpHandler flipped = exchange -> {
            byte[] content = file(exchange).clone();
            content[20] ^= 1;
            reply(exchange, content);
        };
        URI mirror = mirror("flipped", flipped);
        assertTells(
                () -> download(mirror).into(folder.resolve("mnist")),
                mirror + "train-images-idx3-ubyte.gz",
                "SHA-256",
                "expected " + files.get("train-images-idx3-ubyte.gz").length + " bytes");
        assertEquals(List.of(), namesIn(folder));
    }

    @Test
    void aLastFileThatFailsLeavesNoneOfTheOthers() throws IOException {
        HttpHandler allButOne = exchange -> {
            if (exchange.getRequestURI().getPath().contains("t10k-labels")) {
                refuse(exchange);
            } else {
                giveFile(exchange);
            }
        };
        URI mirror = mirror("most", allButOne);
        assertTells(() -> download(mirror).into(folder.resolve("mnist")), "t10k-labels-idx1-ubyte.gz", "status 503");
        assertEquals(List.of(), namesIn(folder));
    }

    @Test
    void aReplyThatIsTooLongIsCutOff() {
        HttpHandler endless = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 16];
            while (testIsOver.getCount() > 0) {
                exchange.getResponseBody().write(block);
            }
        };
        URI mirror = mirror("endless", endless);
        assertTells(() -> download(mirror).into(folder.resolve("mnist")), "more than the expected");
    }

    @Test
    void serversThatHangBeforeOrInTheReplyAreGivenUpInTime() {
        URI silent = mirror("silent", this::hang);
        URI halfway = mirror("halfway", this::hangHalfway);
        long start = System.nanoTime();
        assertTells(
                () -> download(silent, halfway).into(folder.resolve("mnist")),
                silent + "train-images-idx3-ubyte.gz: no byte in 0.4 seconds",
                halfway + "train-images-idx3-ubyte.gz: no byte in 0.4 seconds");
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(taken.compareTo(PATIENCE) >= 0 && taken.compareTo(PATIENCE.multipliedBy(4)) < 0, taken.toString());
    }

    @Test
    void noServerAtAllIsToldAtOnce() {
        URI nobody = mirror("gone", this::giveFile);
        server.stop(0);
        assertTells(() -> download(nobody).into(folder.resolve("mnist")), nobody, "ConnectException");
    }

    @Test
    void whatIsThereIsNotOverwritten() throws IOException {
        Path target = TinyMnist.write(folder.resolve("mnist"), Map.of("train-images-idx3-ubyte.gz", new byte[] {1, 2}));
        download(mirror("good", this::giveFile)).into(target);
        assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(target.resolve("train-images-idx3-ubyte.gz")));
        assertEquals(List.of("train-images-idx3-ubyte.gz"), namesIn(target));
        assertEquals(List.of("mnist"), namesIn(folder));
    }

    @Test
    void aFileInPlaceOfTheFolderIsToldAndStays() throws IOException {
        Path target = Files.writeString(folder.resolve("mnist"), "mine");
        MnistDownload download = download(mirror("good", this::giveFile));
        assertTells(() -> download.into(target), "could not be written into " + target);
        assertEquals("mine", Files.readString(target));
        assertEquals(List.of("mnist"), namesIn(folder));
    }

    @Test
    void anInterruptEndsTheDownload() {
        Thread downloader = Thread.currentThread();
        MnistDownload download = download(mirror("silent", exchange -> {
            downloader.interrupt();
            hang(exchange);
        }));
        assertThrows(InterruptedIOException.class, () -> download.into(folder.resolve("mnist")));
        assertTrue(Thread.interrupted());
        assertFalse(Files.exists(folder.resolve("mnist")));
    }
}
