# Each target is one Python script in tools/: without make, `python tools/lab.py` does what `make lab` does.
PYTHON = python3
PORT = 8888

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

lab: ## open the course in JupyterLab (PORT=8888; PYTHON=python3.13 for another Python)
	@$(PYTHON) tools/lab.py --port "$(PORT)"

test: ## run every test: library, notebooks, browser
	@$(PYTHON) tools/test.py

clean: ## remove .venv and whatever else these targets made
	rm -rf .venv .hypothesis .pytest_cache .ruff_cache

.PHONY: help lab test clean
