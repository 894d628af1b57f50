"""How fast the operations are, as ratios: against PyTorch, SciPy, and the usual way in NumPy. One thread each."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import paired  # first: it sets the number of threads  # isort: skip
import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d
from torch.nn import functional

from convscope import (
    avg_pool2d,
    avg_pool2d_backward,
    conv2d,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
)

# name: shape of x, shape of the kernels, settings
CONVOLUTIONS = {
    "picture 256×256, 3×3": ((1, 1, 256, 256), (1, 1, 3, 3), {}),
    "the same, padded": ((1, 1, 256, 256), (1, 1, 3, 3), {"padding": 1}),
    "picture 256×256, 11×11": ((1, 1, 256, 256), (1, 1, 11, 11), {}),
    "3 → 16 channels, 3×3, 256×256": ((1, 3, 256, 256), (16, 3, 3, 3), {"padding": 1}),
    "the same with stride 2": ((1, 3, 256, 256), (16, 3, 3, 3), {"padding": 1, "stride": 2}),
    "LeNet-5 C1, batch 32": ((32, 1, 28, 28), (6, 1, 5, 5), {"padding": 2}),
    "LeNet-5 C3, batch 32": ((32, 6, 14, 14), (16, 6, 5, 5), {}),
    "LeNet-5 C5, batch 32": ((32, 16, 5, 5), (120, 16, 5, 5), {}),
    "AlexNet conv1": ((1, 3, 227, 227), (96, 3, 11, 11), {"stride": 4}),
    "AlexNet conv3": ((1, 256, 13, 13), (384, 256, 3, 3), {"padding": 1}),
    "GoogLeNet 3a, 1×1": ((1, 192, 28, 28), (64, 192, 1, 1), {}),
    "GoogLeNet 3a, 3×3": ((1, 96, 28, 28), (128, 96, 3, 3), {"padding": 1}),
    "GoogLeNet 3a, 5×5": ((1, 16, 28, 28), (32, 16, 5, 5), {"padding": 2}),
    "depthwise 3×3": ((1, 32, 56, 56), (32, 1, 3, 3), {"padding": 1, "groups": 32}),
}

# name: shape of x, size, stride, padding
POOLS = {
    "2×2, LeNet-5 S2, batch 32": ((32, 6, 28, 28), 2, 2, 0),
    "3×3 stride 2, AlexNet": ((1, 96, 55, 55), 3, 2, 0),
    "3×3 stride 1 padded, GoogLeNet 3a": ((1, 192, 28, 28), 3, 1, 1),
    "2×2, 16 × 256×256": ((1, 16, 256, 256), 2, 2, 0),
}

RNG = np.random.default_rng(0)


def numbers(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def main():
    torch.set_num_threads(1)
    print("Our time divided by theirs: below 1× we are faster. float32, one thread, medians of paired runs.")
    convolutions = [(name, convolution(*case)) for name, case in CONVOLUTIONS.items()]
    paired.print_table("Convolution, against PyTorch", ["forward", "backward"], convolutions)
    pools = [(name, pooling(*case)) for name, case in POOLS.items()]
    paired.print_table("Pooling, against PyTorch", ["max", "backward", "average", "backward"], pools)
    paired.keep({"convolution": convolutions, "pooling": pools})
    print("\nTargets")
    one_picture()
    print("Memory is that of NumPy's arrays; what BLAS sets aside for itself is not seen.")
    for dtype in ("float32", "uint8"):
        with ThreadPoolExecutor(1) as fresh:  # a thread that has no scratch yet
            peak = fresh.submit(mebibytes_beyond, dtype).result()
        paired.verdict(f"beyond input and output, 4096×4096 {dtype} with an 11×11 kernel", peak, 64, " MiB")


def convolution(shape, kernel_shape, settings):
    """Forward and backward against PyTorch."""
    x, kernels = numbers(*shape), numbers(*kernel_shape)
    grad_y = numbers(*conv2d(x, kernels, **settings).shape)
    tensors = [torch.from_numpy(array) for array in (grad_y, x, kernels)]
    stride, padding = settings.get("stride", 1), settings.get("padding", 0)
    place = ([stride] * 2, [padding] * 2, [1] * 2, False, [0] * 2, settings.get("groups", 1))
    return (
        paired.ratio(
            lambda: conv2d(x, kernels, **settings),
            lambda: functional.conv2d(*tensors[1:], **settings),
        ),
        paired.ratio(
            lambda: conv2d_backward(grad_y, x, kernels, **settings),
            lambda: torch.ops.aten.convolution_backward(*tensors, [len(kernels)], *place, [True] * 3),
        ),
    )


def pooling(shape, size, stride, padding):
    """Max and average pooling, forward and backward, against PyTorch."""
    x = numbers(*shape)
    settings = {"stride": stride, "padding": padding}
    grad_y = numbers(*max_pool2d(x, size, **settings).shape)
    tensor, grad = torch.from_numpy(x), torch.from_numpy(grad_y)
    place = ([size] * 2, [stride] * 2, [padding] * 2)
    _, winners = torch.ops.aten.max_pool2d_with_indices(tensor, *place)
    aten = torch.ops.aten
    return (
        paired.ratio(
            lambda: max_pool2d(x, size, **settings),
            lambda: functional.max_pool2d(tensor, size, **settings),
        ),
        paired.ratio(
            lambda: max_pool2d_backward(grad_y, x, size, **settings),
            # PyTorch has kept the winners of the forward pass; we find them again
            lambda: aten.max_pool2d_with_indices_backward(grad, tensor, *place, [1, 1], False, winners),
        ),
        paired.ratio(
            lambda: avg_pool2d(x, size, **settings, count_padding=True),
            lambda: functional.avg_pool2d(tensor, size, **settings),
        ),
        paired.ratio(
            lambda: avg_pool2d_backward(grad_y, x, size, **settings, count_padding=True),
            lambda: aten.avg_pool2d_backward(grad, tensor, *place, False, True, None),
        ),
    )


def one_picture():
    """One 256×256 picture with a 3×3 kernel, every way."""
    picture, kernel = numbers(256, 256), numbers(3, 3)
    tensors = [torch.from_numpy(array)[None, None] for array in (picture, kernel)]
    rivals = [
        ("PyTorch's time", 0.8, lambda: functional.conv2d(*tensors)),
        ("SciPy's correlate2d", 0.25, lambda: correlate2d(picture, kernel, "valid")),
        ("sliding_window_view and tensordot", 1, lambda: np.tensordot(sliding_window_view(picture, (3, 3)), kernel, 2)),
    ]
    for name, target, theirs in rivals:
        against = paired.ratio(lambda: conv2d(picture, kernel), theirs, rounds=1000, seconds=5)
        paired.verdict(f"a 256×256 picture with a 3×3 kernel, of {name}", against, target)


def mebibytes_beyond(dtype):
    """The most memory beyond input and output that a 4096×4096 picture with an 11×11 kernel takes."""
    picture, kernel = np.ones((4096, 4096), dtype), numbers(11, 11)
    tracemalloc.start()
    y = conv2d(picture, kernel, padding="same")
    peak = tracemalloc.get_traced_memory()[1] - y.nbytes
    tracemalloc.stop()
    return peak / 2**20


if __name__ == "__main__":
    main()
