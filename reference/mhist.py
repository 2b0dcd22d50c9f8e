"""MHIST, or any set of two classes in its layout: annotations.csv beside a folder of images; and its augmentation."""

import collections
import csv
import hashlib
import os
import struct
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import affine_transform

ROOT = Path(__file__).resolve().parent.parent
NAME, LABEL, PARTITION = "Image Name", "Majority Vote Label", "Partition"

# Images are uint8 arrays of shape (n, size, size, 3), labels indices into classes, files the images' names; the digest
# is over the images as they are stored, whatever size they are resized to. The second class is the positive one.
Mhist = collections.namedtuple(
    "Mhist", "classes train_images train_labels train_files test_images test_labels digest name"
)


def load(data_dir, size):
    """Reads a set from data_dir or else $MHIST_DIR; where neither is given, from the first usual place that exists.
    Images are resized to size x size by nearest neighbour, as Keras's loader does by default."""
    place = find(data_dir or os.environ.get("MHIST_DIR"))
    rows = annotations(place / "annotations.csv")
    classes = sorted({row[LABEL] for row in rows})
    if len(classes) != 2:
        raise ValueError(f"{place}/annotations.csv has the labels {', '.join(classes)}, expected two different ones")
    sha = hashlib.sha256()
    parts = {}
    for partition in ("train", "test"):
        named = [row for row in rows if row[PARTITION] == partition]
        images = np.empty((len(named), size, size, 3), np.uint8)
        for image, row in zip(images, named):
            pixels = decode(place, row)
            digest = hashlib.sha256(struct.pack(">2I", *pixels.shape[:2]) + pixels.tobytes()).digest()
            sha.update(row[LABEL].encode() + b"\0" + digest)
            image[:] = Image.fromarray(pixels).resize((size, size), Image.Resampling.NEAREST)
        labels = np.array([classes.index(row[LABEL]) for row in named], np.int64)
        if len(set(labels)) < 2:
            raise ValueError(f"{place}/annotations.csv has not both classes in the partition {partition}")
        parts[partition] = (images, labels, [row[NAME] for row in named])
    (train_images, train_labels, files), (test_images, test_labels, _) = parts["train"], parts["test"]
    is_mhist = classes == ["HP", "SSA"] and (len(train_labels), len(test_labels)) == (2175, 977)
    name = "MHIST" if is_mhist else f"{place.name}, a set in MHIST's layout"
    return Mhist(classes, train_images, train_labels, files, test_images, test_labels, sha.hexdigest(), name)


def find(named):
    """The place that was named; or else the first usual one, as seen from the working directory or the project."""
    if named:
        return Path(named)
    for place in [base / place for base in (Path.cwd(), ROOT) for place in ("data/mhist", "../shared/histology")]:
        if place.exists():
            return place
    raise FileNotFoundError("no images in data/mhist or ../shared/histology: name their folder with --data-dir")


def annotations(file):
    """The rows of the file, each with its number, which counts the header as 1."""
    with open(file, newline="", encoding="utf-8-sig") as lines:
        reader = csv.DictReader(lines)
        missing = [column for column in (NAME, LABEL, PARTITION) if column not in (reader.fieldnames or [])]
        if missing:
            raise ValueError(f"{file} has no column {', '.join(missing)}")
        rows = [{**row, "row": number} for number, row in enumerate(reader, start=2)]
    for row in rows:
        if row[PARTITION] not in ("train", "test"):
            raise ValueError(f"{file} row {row['row']} has the partition '{row[PARTITION]}', expected train or test")
        if not row[NAME] or Path(row[NAME]).name != row[NAME]:
            raise ValueError(f"{file} row {row['row']} has the image name '{row[NAME]}', expected a file in images/")
    return rows


def decode(place, row):
    """An image as it is stored, uint8 of shape (height, width, 3)."""
    try:
        with Image.open(place / "images" / row[NAME]) as image:
            if image.mode != "RGB":
                raise ValueError(f"it is {image.mode}, not RGB")
            return np.asarray(image)
    except (OSError, ValueError) as problem:
        raise ValueError(f"row {row['row']}: {row[NAME]} cannot be read: {problem}") from None


def first(images, labels, n):
    """Indices of n images with the classes in the same proportions: of each class the first ones."""
    positives = min(n - 1, max(1, round(n * np.mean(labels))))
    kept = [np.flatnonzero(labels == 0)[: n - positives], np.flatnonzero(labels == 1)[:positives]]
    return np.sort(np.concatenate(kept))


def pixels(images, dtype, raw):
    """Grey levels of 0 to 255 as the networks are given them: in [0, 1] where they are raw (ImageDataGenerator's factor
    1/255), else in [-1, 1] (preprocess_input of both networks). Computed in float32."""
    images = images.astype(np.float32)
    scaled = images * np.float32(1 / 255) if raw else images / np.float32(127.5) - np.float32(1)
    return scaled.astype(dtype)


def augment(image, random, keras_3):
    """ImageDataGenerator(rotation_range=15, shear_range=.1, horizontal_flip=True, vertical_flip=True), as float32 grey
    levels. The numbers are drawn in its order; the shear is in degrees, so it does next to nothing."""
    theta = random.uniform(-15, 15)
    shear = random.uniform(-0.1, 0.1)
    horizontal, vertical = random.random() < 0.5, random.random() < 0.5
    image = turn(image, theta, shear, keras_3)
    image = image[:, ::-1] if horizontal else image
    return image[::-1] if vertical else image


def turn(image, theta, shear, keras_3):
    """apply_affine_transform: bilinear, the nearest edge pixel outside. Keras-Preprocessing 1.1.2, which Keras 2.8
    used, maps (row, column) about a centre that is one pixel off; Keras 3 maps (column, row) about the middle."""
    theta, shear = np.deg2rad(theta), np.deg2rad(shear)
    rotation = np.array([[np.cos(theta), -np.sin(theta)], [np.sin(theta), np.cos(theta)]])
    matrix = rotation @ np.array([[1, -np.sin(shear)], [0, np.cos(shear)]])
    centre = np.array(image.shape[:2]) / 2 + (-0.5 if keras_3 else 0.5)
    offset = centre - matrix @ centre
    if keras_3:
        matrix, offset = matrix[::-1, ::-1], offset[::-1]
    channels = np.moveaxis(image.astype(np.float32), 2, 0)
    turned = [affine_transform(channel, matrix, offset, order=1, mode="nearest") for channel in channels]
    return np.stack(turned, axis=2)
