# `make run` plays both sides on this machine; `make test` proves that it works. Nothing else is needed first.
.PHONY: run test train nlu-report environments lock

run: environments
	.venv/bin/talad migrate
	.venv/bin/talad demo --if-empty
	.venv/bin/talad train
	.venv/bin/talad up

test:
	python3 scripts/environments.py --test
	.venv/bin/python scripts/tools_for_tests.py
	scripts/test

# For trainers: the model anew, and what it makes of messages it was not trained on (artefacts/nlu-report.html).
train: environments
	.venv/bin/talad train

nlu-report: environments
	.venv/bin/talad train --no-catalogue
	.venv-bot/bin/python -W ignore -m bot.exam --model "$$(.venv/bin/python -c 'from training import model; print(model.path())')"
	.venv-bot/bin/python -W ignore -m bot.report

environments:
	@python3 scripts/environments.py

lock:
	scripts/lock
