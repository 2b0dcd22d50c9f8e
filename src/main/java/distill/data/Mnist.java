package distill.data;
import java.io.*; import java.nio.*; import java.nio.file.*; import java.util.*; import java.util.zip.*; import java.security.*;
public record Mnist(LabelledImages train, LabelledImages test, Origin origin) {
  public static final String DIGEST = "2c5f2f9840741fb2fba3494844a010c0036508612aa12e9c5f8f44978cee3963";
  public record Origin(String description, boolean synthetic, String digest) { public boolean isMnist() { return digest.equals(DIGEST);} }
  static byte[] gz(String f, int skip) throws IOException { try (var in = new GZIPInputStream(new FileInputStream("../shared/mnist/"+f))) { byte[] b = in.readAllBytes(); return Arrays.copyOfRange(b, skip, b.length);} }
  public static Mnist load(Optional<Path> dir) throws IOException {
   try {
    var d = MessageDigest.getInstance("SHA-256");
    byte[] p, l;
    p = gz("train-images-idx3-ubyte.gz",16); l = gz("train-labels-idx1-ubyte.gz",8);
    d.update(ByteBuffer.allocate(12).putInt(l.length).putInt(28).putInt(28).array()); d.update(p); d.update(l);
    var train = new LabelledImages(28,28,1,10,p,l);
    p = gz("t10k-images-idx3-ubyte.gz",16); l = gz("t10k-labels-idx1-ubyte.gz",8);
    d.update(ByteBuffer.allocate(12).putInt(l.length).putInt(28).putInt(28).array()); d.update(p); d.update(l);
    var test = new LabelledImages(28,28,1,10,p,l);
    return new Mnist(train, test, new Origin("MNIST", false, HexFormat.of().formatHex(d.digest())));
   } catch (NoSuchAlgorithmException e) { throw new IOException(e); }
  }
}
