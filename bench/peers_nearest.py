#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Attacks for the nearest point by foolbox 3.3.4: what bench_worker_attacks is held against.

The first 100 images of the reference net, L2 but for hsj-linf, all in one batch, as is fastest there.
One thread, process CPU seconds; the answer first: every image must fall, and the median distance be no
larger than twice what the library reached when it was measured, or it is not timed.
Arguments: names of rows; none: all.
"""
import sys
import time

import numpy
import torch

from peers_pgd import reference, seconds_now

SAMPLES = 100


def rows(foolbox):
    """Name: the attack, the norm's order, the median distance."""
    attacks = foolbox.attacks
    return {
        "hsj-l2": (attacks.HopSkipJumpAttack(steps=32), 2, 2.58),
        "hsj-linf": (attacks.HopSkipJumpAttack(steps=32, constraint="linf"), numpy.inf, 0.0995),
        "boundary-l2": (attacks.BoundaryAttack(steps=5000), 2, 1.91),
        "fmn-l1": (attacks.L1FMNAttack(steps=1000), 1, 13.4),
        "fmn-l2": (attacks.L2FMNAttack(steps=1000), 2, 1.06),
        "fmn-linf": (attacks.LInfFMNAttack(steps=1000), numpy.inf, 0.08),
    }


class Counted(torch.nn.Module):
    """The net, which counts the samples that it is asked about."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.asked = 0

    def forward(self, x):
        self.asked += len(x)
        return self.net(x)


def main():
    import foolbox

    net, x, y = reference()
    x, y = x[:SAMPLES], y[:SAMPLES]
    for name, (attack, order, median) in rows(foolbox).items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        torch.manual_seed(0)
        numpy.random.seed(0)
        counted = Counted(net).eval()
        model = foolbox.PyTorchModel(counted, bounds=(0, 1))
        start = seconds_now()
        _, moved, fooled = attack(model, x, y, epsilons=None)
        seconds = seconds_now() - start
        found = (moved - x).flatten(1).norm(order, 1).median().item()
        if not fooled.all() or found > 2 * median:
            print(f"{name:12} not timed: {int(fooled.sum())} of {len(x)} fall, median distance {found:.3f}")
            continue
        print(f"{name:12} {seconds:.2f} s, {counted.asked} questions of {1e6 * seconds / counted.asked:.1f} us, "
              f"median distance {found:.3f}")


if __name__ == "__main__":
    main()
