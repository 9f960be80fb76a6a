"""Kept files: random keys, names that reach no path, nothing left behind."""

import stat

import pytest

from jumun.core.files import forget_file, keep_file, local_copy, open_kept, plan_key


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    storages = {**settings.STORAGES}
    storages["files"] = {
        **storages["files"],
        "OPTIONS": {**storages["files"]["OPTIONS"], "location": tmp_path / "kept"},
    }
    settings.STORAGES = storages
    return tmp_path / "kept"


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source"
    path.write_bytes(b"abc")
    return path


def test_kept_and_had_again(source, folder):
    key = keep_file(7, "../../고객 명단.xlsx", source)
    assert key.startswith("7/")
    assert "명단" not in key
    with open_kept(key) as kept:
        assert kept.read() == b"abc"
    with local_copy(key) as path:
        assert path.read_bytes() == b"abc"
        assert path.is_relative_to(folder)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_planned_beforehand_is_used_and_replaced(source, tmp_path):
    key = plan_key(7)
    assert keep_file(7, "a", source, key=key) == key
    source.write_bytes(b"again")
    assert keep_file(7, "a", source, key=key) == key
    with open_kept(key) as kept:
        assert kept.read() == b"again"


def test_forgotten_twice_is_no_mistake(source):
    key = keep_file(7, "a", source)
    forget_file(key)
    forget_file(key)
    forget_file("")
    with pytest.raises(FileNotFoundError), local_copy(key):
        pass
    with pytest.raises(FileNotFoundError):
        open_kept(key)


def test_a_key_cannot_leave_its_folder():
    from django.core.exceptions import SuspiciousFileOperation

    with pytest.raises(SuspiciousFileOperation):
        open_kept("../../etc/passwd")
