package distill.data;

import distill.files.Folders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the files of MNIST from the first mirror that gives them. All are fetched and checked before the first is
 * written, and their folder takes its name last, so the folder exists either complete or not at all.
 *
 * @param mirrors where the files lie, each address with a slash at the end; asked one after the other
 * @param files what to fetch
 * @param patience how long to wait without a byte coming, for all mirrors together: each gets its share, and one that
 *     has failed is not asked again
 */
record MnistDownload(List<URI> mirrors, List<RemoteFile> files, Duration patience) {

    private static final Logger LOG = LoggerFactory.getLogger(MnistDownload.class);
    private static final int OK = 200;
    private static final long GLANCE_MILLIS = 20;
    private static final long KIB = 1024;

    /**
     * A file at a mirror.
     *
     * @param name its name there and here
     * @param bytes its size
     * @param sha256 of the file as it lies there, in lower-case hex
     */
    record RemoteFile(String name, int bytes, String sha256) {}

    /** The four original files of MNIST at two public mirrors, with ten seconds' patience. */
    static MnistDownload ofMnist() {
        return new MnistDownload(
                List.of(
                        URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"),
                        URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/")),
                List.of(
                        new RemoteFile(
                                "train-images-idx3-ubyte.gz",
                                9912422,
                                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                        new RemoteFile(
                                "train-labels-idx1-ubyte.gz",
                                28881,
                                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                        new RemoteFile(
                                "t10k-images-idx3-ubyte.gz",
                                1648877,
                                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                        new RemoteFile(
                                "t10k-labels-idx1-ubyte.gz",
                                4542,
                                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),
                Duration.ofSeconds(10));
    }

    /**
     * Fetches the files, and logs how far that has come.
     *
     * @param folder to be made by this
     * @throws DataException where no mirror gave all the files as they should be, or they could not be written; tells
     *     why
     * @throws IOException where the thread was interrupted
     */
    void into(Path folder) throws IOException {
        Map<String, byte[]> contents;
        try {
            contents = fetchAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while downloading MNIST");
        }
        store(contents, folder);
    }

    private Map<String, byte[]> fetchAll() throws DataException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        Map<String, byte[]> contents = new LinkedHashMap<>();
        List<String> failures = new ArrayList<>();
        for (RemoteFile file : files) {
            LOG.info("Downloading {}, {} KiB", file.name, file.bytes / KIB);
            while (!contents.containsKey(file.name)) {
                if (failures.size() == mirrors.size()) {
                    throw new DataException("MNIST could not be downloaded: " + String.join("; ", failures));
                }
                URI address = mirrors.get(failures.size()).resolve(file.name);
                try {
                    contents.put(file.name, fetch(client, address, file));
                } catch (DataException e) {
                    failures.add(address + ": " + e.getMessage());
                }
            }
        }
        return contents;
    }

    private byte[] fetch(HttpClient client, URI address, RemoteFile file) throws DataException, InterruptedException {
        long share = patience.toNanos() / mirrors.size();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Void>> reply = client.sendAsync(
                HttpRequest.newBuilder(address).build(),
                info -> info.statusCode() == OK
                        ? BodySubscribers.ofByteArrayConsumer(chunk -> chunk.ifPresent(received::writeBytes))
                        : BodySubscribers.replacing(null));
        try {
            int seen = 0;
            long last = System.nanoTime();
            while (!reply.isDone()) {
                Thread.sleep(GLANCE_MILLIS);
                int now = received.size();
                if (now > file.bytes) {
                    throw new DataException("found more than the expected %d bytes".formatted(file.bytes));
                }
                if (now > seen) {
                    seen = now;
                    last = System.nanoTime();
                } else if (System.nanoTime() - last > share) {
                    throw new DataException("no byte in %.1f seconds".formatted(share / 1e9));
                }
            }
            int status = reply.get().statusCode();
            if (status != OK) {
                throw new DataException("found status %d, expected %d".formatted(status, OK));
            }
            String sha256 = HexFormat.of().formatHex(sha256().digest(received.toByteArray()));
            if (!sha256.equals(file.sha256)) {
                throw new DataException("found %d bytes of SHA-256 %s, expected %d bytes of %s"
                        .formatted(received.size(), sha256, file.bytes, file.sha256));
            }
            return received.toByteArray();
        } catch (ExecutionException e) {
            throw new DataException(e.getCause().toString(), e);
        } finally {
            reply.cancel(true);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void store(Map<String, byte[]> contents, Path folder) throws DataException {
        try {
            // Another process that downloads MNIST too may be faster: its files are as good.
            Folders.make(folder, made -> {
                for (Map.Entry<String, byte[]> file : contents.entrySet()) {
                    Files.write(made.resolve(file.getKey()), file.getValue());
                }
            });
        } catch (IOException e) {
            throw new DataException(
                    "MNIST was downloaded but could not be written into %s: %s".formatted(folder, e), e);
        }
    }
}
