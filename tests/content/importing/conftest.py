from tests.content.tenders.conftest import assistant, bring  # noqa: F401 (fixtures of both rooms)
