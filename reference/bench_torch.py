"""The same work as bench_keras.py's, in PyTorch, for ./reproduce bench --python. It prints a line of JSON.

bench_torch.py step FORM NETWORK THREADS
bench_torch.py sweep FORM FOLDER THREADS EPOCHS T/ALPHA...

Forms: eager; channels-last, the same with images in (height, width, channels); compile, torch.compile in the memory format of channels-last.
As fast as a plain loop of PyTorch goes: fused Adam, a teacher's outputs known. Convolutions are padded within themselves, where Keras has layers for it.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import mnist
from bench import BATCH_SIZE, CASES, TEST_BATCH, WARM_UP, peak_megabytes, students, summary

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def mnist_student():
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 784),
        nn.ReLU(),
        nn.Linear(784, 784),
        nn.ReLU(),
        nn.Linear(784, 10),
        nn.Softmax(dim=1),
    )


def mnist_teacher():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2, stride=1),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2, stride=2),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(64 * 11 * 11, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
        nn.Softmax(dim=1),
    )


def mobilenetv2():
    layers = [*normalised(3, 32, 3, stride=2), nn.ReLU6()]
    channels = 32
    stacks = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expansion, filters, blocks, stride in stacks:
        for block in range(blocks):
            layers.append(InvertedResidual(channels, filters, expansion, stride if block == 0 else 1))
            channels = filters
    return nn.Sequential(*layers, *normalised(320, 1280), nn.ReLU6(), *top(1280))


class InvertedResidual(nn.Module):
    def __init__(self, channels, filters, expansion, stride):
        super().__init__()
        wide = expansion * channels
        expand = [*normalised(channels, wide), nn.ReLU6()] if expansion > 1 else []
        depthwise = [*normalised(wide, wide, 3, stride, groups=wide), nn.ReLU6()]
        self.block = nn.Sequential(*expand, *depthwise, *normalised(wide, filters))
        self.adds = stride == 1 and channels == filters

    def forward(self, x):
        return x + self.block(x) if self.adds else self.block(x)


def normalised(channels, filters, size=1, stride=1, groups=1):
    return [
        nn.Conv2d(channels, filters, size, stride, padding=size // 2, groups=groups, bias=False),
        nn.BatchNorm2d(filters, eps=1e-3, momentum=0.001),
    ]


def resnet50v2():
    layers = [nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.MaxPool2d(3, stride=2, padding=1)]
    channels = 64
    for filters, blocks, stride in [(64, 3, 2), (128, 4, 2), (256, 6, 2), (512, 3, 1)]:
        for block in range(1, blocks + 1):
            layers.append(PreActivation(channels, filters, stride if block == blocks else 1))
            channels = 4 * filters
    return nn.Sequential(*layers, nn.BatchNorm2d(2048, eps=1.001e-5), nn.ReLU(), *top(2048))


class PreActivation(nn.Module):
    """A block of the second version, whose last one of a stack strides."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        wide = 4 * filters
        self.before = nn.Sequential(nn.BatchNorm2d(channels, eps=1.001e-5), nn.ReLU())
        self.widen = nn.Conv2d(channels, wide, 1, stride) if channels != wide else None
        self.shortcut = nn.MaxPool2d(1, stride) if stride > 1 else nn.Identity()
        self.block = nn.Sequential(
            nn.Conv2d(channels, filters, 1, bias=False),
            nn.BatchNorm2d(filters, eps=1.001e-5),
            nn.ReLU(),
            nn.Conv2d(filters, filters, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(filters, eps=1.001e-5),
            nn.ReLU(),
            nn.Conv2d(filters, wide, 1),
        )

    def forward(self, x):
        before = self.before(x)
        return self.block(before) + (self.widen(before) if self.widen else self.shortcut(x))


def top(channels):
    """The report's head: two classes on ImageNet's 1000 logits."""
    return nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 1000), nn.Linear(1000, 2)


NETWORKS = {
    "mnist-student": mnist_student,
    "mnist-teacher": mnist_teacher,
    "mobilenetv2": mobilenetv2,
    "resnet50v2": resnet50v2,
}


def parameters(model):
    """As Keras counts them: with the statistics of batch normalisation."""
    buffers = (buffer for buffer in model.buffers() if buffer.is_floating_point())
    return sum(weight.numel() for weight in [*model.parameters(), *buffers])


def soft_targets(teacher_outputs, temperature):
    """as-written, as in losses.py: they do not sum to 1."""
    maximum = teacher_outputs.amax(dim=1, keepdim=True)
    return torch.exp((teacher_outputs - 2 * maximum) / temperature)


def loss(outputs, labels, targets, temperature, alpha):
    """Summed over the batch, as the report's gradient is. The distillation's gradient is softmax - targets, as that of
    TensorFlow's operation, whatever the targets sum to. Without targets it is the teacher's cross-entropy."""
    hard = functional.cross_entropy(outputs, labels, reduction="sum")
    if targets is None:
        return hard
    logits = outputs / temperature
    soft = (logits.logsumexp(dim=1) - (targets * logits).sum(dim=1)).sum() * temperature**2
    return alpha * soft + (1 - alpha) * hard


def training(model, form, temperature, alpha):
    """A step that trains the model on one batch."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)

    def forward(images, labels, targets):
        return loss(model(images), labels, targets, temperature, alpha)

    if form == "compile":
        forward = torch.compile(forward)

    def step(images, labels, targets=None):
        optimizer.zero_grad()
        value = forward(images, labels, targets)
        value.backward()
        optimizer.step()
        return value.detach()

    return step


def memory_format(form):
    return torch.contiguous_format if form == "eager" else torch.channels_last


def step(form, network):
    case = CASES[network]
    model = NETWORKS[network]().to(DEVICE, memory_format=memory_format(form))
    height, width, channels = case.shape
    images = torch.rand(case.batch, channels, height, width).to(DEVICE, memory_format=memory_format(form))
    labels = torch.randint(case.classes, (case.batch,)).to(DEVICE)
    targets = soft_targets(torch.full((case.batch, case.classes), 1 / case.classes), 4.0).to(DEVICE)
    train = training(model, form, 4.0, 0.5)
    milliseconds = []
    for number in range(-WARM_UP, case.steps):
        start = time.perf_counter()
        train(images, labels, targets if case.has_teacher else None).item()
        if number >= 0:
            milliseconds.append((time.perf_counter() - start) * 1e3)
    return summary(milliseconds, parameters(model))


def sweep(form, folder, epochs, cells):
    """Trains a student for each T and alpha, with a test on all test images after each epoch, and on all training images
    after the last."""
    data = mnist.load(folder / "mnist")
    images, test_images = (pixels(some) for some in (data.train_images, data.test_images))
    labels, test_labels = (torch.tensor(some, dtype=torch.int64).to(DEVICE) for some in (data.train_labels, data.test_labels))
    teacher_outputs = torch.from_numpy(np.fromfile(folder / "teacher-outputs", "<f4").reshape(-1, 10)).to(DEVICE)
    accuracies, train_accuracies = [], []
    for temperature, alpha in cells:
        model = mnist_student().to(DEVICE)
        train = training(model, form, temperature, alpha)
        targets = soft_targets(teacher_outputs, temperature)
        for _ in range(epochs):
            model.train()
            order = torch.randperm(len(images))
            for batch in order[: len(images) // BATCH_SIZE * BATCH_SIZE].split(BATCH_SIZE):
                train(images[batch], labels[batch], targets[batch])
            accuracy = evaluate(model, test_images, test_labels)
        accuracies.append(accuracy)
        train_accuracies.append(evaluate(model, images, labels))
    return {"accuracies": accuracies, "train_accuracies": train_accuracies, "memory": peak_megabytes()}


def evaluate(model, images, labels):
    """In percent."""
    model.eval()
    with torch.inference_mode():
        predicted = torch.cat([model(batch).argmax(dim=1) for batch in images.split(TEST_BATCH)])
    return 100 * (predicted == labels).float().mean().item()


def pixels(images):
    return torch.from_numpy(mnist.pixels(images, "float32")).movedim(3, 1).contiguous().to(DEVICE)


if __name__ == "__main__":
    what, form, of, threads, *rest = sys.argv[1:]
    torch.set_num_threads(int(threads))
    # As TensorFlow does: numbers that are nearly 0 would be slow.
    torch.set_flush_denormal(True)
    print(json.dumps(step(form, of) if what == "step" else sweep(form, Path(of), int(rest[0]), students(rest[1:]))))
