#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PGD, 40 steps, Linf 0.1, 1,000 images, by the Python libraries: what bench_worker_pgd is held against.

Needs PyTorch and, of what shall be timed, foolbox 3.3.4, torchattacks 3.5.1 and
adversarial-robustness-toolbox 1.20.1. Reads the TorchScript twin of the reference net below
LOCKSTEP_SHARED (default ../shared). One thread, batches of 250, process CPU seconds, median of three;
the answer first: 178 images must be left, or the library is not timed. With LOCKSTEP_DEVICE=cuda all
images in one batch on the card, seconds on the clock.
"""
import os
import statistics
import sys
import time

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy
import torch

DEVICE = os.environ.get("LOCKSTEP_DEVICE", "cpu")
EPSILON, STEPS, LEFT, RUNS = 0.1, 40, 178, 3
BATCH = 250 if DEVICE == "cpu" else 1000
ROOT = os.path.join(os.environ.get("LOCKSTEP_SHARED", "../shared"), "ai", "models")


def with_foolbox(net):
    import foolbox

    model = foolbox.PyTorchModel(net, bounds=(0, 1))
    attack = foolbox.attacks.LinfProjectedGradientDescentAttack(
        rel_stepsize=2.5 / STEPS, steps=STEPS, random_start=False)
    return lambda x, y: attack(model, x, y, epsilons=EPSILON)[1]


def with_torchattacks(net):
    import torchattacks

    attack = torchattacks.PGD(
        net, eps=EPSILON, alpha=2.5 * EPSILON / STEPS, steps=STEPS, random_start=False)
    return attack


def with_art(net):
    from art.attacks.evasion import ProjectedGradientDescent
    from art.estimators.classification import PyTorchClassifier

    model = PyTorchClassifier(net, torch.nn.CrossEntropyLoss(), (1, 28, 28), 10,
                              clip_values=(0, 1), device_type="cpu" if DEVICE == "cpu" else "gpu")
    attack = ProjectedGradientDescent(model, eps=EPSILON, eps_step=2.5 * EPSILON / STEPS,
                                      max_iter=STEPS, batch_size=BATCH, verbose=False)
    return lambda x, y: torch.from_numpy(attack.generate(x.cpu().numpy(), y.cpu().numpy())).to(DEVICE)


def seconds_now():
    """Of the processor; with a card on the clock, once it has done what it was told."""
    if DEVICE == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


def run(attack, net, x, y):
    """Images still right, and the seconds that the attack took."""
    start = seconds_now()
    moved = torch.cat([attack(x[i:i + BATCH], y[i:i + BATCH]) for i in range(0, len(x), BATCH)])
    seconds = seconds_now() - start
    assert (moved - x).abs().max() <= EPSILON + 1e-6
    with torch.no_grad():
        return int((net(moved).argmax(1) == y).sum()), seconds


def reference():
    """The net, its images and their classes."""
    torch.set_num_threads(1)
    net = torch.jit.load(os.path.join(ROOT, "mnist_cnn_std.ts.pt")).eval()
    data = numpy.load(os.path.join(ROOT, "mnist_test1000.npz"))
    images = data["images"] if "images" in data else data["x"]
    labels = data["labels"] if "labels" in data else data["y"]
    x = torch.from_numpy(images.astype(numpy.float32))
    if images.dtype == numpy.uint8:
        x = x / 255
    y = torch.from_numpy(labels.astype(numpy.int64))
    return net.to(DEVICE), x.reshape(-1, 1, 28, 28).to(DEVICE), y.to(DEVICE)


def main():
    net, x, y = reference()
    timed = 0
    for make in (with_foolbox, with_torchattacks, with_art):
        name = make.__name__.removeprefix("with_")
        try:
            attack = make(net)
        except ImportError as missing:
            print(f"{name:14} not timed: {missing}")
            continue
        runs = [run(attack, net, x, y) for _ in range(RUNS)]
        if any(abs(left - LEFT) > 2 for left, _ in runs):
            print(f"{name:14} not timed: leaves {[left for left, _ in runs]} images, not {LEFT}")
            continue
        timed += 1
        print(f"{name:14} {statistics.median(s for _, s in runs):.2f} s, {runs[0][0]} left")
    return 0 if timed else 1


if __name__ == "__main__":
    sys.exit(main())
