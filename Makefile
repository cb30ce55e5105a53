# `make run` plays both sides on this machine; `make test` proves that it works. Nothing else is needed first.
.PHONY: run test environments lock

run: environments
	.venv/bin/talad train
	.venv/bin/talad migrate
	.venv/bin/talad demo --if-empty
	.venv/bin/talad up

test:
	python3 scripts/environments.py --test
	.venv/bin/python scripts/tools_for_tests.py
	scripts/test

environments:
	@python3 scripts/environments.py

lock:
	scripts/lock
