"""The pictures of the notes, each drawn from real arrays and each with a text that says what it shows.

Orange frames what is read, blue what is made.
"""

from __future__ import annotations

from . import architectures, convolution, invariance, networks, pooling

NOTES = {
    "structure-helps-learning": invariance.structure_helps_learning,
    "translation-invariance": invariance.translation_invariance,
    "translation-invariance-2": invariance.translation_invariance_2,
    "statistical-invariance": invariance.statistical_invariance,
    "convnets-weight-sharing": invariance.convnets_weight_sharing,
    "convolutions-1": convolution.convolutions_1,
    "convolutions-2": convolution.convolutions_2,
    "convolutions-3": convolution.convolutions_3,
    "convolutional-pyramid": networks.convolutional_pyramid,
    "convnet-overview": networks.convnet_overview,
    "cnn-patch-feature-map": convolution.patch_feature_map,
    "cnn-stride": convolution.stride,
    "pooling": pooling.pooling,
    "max-pooling": pooling.max_pooling,
    "famous-cnn-architectures": architectures.famous_cnn_architectures,
    "average-pooling": pooling.average_pooling,
    "1-1-convolutions": networks.one_by_one,
    "inception-module": architectures.inception_module,
}
"""The pictures of the notes: a function for each name, in the order of the notes."""
