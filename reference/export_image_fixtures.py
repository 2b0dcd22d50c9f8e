"""Makes the golden file src/test/resources/images/keras.json: what Pillow and two versions of Keras make of small images.

Beside reference/requirements.txt it needs Pillow, SciPy and, of 2020, Keras-Preprocessing 1.1.2, which Keras 2.8 used:

    .venv/bin/pip install --no-deps --target FOLDER pillow scipy six Keras-Preprocessing==1.1.2
    PYTHONPATH=FOLDER .venv/bin/python reference/export_image_fixtures.py src/test/resources/images/keras.json
"""

import base64
import io
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from keras.src.legacy.preprocessing import image as keras_3
from keras_preprocessing.image import affine_transformations as keras_preprocessing
from PIL import Image

SIZES = [(1, 1), (1, 2), (2, 2), (3, 3), (5, 7), (8, 8), (9, 9), (13, 6)]
TRANSFORMS = [(0, 0, 0, 0), (15, 0, 0, 0), (-14.9, 0.1, 1, 0), (7.3, -0.1, 0, 1), (0, 0.1, 1, 1), (-0.4, 0.03, 0, 0)]
RESIZES = [(224, 96), (224, 224), (224, 299), (224, 223), (96, 224), (10, 7), (7, 10), (1, 3), (3, 1), (1000, 299)]


def augmented(apply_affine_transform, image, theta, shear, horizontal, vertical):
    """As ImageDataGenerator.apply_transform does it: the affine map, then the flips."""
    x = apply_affine_transform(
        image.astype("float32"), theta=theta, shear=shear, row_axis=0, col_axis=1, channel_axis=2, fill_mode="nearest"
    )
    x = x[:, ::-1] if horizontal else x
    return x[::-1] if vertical else x


def both(image, transform, places=slice(None)):
    """In Keras-Preprocessing and in Keras 3."""
    results = {
        "KERAS_PREPROCESSING": augmented(keras_preprocessing.apply_affine_transform, image, *transform),
        "KERAS_3": augmented(keras_3.apply_affine_transform, image, *transform),
    }
    return {name: np.round(np.ravel(x)[places].astype("float64"), 4).tolist() for name, x in results.items()}


def small_images():
    random = np.random.default_rng(0)
    for height, width in SIZES:
        image = random.integers(0, 256, (height, width, 3), "uint8")
        for transform in TRANSFORMS:
            yield {
                "height": height,
                "width": width,
                "pixels": image.ravel().tolist(),
                "transform": transform,
                **both(image, transform),
            }


def large_image(side):
    """Every 509th value of an image that Java makes too."""
    r, c, k = np.indices((side, side, 3))
    image = ((r * 7 + c * 13 + k * 29 + r * c) % 256).astype("uint8")
    for transform in TRANSFORMS:
        yield {"side": side, "transform": transform, **both(image, transform, slice(0, None, 509))}


def resized():
    """Which source pixel each target pixel is, of a line of pixels."""
    for source, target in RESIZES:
        line = np.stack([np.arange(source) // 256, np.arange(source) % 256, np.zeros(source)], -1).astype("uint8")[None]
        across = np.asarray(Image.fromarray(line).resize((target, 1), Image.NEAREST)).astype(int)
        yield {"source": source, "target": target, "taken": (across[0, :, 0] * 256 + across[0, :, 1]).tolist()}


def jpeg():
    """Encoded by Pillow in each way of subsampling, and decoded by it."""
    random = np.random.default_rng(1)
    coarse = random.integers(0, 256, (5, 6, 3), "uint8")
    image = Image.fromarray(coarse).resize((29, 23), Image.BICUBIC)
    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        for progressive in (False, True):
            file = io.BytesIO()
            image.save(file, "jpeg", quality=80, subsampling=subsampling, progressive=progressive)
            yield {
                "name": f"{subsampling}{' progressive' if progressive else ''}",
                "file": base64.b64encode(file.getvalue()).decode(),
                "pixels": np.asarray(Image.open(file).convert("RGB")).ravel().tolist(),
            }


def main(path):
    golden = {
        "small": list(small_images()),
        "large": [case for side in (96, 224) for case in large_image(side)],
        "resize": list(resized()),
        "jpeg": list(jpeg()),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
