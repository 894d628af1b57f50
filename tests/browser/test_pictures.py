"""Pictures under cells reach whoever cannot see them: each has its words, fresh or in a file from elsewhere."""

# The pictures that outputs show, once all are loaded: their alternative texts and whether there is something to see.
# JupyterLab puts the cells of a notebook on the page bit by bit.
ARE_ALL_THERE = """() => {
    const cells = jupyterapp.shell.currentWidget.content.widgets.filter((cell) => cell.model.type === "code");
    const stored = JSON.stringify(cells.map((cell) => cell.model.outputs.toJSON())).split("<img ").length - 1;
    return document.querySelectorAll(".jp-OutputArea-output img").length === stored;
}"""
PICTURES = """async () => {
    for (const fold of document.querySelectorAll("details")) fold.open = true; // what is folded away has words too
    const all = [...document.querySelectorAll(".jp-OutputArea-output img")];
    await Promise.all(all.map((image) => image.decode().catch(() => null)));
    return all.map((image) => [image.alt, image.naturalWidth > 0 && image.offsetWidth > 0]);
}"""


def test_a_picture_is_shown_with_its_words(lab):
    words = 'ones & "more" <less>: 2 × 2, black is 0, white is 1'
    notebook = lab.scratch("""from convscope import figures
figures.show([[[1, 0], [0, 1]]], ['ones & "more" <less>'])""")
    notebook.run_all()
    notebook.get_by_role("img", name=words, exact=True).wait_for()
    assert notebook.evaluate(PICTURES) == [[words, True]]


def test_a_chapter_that_nobody_has_run_shows_its_pictures_with_their_words(lab):
    notebook = lab.open("05-pooling.ipynb", width=760)
    cells = "() => jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model.trusted)"
    assert not any(notebook.evaluate(cells))  # so JupyterLab shows no HTML but what it has gone through
    notebook.evaluate("() => jupyterapp.commands.execute('notebook:expand-all-headings')")  # what goes deeper is folded
    notebook.wait_for_function(ARE_ALL_THERE)
    pictures = notebook.evaluate(PICTURES)
    assert len(pictures) > 10
    assert [words for words, seen in pictures if len(words) < 10 or not seen] == []
    wide = """() => [...document.querySelectorAll(".jp-OutputArea-output")]
        .filter((output) => output.scrollWidth > output.clientWidth + 1).map((output) => output.textContent)"""
    assert notebook.evaluate(wide) == []
