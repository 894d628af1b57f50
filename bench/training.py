"""How long LeNet-5 takes to learn, against PyTorch, and how well it then reads digits. One thread each."""

import paired  # first: it sets the number of threads  # isort: skip
import sys
from statistics import mean

import torch
from torch import nn

from convscope import SGD, accuracy, cross_entropy, datasets, fit, models

BATCH, EPOCHS, SEEDS = 32, 8, (0, 1, 2)
STEPS = 25  # in one round of the comparison: what a step takes is what 1 / 125 of an epoch takes


def digits():
    """The bundled digits on 32×32 pixels, as LeNet-5 takes them."""
    (x, labels), (x_test, labels_test) = datasets.digits()
    x, x_test = datasets.standardise(datasets.canvas(x, 32), datasets.canvas(x_test, 32))
    return x, labels, x_test, labels_test


def our_steps(x, labels):
    """A function that takes some steps of training with convscope."""
    model, optimiser = models.lenet5().build(x.shape[1:]), SGD(0.001)

    def run():
        for start in range(0, STEPS * BATCH, BATCH):
            chosen = slice(start, start + BATCH)
            _, gradient = cross_entropy(model.forward(x[chosen], training=True), labels[chosen])
            model.backward(gradient)
            optimiser.step(model.parameters, model.gradients)

    return run


def their_steps(x, labels):
    """The same with PyTorch."""
    model = nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 120, 5), nn.ReLU(), nn.Flatten(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )
    optimiser, loss = torch.optim.SGD(model.parameters(), 0.001, momentum=0.9), nn.CrossEntropyLoss()
    x, labels = torch.from_numpy(x), torch.from_numpy(labels)

    def run():
        for start in range(0, STEPS * BATCH, BATCH):
            chosen = slice(start, start + BATCH)
            optimiser.zero_grad()
            loss(model(x[chosen]), labels[chosen]).backward()
            optimiser.step()

    return run


def main():
    torch.set_num_threads(1)
    x, labels, x_test, labels_test = digits()
    print(f"\nLeNet-5 on {len(x):,} digits of MNIST, batch {BATCH}, one thread")
    ratio = paired.ratio(our_steps(x, labels), their_steps(x, labels), seconds=20)
    paired.verdict("a step of training, of PyTorch's time", ratio, 1.4)
    shares = []
    for seed in SEEDS:
        model = models.lenet5()
        fit(model, x, labels, epochs=EPOCHS, batch=BATCH, seed=seed, progress=sys.stdout.isatty())
        shares.append(100 * accuracy(model, x_test, labels_test))
    said = ", ".join(f"{share:.1f}" for share in shares)
    print(f"right on the {len(x_test):,} others after {EPOCHS} epochs, seeds {SEEDS}: {said} %")
    paired.verdict("mistakes, mean of the seeds", 100 - mean(shares), 3, " %")


if __name__ == "__main__":
    main()
