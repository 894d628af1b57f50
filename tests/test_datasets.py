"""The bundled data is what was shipped; what is drawn has the distribution it promises and follows from its seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscope import conv2d, datasets
from refusing import refused
from strategies import arrays


def test_the_photo():
    photo = datasets.kitten()
    assert photo.shape == (3, 300, 451) and photo.dtype == np.float32
    assert 0 <= photo.min() < 0.05 and 0.85 < photo.max() <= 1
    grey = datasets.kitten(grey=True)
    np.testing.assert_allclose(grey, 0.299 * photo[0] + 0.587 * photo[1] + 0.114 * photo[2], rtol=1e-5)


@settings(max_examples=25)
@given(st.integers(1, 288))
def test_a_smaller_photo_averages_blocks_of_the_face(size):
    face = datasets.kitten(size)
    assert face.shape == (3, size, size) and face.dtype == np.float32
    block, margin = 288 // size, (288 - 288 // size * size) // 2
    average = np.full((3, 1, block, block), 1 / block**2)
    corner = datasets.kitten()[:, 6 + margin :, 80 + margin :][:, : block * size, : block * size]
    np.testing.assert_allclose(face, conv2d(corner, average, stride=block, groups=3), atol=1e-3)


def test_a_damaged_file_is_refused(monkeypatch):
    monkeypatch.setitem(datasets.sources.SHA256, "kitten.png", "0" * 64)
    with pytest.raises(OSError, match="kitten.png is damaged"):
        datasets.kitten()


def test_digits_are_split_evenly_and_stay_in_order():
    (x_train, y_train), (x_test, y_test) = datasets.digits()
    assert x_train.shape == (4000, 1, 28, 28) and x_test.shape == (1000, 1, 28, 28)
    assert x_train.dtype == np.float32 and y_train.dtype == np.int64
    assert x_train.min() == 0 and x_train.max() == 1
    np.testing.assert_array_equal(np.bincount(y_train), [400] * 10)
    np.testing.assert_array_equal(np.bincount(y_test), [100] * 10)
    assert list(y_test[:8]) == [5, 9, 0, 6, 6, 8, 1, 3]
    np.testing.assert_array_equal(datasets.digit(3), x_test[7, 0])
    means = np.array([x_train[y_train == d, 0].mean(axis=0) for d in range(10)])
    nearest = abs(x_test - means).sum(axis=(2, 3)).argmin(axis=1)
    assert (nearest == y_test).mean() > 0.6  # pictures and labels belong together


def test_letters_are_ink_on_paper():
    ink = datasets.letter("A", 32)
    assert ink.shape == (32, 32) and ink.dtype == np.float32
    assert ink.min() == 0 and ink.max() == 1
    np.testing.assert_allclose(ink, ink[:, ::-1], atol=0.2)  # an A is its own mirror image
    assert not np.array_equal(datasets.letter("B", 32), ink)
    assert datasets.letter("W", 8).sum() > 5


def test_made_patterns():
    board = datasets.checkerboard(4)
    np.testing.assert_array_equal(board, [[0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0], [1, 1, 0, 0]])
    np.testing.assert_array_equal(datasets.step_edge(4), [[0, 0, 1, 1]] * 4)


@pytest.mark.parametrize("size", [14, 7])
def test_smaller_digits_are_means_of_blocks(size):
    (small, labels), _ = datasets.digits(size)
    (x, same), _ = datasets.digits()
    block = 28 // size
    np.testing.assert_allclose(small, x.reshape(-1, 1, size, block, size, block).mean(axis=(3, 5)), atol=1e-6)
    np.testing.assert_array_equal(labels, same)


def test_fonts_are_told_apart():
    masks = [datasets.letter("A", 24, font) for font in datasets.FONTS]
    assert len({mask.tobytes() for mask in masks}) == len(masks) == 8
    masks[0][...] = 7  # what is handed out is not what is kept
    assert datasets.letter("A", 24, datasets.FONTS[0]).max() == 1


def test_a_letter_is_paper_ink_and_noise():
    ink, paper = datasets.colour_pairs(40, seed=3)
    x, labels = datasets.letters(40, alphabet="XYZ", fonts="STIXGeneral", size=10, noise=0, seed=3)
    assert x.dtype == np.float32 and labels.dtype == np.int64
    for picture, label, dark, light in zip(x, labels, ink, paper, strict=True):
        mask = datasets.letter("XYZ"[label], 10, "STIXGeneral")
        expected = light[:, None, None] * (1 - mask) + dark[:, None, None] * mask
        np.testing.assert_allclose(picture, expected, atol=1e-6)
    noisy, same = datasets.letters(40, alphabet="XYZ", fonts="STIXGeneral", size=10, noise=0.1, seed=3)
    np.testing.assert_array_equal(labels, same)
    assert abs((noisy - x).mean()) < 0.005 and abs((noisy - x).std() - 0.1) < 0.005


def test_letters_follow_from_their_seed_and_not_from_their_colours():
    x, labels = datasets.letters(50, seed=1)
    again, same = datasets.letters(50, seed=1)
    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(labels, same)
    _, others = datasets.letters(50, seed=2)
    assert (labels != others).any()
    _, black = datasets.letters(50, seed=1, ink=(0, 0, 0), paper=(1, 1, 1))
    np.testing.assert_array_equal(labels, black)


def test_letters_and_fonts_are_equally_frequent_and_know_nothing_of_the_colours():
    n = 20_000
    x, labels = datasets.letters(n, size=8, noise=0, ink=(1, 1, 1), paper=(0, 0, 0))
    counts = np.bincount(labels)
    assert len(counts) == 10 and abs(counts / n - 0.1).max() < 0.01
    for character in (0, 9):
        masks = [datasets.letter("ABCDEFGHIJ"[character], 8, font) for font in datasets.FONTS]
        shares = [(abs(x[labels == character, 0] - mask) < 1e-6).all(axis=(1, 2)).mean() for mask in masks]
        np.testing.assert_allclose(shares, 1 / 8, atol=0.03)
    ink, paper = datasets.colour_pairs(n)
    numbers = np.column_stack([labels, ink, paper])
    assert abs(np.corrcoef(numbers.T) - np.eye(7)).max() < 0.03
    assert abs(numbers[:, 1:].mean(axis=0) - 0.5).max() < 0.01
    assert abs(numbers[:, 1:].var(axis=0) - 1 / 12).max() < 0.003


mixes = st.sampled_from([datasets.LUMA, (0.1, 0.1, 0.8), (1, 0, 0), (0.6, -0.2, 0.2), (-1, 0, 1)])


@given(mixes, st.integers(0, 5), st.floats(0.01, 0.5))
def test_hidden_mixes_keep_their_promise(mix, seed, share):
    darker = share * float(np.abs(np.float32(mix)).sum())
    ink, paper = datasets.colour_pairs(30, darker=darker, mix=mix, seed=seed)
    for colours in (ink, paper):
        assert colours.shape == (30, 3) and 0 <= colours.min() and colours.max() <= 1
    assert ((paper - ink).astype(float) @ np.array(mix) >= darker - 1e-6).all()


@given(st.integers(0, 5))
def test_letters_of_equal_lightness_are_plain_to_see_and_nothing_in_grey(seed):
    ink, paper = datasets.equal_lightness_pairs(30, seed=seed)
    apart = np.linalg.norm(ink - paper, axis=1)
    assert apart.min() >= 0.4 - 1e-6 and apart.max() <= 0.9 + 1e-6
    assert min(ink.min(), paper.min()) >= 0 and max(ink.max(), paper.max()) <= 1
    x, _ = datasets.letters(30, ink=ink, paper=paper, noise=0, seed=seed)
    assert np.ptp(datasets.grey(x), axis=(1, 2, 3)).max() < 1e-5
    assert np.ptp(x, axis=(2, 3)).max(axis=1).min() > 0.15


def test_hues_are_the_label_and_lightness_says_little():
    ink, paper, labels = datasets.hue_pairs(6000)
    assert ink.dtype == paper.dtype == np.float32 and abs(np.bincount(labels) / 6000 - 1 / 3).max() < 0.02
    np.testing.assert_array_equal(ink.argmax(axis=1), labels)  # red, green or blue is strongest
    assert np.ptp(paper, axis=1).max() == 0 and 0.2 <= paper.min() and paper.max() <= 1
    lightness = ink.max(axis=1)
    assert np.ptp([lightness[labels == each].mean() for each in range(3)]) < 0.02


@given(st.data())
def test_grey_is_the_sum_of_the_shares(data):
    lead = tuple(data.draw(st.lists(st.integers(0, 3), max_size=2)))
    x = data.draw(arrays((*lead, 3, 4, 2), ("float32", "float64")))
    mixed = datasets.grey(x, (2, -1, 0.5))
    assert mixed.shape == (*lead, 1, 4, 2) and mixed.dtype == x.dtype
    expected = 2 * x[..., 0, :, :] - x[..., 1, :, :] + 0.5 * x[..., 2, :, :]
    np.testing.assert_allclose(mixed[..., 0, :, :], expected, atol=1e-5)


@given(st.data(), st.integers(-6, 6), st.integers(-6, 6))
def test_shift_moves_and_zeros_come_in(data, rows, columns):
    x = data.draw(arrays((2, 3, 4, 5), ("float32", "int64")))
    moved = datasets.shift(x, rows, columns)
    expected = np.zeros_like(x)
    for r in range(4):
        for c in range(5):
            if 0 <= r - rows < 4 and 0 <= c - columns < 5:
                expected[:, :, r, c] = x[:, :, r - rows, c - columns]
    np.testing.assert_array_equal(moved, expected)
    assert moved.dtype == x.dtype
    each = datasets.shift(x, np.array([rows, 0]), columns)
    np.testing.assert_array_equal(each[0], moved[0])
    np.testing.assert_array_equal(each[1], datasets.shift(x[1], 0, columns))


@pytest.mark.parametrize("shape", [(5, 5), (4, 6), (2, 3, 7, 4)])
def test_quarter_turns_are_exact_and_others_keep_the_ink_together(shape):
    x = np.random.default_rng(0).random(shape)
    np.testing.assert_allclose(datasets.rotate(x, 0), x)
    np.testing.assert_allclose(datasets.rotate(x, 180), x[..., ::-1, ::-1], atol=1e-12)
    square = x[..., : min(shape[-2:]), : min(shape[-2:])]
    np.testing.assert_allclose(datasets.rotate(square, 90), np.rot90(square, axes=(-2, -1)), atol=1e-12)
    smooth = datasets.canvas(np.ones((6, 6), np.float32), 16)
    turned = datasets.rotate(smooth, 30)
    assert turned.dtype == np.float32 and abs(turned.sum() - 36) < 0.5 and turned.max() <= 1
    np.testing.assert_allclose(datasets.rotate(turned, -30)[6:10, 6:10], 1, atol=0.01)


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (8, -3), (-8, 8)])
def test_a_digit_is_centred_and_scaled_wherever_it_stands(rows, columns):
    small = datasets.digits(14)[1][0][:20]
    x = datasets.shift(datasets.canvas(small, 44), rows, columns)
    for digit in datasets.centre(x)[:, 0]:
        middle = [(digit.sum(axis=1 - axis) * np.arange(44)).sum() / digit.sum() for axis in (0, 1)]
        np.testing.assert_allclose(middle, 21.5, atol=0.5)
        longest = max(np.ptp(places) + 1 for places in np.nonzero(digit > 0.05))
        assert abs(longest - 44 * 20 / 28) <= 4  # it was 10 of 14 pixels long, some of them faint


def test_blank_paper_has_no_centre():
    x = np.zeros((2, 1, 9, 9), np.float32)
    np.testing.assert_array_equal(datasets.centre(x), x)
    assert datasets.centre(np.eye(9, dtype=np.float32)).dtype == np.float32


def test_a_canvas_holds_the_picture_in_its_middle():
    x = np.arange(1.0, 7).reshape(1, 2, 3)
    np.testing.assert_array_equal(datasets.canvas(x, (4, 6)), np.pad(x, ((0, 0), (1, 1), (1, 2))))
    np.testing.assert_array_equal(datasets.canvas(x, 3), np.pad(x, ((0, 0), (0, 1), (0, 0))))


def test_standardising_uses_the_numbers_of_the_first():
    rng = np.random.default_rng(0)
    x, other = rng.normal(3, 2, (50, 4)).astype(np.float32), rng.normal(3, 2, (5, 4)).astype(np.float32)
    done, too = datasets.standardise(x, other)
    assert done.dtype == too.dtype == np.float32
    assert abs(done.mean()) < 1e-6 and abs(done.std() - 1) < 1e-6
    np.testing.assert_allclose(too * x.std() + x.mean(), other, rtol=1e-5)
    np.testing.assert_array_equal(datasets.standardise(x), done)


def test_a_sentence_has_one_noun_and_it_is_the_label():
    words, labels = datasets.sentences(4000)
    assert words.shape == (4000, 12) and len(set(datasets.VOCABULARY)) == 50
    nouns = words < 20
    np.testing.assert_array_equal(nouns.sum(axis=1), 1)
    np.testing.assert_array_equal(words[nouns] // 5, labels)
    assert abs(np.bincount(labels) / 4000 - 1 / 4).max() < 0.03
    assert abs(nouns.mean(axis=0) - 1 / 12).max() < 0.02  # anywhere
    assert (np.bincount(words.ravel(), minlength=50) > 0).all()
    about = [datasets.TOPICS[label] for one, label in zip(words, labels, strict=True) if "kittens" in as_words(one)]
    assert set(about) == {"animals"}


def as_words(words):
    return datasets.as_text(words).split()


@given(st.sets(st.integers(0, 11), min_size=1), st.integers(0, 9))
def test_nouns_stand_where_they_may(positions, seed):
    words, _ = datasets.sentences(40, positions=positions, seed=seed)
    assert set(np.flatnonzero((words < 20).any(axis=0))) <= positions


def test_fillers_say_nothing_of_the_topic():
    words, labels = datasets.sentences(20_000, seed=1)
    for topic in range(4):
        seen = np.bincount(words[(labels == topic)][:, :].ravel(), minlength=50)[20:] / (labels == topic).sum()
        assert abs(seen - np.bincount(words.ravel(), minlength=50)[20:] / 20_000).max() < 0.03


def test_not_turns_over_what_follows_it_and_no_word_alone_tells():
    words, labels = datasets.opinions(6000)
    assert len(set(datasets.OPINION_VOCABULARY)) == 50 and datasets.OPINION_VOCABULARY[-1] == "not"
    adjectives, negations = words < 20, words == 49
    np.testing.assert_array_equal(adjectives.sum(axis=1), 1)
    np.testing.assert_array_equal(negations.sum(axis=1), 1)
    turned = adjectives.argmax(axis=1) == negations.argmax(axis=1) + 1
    good = words[adjectives] >= 10
    np.testing.assert_array_equal(labels, good ^ turned)
    assert abs(turned.mean() - 0.5) < 0.03 and abs(labels.mean() - 0.5) < 0.03
    assert abs(np.corrcoef(good, labels)[0, 1]) < 0.05
    present = (words[:, :, None] == np.arange(50)).any(axis=1)
    shares = np.array([labels[present[:, word]].mean() for word in range(50)])
    assert abs(shares - 0.5).max() < 0.15
    sentences = [datasets.as_text(one, datasets.OPINION_VOCABULARY) for one in words[:200]]
    assert any("not good" in sentence for sentence in sentences)


def test_one_hot_words_are_channels():
    words = np.array([[2, 0, 1], [1, 1, 1]])
    x = datasets.one_hot(words, 4)
    assert x.shape == (2, 4, 3) and x.dtype == np.float32
    np.testing.assert_array_equal(x, np.moveaxis(np.eye(4)[words], -1, 1))
    np.testing.assert_array_equal(x.argmax(axis=1), words)


@pytest.mark.parametrize(
    "draw", [datasets.letters, datasets.sentences, datasets.opinions, datasets.symbols, datasets.colour_pairs]
)
def test_none_is_a_number_of_examples_too(draw):
    assert all(len(part) == 0 for part in draw(0))
    assert all(len(part) == 3 for part in draw(3, seed=np.random.default_rng(1)))
    with pytest.raises(TypeError, match="n must be a whole number, 0 or more"):
        draw(2.5)
    with pytest.raises(ValueError, match="seed must be a whole number, 0 or more; got -1"):
        draw(3, seed=-1)


def test_symbols_small_and_large_stand_anywhere():
    x, labels = datasets.symbols(3000, noise=0, seed=2)
    assert x.shape == (3000, 1, 16, 16) and x.dtype == np.float32 and labels.dtype == np.int64
    assert set(np.unique(x)) == {0, 1} and len(datasets.SYMBOL_NAMES) == 12
    np.testing.assert_allclose(np.bincount(labels, minlength=12), 250, atol=60)
    patches = []
    for label in range(12):
        ink = [np.argwhere(picture) for picture in x[labels == label, 0]]
        patterns = {tuple(map(tuple, places - places.min(axis=0))) for places in ink}
        corners = np.array([places.min(axis=0) for places in ink])
        (pattern,) = patterns  # always the same one
        span = np.max(pattern, axis=0) + 1
        np.testing.assert_array_equal(corners.max(axis=0), 16 - span)
        assert (corners.min(axis=0) == 0).all()
        patches.append((set(pattern), tuple(span)))
    small, large = patches[:8], patches[8:]
    assert all(span == (3, 3) for _, span in small)
    assert min(len(one ^ other) for i, (one, _) in enumerate(small) for other, _ in small[:i]) >= 4
    square = {(row, column) for row in range(3) for column in range(3)}
    squares = ((0, 0), (8, 0)), ((0, 0), (0, 8)), ((0, 0), (8, 8)), ((8, 0), (0, 8))
    for (pattern, span), corners in zip(large, squares, strict=True):
        assert pattern == {(row + down, column + right) for row, column in square for down, right in corners}
        assert max(span) == 11


def test_symbols_follow_from_their_seed_and_noise_is_added():
    x, labels = datasets.symbols(200, seed=5)
    clean, same = datasets.symbols(200, noise=0, seed=5)
    np.testing.assert_array_equal(labels, same)
    assert abs((x - clean).std() - 0.15) < 0.002 and abs((x - clean).mean()) < 0.005
    assert not np.array_equal(datasets.symbols(200, seed=6)[0], x)


REFUSED = {
    "size … at most 288 … 289": lambda: datasets.kitten(289),
    "size … 1 or more … 0": lambda: datasets.kitten(0),
    "size … whole number … 2.5": lambda: datasets.kitten(2.5),
    "size … whole number … 'big'": lambda: datasets.kitten("big"),
    "size … one of 28, 14, 7 … 13": lambda: datasets.digits(13),
    "which … digit from 0 to 9 … 10": lambda: datasets.digit(10),
    "character … one visible … ''": lambda: datasets.letter(""),
    "character … one visible … 'AB'": lambda: datasets.letter("AB"),
    "character … one visible … ' '": lambda: datasets.letter(" "),
    "character … one visible … 5": lambda: datasets.letter(5),
    "noise … 0 or more … -1": lambda: datasets.symbols(3, noise=-1),
    "n … 0 or more … -2": lambda: datasets.symbols(-2),
    "ink … one colour": lambda: datasets.letters(3, ink=np.zeros((2, 3))),
    "paper … from 0 to 1 … from 0 to 2": lambda: datasets.letters(3, paper=(0, 1, 2)),
    "alphabet … different characters … 'AA'": lambda: datasets.letters(3, alphabet="AA"),
    "font … one of DejaVuSans": lambda: datasets.letters(3, fonts=["Arial"]),
    "fonts must name at least one": lambda: datasets.letters(3, fonts=[]),
    "noise … 0 or more … 'a'": lambda: datasets.symbols(3, noise="a"),
    "43,200,000,000 … 4,294,967,296 … smaller n or size": lambda: datasets.letters(10**8),
    "4,294,967,296 … use a smaller n.": lambda: datasets.sentences(10**9),
    "use fewer words or a smaller size.": lambda: datasets.one_hot([[0] * 3], 2**31 - 1),
    "np.moveaxis(x, -1, 0) puts them first": lambda: datasets.grey(np.ones((8, 9, 3))),
    "np.moveaxis(x[..., :3], -1, 1) puts colours first": lambda: datasets.grey(np.ones((2, 8, 9, 4))),
    "x[..., :3, :, :] leaves its opacity out": lambda: datasets.grey(np.ones((4, 8, 9))),
    "grey … True or False … 'no'": lambda: datasets.kitten(grey="no"),
    "size … 1 or more … 14.0": lambda: datasets.digits(14.0),
    "noise … 0 or more … nan": lambda: datasets.letters(3, noise=float("nan")),
    "0 or more … 'much'": lambda: datasets.letters(3, noise="much"),
    "fonts must name at least one of": lambda: datasets.letters(3, fonts=None),
    "size … 8 or more": lambda: datasets.letters(3, size=7),
    "'中' is not in STIXGeneral": lambda: datasets.letter("中", 12, "STIXGeneral"),
    "darker … more than 0 and, for this mix, at most 0.5": lambda: datasets.colour_pairs(3, darker=0.6),
    "mix … three numbers": lambda: datasets.colour_pairs(3, mix=(1, 2)),
    "not all 0": lambda: datasets.grey(np.zeros((3, 2, 2)), (0, 0, 0)),
    "x must have three channels": lambda: datasets.grey(np.zeros((2, 4, 4))),
    "x must have rows and columns": lambda: datasets.shift([1, 2], 1, 1),
    "degrees … a number … 'far'": lambda: datasets.rotate(np.zeros((2, 2)), "far"),
    "x must have rows and columns … (3,)": lambda: datasets.rotate([1, 2, 3], 5),
    "x must have rows and columns … (2,)": lambda: datasets.centre([1, 2]),
    "rows … whole number": lambda: datasets.shift(np.zeros((2, 2)), 0.5, 1),
    "rows and columns … one for each … (2, 2, 2)": lambda: datasets.shift(np.zeros((2, 2, 2)), [1, 2, 3], 1),
    "size … at least … (3, 5)": lambda: datasets.canvas(np.zeros((3, 5)), 4),
    "x … finite … not all equal": lambda: datasets.standardise(np.ones(4)),
    "positions … from 0 to 11 … [12]": lambda: datasets.sentences(3, positions=[12]),
    "positions … list of numbers": lambda: datasets.sentences(3, positions=4),
    "words … one sentence": lambda: datasets.as_text(np.zeros((2, 12), int)),
    "words … from 0 to 49 … from 3 to 50": lambda: datasets.as_text([3, 50]),
    "words … whole numbers": lambda: datasets.one_hot([[0.5]]),
}


@pytest.mark.parametrize("parts", REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(parts):
    with refused(parts):
        REFUSED[parts]()
