# Each target is one Python script in tools/: without make, `python tools/lab.py` does what `make lab` does.
PYTHON = python3
PORT = 8888

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

lab: ## open the course in JupyterLab (PORT=8889 and PYTHON=python3.13 choose others)
	@$(PYTHON) tools/lab.py --port "$(PORT)"

test: ## run the tests of every change: library, notebooks, browser (CHROMIUM=/path/to/it)
	@$(PYTHON) tools/test.py

places: ## run the tests that need another environment or take long, as before a release
	@$(PYTHON) tools/places.py

site: ## build the web site in build/site: the chapters as pages, every explorer alive on them
	@$(PYTHON) tools/website.py

lite: ## build the course for a browser alone: JupyterLite, in build/site/lite
	@$(PYTHON) tools/lite.py

notebooks: ## run the chapters in place and keep their outputs (CHAPTER=04 for one)
	@$(PYTHON) tools/notebooks.py $(CHAPTER)

figures: ## draw every picture in images/ again
	@$(PYTHON) tools/figures.py

results: ## measure again what takes too long for a chapter (CHAPTER=05 for one)
	@$(PYTHON) tools/results.py $(CHAPTER)

prose: ## count the words of the chapters, and list the numbers that no cell gives (CHAPTER=05 for one)
	@$(PYTHON) tools/prose.py $(CHAPTER)

assignment: ## write a chapter as a hand-out without solutions and hints (CHAPTER=04)
	@$(PYTHON) tools/assignment.py $(CHAPTER)

grade: ## grade a folder of returned notebooks (DIR=returned)
	@$(PYTHON) tools/grade.py "$(DIR)"

bench: ## time the library against PyTorch, SciPy and the usual NumPy ways
	@$(PYTHON) tools/bench.py

lint: ## check the style of the code, and with basedpyright the calls that the course shows
	@$(PYTHON) tools/lint.py

format: ## put the style of the code right
	@$(PYTHON) tools/lint.py --fix

links: ## write the public address in pyproject.toml into badges and set-up cells
	@$(PYTHON) tools/links.py

lock: ## choose the newest allowed dependencies, and pin them
	@$(PYTHON) tools/lock.py

clean: ## remove .venv and whatever else these targets made
	rm -rf .venv .venv.lock .venv-site .venv-site.lock .hypothesis .pytest_cache .ruff_cache

.PHONY: help lab test places site lite notebooks figures results prose assignment grade bench lint format links lock clean
