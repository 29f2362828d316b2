"""Where the layout libraries and fonts come from."""

import os

from content.printing import fetch_pango, pango


def test_the_fonts_conf_names_the_bundled_fonts_and_a_cache_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "elsewhere")

    path = pango.write_fonts_conf(tmp_path / "a & b")

    text = path.read_text(encoding="utf-8")
    assert f"<dir>{pango.FONTS_DIR}</dir>" in text
    assert "a &amp; b/cache</cachedir>" in text
    assert os.environ["FONTCONFIG_FILE"] == str(path)


def test_a_library_found_nowhere_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(pango, "LIBRARIES", ["libnowhere.so.9"])

    assert pango.load_libraries(tmp_path) == ["libnowhere.so.9"]


def test_a_broken_file_in_the_private_folder_counts_as_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(pango, "LIBRARIES", ["libnowhere.so.9"])
    (tmp_path / "usr").mkdir()
    (tmp_path / "usr" / "libnowhere.so.9").write_bytes(b"not a library")

    assert pango.load_libraries(tmp_path) == ["libnowhere.so.9"]


def test_fetching_without_apt_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch_pango.shutil, "which", lambda name: None)

    assert fetch_pango.fetch(tmp_path) == [
        "这台机器没有 apt-get 或 dpkg-deb，请让管理员安装排版组件："
        "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    ]


def test_nothing_is_downloaded_where_everything_is_there(monkeypatch, capsys):
    monkeypatch.setattr(fetch_pango, "load_libraries", lambda folder: [])
    monkeypatch.setattr(fetch_pango, "fetch", lambda folder: 1 / 0)
    monkeypatch.setattr(fetch_pango.sys, "argv", ["fetch_pango", "folder"])

    assert fetch_pango.main() == 0
    assert capsys.readouterr().out == "排版组件已经齐全。\n"


def test_what_is_still_missing_after_a_download_is_said(monkeypatch, capsys):
    monkeypatch.setattr(fetch_pango, "load_libraries", lambda folder: ["libpango-1.0.so.0"])
    monkeypatch.setattr(fetch_pango, "fetch", lambda folder: ["下载不到软件包 libpango-1.0-0。"])
    monkeypatch.setattr(fetch_pango.sys, "argv", ["fetch_pango", "folder"])

    assert fetch_pango.main() == 1
    assert capsys.readouterr().err == (
        "下载不到软件包 libpango-1.0-0。\n仍缺：libpango-1.0.so.0。\n"
        "请让管理员执行：sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0\n"
    )
