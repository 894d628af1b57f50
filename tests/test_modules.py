"""The joiner of the browser's modules."""

import pytest

from convscope.explore import modules


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(modules, "_HERE", tmp_path)
    modules.joined.cache_clear()

    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name.replace('_', '.')}").write_text(text, encoding="utf-8")

    yield write
    modules.joined.cache_clear()


def test_modules_are_joined_in_the_order_of_their_imports(folder):
    folder(
        a_js='import { two } from "./b.js";\nexport const four = 2 * two;\n',
        b_js='import { one } from "./c.js";\nexport const two = 2 * one;\n',
        c_js="export const one = 1;\n",
    )
    text = modules.joined("a.js")
    assert text.split() == "const one = 1; const two = 2 * one; export const four = 2 * two;".split()


def test_data_and_styles_are_parts_too(folder):
    folder(
        a_js='import DATA from "./d.json" with { type: "json" };\nimport sheet from "./s.css" with { type: "css" };\n'
        "export default [DATA, sheet];\n",
        d_json='{ "a": "é" }',
        s_css='p { content: "x"; }',
    )
    text = modules.joined("a.js")
    assert 'const DATA = {"a": "é"};' in text
    assert 'sheet.replaceSync("p { content: \\"x\\"; }");' in text and "import" not in text


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"a_js": 'import { b } from "./b.js";\nconst c = 1;\n', "b_js": "export const b = 1;\nconst c = 2;\n"},
            "c is defined in",
        ),
        (
            {
                "a_js": 'import { b } from "./b.js";\nexport const a = 1;\n',
                "b_js": 'import { a } from "./a.js";\nexport const b = 1;\n',
            },
            "a.js imports itself",
        ),
    ],
)
def test_what_cannot_be_joined_is_refused(folder, files, words):
    folder(**files)
    with pytest.raises(ValueError, match=words):
        modules.joined("a.js")


def test_every_view_is_joined_whole():
    for entry in ("convolution/scene.js", "predict/card.js"):
        assert "\nimport " not in modules.joined(entry) and "export default" in modules.joined(entry)


def test_what_modules_share_is_apart_and_each_takes_of_it_what_it_imports(folder, tmp_path):
    for name in ("one", "two", "view"):
        (tmp_path / name).mkdir()
    (tmp_path / "view" / "kit.js").write_text("export const kit = 1;\nexport const spare = 2;\n", encoding="utf-8")
    for name in ("one", "two"):
        (tmp_path / name / "state.js").write_text("export const state = 3;\n", encoding="utf-8")
        imports = 'import { kit } from "../view/kit.js";\nimport { state } from "./state.js";\n'
        text = f"{imports}export const sum = kit + state;\n"
        (tmp_path / name / "scene.js").write_text(text, encoding="utf-8")
    made = modules.apart({"one.js": "one/scene.js", "two.js": "two/scene.js"})
    assert made["kit.js"].split() == "const kit = 1; const spare = 2; export { kit, spare };".split()
    own = 'import { kit } from "./kit.js"; const state = 3; export const sum = kit + state;'
    assert made["one.js"].split() == made["two.js"].split() == own.split()
