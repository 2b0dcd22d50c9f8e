"""Runs the reference of Task 2 on a small drawn set, in one process. The argument is a folder, which then holds set/ (the
images), store/ (trainings as-written), fine0/ and fine1/ (as-described, without and with a fine phase), moved.json (the
largest moving mean that these two leave), augmented.json (turned images, ours beside Keras 3's), and of a replay
as-described in the initial phase start.h5, teacher.h5, replay.csv, replay.h5 and outputs.json (what both answer before
the first step).
"""

import csv
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, "reference")

import numpy as np
import scipy.ndimage
import tensorflow as tf
from keras.src.legacy.preprocessing.image import apply_affine_transform
from PIL import Image

import mhist
import replay_keras
import task2
import transfer

SIZE = 32


def draw_set(folder):
    """40 x 40 images in two shades: twelve to train on, six to test with."""
    random = np.random.default_rng(1)
    (folder / "images").mkdir(parents=True)
    with open(folder / "annotations.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([mhist.NAME, mhist.LABEL, "Number of Annotators who Selected SSA (Out of 7)", mhist.PARTITION])
        for number in range(18):
            ssa = number % 3 == 0
            low, high = (0, 180) if ssa else (75, 256)
            name = f"{number:02}.png"
            Image.fromarray(random.integers(low, high, (40, 40, 3), np.uint8)).save(folder / "images" / name)
            rows.writerow([name, "SSA" if ssa else "HP", 6 if ssa else 1, "train" if number < 12 else "test"])


def train(folder):
    small = ["--image-size", str(SIZE), "--epochs-initial", "1", "--epochs-fine", "0", "--temperatures", "4"]
    places = ["--data-dir", str(folder / "set"), "--out", str(folder / "store")]
    task2.main(["sweep", "--teacher-model", "mobilenetv2", "--weights", "none", *small, *places])


def statistics(folder):
    """A teacher from drawn weights as-described, in the initial phase alone and in both."""
    moved = []
    for fine in ("0", "1"):
        store = folder / ("fine" + fine)
        small = ["--image-size", str(SIZE), "--epochs-initial", "1", "--epochs-fine", fine, "--no-augmentation"]
        places = ["--data-dir", str(folder / "set"), "--out", str(store)]
        task2.main(["teacher", "--variant", "as-described", "--teacher-model", "mobilenetv2", "--weights", "none", *small, *places])
        model = transfer.build("mobilenetv2", transfer.slips("as-described"), SIZE)
        model.load_weights(next((store / "task2").glob("*.weights.h5")))
        means = [weight for weight in model.weights if "moving_mean" in weight.path]
        moved.append(float(max(np.abs(weight.numpy()).max() for weight in means)))
    (folder / "moved.json").write_text(json.dumps(moved))


def draw_weights(model, seed):
    """Weights with which signals pass the network in inference; Keras's initial ones let them die out."""
    random = np.random.default_rng(seed)
    for layer in model.layers:
        shapes = [weight.shape for weight in layer.get_weights()]
        if len(shapes) == 4:
            layer.set_weights(
                [random.uniform(low, low + 1, shape) for low, shape in zip((0.5, -0.5, -0.5, 0.5), shapes)]
            )
        else:
            layer.set_weights([random.normal(0, 1.2 / np.sqrt(np.prod(shape[:-1])), shape) for shape in shapes])


def replay(folder):
    slips = transfer.slips("as-described")
    images = mhist.load(folder / "set", SIZE).train_images[:4]
    outputs = {}
    model = transfer.build("mobilenetv2", slips, SIZE)
    for seed, name in enumerate(("start", "teacher")):
        draw_weights(model, seed)
        model.save(folder / f"{name}.h5")
        outputs[name] = model(images / 127.5 - 1).numpy().ravel().tolist()
    (folder / "outputs.json").write_text(json.dumps(outputs))
    (folder / "order.csv").write_text("0,1,2,3\n8,9,10,11\n")
    replay_keras.main(
        f"--model mobilenetv2 --teacher-model mobilenetv2 --image-size {SIZE} --phase initial --variant as-described "
        f"--temperature 4 --alpha .3 --student {folder}/start.h5 --teacher {folder}/teacher.h5 "
        f"--order {folder}/order.csv --data-dir {folder}/set --csv {folder}/replay.csv --save {folder}/replay.h5".split()
    )


def augmented(folder):
    image = np.random.default_rng(2).integers(0, 256, (20, 31, 3), np.uint8)
    # Keras asks for a module that SciPy is to lose.
    scipy.ndimage.interpolation = scipy.ndimage
    pairs = []
    for theta, shear in ((13.7, 0.08), (-9.1, -0.03)):
        keras_3 = apply_affine_transform(
            image.astype("float32"), theta, shear=shear, row_axis=0, col_axis=1, channel_axis=2
        )
        pairs.append([mhist.turn(image, theta, shear, True).ravel().tolist(), keras_3.ravel().tolist()])
    (folder / "augmented.json").write_text(json.dumps(pairs))


if __name__ == "__main__":
    # For a step or two no graph is worth its making.
    tf.config.run_functions_eagerly(True)
    place = Path(sys.argv[1])
    draw_set(place / "set")
    augmented(place)
    train(place)
    statistics(place)
    replay(place)
