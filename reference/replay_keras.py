"""Training without chance, step by step: given weights, given batches. The Java program's steps must give the same."""

import argparse
import os
import sys

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

import losses
import mnist
from networks import build_cnn, build_fc
from training import predict, train_step


def main(argv=None):
    args = arguments(argv)
    keras.backend.clear_session()
    keras.config.set_floatx(args.dtype)
    keras.config.set_dtype_policy(args.dtype)
    try:
        data = mnist.load(args.data_dir)
        batches = read_order(args.order, len(data.train_images))
    except (OSError, ValueError) as problem:
        sys.exit(f"error: {problem}")
    steps = len(batches) if args.steps is None else args.steps
    if not 1 <= steps <= len(batches):
        sys.exit(f"error: {args.order} has {len(batches)} batches, found --steps {steps}")
    batches = batches[:steps]

    reading = losses.READINGS[args.variant]
    teacher_outputs = None
    if args.train == "teacher":
        model = load(build_cnn(reading.output_activation, args.dropout), args.teacher)
    else:
        model = load(build_fc(reading.output_activation), args.student)
    if args.train == "student" and not args.plain:
        teacher = load(build_cnn(reading.output_activation), args.teacher)
        teacher_outputs = outputs_on(teacher, data.train_images, np.unique(np.concatenate(batches)))

    with open(args.csv or os.devnull, "w") as csv:
        for line in replay(model, loss(args, reading), data, batches, teacher_outputs):
            print(line, flush=True)
            print(line, file=csv)
    if args.save:
        model.save(args.save)
    if args.predictions:
        np.savetxt(args.predictions, predict(model, data.test_images).argmax(axis=1), fmt="%d")


def arguments(argv):
    parser = argparse.ArgumentParser(description="Trains from given weights on given batches; prints each step's loss.")
    parser.add_argument("--student", metavar="FILE.h5", help="the student's starting weights")
    parser.add_argument("--teacher", metavar="FILE.h5", help="the teacher's weights")
    parser.add_argument("--order", required=True, metavar="FILE.csv", help="a batch per line: its images' indices")
    parser.add_argument("--variant", choices=losses.READINGS, default="as-written")
    parser.add_argument("--temperature", type=float, metavar="T")
    parser.add_argument("--alpha", type=float, metavar="A", help="weight of the distillation")
    parser.add_argument("--plain", action="store_true", help="train the student without distillation")
    parser.add_argument("--train", choices=["student", "teacher"], default="student")
    parser.add_argument("--dropout", type=float, default=0.5, metavar="RATE", help="of the teacher that is trained")
    parser.add_argument("--steps", type=int, metavar="N", help="default: every batch of the order")
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32")
    parser.add_argument("--data-dir", metavar="DIR", help="where MNIST is")
    parser.add_argument("--csv", metavar="FILE", help="write there, too, what is printed")
    parser.add_argument("--save", metavar="FILE.h5", help="the model after the last step")
    parser.add_argument("--predictions", metavar="FILE.csv", help="the class of each test image after the last step")
    args = parser.parse_args(argv)
    if args.train == "teacher":
        needed = ["teacher"]
    elif args.plain:
        needed = ["student"]
    else:
        needed = ["student", "teacher", "temperature", "alpha"]
    for name in needed:
        if getattr(args, name) is None:
            sys.exit(f"error: --{name} is missing")
    for file in (args.csv, args.save, args.predictions):
        if file and os.path.exists(file):
            sys.exit(f"error: {file} is there already and was left alone: name another file")
    if args.train == "teacher" and args.dropout != 0:
        sys.exit(f"error: --train teacher needs --dropout 0, found {args.dropout:g}: dropout's masks are chance")
    return args


def read_order(file, images):
    """The batches of an order file, each an array of image indices."""
    batches = []
    with open(file) as lines:
        for number, line in enumerate(lines, start=1):
            try:
                batch = np.array([int(index) for index in line.split(",")])
            except ValueError:
                raise ValueError(f"{file} line {number} is not a list of numbers with commas between them") from None
            if batch.min() < 0 or batch.max() >= images:
                raise ValueError(f"{file} line {number} has an index that is not from 0 to {images - 1}")
            batches.append(batch)
    return batches


def load(model, file):
    """Gives a model the weights, and nothing else, of a Keras file."""
    try:
        model.load_weights(file)
    except (OSError, KeyError, ValueError) as problem:
        sys.exit(f"error: {file} does not hold this network's weights: {' '.join(str(problem).split())}")
    return model


def outputs_on(teacher, images, indices):
    """The teacher's outputs in a table by image index; rows of images that are not asked for stay NaN."""
    table = np.full((len(images), 10), np.nan, teacher.compute_dtype)
    table[indices] = predict(teacher, images[indices])
    return table


def loss(args, reading):
    """The training's loss, as a function of labels, outputs and teacher's outputs."""
    if args.train == "teacher":
        return lambda labels, outputs, _: losses.compute_teacher_loss(labels, outputs)
    if args.plain:
        return lambda labels, outputs, _: losses.compute_plain_cross_entropy_loss(labels, outputs)
    return lambda labels, outputs, teacher_outputs: losses.compute_student_loss(
        reading.soft_targets, labels, teacher_outputs, outputs, args.temperature, args.alpha
    )


def replay(model, compute_loss, data, batches, teacher_outputs):
    """Trains batch by batch; gives a header, and for each step what its losses were before its update."""
    digits = 15 if model.compute_dtype == "float64" else 9
    step = train_step(model, compute_loss)
    yield "step,loss,hard,soft"
    for number, batch in enumerate(batches, start=1):
        images = mnist.pixels(data.train_images[batch], model.compute_dtype)
        known = None if teacher_outputs is None else teacher_outputs[batch]
        values = step(images, data.train_labels[batch], known)
        yield ",".join([str(number)] + [f"{float(value):.{digits}g}" for value in values])


if __name__ == "__main__":
    main()
