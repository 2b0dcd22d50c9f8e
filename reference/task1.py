"""The report's Task 1 in Keras: questions 5, 6 and 7, each training a line in a store like the Java program's.

A run's identity is the Java program's for the same settings; its starting weights, order and dropout masks are not, for
the random generators differ.
"""

import argparse
import math
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

import losses
import mnist
from networks import build_cnn, build_fc
from runs import append, fill, find, identity, machine, numbers, provenance, stream, weights_digest
from training import BATCH_SIZE, LEARNING_RATE, evaluate, predict, train_and_evaluate, train_step

PROGRAM = "reference/task1.py"
COMPUTATION = 1
CURVE_ALPHA = 0.5
WIDTH = 784
# What tells the cells of a table apart.
CELL = ("seed", "task", "question", "variant", "model", "temperature", "alpha")
# The same of students of another width than the report's.
CELL_OF_WIDTH = CELL + ("width",)


def main(argv=None):
    args = arguments(argv)
    try:
        data = mnist.load(args.data_dir)
    except (OSError, ValueError) as problem:
        sys.exit(f"error: {problem}")
    if args.train_images > len(data.train_images):
        sys.exit(f"error: --train-images {args.train_images}, but there are {len(data.train_images)}")
    data = data._replace(
        train_images=data.train_images[: args.train_images], train_labels=data.train_labels[: args.train_images]
    )
    tf.config.threading.set_intra_op_parallelism_threads(os.cpu_count())
    folder = Path(args.out) / "task1"
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(args.seed, args.seed + args.seeds):
        if args.question == "q7":
            answer(folder, data, [settings(args, data, "q7", "student-plain", seed)])
        else:
            teacher = settings(args, data, "teacher", "teacher", seed)
            model = trained_teacher(folder, data, teacher)
            alphas = args.alphas if args.question == "q5" else [CURVE_ALPHA]
            students = [
                settings(args, data, args.question, "student", seed, t, alpha, identity(teacher))
                for t in args.temperatures
                for alpha in alphas
            ]
            try:
                answer(folder, data, unique(students), model)
            except ValueError as problem:
                sys.exit(f"error: {problem}")


def arguments(argv):
    parser = argparse.ArgumentParser(description="Task 1 of the report, trained by Keras.")
    parser.add_argument("question", choices=["q5", "q6", "q7"], help="teacher and students; by temperature; without KD")
    parser.add_argument("--variant", choices=losses.READINGS, default="as-written")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="where all chance comes from")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="repeat with N seeds, from --seed on")
    parser.add_argument("--temperatures", type=numbers, metavar="T", help="default 1,2,4,16,32,64")
    parser.add_argument("--alphas", type=numbers, metavar="A", help="in question 5; default .1,.3,.5,.7,.9")
    parser.add_argument("--epochs", type=int, metavar="N", help="default 12")
    parser.add_argument("--learning-rate", type=float, default=LEARNING_RATE, metavar="R", help="default .001")
    parser.add_argument("--batch-size", type=int, default=BATCH_SIZE, metavar="N", help="default 256")
    parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam", help="default adam, Keras 3's")
    parser.add_argument("--momentum", type=float, metavar="M", help="of sgd, default 0")
    parser.add_argument("--width", type=int, metavar="N", help="units of the student's hidden layers, default 784")
    parser.add_argument("--loss", choices=losses.DISTILLING + losses.PLAIN, help="default kd, of q7 none")
    parser.add_argument("--train-images", type=int, metavar="N", help="the first N; default all 60,000")
    parser.add_argument("--quick", action="store_true", help="24,000 images, 2 epochs, T = 1, 4, 64, alpha = .1, .9")
    parser.add_argument("--data-dir", metavar="DIR", help="where MNIST is")
    parser.add_argument("--out", default="runs-python", metavar="DIR", help="the store, default runs-python")
    args = parser.parse_args(argv)
    quick = {"temperatures": [1.0, 4.0, 64.0], "alphas": [0.1, 0.9], "epochs": 2, "train_images": 24000}
    report = {
        "temperatures": [1.0, 2.0, 4.0, 16.0, 32.0, 64.0],
        "alphas": [0.1, 0.3, 0.5, 0.7, 0.9],
        "epochs": 12,
        "train_images": 60000,
    }
    fill(args, quick if args.quick else report)
    if args.loss and args.loss not in (losses.PLAIN if args.question == "q7" else losses.DISTILLING):
        parser.error(f"--loss {args.loss} is not of {args.question}: q7 is without distillation, q5 and q6 are with it")
    if min(args.temperatures) <= 0 or min(args.alphas) < 0 or max(args.alphas) > 1:
        parser.error("temperatures are over 0, alphas from 0 to 1")
    if args.epochs < 1 or args.seeds < 1 or args.batch_size < 1 or args.train_images < args.batch_size:
        parser.error(f"at least 1 epoch, 1 seed and a batch's {max(1, args.batch_size)} training images are needed")
    if not (args.learning_rate > 0 and math.isfinite(args.learning_rate)) or (args.width is not None and args.width < 1):
        parser.error("--learning-rate takes a number over 0, and --width one from 1")
    if args.momentum is not None and (args.optimizer != "sgd" or not 0 <= args.momentum <= 1):
        parser.error("--momentum goes with --optimizer sgd, and is from 0 to 1")
    if args.optimizer == "sgd":
        args.momentum = args.momentum or 0.0
    if args.width == WIDTH:
        args.width = None
    return args


def settings(args, data, question, model, seed, temperature=None, alpha=None, teacher=None):
    """Everything that decides the numbers of one training, under the names of docs/run-store.md; what does not apply is
    left out."""
    temperature, loss = losses.in_settings(args.loss, model, temperature)
    all_settings = {
        "task": "task1",
        "question": question,
        "variant": args.variant,
        "model": model,
        "temperature": temperature,
        "alpha": alpha,
        "loss": loss,
        "epochs": args.epochs,
        "batch_size": args.batch_size,
        "learning_rate": args.learning_rate,
        "momentum": args.momentum,
        "width": None if model == "teacher" else args.width,
        "teacher": teacher,
        **machine(),
        "seed": seed,
        "data": data.digest,
        "train_images": args.train_images,
        "quick": args.quick,
        "computation": COMPUTATION,
    }
    return {name: value for name, value in all_settings.items() if value is not None}


def label(settings):
    parts = ["task1", settings["variant"]]
    if settings["question"] != settings["model"]:
        parts.append(settings["question"])
    parts.append(settings["model"])
    if "loss" in settings:
        parts.append(f"loss-{settings['loss']}")
    if "temperature" in settings:
        parts.append(f"T{settings['temperature']:g}")
    if "alpha" in settings:
        parts.append(f"alpha{settings['alpha']:g}")
    if settings["learning_rate"] != LEARNING_RATE:
        parts.append(f"rate{settings['learning_rate']:g}")
    if settings["batch_size"] != BATCH_SIZE:
        parts.append(f"batch{settings['batch_size']}")
    if "momentum" in settings:
        parts.append(f"sgd{settings['momentum'] or ''}")
    if "width" in settings:
        parts.append(f"width{settings['width']}")
    parts.append(f"seed{settings['seed']}")
    return "-".join(parts + ["quick"] if settings["quick"] else parts)


def unique(trainings):
    """Each once: a loss without a temperature trains one student for all of them."""
    return list({identity(settings): settings for settings in trainings}.values())


def answer(folder, data, trainings, teacher=None):
    """Trains and stores what is not stored; what the teacher, and those of its layers that the loss compares with, put out
    is computed once, where it is needed."""
    runs = [find(folder, settings) for settings in trainings]
    known = classes = None
    if teacher and None in runs:
        pairs = losses.compared(trainings[0].get("loss"), network(trainings[0]), teacher)
        known = predict(losses.watch(teacher, [pair[1] for pair in pairs]), data.train_images)
        classes = predict(teacher, data.test_images).argmax(axis=1)
    for settings, run in zip(trainings, runs):
        if run:
            print(f"{label(settings)}: stored, {run['test_accuracy']:.2f} %", flush=True)
        else:
            store(folder, train(data, settings, known, teacher, classes)[1])


def trained_teacher(folder, data, settings):
    """The seed's teacher: from its file where that holds the stored run's weights, else trained, stored and kept."""
    file = folder / f"teacher-{settings['variant']}-seed{settings['seed']}-{identity(settings)}.weights.h5"
    run = find(folder, settings)
    if run and file.exists():
        model = network(settings)
        model.load_weights(file)
        if weights_digest(model) == run["weights_digest"]:
            print(f"{label(settings)}: stored, {run['test_accuracy']:.2f} %", flush=True)
            return model
    model, new_run = train(data, settings)
    model.save_weights(file)
    if not run or new_run["weights_digest"] != run["weights_digest"]:
        store(folder, new_run)
    return model


def train(data, settings, teacher_outputs=None, teacher=None, teacher_classes=None):
    """One training from new weights: the model, and its line of the store. teacher_classes are those that the teacher
    predicts of the test images."""
    print(label(settings), flush=True)
    cell = CELL_OF_WIDTH if "width" in settings else CELL
    cell = (*cell, "loss") if "loss" in settings else cell
    # Decides the starting weights and the dropout masks.
    keras.utils.set_random_seed(stream(settings, cell, "weights") % 2**32)
    model = network(settings)
    order = np.random.default_rng(stream(settings, cell, "order"))
    pairs = losses.compared(settings.get("loss"), model, teacher) if teacher else []
    watched = losses.watch(model, [pair[0] for pair in pairs])
    compute_loss = loss(settings, losses.regressor(settings.get("loss"), pairs, model, teacher))
    step = train_step(model, compute_loss, optimizer(settings), watched=watched)
    history = train_and_evaluate(
        model, step, data, settings["epochs"], settings["batch_size"], order, teacher_outputs
    )
    return model, {
        "identity": identity(settings),
        **settings,
        "test_accuracy": history[-1]["test_accuracy"],
        "train_accuracy": evaluate(model, data.train_images, data.train_labels),
        **({"teacher_agreement": evaluate(model, data.test_images, teacher_classes)} if teacher else {}),
        "history": history,
        "weights_digest": weights_digest(model),
        "provenance": provenance(PROGRAM, data_in_words(settings)),
    }


def network(settings):
    output = losses.READINGS[settings["variant"]].output_activation
    return build_cnn(output) if settings["model"] == "teacher" else build_fc(output, settings.get("width", WIDTH))


def optimizer(settings):
    """Adam, or where there is a momentum SGD."""
    if "momentum" in settings:
        return keras.optimizers.SGD(settings["learning_rate"], settings["momentum"])
    return keras.optimizers.Adam(settings["learning_rate"])


def loss(settings, regressor):
    soft_targets = losses.READINGS[settings["variant"]].soft_targets
    set_to = settings.get("temperature"), settings.get("alpha")
    return losses.loss(settings["model"], soft_targets, *set_to, settings.get("loss"), regressor)


def data_in_words(settings):
    return "MNIST" if settings["data"] == mnist.DIGEST else "a set in MNIST's layout"


def store(folder, run):
    print(f"{label(run)}: {run['test_accuracy']:.2f} % -> {append(folder, run)}", flush=True)


if __name__ == "__main__":
    main()
