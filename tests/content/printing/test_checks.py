"""Start-up warnings about printing."""

from content.printing import checks, pango


def test_a_complete_machine_gives_no_warning(monkeypatch):
    monkeypatch.setattr(pango, "prepare", lambda var_dir: ())

    assert checks.check_engine() == []


def test_missing_pango_is_a_warning_with_the_apt_line_and_never_an_error(monkeypatch):
    monkeypatch.setattr(pango, "prepare", lambda var_dir: ("libpango-1.0.so.0",))

    [found] = checks.check_engine()

    assert (found.id, found.is_serious()) == ("printing.W001", False)
    assert "sudo apt install libpango-1.0-0" in found.hint
    assert "python -m content.printing.fetch_pango" in found.hint


def test_a_missing_subsetter_is_its_own_warning(monkeypatch):
    monkeypatch.setattr(pango, "prepare", lambda var_dir: ("libharfbuzz-subset.so.0",))

    [found] = checks.check_engine()

    assert found.id == "printing.W002"
