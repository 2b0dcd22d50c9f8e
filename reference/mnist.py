"""MNIST as the report's programs see it: 60,000 and 10,000 grey images of 28 x 28 pixels, ten classes."""

import collections
import gzip
import hashlib
import os
import struct
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
DIGEST = "2c5f2f9840741fb2fba3494844a010c0036508612aa12e9c5f8f44978cee3963"
FILES = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]

# Images are uint8 arrays of shape (n, 28, 28, 1); the digest is over both sets, as in the Java program's run store.
Mnist = collections.namedtuple("Mnist", "train_images train_labels test_images test_labels digest")


def load(data_dir=None):
    """Reads MNIST from data_dir or else $MNIST_DIR; where neither is given, from the first usual place that exists."""
    place = find(data_dir or os.environ.get("MNIST_DIR"))
    if (place / "mnist.npz").exists():
        place = place / "mnist.npz"
    if place.is_dir():
        arrays = [read_idx(place, name) for name in FILES]
    else:
        with np.load(place) as archive:
            arrays = [archive[name] for name in ("x_train", "y_train", "x_test", "y_test")]
    train_images, train_labels, test_images, test_labels = arrays
    for images, labels in ((train_images, train_labels), (test_images, test_labels)):
        if images.shape != (len(labels), 28, 28) or labels.max() > 9:
            raise ValueError(f"{place} does not hold images of 28 x 28 pixels with a label of 0 to 9 for each")
    return Mnist(train_images[..., None], train_labels, test_images[..., None], test_labels, digest(*arrays))


def find(named):
    """The place that was named; or else the first usual one, as seen from the working directory or the project."""
    if named:
        return Path(named)
    places = [base / place for base in (Path.cwd(), ROOT) for place in ("data/mnist", "../shared/mnist")]
    places.append(Path.home() / ".keras/datasets/mnist.npz")
    for place in places:
        if place.exists():
            return place
    raise FileNotFoundError(
        "no MNIST in data/mnist, ../shared/mnist or ~/.keras/datasets/mnist.npz: name its folder with --data-dir"
    )


def read_idx(folder, name):
    """An IDX file, compressed or not: two zero bytes, 8 for bytes, the number of sizes, the sizes, the values."""
    packed = folder / (name + ".gz")
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / name).read_bytes()
    sizes = content[3] if content[:3] == b"\x00\x00\x08" else 0
    start = 4 + 4 * sizes
    shape = struct.unpack(f">{sizes}I", content[4:start]) if len(content) >= start else ()
    if not shape or len(content) != start + np.prod(shape):
        raise ValueError(f"{folder / name} is not an IDX file of bytes, or not a whole one")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def digest(train_images, train_labels, test_images, test_labels):
    """SHA-256 over both sets: number, height and width as big-endian 32-bit numbers, the pixels, the labels."""
    sha = hashlib.sha256()
    for images, labels in ((train_images, train_labels), (test_images, test_labels)):
        sha.update(struct.pack(">3I", *images.shape))
        sha.update(images.astype(np.uint8).tobytes())
        sha.update(labels.astype(np.uint8).tobytes())
    return sha.hexdigest()


def pixels(images, dtype):
    """tf.image.convert_image_dtype: bytes to [0, 1], rounded once to float32, then widened where dtype is float64."""
    return (images.astype(np.float32) * np.float32(1 / 255)).astype(dtype)
