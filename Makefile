# Two commands do everything: `make run` and `make test`. Both build what they need on a fresh machine.
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) scripts/bootstrap.py
VENV = .venv/bin

.PHONY: help run test test-server test-cluster check bench demo-reset lock messages clean

help:
	@echo "make run         启动门户（首次会安装环境、建库、装入演示数据）"
	@echo "make test        运行全部测试"
	@echo "make test-server 在真的 Elasticsearch 上测检索（LINE=8 或 9，需要 Maven 与 JDK）"
	@echo "make test-cluster 两个 Elasticsearch 节点，其间杀掉一个"
	@echo "make check       静态检查：格式、类型、导入方向、迁移、模板"
	@echo "make bench       性能对照（BENCH=search、spelling、exactness、relevance、pages、alerts 只跑一项）"
	@echo "make demo-reset  清空并重新装入演示数据"
	@echo "make lock        重新生成 requirements*.lock"

run:
	@$(BOOTSTRAP) run

test:
	@$(BOOTSTRAP) dev
	@$(VENV)/python -m pytest -n $${PYTEST_WORKERS:-2} $(ARGS)

test-server:
	@$(BOOTSTRAP) dev
	@$(VENV)/python scripts/search_server.py --line $${LINE:-8} -- $(VENV)/python -m pytest -m elasticsearch tests/search $(ARGS)

test-cluster:
	@$(BOOTSTRAP) dev
	@$(VENV)/python -m pytest -m cluster tests/search $(ARGS)

check:
	@$(BOOTSTRAP) dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	$(VENV)/djhtml --check --tabwidth 2 templates
	$(VENV)/ty check --python .venv
	$(VENV)/lint-imports
	$(VENV)/python manage.py check --fail-level WARNING
	$(VENV)/python manage.py makemigrations --check --dry-run

bench:
	@$(BOOTSTRAP) dev
	@$(VENV)/python -m bench $(BENCH)

demo-reset:
	@$(BOOTSTRAP) demo-reset

lock:
	@$(BOOTSTRAP) dev
	$(VENV)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements.lock
	$(VENV)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements-dev.lock

clean:
	rm -rf .venv var build *.egg-info
