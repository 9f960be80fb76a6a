"""X08: files with a password, of each way Excel has locked them."""

import os
from hashlib import sha1
from io import BytesIO
from struct import pack

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from tests.sheets.making import FIXTURES, put, read, workbook

from jumun.sheets.reading import SheetError, open_book
from jumun.sheets.unlocking import unlocked

PASSWORD = "pass1234"


def lock_as_2007(plain, password):
    """Standard encryption: AES-128 in ECB, the key from fifty thousand rounds of SHA-1."""
    salt, verifier = os.urandom(16), os.urandom(16)
    key = ECMA376Standard.makekey_from_password(password, 0x660E, 0x8004, 0x18, 128, 16, salt)

    def lock(content):
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 — that is the format
        return encryptor.update(content + bytes(-len(content) % 16)) + encryptor.finalize()

    name = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = pack("<8I", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + name
    told = pack("<HHII", 3, 2, 0x24, len(header)) + header
    told += pack("<I", 16) + salt + lock(verifier) + pack("<I", 20) + lock(sha1(verifier).digest())
    out = BytesIO()
    ECMA376Encrypted(pack("<Q", len(plain)) + lock(plain), told).write_to(out)
    return out.getvalue()


@pytest.fixture(params=["standard", "xls"])
def locked(request, tmp_path):
    if request.param == "xls":
        return FIXTURES / "locked.xls"

    def fill(sheet):
        sheet["B4"] = "20241122-1"

    plain = workbook(tmp_path / "plain.xlsx", fill).read_bytes()
    return put(tmp_path / "locked.xlsx", lock_as_2007(plain, PASSWORD))


def test_x08_opened_with_its_password(locked):
    assert read(locked, password=PASSWORD)[3][1] == "20241122-1"


@pytest.mark.parametrize(("password", "code"), [(None, "sheet_password_needed"), ("Pass1234", "sheet_password_wrong")])
def test_x08_refused_without_it(locked, password, code):
    with pytest.raises(SheetError) as refused, open_book(locked, password=password):
        pass
    assert refused.value.code == code
    assert PASSWORD not in str(refused.value)


def test_x08_kept_plain(locked):
    with unlocked(locked, PASSWORD) as plain:
        assert read(plain)[3][1] == "20241122-1"


def test_a_password_for_a_file_without_one_does_no_harm(tmp_path):
    assert read(workbook(tmp_path / "a.xlsx", lambda sheet: sheet.append(["a"])), password="x") == [("a",)]
