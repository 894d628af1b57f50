"""Build the web site into build/site: the chapters as committed, with every explorer and question alive on its page."""

import shutil
import sys

from environment import ROOT, enter

SOURCE = ROOT / "site"


def main():
    enter("site")
    sys.path.insert(0, str(SOURCE))
    import contents
    from sphinx.cmd.build import build_main

    shutil.rmtree(str(contents.PAGES), ignore_errors=True)
    contents.write()
    places = [str(each) for each in (contents.PAGES, contents.SITE)]
    options = ["--quiet", "--fail-on-warning", "--conf-dir", str(SOURCE), "--doctree-dir", places[0] + "/doctrees"]
    failed = build_main([*options, *places])
    if failed:
        sys.exit(failed)
    shutil.copytree(str(ROOT / "notebooks"), str(contents.SITE / "notebooks"), dirs_exist_ok=True)
    print(f"The web site is in {contents.SITE}.")


if __name__ == "__main__":
    main()
